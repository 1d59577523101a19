/**
 * Writes a line as bytes, to `scratch` from `OUTPUT_START` on.
 *
 * Each function here writes at an offset and returns the end of what it has written. What does not fit
 * ends after `MAX_END` all the same, so that only a line's end has to be compared with that.
 */

import { BYTES_AT_ONCE, MAX_END, scratch, scratchWords, wordsOfCopy } from './scratch';

const TAB = 0x09;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWER_T = 0x74;

/** The length from which on a native call is faster than a loop. */
const LONG_COPY = 48;

/** Texts that are written often, one after the other in memory: those after one that was written are in the processor's cache. */
export class Texts {
  readonly #words: DataView;
  /** By text: where it begins, and where the last one ends. */
  readonly #starts: Int32Array;

  constructor(texts: readonly string[]) {
    const all = texts.map((text) => Buffer.from(text));
    this.#words = wordsOfCopy(Buffer.concat(all));
    this.#starts = new Int32Array(all.length + 1);
    for (const [index, { length }] of all.entries()) {
      this.#starts[index + 1] = (this.#starts[index] as number) + length;
    }
  }

  write(index: number, at: number): number {
    const starts = this.#starts;
    return copyBytes(this.#words, starts[index] as number, starts[index + 1] as number, at);
  }
}

export function copyScratch(start: number, end: number, at: number): number {
  const length = end - start;
  if (length <= LONG_COPY) return copyBytes(scratchWords, start, end, at);
  if (at + length <= MAX_END) scratch.copyWithin(at, start, end);
  return at + length;
}

/** Reads and writes up to seven bytes more, which are overwritten later. */
export function copyBytes(words: DataView, start: number, end: number, at: number): number {
  const shift = at - start;
  if (end + shift > MAX_END) return end + shift;
  for (let from = start; from < end; from += BYTES_AT_ONCE) {
    scratchWords.setBigInt64(from + shift, words.getBigInt64(from, true), true);
  }
  return end + shift;
}

/** JSON as it stands in a JSON string. */
export function copyScratchEscaped(start: number, end: number, to: number): number {
  let at = to;
  for (let from = start; from < end; from++) {
    const byte = scratch[from] as number;
    if (byte === QUOTE || byte === BACKSLASH || byte === TAB) scratch[at++] = BACKSLASH;
    // Between the tokens of an object.
    scratch[at++] = byte === TAB ? LOWER_T : byte;
  }
  return at;
}

export function writeString(text: string, from: number): number {
  let at = from;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return writeUtf8(text, from);
    scratch[at++] = code;
  }
  return at;
}

function writeUtf8(text: string, at: number): number {
  const end = at + Buffer.byteLength(text);
  if (end <= MAX_END) scratch.write(text, at);
  return end;
}
