/**
 * The names of a line, in their order and as far as they can matter in its objects, and where the values
 * stand in the line that was last found to have them.
 *
 * That a line has a shape promises all of this:
 * - its bytes are one strictly valid JSON object, valid UTF-8, without a line break before its end and
 *   with nothing but blanks after it, up to a line break or to the end of what is read;
 * - its names are those of the shape, all of them ASCII and without escapes;
 * - no character from the blank to `?` is written as an escape `\u`: `"\u002d"`, a dash, is empty without
 *   looking so;
 * - no object or list that is a value as a whole has a secret in it.
 */

import type { Field } from '../fields';
import type { Meaning, NamedMember, Names } from '../names';
import type { Spans } from './byte-table';
import { scratch } from './scratch';

const QUOTE = 0x22;
const DASH = 0x2d;
const LOWER_N = 0x6e;

/** With their quotes: lines with longer ids are left to the general path. */
const MAX_PLAIN_BYTES = 130;

/** Where the members stand in the line that was read last, and what else is known of it. */
export interface ScannedLine {
  /** Start and end by member. */
  readonly spans: Spans;
  /** By member: whether it is a string of ASCII without escapes. */
  readonly isPlain: Uint8Array;
  /** Offset of the opening brace. */
  start: number;
  /** Offset of the closing brace. */
  close: number;
  /** Offset after the blanks and line breaks after it, where the next line begins if there is one. */
  next: number;
  /** Whether all bytes are ASCII. */
  isAscii: boolean;
}

export class LineShape {
  /** By value. */
  readonly names: readonly string[];
  /** By value: what it is. */
  readonly meanings: readonly Meaning[];
  /** Whether no name is written twice, and no secret is within another value. */
  readonly isUsual: boolean;
  /** Whether an API key's value may stand anywhere in a line. */
  readonly hasSecret: boolean;
  readonly #all: ReadonlySet<string>;
  readonly #line: ScannedLine;
  readonly #spans: Spans;
  /** By value: where its span is. */
  readonly #spanIndexes: Int32Array;
  /** How many lines it had before anything was prepared for them. */
  lines = 0;
  isTried = false;
  /** What the output has prepared for them. */
  prepared: unknown;
  /** Values that must be plain. */
  readonly #plain: number[] = [];

  constructor(members: readonly NamedMember[], names: Names, line: ScannedLine) {
    const meanings = names.meaningsOf(members);
    const values = [...members.keys()].filter((index) => meanings[index]?.role === 'value');
    this.names = values.map((index) => members[index]?.name as string);
    this.meanings = values.map((index) => meanings[index] as Meaning);
    this.#spanIndexes = Int32Array.from(values, (index) => 2 * index);
    this.#all = new Set(members.map(({ name }) => name));
    this.#line = line;
    this.#spans = line.spans;
    const hasInnerSecret = members.some(
      ({ name }, index) => meanings[index]?.role === 'inside' && names.isSecret(name),
    );
    this.hasSecret = members.some(
      ({ name }, index) => meanings[index]?.isSecret || names.isSecret(name),
    );
    this.isUsual = this.#all.size === members.length && !hasInnerSecret;
  }

  get isAscii(): boolean {
    return this.#line.isAscii;
  }

  /** Offset of the opening brace. */
  get start(): number {
    return this.#line.start;
  }

  /** Offset of the closing brace. */
  get close(): number {
    return this.#line.close;
  }

  /** Offset after the blanks and line breaks after the line. */
  get next(): number {
    return this.#line.next;
  }

  /** Whether any member, or any object of members, has one of these names. */
  hasAny(names: readonly string[]): boolean {
    return names.some((name) => this.#all.has(name));
  }

  valuesOf(field: Field): number[] {
    return [...this.names.keys()].filter((value) => this.meanings[value]?.field === field);
  }

  /** From now on only lines fit the shape whose value is a short string of ASCII without escapes. */
  requirePlain(value: number): void {
    this.#plain.push(value);
  }

  startOf(value: number): number {
    return this.#spans[this.#spanIndexes[value] as number] as number;
  }

  endOf(value: number): number {
    return this.#spans[(this.#spanIndexes[value] as number) + 1] as number;
  }

  /** A value as it is written. */
  tokenOf(value: number): string {
    return scratch.toString('utf8', this.startOf(value), this.endOf(value));
  }

  /** Whether a value is `""`, `"-"` or `null`; with escapes no line has a shape. */
  isEmpty(value: number): boolean {
    const start = this.startOf(value);
    const length = this.endOf(value) - start;
    if (length === 4) return scratch[start] === LOWER_N;
    if (length > 3 || scratch[start] !== QUOTE) return false;
    return length === 2 || scratch[start + 1] === DASH;
  }

  /** Whether a value is a string of ASCII without escapes. */
  isPlainString(value: number): boolean {
    return this.#line.isPlain[(this.#spanIndexes[value] as number) >> 1] === 1;
  }

  /** Whether the values are plain that must be. */
  isPlain(): boolean {
    for (let index = 0; index < this.#plain.length; index++) {
      const value = this.#plain[index] as number;
      if (this.endOf(value) - this.startOf(value) > MAX_PLAIN_BYTES) return false;
      if (!this.isPlainString(value)) return false;
    }
    return true;
  }
}
