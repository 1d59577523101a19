/**
 * Writes a line that fits a shape, from bytes to bytes, by the steps that are known of the shape.
 */

import { copyBytes, copyScratch, copyScratchEscaped, Texts, writeString } from '../bytes/output';
import { MAX_END, scratch } from '../bytes/scratch';
import { ATTRIBUTED, EXTRA, ORIGINAL, type Step, VALUE } from './row-steps';
import { RowTexts } from './row-texts';
import {
  ABSENT,
  AS_IT_STANDS,
  EMPTY,
  type ScannedColumns,
  TOKEN,
  WITHOUT_QUOTES,
} from './scanned-columns';
import { NULL } from './tokens';

const QUOTE = 0x22;
const COMMA = 0x2c;
const CLOSE = 0x7d;

/** A text of an attribution: its length in three digits of seven bits, and its bytes. */
export function sizedText(text: string): string {
  const length = Buffer.byteLength(text);
  return String.fromCharCode(length >> 14, (length >> 7) & 0x7f, length & 0x7f) + text;
}

/** How many bytes hold the length. */
export const SIZE_BYTES = 3;

/** Where a sized text that begins there ends. */
export function endOfSized(words: DataView, at: number): number {
  const length =
    (words.getUint8(at) << 14) | (words.getUint8(at + 1) << 7) | words.getUint8(at + 2);
  return at + SIZE_BYTES + length;
}

export class RowWriter {
  readonly #line: ScannedColumns;
  readonly #steps: readonly Step[];
  readonly #texts: RowTexts;
  /** By step, beside each other: what most steps need is found in the cache. */
  readonly #kinds: Uint8Array;
  readonly #values: Int32Array;
  /** By step: whether anything is written where there is no value. */
  readonly #hasOther: Uint8Array;
  /** By value: its name and a colon, as they stand in a JSON string. */
  readonly #names: Texts;

  constructor(line: ScannedColumns, steps: readonly Step[]) {
    this.#line = line;
    this.#steps = steps;
    this.#texts = new RowTexts(steps);
    this.#kinds = Uint8Array.from(steps, ({ kind }) => kind);
    this.#values = Int32Array.from(steps, ({ index }) => index);
    this.#hasOther = Uint8Array.from(steps, ({ derive, writesNull }) =>
      derive || writesNull ? 1 : 0,
    );
    this.#names = new Texts(
      line.shape.names.map((name) => JSON.stringify(`${JSON.stringify(name)}:`).slice(1, -1)),
    );
  }

  /**
   * Writes the line that was read last at `start`, with the texts of its attribution, which begin at
   * `from`; returns the offset after it, undefined where it is too long.
   */
  write(
    start: number,
    attribution: DataView,
    from: number,
    arrivedAt: number | undefined,
  ): number | undefined {
    const kinds = this.#kinds;
    const texts = this.#texts;
    const { states, shape } = this.#line;
    let text = from;
    let last = -1;
    let at = start;
    for (let step = 0; step < kinds.length; step++) {
      switch (kinds[step]) {
        case VALUE: {
          const value = this.#values[step] as number;
          const state = value < 0 ? ABSENT : (states[value] as number);
          if (state === AS_IT_STANDS || state === WITHOUT_QUOTES) {
            const quote = state - AS_IT_STANDS;
            at = texts.write(last, step, at);
            at = copyScratch(shape.startOf(value) + quote, shape.endOf(value) - quote, at);
          } else if (state === TOKEN) {
            at = writeString(this.#line.tokens[value] as string, texts.write(last, step, at));
          } else if (this.#hasOther[step] === 1) {
            const end = this.#writeOther(last, step, state, arrivedAt, at);
            if (end === at) continue;
            at = end;
          } else continue;
          break;
        }
        case ATTRIBUTED: {
          const textStart = text + SIZE_BYTES;
          text = endOfSized(attribution, text);
          if (text === textStart) continue;
          at = copyBytes(attribution, textStart, text - 1, texts.write(last, step, at));
          break;
        }
        case ORIGINAL:
          at = this.#writeOriginal(texts.write(last, step, at));
          break;
        case EXTRA:
          if (this.#line.unknown.length + this.#line.displaced.length === 0) continue;
          at = this.#writeExtra(texts.write(last, step, at));
          break;
        default:
          continue;
      }
      last = step;
    }
    at = texts.write(last, kinds.length, at);
    return at > MAX_END ? undefined : at;
  }

  /** What is written of a step that has no value in the line. */
  #writeOther(
    last: number,
    step: number,
    state: number,
    arrivedAt: number | undefined,
    from: number,
  ): number {
    const it = this.#steps[step] as Step;
    if (state === EMPTY && it.writesNull) {
      return writeString(NULL, this.#texts.write(last, step, from));
    }
    const derived = it.derive?.(this.#line, arrivedAt);
    if (derived === undefined || derived === NULL) return from;
    const start = this.#texts.write(last, step, from);
    if (typeof derived !== 'object') return writeString(derived, start);
    let at = writeString(derived.before, start);
    for (const [nth, index] of derived.indexes.entries()) {
      if (nth > 0) scratch[at++] = COMMA;
      at = this.#copyValue(this.#line.valueAt(index), at);
    }
    return writeString(derived.after, at);
  }

  #copyValue(value: number, at: number): number {
    const { states, tokens, shape } = this.#line;
    const state = states[value] as number;
    if (state === TOKEN) return writeString(tokens[value] as string, at);
    const quote = state - AS_IT_STANDS;
    return copyScratch(shape.startOf(value) + quote, shape.endOf(value) - quote, at);
  }

  #writeOriginal(from: number): number {
    const { shape } = this.#line;
    const at = copyScratchEscaped(shape.start, shape.close + 1, from);
    scratch[at] = QUOTE;
    return at + 1;
  }

  #writeExtra(from: number): number {
    const { unknown, displaced } = this.#line;
    let at = from;
    for (const value of unknown) at = this.#writeExtraMember(value, at);
    for (const value of displaced) at = this.#writeExtraMember(value, at);
    scratch[at - 1] = CLOSE;
    scratch[at] = QUOTE;
    return at + 1;
  }

  #writeExtraMember(value: number, from: number): number {
    const { shape } = this.#line;
    let at = this.#names.write(value, from);
    at = copyScratchEscaped(shape.startOf(value), shape.endOf(value), at);
    scratch[at++] = COMMA;
    return at;
  }
}
