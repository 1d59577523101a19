/** Finds what was prepared, once, for all lines of a shape. */

import type { CustomerColumn } from '../catalog/customer';
import type { Names } from '../names';
import { LineScanner } from './line-scanner';
import type { LineShape } from './line-shape';

/** Preparing takes as long as some lines do: beyond so many shapes, only one that comes again is prepared. */
const PREPARED_AT_FIRST_SIGHT = 32;
const LINES_BEFORE_PREPARING = 4;
/**
 * The most that are kept, then all are forgotten: a client whose text makes shapes that are always new must not
 * take the memory.
 */
const MAX_PREPARED = 256;

export class LineShapes<T> {
  readonly #names: Names;
  readonly #prepare: (shape: LineShape) => T | undefined;
  /** Holds the shapes, and with them what was prepared. */
  #scanner: LineScanner;
  #prepared = 0;
  /** Names that the fast path leaves: the columns added beside plan and customer, and what an envelope begins with. */
  #unusual: readonly string[] = ['messageType'];

  /** @param prepare undefined where lines of a shape are left to the general path */
  constructor(names: Names, prepare: (shape: LineShape) => T | undefined) {
    this.#names = names;
    this.#prepare = prepare;
    this.#scanner = new LineScanner(names);
  }

  /** Whether the first `length` bytes of `scratch` are one JSON object, and one that is read here. */
  isObject(length: number): boolean {
    return this.#scanner.scan(0, length)?.next === length;
  }

  /**
   * What was prepared for the line that begins at `from` in the first `length` bytes of `scratch`;
   * undefined for a line of the general path.
   */
  find(from: number, length: number): T | undefined {
    const shape = this.#scanner.scan(from, length);
    if (!shape) return undefined;
    if (!shape.isTried && this.#isWorthPreparing(shape)) {
      shape.isTried = true;
      const isUsual = shape.isUsual && !shape.hasAny(this.#unusual);
      shape.prepared = isUsual ? this.#prepare(shape) : undefined;
    }
    return shape.prepared && shape.isPlain() ? (shape.prepared as T) : undefined;
  }

  /** @param columns what the lines get beside plan and customer */
  use(columns: readonly CustomerColumn[]): void {
    const unusual = [...columns.map(([name]) => name), 'messageType'];
    if (unusual.join() === this.#unusual.join()) return;
    this.#unusual = unusual;
    this.#forget();
  }

  #isWorthPreparing(shape: LineShape): boolean {
    shape.lines++;
    if (this.#prepared >= PREPARED_AT_FIRST_SIGHT && shape.lines < LINES_BEFORE_PREPARING)
      return false;
    if (++this.#prepared % MAX_PREPARED === 0) this.#forget();
    return true;
  }

  #forget(): void {
    this.#scanner = new LineScanner(this.#names);
  }
}
