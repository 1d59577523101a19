/**
 * Where a line is written as bytes, before it is encoded. Nothing in it outlives a call.
 *
 * Each function here writes at an offset and gives the end of what it has written. What does not
 * fit ends after the buffer all the same, so that only a line's end has to be compared with `MAX_END`.
 */

import { scratch, scratchWords, wordsOf } from './input';

const [TAB, QUOTE, BACKSLASH, LOWER_T] = [0x09, 0x22, 0x5c, 0x74];

export const output = Buffer.allocUnsafeSlow(256 * 1024);

const outputWords = wordsOf(output);
/** Copied at once, which takes a third of the time. The bytes after the end are overwritten later. */
const BYTES_AT_ONCE = 4;

/** A line that ends after this did not fit. */
export const MAX_END = output.length - BYTES_AT_ONCE;

/** From this length on a native call is faster than a loop. */
const LONG_TEXT = 24;

/** Text that is written often. */
export class Text {
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly words: DataView;

  constructor(text: string) {
    const padded = Buffer.from(text + '\0'.repeat(BYTES_AT_ONCE));
    this.length = padded.length - BYTES_AT_ONCE;
    this.bytes = padded.subarray(0, this.length);
    this.words = wordsOf(padded);
  }
}

export function writeText({ length, bytes, words }: Text, at: number): number {
  const end = at + length;
  if (end > MAX_END) return end;
  if (length > LONG_TEXT) output.set(bytes, at);
  else copyWords(words, 0, length, at);
  return end;
}

export function copyScratch(start: number, end: number, at: number): number {
  const newEnd = at + end - start;
  if (newEnd <= MAX_END) copyWords(scratchWords, start, end, at);
  return newEnd;
}

function copyWords(words: DataView, start: number, end: number, at: number): void {
  const shift = at - start;
  for (let from = start; from < end; from += BYTES_AT_ONCE) {
    outputWords.setInt32(from + shift, words.getInt32(from));
  }
}

/** JSON as it stands in a JSON string. */
export function copyScratchEscaped(start: number, end: number, to: number): number {
  let at = to;
  for (let from = start; from < end; from++) {
    const byte = scratch[from] as number;
    if (byte === QUOTE || byte === BACKSLASH || byte === TAB) output[at++] = BACKSLASH;
    // Between the tokens of an object.
    output[at++] = byte === TAB ? LOWER_T : byte;
  }
  return at;
}

export function writeString(text: string, from: number): number {
  let at = from;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return writeUtf8(text, from);
    output[at++] = code;
  }
  return at;
}

function writeUtf8(text: string, at: number): number {
  const end = at + Buffer.byteLength(text);
  if (end <= MAX_END) output.write(text, at);
  return end;
}
