/**
 * Which brace closes an object, found in the bytes of a text of which some is no JSON.
 *
 * No string of JSON has a line break in it. So every line begins outside of strings, whatever the lines
 * before it were, and one walk over the bytes pairs the braces for all objects that begin a line: an
 * object that never closes does not hide those after it.
 */

import { isLineBreak } from './separators';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** More of them are let go, so that braces which never close take no more memory than the window. */
const MAX_PASSED = 256 * 1024;

export class Braces {
  readonly #bytes: Uint8Array;
  readonly #maxBytes: number;
  /** So far the bytes are walked over. */
  #at = 0;
  /** The braces that are open there, from the outermost on: twice the offset, and 1 if it begins a line. */
  #open: number[] = [];
  /** How many of those cannot be asked for any more. */
  #passed = 0;
  /** By the offset of a brace that begins a line: the offset after the one that closes it. */
  readonly #ends = new Map<number, number>();
  #isFirstOnLine = true;

  constructor(bytes: Uint8Array, maxBytes: number) {
    this.#bytes = bytes;
    this.#maxBytes = maxBytes;
  }

  /**
   * The offset after the brace that closes the object at `from`; undefined where none does within so
   * many bytes, or where one of its strings breaks off. For offsets outside of strings, each greater
   * than the one before; but after an object in a row, those that begin a line within that row may be
   * asked for: they stand by themselves where the row is none.
   */
  endOf(from: number, isInRow = false): number | undefined {
    if (from >= this.#at) this.#startAt(from, isInRow);
    else {
      const end = this.#ends.get(from);
      if (end !== undefined) return end;
      if (!this.#isOpen(from)) return undefined;
    }
    return this.#walk(from);
  }

  #startAt(from: number, isInRow: boolean): void {
    this.#at = from;
    this.#open = [];
    this.#passed = 0;
    if (!isInRow) this.#ends.clear();
    this.#isFirstOnLine = true;
  }

  #isOpen(brace: number): boolean {
    const open = this.#open;
    this.#passed = Math.min(this.#passed, open.length);
    while ((open[this.#passed] as number) < 2 * brace) this.#passed++;
    const isOpen = open[this.#passed] === 2 * brace + 1;
    if (this.#passed > MAX_PASSED) {
      this.#open = open.slice(this.#passed);
      this.#passed = 0;
    }
    return isOpen;
  }

  #walk(from: number): number | undefined {
    const bytes = this.#bytes;
    const limit = Math.min(bytes.length, from + this.#maxBytes);
    while (this.#at < limit) {
      const at = this.#at++;
      const byte = bytes[at];
      if (byte === OPEN) {
        this.#open.push(this.#isFirstOnLine ? 2 * at + 1 : 2 * at);
        this.#isFirstOnLine = false;
      } else if (byte === CLOSE) {
        const brace = this.#open.pop() ?? 0;
        const isFirstOnLine = brace % 2 === 1;
        if (isFirstOnLine && brace === 2 * from + 1) return this.#at;
        // Only those that begin a line are ever asked for.
        if (isFirstOnLine) this.#ends.set((brace - 1) / 2, this.#at);
      } else if (byte === QUOTE) {
        this.#at = endOfString(bytes, this.#at);
        if (!isLineBreak(bytes[this.#at])) this.#at++;
        else {
          this.#open = [];
          return undefined;
        }
      } else if (isLineBreak(byte)) this.#isFirstOnLine = true;
    }
    return undefined;
  }
}

/** The offset of the closing quote, or of what a string cannot have in it. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE && !isLineBreak(bytes[at])) {
    at += bytes[at] === BACKSLASH && !isLineBreak(bytes[at + 1]) ? 2 : 1;
  }
  return at;
}
