/** Where a record's bytes are while it is read. Nothing in it outlives a call. */

/** Longer lines, rare as they are, are not worth a larger buffer. */
const MAX_BASE64_LENGTH = 64 * 1024;
export const MAX_BYTES = (MAX_BASE64_LENGTH / 4) * 3;

/** The bytes behind a line's last belong to whoever scans it, and may be read by who copies. */
export const scratch = Buffer.allocUnsafeSlow(MAX_BYTES + 4);

/** The same bytes, to be read four at a time. */
export const scratchWords = wordsOf(scratch);

/** Decodes into `scratch`; gives the number of bytes. */
export function decode(base64: string): number | undefined {
  const { length } = base64;
  if (length % 4 !== 0 || length > MAX_BASE64_LENGTH) return undefined;
  const padding = base64.endsWith('=') ? (base64.endsWith('==') ? 2 : 1) : 0;
  const bytes = (length / 4) * 3 - padding;
  // Node skips what is no base64, and reads the alphabet for URLs as well.
  if (scratch.write(base64, 0, 'base64') !== bytes) return undefined;
  return base64.includes('-') || base64.includes('_') ? undefined : bytes;
}

export function wordsOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
