/**
 * The one buffer that lines are read from, at its beginning, and written to, at its end. Bytes of
 * a line that are delivered as they came are copied within it, which is faster than from one buffer to
 * another. What is written beyond its end is lost.
 */

/** Read and copied at once. */
export const BYTES_AT_ONCE = 8;

/**
 * In an event of 6 MB there is no longer record. What is not written to takes no memory: most records have
 * a few hundred bytes.
 */
export const MAX_RECORD_BYTES = 4.5 * 1024 * 1024;

/** Where what is written begins. */
export const OUTPUT_START = MAX_RECORD_BYTES + BYTES_AT_ONCE;

/** Room for what is not yet encoded, and a line. */
const OUTPUT_BYTES = 256 * 1024;

export const scratch = Buffer.allocUnsafeSlow(OUTPUT_START + OUTPUT_BYTES);

/** The same bytes, to be compared and copied several at a time. */
export const scratchWords = wordsOf(scratch);

/** A line that ends after this did not fit: what is copied last may write some bytes more. */
export const MAX_END = scratch.length - BYTES_AT_ONCE;

export function wordsOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** A copy that can be read several bytes at a time up to its end. */
export function wordsOfCopy(bytes: Uint8Array): DataView {
  const padded = new Uint8Array(bytes.length + BYTES_AT_ONCE);
  padded.set(bytes);
  return wordsOf(padded);
}

/** Whether so many bytes from an offset on are those of `scratch` at `at`. Both go on for some bytes more. */
export function isInScratch(words: DataView, start: number, length: number, at: number): boolean {
  const end = start + length;
  const shift = at - start;
  let from = start;
  for (; from + 4 <= end; from += 4) {
    if (words.getInt32(from) !== scratchWords.getInt32(from + shift)) return false;
  }
  if (from === end) return true;
  const others = 8 * (4 - (end - from));
  return words.getInt32(from) >>> others === scratchWords.getInt32(from + shift) >>> others;
}
