/**
 * Attributions by the bytes of API key id, API id and stage, each as the text that an output makes of
 * it once, so that a line costs one search and no strings.
 */

import { ByteTable, type Spans } from '../bytes/byte-table';
import { MAX_APPENDED_BYTES, scratch } from '../bytes/input';
import type { LineShape } from '../bytes/line-shape';
import { Catalog } from '../catalog/catalog';
import {
  type Attribution,
  type AttributionOutcome,
  attributionOf,
  callerFields,
} from './attribute';

/** Some 100,000 attributions: the keys of an account, times the stages that each calls. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Longer ones are nothing usual. A character takes three bytes at most. */
const MAX_TEXT_LENGTH = MAX_APPENDED_BYTES / 3;

const ZERO = 0x30;

/** In the order of the digits that stand for them. */
const outcomes = ['enriched', 'withoutKey', 'unknownKey', 'noPlanForStage'] as const;

/** Of API key id, API id and stage: which value of a shape tells it, below 0 where none does. */
export type CallerValues = readonly number[];

const deciding = [callerFields.keyId, callerFields.apiId, callerFields.stage];

/** Undefined where lines of the shape tell one of them twice. They fit only with plain values. */
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
  /** The outcome's digit, and the text. */
  readonly #known = new ByteTable(MAX_BYTES);
  /** All that is known is of this one. */
  #catalog = Catalog.empty;
  readonly #spans: Spans = new Int32Array(2 * deciding.length);

  constructor(textOf: (attribution: Attribution) => string) {
    this.#textOf = textOf;
  }

  /** Holds the texts. Another one after each search. */
  get bytes(): Uint8Array {
    return this.#known.bytes;
  }

  /** Forgets what it knows of another catalog; tells whether it was another. */
  use(catalog: Catalog): boolean {
    if (catalog === this.#catalog) return false;
    this.#catalog = catalog;
    this.#known.clear();
    return true;
  }

  /**
   * Where in `bytes` the text for the line begins that was last found to fit the shape. Below 0 where
   * the request's time, too, decides of the attribution, and where the text is too long.
   */
  find(shape: LineShape, callers: CallerValues): number {
    this.#locate(shape, callers);
    const spans = this.#spans;
    const known = this.#known.find(scratch, spans);
    if (known >= 0) return known + 1;

    const keyId = this.#partAt(0);
    if (this.#catalog.key(keyId)?.dependsOnTime) return -1;
    const caller = { keyId, apiId: this.#partAt(1), stage: this.#partAt(2) };
    const attribution = attributionOf(caller, this.#catalog);
    const text = this.#textOf(attribution);
    if (text.length > MAX_TEXT_LENGTH) return -1;
    const added = this.#known.add(scratch, spans, outcomes.indexOf(attribution.outcome) + text);
    return added < 0 ? -1 : added + 1;
  }

  lengthAt(text: number): number {
    return this.#known.lengthAt(text - 1) - 1;
  }

  outcomeAt(text: number): AttributionOutcome {
    return outcomes[(this.bytes[text - 1] as number) - ZERO] as AttributionOutcome;
  }

  /** The API key id of the line that was last searched for, if its key is unknown. */
  unknownKeyAt(text: number): string | undefined {
    return this.outcomeAt(text) === 'unknownKey' ? this.#partAt(0) : undefined;
  }

  #locate(shape: LineShape, callers: CallerValues): void {
    const spans = this.#spans;
    spans.fill(0);
    const [keyId = -1] = callers;
    // Whatever was called without a key.
    if (keyId < 0 || shape.isEmpty(keyId)) return;
    for (let part = 0; part < callers.length; part++) {
      const value = callers[part] as number;
      if (value < 0) continue;
      spans[2 * part] = shape.startOf(value) + 1;
      spans[2 * part + 1] = shape.endOf(value) - 1;
    }
  }

  #partAt(part: number): string {
    return scratch.toString('latin1', this.#spans[2 * part], this.#spans[2 * part + 1]);
  }
}
