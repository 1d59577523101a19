/**
 * Attributions by the bytes of API key id, API id and stage, each with the text that an output makes of
 * it once and the folder of its lines, so that a line costs one search.
 */

import { ByteTable, type Spans } from '../bytes/byte-table';
import type { LineShape } from '../bytes/line-shape';
import { copyBytes } from '../bytes/output';
import { scratch, scratchWords } from '../bytes/scratch';
import { Catalog } from '../catalog/catalog';
import {
  type Attribution,
  type AttributionOutcome,
  attributionOf,
  callerFields,
} from './attribute';
import { attributedPartition, type Partitioning } from './partition';

/** Some 100,000 attributions: the keys of an account, times the stages that each calls. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Lines with longer ones are left to the general path. */
const MAX_TEXT_LENGTH = 16 * 1024;

const ZERO = 0x30;

/** In the order of the digits that stand for them. */
const outcomes = ['enriched', 'withoutKey', 'unknownKey', 'noPlanForStage'] as const;

/** Which value of a shape is the API key id, the API id and the stage; below 0 where none is. */
export type CallerValues = readonly number[];

const deciding = [callerFields.keyId, callerFields.apiId, callerFields.stage];

/** Undefined where lines of the shape have one of them twice. Lines match only with plain values. */
export function callerValuesOf(shape: LineShape): CallerValues | undefined {
  const values: number[] = [];
  for (const field of deciding) {
    const [value = -1, ...others] = shape.valuesOf(field);
    if (others.length > 0) return undefined;
    if (value >= 0) shape.requirePlain(value);
    values.push(value);
  }
  return values;
}

export class AttributionTable {
  readonly #textOf: (attribution: Attribution) => string;
  readonly #partitionBy: Partitioning;
  /** The outcome's digit, how long the partition is as a character, the partition, the text. */
  readonly #known = new ByteTable(MAX_BYTES);
  /** The catalog that all entries were found in. */
  #catalog = Catalog.empty;
  readonly #spans: Spans = new Int32Array(2 * deciding.length);

  constructor(
    textOf: (attribution: Attribution) => string,
    partitionBy: Partitioning | undefined = 'none',
  ) {
    this.#textOf = textOf;
    this.#partitionBy = partitionBy;
  }

  /** The bytes of the texts. A search may replace them. */
  get words(): DataView {
    return this.#known.words;
  }

  /** Forgets what it knows of another catalog; returns whether it was another. */
  use(catalog: Catalog): boolean {
    if (catalog === this.#catalog) return false;
    this.#catalog = catalog;
    this.#known.clear();
    return true;
  }

  /**
   * The entry for the line that was scanned last. Below 0 where the request's time, too, decides of
   * the attribution, and where the text is too long.
   */
  find(shape: LineShape, callers: CallerValues): number {
    this.#locate(shape, callers);
    const spans = this.#spans;
    const known = this.#known.find(scratchWords, spans);
    if (known >= 0) return known;

    const keyId = this.#partAt(0);
    if (this.#catalog.key(keyId)?.dependsOnTime) return -1;
    const caller = { keyId, apiId: this.#partAt(1), stage: this.#partAt(2) };
    const attribution = attributionOf(caller, this.#catalog);
    const text = this.#textOf(attribution);
    if (text.length > MAX_TEXT_LENGTH) return -1;
    const partition = attributedPartition(this.#partitionBy, caller.apiId, attribution) ?? '';
    const length = String.fromCharCode(partition.length);
    const outcome = outcomes.indexOf(attribution.outcome);
    return this.#known.add(scratchWords, spans, `${outcome}${length}${partition}${text}`);
  }

  /** Where in `bytes` an entry's text begins. */
  textAt(entry: number): number {
    return entry + 2 + this.words.getUint8(entry + 1);
  }

  /** Writes an entry's text; returns the offset after it. */
  writeText(entry: number, at: number): number {
    const start = this.textAt(entry);
    const end = entry + this.#known.lengthAt(entry);
    return copyBytes(this.#known.words, start, end, at);
  }

  outcomeAt(entry: number): AttributionOutcome {
    return outcomes[this.words.getUint8(entry) - ZERO] as AttributionOutcome;
  }

  /** Undefined where records are not partitioned. */
  partitionAt(entry: number): string | undefined {
    if (this.#partitionBy === 'none') return undefined;
    return this.#known.bytes.toString('latin1', entry + 2, this.textAt(entry));
  }

  /** The API key id of the line that was last searched for, if its key is unknown. */
  unknownKeyAt(entry: number): string | undefined {
    return this.outcomeAt(entry) === 'unknownKey' ? this.#partAt(0) : undefined;
  }

  #locate(shape: LineShape, callers: CallerValues): void {
    const [keyId = -1] = callers;
    // Without a key, nothing but the folder depends on what was called.
    const isWanted = this.#partitionBy === 'api' || (keyId >= 0 && !shape.isEmpty(keyId));
    const spans = this.#spans;
    for (let part = 0; part < callers.length; part++) {
      const value = callers[part] as number;
      const isSaid = isWanted && value >= 0 && !shape.isEmpty(value);
      spans[2 * part] = isSaid ? shape.startOf(value) + 1 : 0;
      spans[2 * part + 1] = isSaid ? shape.endOf(value) - 1 : 0;
    }
  }

  #partAt(part: number): string {
    return scratch.toString('latin1', this.#spans[2 * part], this.#spans[2 * part + 1]);
  }
}
