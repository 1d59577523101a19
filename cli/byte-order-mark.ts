/** What Windows' editors and shells put before a text, to say how its letters are written as bytes. */

/** The bytes behind UTF-8's mark; throws where the mark says UTF-16, which nothing here reads. */
export function withoutByteOrderMark(bytes: Buffer): Buffer {
  if (UTF_16.some((mark) => bytes.subarray(0, mark.length).equals(mark))) {
    throw new Error('is UTF-16: save it as UTF-8');
  }
  return bytes.subarray(0, UTF_8.length).equals(UTF_8) ? bytes.subarray(UTF_8.length) : bytes;
}

const UTF_8 = Buffer.from('\ufeff');
const UTF_16 = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)];
