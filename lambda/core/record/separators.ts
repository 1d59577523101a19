/** What stands between the lines of a record, in its bytes, and belongs to none of them. */

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const BLANK = 0x20;
const BACKSLASH = 0x5c;
const LOWER_N = 0x6e;
const LOWER_R = 0x72;

export function isLineBreak(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === RETURN;
}

export function isBlank(byte: number | undefined): boolean {
  return byte === BLANK || byte === TAB;
}

/**
 * Blanks; also the two characters `\\n`, which whoever types them at the end of a log format in the
 * console gets in every line.
 */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (isBlank(byte)) at++;
    else if (byte === BACKSLASH && (bytes[at + 1] === LOWER_N || bytes[at + 1] === LOWER_R))
      at += 2;
    else return at;
  }
}

/** Blanks and line breaks. */
export function skipSeparators(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const blanksEnd = skipBlanks(bytes, at);
    at = blanksEnd;
    while (isLineBreak(bytes[at])) at++;
    if (at === blanksEnd) return at;
  }
}

/** The offset of the line break that ends the line, or of the end. */
export function endOfLine(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && !isLineBreak(bytes[at])) at++;
  return at;
}
