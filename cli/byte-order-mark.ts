/** The mark that editors and shells of Windows put before a text, for its encoding. */

/** The bytes after UTF-8's mark; throws for the mark of UTF-16, which nothing here reads. */
export function withoutByteOrderMark(bytes: Buffer): Buffer {
  if (UTF_16.some((mark) => bytes.subarray(0, mark.length).equals(mark))) {
    throw new Error('is UTF-16: save it as UTF-8');
  }
  return bytes.subarray(0, UTF_8.length).equals(UTF_8) ? bytes.subarray(UTF_8.length) : bytes;
}

const UTF_8 = Buffer.from('\ufeff');
const UTF_16 = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)];
