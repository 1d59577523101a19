/** Where a record's bytes are while it is read. Nothing in it outlives a call. */

const EQUALS = 0x3d;

/** Longer lines, rare as they are, are not worth a larger buffer. */
const MAX_BASE64_LENGTH = 64 * 1024;
export const MAX_BYTES = (MAX_BASE64_LENGTH / 4) * 3;

/** What may be appended to a line. */
export const MAX_APPENDED_BYTES = 48 * 1024;

export const scratch = Buffer.allocUnsafeSlow(MAX_BYTES + MAX_APPENDED_BYTES);

/** The same bytes, to be read four at a time. */
export const scratchWords = wordsOf(scratch);

/** Decodes into `scratch`; gives the number of bytes. */
export function decode(base64: string): number | undefined {
  const { length } = base64;
  if (length % 4 !== 0 || length > MAX_BASE64_LENGTH) return undefined;
  let bytes = (length / 4) * 3;
  if (base64.charCodeAt(length - 1) === EQUALS) bytes--;
  if (base64.charCodeAt(length - 2) === EQUALS) bytes--;
  // Node skips what is no base64.
  return scratch.write(base64, 0, 'base64') === bytes ? bytes : undefined;
}

export function wordsOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
