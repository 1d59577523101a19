/** Puts what is to be read at the beginning of `scratch`, and returns its length. */

import { MAX_RECORD_BYTES, scratch } from './scratch';

const EQUALS = 0x3d;

/** What the base64 of an opening brace begins with, whatever comes after it. */
const BRACE_IN_BASE64 = 'e'.charCodeAt(0);

/** Longer lines are rare, and left to the general path. */
export const MAX_LINE_BYTES = 48 * 1024;

/** Decodes a record; undefined for one that begins with no brace, for no base64 and for too much. */
export function decodeRecord(base64: string): number | undefined {
  const { length } = base64;
  if (base64.charCodeAt(0) !== BRACE_IN_BASE64 || length % 4 !== 0) return undefined;
  let bytes = (length / 4) * 3;
  if (bytes > MAX_RECORD_BYTES) return undefined;
  if (base64.charCodeAt(length - 1) === EQUALS) bytes--;
  if (base64.charCodeAt(length - 2) === EQUALS) bytes--;
  // Node skips what is no base64.
  return scratch.write(base64, 0, 'base64') === bytes ? bytes : undefined;
}

/** Copies a line; undefined for one that is too long. */
export function readBytes(bytes: Buffer, from: number, to: number): number | undefined {
  return to - from > MAX_LINE_BYTES ? undefined : bytes.copy(scratch, 0, from, to);
}

/** Writes a line; undefined for one that is too long, and for half characters. */
export function readText(text: string): number | undefined {
  // A character takes three bytes at most.
  if (3 * text.length > MAX_LINE_BYTES && Buffer.byteLength(text) > MAX_LINE_BYTES) {
    return undefined;
  }
  const length = scratch.write(text);
  return length === text.length || text.isWellFormed() ? length : undefined;
}
