/**
 * Where things end in the bytes of JSON. No offset is checked: a 0 behind the last byte fits nowhere.
 */

const [TAB, LF, CR, BLANK] = [0x09, 0x0a, 0x0d, 0x20];
const [QUOTE, MINUS, ZERO, NINE, BACKSLASH, LOWER_U] = [0x22, 0x2d, 0x30, 0x39, 0x5c, 0x75];

/** By byte: whether it ends a run of plain text in a string. A quote does, and so does all that is odd. */
const ENDS_RUN = new Uint8Array(256).fill(1, 0, 0x20).fill(1, 0x80);
ENDS_RUN[QUOTE] = 1;
ENDS_RUN[BACKSLASH] = 1;

const ESCAPED = new Uint8Array(256);
for (const char of '"\\/bfnrt') ESCAPED[char.charCodeAt(0)] = 1;

const HEX = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEF') HEX[char.charCodeAt(0)] = 1;

export function endOfRun(bytes: Uint8Array, from: number): number {
  let at = from;
  while (ENDS_RUN[bytes[at] as number] === 0) at++;
  return at;
}

/** Offset behind the blanks and line breaks. */
export function endOfBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isBlankOrBreak(bytes[at] as number)) at++;
  return at;
}

function isBlankOrBreak(byte: number): boolean {
  return byte === LF || byte === CR || byte === BLANK || byte === TAB;
}

/** Offset behind the escape that the backslash begins; below 0 where it is none. */
export function endOfEscape(bytes: Uint8Array, backslash: number): number {
  const escaped = bytes[backslash + 1] as number;
  if (ESCAPED[escaped] === 1) return backslash + 2;
  if (escaped !== LOWER_U) return -1;
  for (let at = backslash + 2; at < backslash + 6; at++) {
    if (HEX[bytes[at] as number] === 0) return -1;
  }
  return backslash + 6;
}

/**
 * Offset behind a whole number; below 0 where there is none. What goes on as another kind of number
 * fits nowhere in a line.
 */
export function endOfInteger(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from;
  const first = bytes[at] as number;
  if (first < ZERO || first > NINE) return -1;
  at++;
  if (first === ZERO) return at;
  while ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at++;
  return at;
}
