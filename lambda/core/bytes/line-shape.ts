/**
 * What the lines of one log format have in common: the names, in their order, and every byte between
 * the values. A line of a known shape is read in one walk that compares what is known and looks only
 * for where each value ends.
 *
 * That a line fits promises all of this:
 * - its bytes are one strictly valid JSON object, valid UTF-8, without a line break before its end and
 *   with nothing but blanks and line breaks behind it;
 * - its names are those of the shape, all of them ASCII and different;
 * - each value is a string or a whole number, and those that must be plain are strings of ASCII without
 *   escapes, of 128 bytes at most;
 * - no string begins with an escape `\u`: only such a one can say nothing without looking like it.
 *
 * A shape is learned from a line that the plain way has read.
 */

import { isUtf8 } from 'node:buffer';
import type { Field } from '../fields';
import type { Meaning, Names } from '../names';
import { type Member, readLogLine } from '../record/log-line';
import type { Spans } from './byte-table';
import { scratch, scratchWords, wordsOf } from './input';
import { endOfBlanks, endOfEscape, endOfInteger, endOfRun } from './json-bytes';

const isAscii = /^[ -~]*$/;
/** Strings and whole numbers. */
const mayFit = /^("|-?\d+$)/;

const [QUOTE, DASH, BACKSLASH, LOWER_U] = [0x22, 0x2d, 0x5c, 0x75];
const [EIGHT, LOWER_D] = [0x38, 0x64];

/** With their quotes: longer ids are nothing usual. */
const MAX_PLAIN_BYTES = 130;

export class LineShape {
  readonly names: readonly string[];
  /** By value: what it is. */
  readonly meanings: readonly Meaning[];
  /** Where each value stands in the line that was last found to fit, with its quotes. */
  readonly #spans: Spans;
  /** Whether all bytes of that line are ASCII. */
  isAscii = true;
  /** The bytes before each value and those behind the last, in a row, and where each begins. */
  readonly #literals: Uint8Array;
  readonly #words: DataView;
  readonly #starts: Int32Array;
  /** By value: whether it must be plain. */
  readonly #isPlain: Uint8Array;
  readonly #blanksAtEnd: number;

  /**
   * From a line's bytes as Latin-1. Undefined for what is no usual line, which has all names in ASCII,
   * and each once.
   */
  static learn(line: string, known: Names): LineShape | undefined {
    const { text, members = [] } = readLogLine(line) ?? {};
    if (text === undefined || members.length === 0) return undefined;
    const isUsual = members.every(
      ({ name, valueStart, end }) => isAscii.test(name) && mayFit.test(text.slice(valueStart, end)),
    );
    const names = new Set(members.map(({ name }) => name));
    if (!isUsual || names.size < members.length) return undefined;
    return new LineShape(text, members, known);
  }

  private constructor(text: string, members: readonly Member[], known: Names) {
    const ends = [0, ...members.map(({ end }) => end)];
    const literals = ends.map((end, index) => text.slice(end, members[index]?.valueStart));
    this.names = members.map(({ name }) => name);
    this.meanings = known.meaningsOf(
      this.names.map((name) => ({ name, parent: -1, isObject: false })),
    );
    this.#spans = new Int32Array(2 * members.length);
    this.#literals = Buffer.from(literals.join(''), 'latin1');
    this.#words = wordsOf(this.#literals);
    this.#starts = new Int32Array(literals.length + 1);
    for (const [index, { length }] of literals.entries()) {
      this.#starts[index + 1] = (this.#starts[index] as number) + length;
    }
    this.#isPlain = new Uint8Array(members.length);
    this.#blanksAtEnd = text.length - 1 - (members.at(-1)?.end ?? 0);
  }

  /** Offset of the closing brace in the line that was last found to fit. */
  get close(): number {
    return (this.#spans[this.#spans.length - 1] as number) + this.#blanksAtEnd;
  }

  valuesNamed(names: readonly string[]): number[] {
    return [...this.names.keys()].filter((value) => names.includes(this.names[value] as string));
  }

  valuesOf(field: Field): number[] {
    return [...this.names.keys()].filter((value) => this.meanings[value]?.field === field);
  }

  requirePlain(value: number): void {
    this.#isPlain[value] = 1;
  }

  startOf(value: number): number {
    return this.#spans[2 * value] as number;
  }

  endOf(value: number): number {
    return this.#spans[2 * value + 1] as number;
  }

  /** Whether a value is `""` or `"-"`; with escapes it does not fit a shape. */
  isEmpty(value: number): boolean {
    const start = this.startOf(value);
    const length = this.endOf(value) - start;
    if (length > 3 || scratch[start] !== QUOTE) return false;
    return length === 2 || scratch[start + 1] === DASH;
  }

  /** Whether the first `length` bytes of `scratch` are such a line. Writes the byte behind them. */
  fits(length: number): boolean {
    const bytes = scratch;
    // No check of the offset is needed below: a 0 fits nowhere in a line.
    bytes[length] = 0;
    this.isAscii = true;
    const spans = this.#spans;
    const literals = this.#literals;
    const words = this.#words;
    const starts = this.#starts;
    const count = starts.length - 2;
    let at = 0;
    let known = 0;
    for (let value = 0; value <= count; value++) {
      const end = starts[value + 1] as number;
      for (; known + 4 <= end; known += 4, at += 4) {
        if (scratchWords.getInt32(at) !== words.getInt32(known)) return false;
      }
      while (known < end) if (bytes[at++] !== literals[known++]) return false;
      if (value === count) break;
      spans[2 * value] = at;
      at = this.#endOfValue(bytes, at, value);
      if (at < 0) return false;
      spans[2 * value + 1] = at;
    }
    at = endOfBlanks(bytes, at);
    return at === length && (this.isAscii || isUtf8(bytes.subarray(0, length)));
  }

  /** Below 0 where there is none that may stand here. */
  #endOfValue(bytes: Uint8Array, start: number, value: number): number {
    const mustBePlain = this.#isPlain[value] === 1;
    if (bytes[start] !== QUOTE) return mustBePlain ? -1 : endOfInteger(bytes, start);
    const end = endOfRun(bytes, start + 1);
    if (bytes[end] === QUOTE) {
      return mustBePlain && end + 1 - start > MAX_PLAIN_BYTES ? -1 : end + 1;
    }
    if (mustBePlain || (bytes[start + 1] === BACKSLASH && bytes[start + 2] === LOWER_U)) return -1;
    return this.#endOfOddString(bytes, end);
  }

  /** Offset behind the quote that closes a string, from where its text is no longer plain. */
  #endOfOddString(bytes: Uint8Array, from: number): number {
    let at = from;
    while (bytes[at] !== QUOTE) {
      if ((bytes[at] as number) >= 0x80) {
        this.isAscii = false;
        at++;
      } else if (bytes[at] === BACKSLASH) {
        // One half of a pair is nothing usual: it may lack the other.
        if (isSurrogate(bytes, at)) return -1;
        at = endOfEscape(bytes, at);
        if (at < 0) return -1;
      } else return -1;
      at = endOfRun(bytes, at);
    }
    return at + 1;
  }
}

/** Whether the escape that the backslash begins is one of `\\uD800` to `\\uDFFF`. */
function isSurrogate(bytes: Uint8Array, backslash: number): boolean {
  return (
    bytes[backslash + 1] === LOWER_U &&
    ((bytes[backslash + 2] as number) | 0x20) === LOWER_D &&
    (bytes[backslash + 3] as number) >= EIGHT
  );
}
