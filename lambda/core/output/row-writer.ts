/**
 * Writes a line that fits a shape, from bytes to bytes, by the steps that are known of the shape. Behind
 * each member goes a comma, which a closing brace then replaces; an object that has nothing in it at its
 * end is taken back.
 */

import { copyBytes, copyScratch, copyScratchEscaped, Texts, writeString } from '../bytes/output';
import { MAX_END, scratch } from '../bytes/scratch';
import {
  ATTRIBUTED,
  CLOSES,
  derivedOf,
  EXTRA,
  OPENS,
  ORIGINAL,
  type Step,
  TEXT,
  VALUE,
} from './row-steps';
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
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LF = 0x0a;

/** Objects in objects. */
const MAX_DEPTH = 16;

/** A text of an attribution: its length in three digits of seven bits, and its bytes. */
export function sizedText(text: string): string {
  const length = Buffer.byteLength(text);
  return String.fromCharCode(length >> 14, (length >> 7) & 0x7f, length & 0x7f) + text;
}

/** How many bytes tell the length. */
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
  /** By step, beside each other: what most steps need is found in the cache. */
  readonly #kinds: Uint8Array;
  readonly #values: Int32Array;
  readonly #texts: Texts;
  /** By step: whether anything is written where there is no value. */
  readonly #hasOther: Uint8Array;
  readonly #emptyTexts: Texts;
  /** By value: its name and a colon, as they stand in a JSON string. */
  readonly #names: Texts;
  /** Where the objects begin that have not ended. */
  readonly #starts = new Int32Array(MAX_DEPTH);

  constructor(line: ScannedColumns, steps: readonly Step[]) {
    this.#line = line;
    this.#steps = steps;
    this.#kinds = Uint8Array.from(steps, ({ kind }) => kind);
    this.#values = Int32Array.from(steps, ({ index }) => index);
    this.#texts = new Texts(steps.map(({ text }) => text));
    this.#hasOther = Uint8Array.from(steps, ({ derive, emptyText }) =>
      derive || emptyText !== undefined ? 1 : 0,
    );
    this.#emptyTexts = new Texts(steps.map(({ emptyText = '' }) => emptyText));
    this.#names = new Texts(
      line.shape.names.map((name) => JSON.stringify(`${JSON.stringify(name)}:`).slice(1, -1)),
    );
  }

  /**
   * Writes the line that was read last at `start`, with the texts of its attribution, which begin at
   * `from`; gives the offset after it, undefined where it is too long.
   */
  write(
    start: number,
    attribution: DataView,
    from: number,
    arrivedAt: number | undefined,
  ): number | undefined {
    const kinds = this.#kinds;
    const texts = this.#texts;
    const starts = this.#starts;
    const { states, shape } = this.#line;
    let text = from;
    let depth = 0;
    scratch[start] = OPEN;
    let at = start + 1;
    for (let step = 0; step < kinds.length; step++) {
      switch (kinds[step]) {
        case VALUE: {
          const value = this.#values[step] as number;
          const state = value < 0 ? ABSENT : (states[value] as number);
          if (state === AS_IT_STANDS || state === WITHOUT_QUOTES) {
            const quote = state - AS_IT_STANDS;
            at = texts.write(step, at);
            at = copyScratch(shape.startOf(value) + quote, shape.endOf(value) - quote, at);
            scratch[at++] = COMMA;
          } else if (state === TOKEN) {
            at = writeString(this.#line.tokens[value] as string, texts.write(step, at));
            scratch[at++] = COMMA;
          } else if (this.#hasOther[step] === 1) at = this.#writeOther(step, state, arrivedAt, at);
          break;
        }
        case OPENS:
          for (const offset of (this.#steps[step] as Step).offsets) starts[depth++] = at + offset;
          at = texts.write(step, at);
          break;
        case CLOSES:
          // Behind the buffer's end stands what an earlier line has left there.
          if (at > MAX_END) return undefined;
          for (let left = (this.#steps[step] as Step).count; left > 0; left--) {
            depth--;
            at = scratch[at - 1] === OPEN ? (starts[depth] as number) : endObject(at);
          }
          break;
        case TEXT:
          at = texts.write(step, at);
          break;
        case ATTRIBUTED: {
          const textEnd = endOfSized(attribution, text);
          at = copyBytes(attribution, text + SIZE_BYTES, textEnd, at);
          text = textEnd;
          break;
        }
        case ORIGINAL:
          at = this.#writeOriginal(texts.write(step, at));
          break;
        case EXTRA:
          at = this.#writeExtra(step, at);
      }
    }
    at = endObject(Math.max(at, start + 2));
    scratch[at - 1] = LF;
    return at > MAX_END ? undefined : at;
  }

  /** What is written of a step that has no value in the line. */
  #writeOther(step: number, state: number, arrivedAt: number | undefined, from: number): number {
    if (state === EMPTY && this.#steps[step]?.emptyText !== undefined) {
      return this.#emptyTexts.write(step, from);
    }
    const derived = derivedOf(this.#steps[step] as Step, this.#line, arrivedAt);
    if (derived === undefined || derived === NULL) return from;
    let at = this.#texts.write(step, from);
    if (typeof derived === 'object') {
      at = writeString(derived.before, at);
      for (const place of derived.places) {
        at = this.#copyValue(this.#line.valueAt(place), at);
        scratch[at++] = COMMA;
      }
      at = writeString(derived.after, at - 1);
    } else at = writeString(derived, at);
    scratch[at++] = COMMA;
    return at;
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
    let at = copyScratchEscaped(shape.start, shape.close + 1, from);
    scratch[at++] = QUOTE;
    scratch[at++] = COMMA;
    return at;
  }

  #writeExtra(step: number, from: number): number {
    const { unknown, displaced } = this.#line;
    if (unknown.length === 0 && displaced.length === 0) return from;
    let at = this.#texts.write(step, from);
    for (const value of unknown) at = this.#writeExtraMember(value, at);
    for (const value of displaced) at = this.#writeExtraMember(value, at);
    scratch[at - 1] = CLOSE;
    scratch[at++] = QUOTE;
    scratch[at++] = COMMA;
    return at;
  }

  #writeExtraMember(value: number, from: number): number {
    const { shape } = this.#line;
    let at = this.#names.write(value, from);
    at = copyScratchEscaped(shape.startOf(value), shape.endOf(value), at);
    scratch[at++] = COMMA;
    return at;
  }
}

/** In place of the comma behind its last member. */
function endObject(at: number): number {
  scratch[at - 1] = CLOSE;
  scratch[at] = COMMA;
  return at + 1;
}
