/**
 * What an output has beside its general path: it reads common lines from bytes and writes them to bytes,
 * several times as fast, and writes to the byte what the general path writes. Every other line is left to
 * that way.
 */

import type { AttributionOutcome } from '../attribution/attribute';
import { decodeRecord, readBytes, readText } from '../bytes/input';
import type { LineShape } from '../bytes/line-shape';
import { OUTPUT_START, scratch } from '../bytes/scratch';
import type { Catalog } from '../catalog/catalog';

/** A delivered line, with its line feed, from `start` to `end` in `scratch`: valid until the next one. */
export interface WrittenLine {
  readonly start: number;
  readonly end: number;
  readonly outcome: AttributionOutcome;
  /** The id of a key that the catalog lacks. */
  readonly keyId: string | undefined;
  /** The folder, where records are partitioned. */
  readonly partition: string | undefined;
  /** What was read. */
  readonly shape: LineShape;
}

/** What takes the lines of a record. */
export interface LineTaker {
  /** Where in `scratch` the next line is to be written. */
  readonly at: number;
  take(line: WrittenLine): void;
}

export abstract class FastPath {
  /**
   * Writes the line that begins at `from` in the first `length` bytes of `scratch`; undefined leaves it to
   * the general path.
   */
  protected abstract write(
    from: number,
    length: number,
    at: number,
    catalog: Catalog,
    arrivedAt: number | undefined,
  ): WrittenLine | undefined;

  protected abstract isJson(length: number): boolean;

  /**
   * The lines of a record, from its base64 data. False leaves all of it to the general path, whatever was
   * taken.
   */
  record(data: string, catalog: Catalog, arrivedAt: number | undefined, taker: LineTaker): boolean {
    const length = decodeRecord(data);
    if (length === undefined) return false;
    for (let from = 0; from < length; ) {
      const line = this.write(from, length, taker.at, catalog, arrivedAt);
      if (!line) return false;
      from = line.shape.next;
      taker.take(line);
    }
    return true;
  }

  /** A line that is text, as the messages of an envelope are. */
  text(text: string, catalog: Catalog, arrivedAt?: number, at?: number): WrittenLine | undefined {
    return this.#line(readText(text), catalog, arrivedAt, at);
  }

  /** A line among others. */
  bytes(
    bytes: Buffer,
    from: number,
    to: number,
    catalog: Catalog,
    arrivedAt?: number,
    at?: number,
  ): WrittenLine | undefined {
    return this.#line(readBytes(bytes, from, to), catalog, arrivedAt, at);
  }

  #line(
    length: number | undefined,
    catalog: Catalog,
    arrivedAt: number | undefined,
    at: number = OUTPUT_START,
  ): WrittenLine | undefined {
    if (length === undefined) return undefined;
    const line = this.write(0, length, at, catalog, arrivedAt);
    return line?.shape.next === length ? line : undefined;
  }

  /** Whether bytes are one JSON object, as far as this reads JSON. */
  isObject(bytes: Buffer, from: number, to: number): boolean {
    const length = readBytes(bytes, from, to);
    return length !== undefined && this.isJson(length);
  }
}

/** A written line as text. */
export function writtenText({ start, end }: WrittenLine): string {
  return scratch.toString('utf8', start, end);
}
