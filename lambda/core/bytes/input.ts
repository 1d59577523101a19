/** Where a line's bytes are while it is read. Nothing in it outlives a call. */

const EQUALS = 0x3d;

/** Longer lines, rare as they are, are not worth a larger buffer. */
const MAX_BASE64_LENGTH = 64 * 1024;
export const MAX_BYTES = (MAX_BASE64_LENGTH / 4) * 3;

/** What may be appended to a line. */
export const MAX_APPENDED_BYTES = 48 * 1024;

export const scratch = Buffer.allocUnsafeSlow(MAX_BYTES + MAX_APPENDED_BYTES);

/** The same bytes, to be read four at a time. */
export const scratchWords = wordsOf(scratch);

/** Decodes into `scratch`; gives the number of bytes, undefined for no base64 and for too much. */
export function decodeRecord(base64: string): number | undefined {
  const { length } = base64;
  if (length % 4 !== 0 || length > MAX_BASE64_LENGTH) return undefined;
  let bytes = (length / 4) * 3;
  if (base64.charCodeAt(length - 1) === EQUALS) bytes--;
  if (base64.charCodeAt(length - 2) === EQUALS) bytes--;
  // Node skips what is no base64.
  return scratch.write(base64, 0, 'base64') === bytes ? bytes : undefined;
}

/** Copies into `scratch`; gives the number of bytes, undefined for too many. */
export function readBytes(bytes: Buffer, from: number, to: number): number | undefined {
  return to - from > MAX_BYTES ? undefined : bytes.copy(scratch, 0, from, to);
}

/** Writes into `scratch`; gives the number of bytes, undefined for too many and for half characters. */
export function readText(text: string): number | undefined {
  // A character takes three bytes at most.
  if (3 * text.length > MAX_BYTES && Buffer.byteLength(text) > MAX_BYTES) return undefined;
  const length = scratch.write(text);
  return length === text.length || text.isWellFormed() ? length : undefined;
}

export function wordsOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
