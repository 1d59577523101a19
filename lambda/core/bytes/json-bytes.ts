/**
 * Where things end in the bytes of strictly valid JSON; below 0 where they are not, or where bytes are not
 * enough to know their text. No offset is checked: a 0 after the last byte fits nowhere.
 */

import { lettersOf, mayEndSecretName } from '../spelling';

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CR = 0x0d;
const BLANK = 0x20;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const TWO = 0x32;
const THREE = 0x33;
const EIGHT = 0x38;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LOWER_D = 0x64;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_A = 0x61;
const LOWER_T = 0x74;
const LOWER_U = 0x75;
const LOWER_Y = 0x79;
const LOWER_Z = 0x7a;

/** By byte: whether it ends a run of plain text in a string. So do a quote and all that needs a closer look. */
const ENDS_RUN = new Uint8Array(256).fill(1, 0, 0x20).fill(1, 0x80);
for (const byte of [QUOTE, BACKSLASH, APOSTROPHE, LESS, COLON, EQUALS, GREATER]) ENDS_RUN[byte] = 1;

const ESCAPED = tableOf('"\\/bfnrt');
const HEX = tableOf('0123456789abcdefABCDEF');

function tableOf(chars: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const char of chars) table[char.charCodeAt(0)] = 1;
  return table;
}

/** Objects and lists in each other: as many as a number has bits for. */
const MAX_DEPTH = 30;

/** An escape may be before `from`: only bytes after it are what they look like. */
export function endOfRun(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at++) {
    while (ENDS_RUN[bytes[at] as number] === 0) at++;
    const byte = bytes[at];
    if (byte !== COLON && byte !== EQUALS) return at;
    // `09:14:33`, `Root=1-…`: a secret's name comes before few of them.
    if (at < from + LAST_BYTES || endsLikeSecret(bytes, at)) return at;
  }
}

/** Offset after blanks within a line. */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === BLANK || bytes[at] === TAB) at++;
  return at;
}

/** Offset after the blanks and line breaks. */
export function endOfBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isBlankOrBreak(bytes[at] as number)) at++;
  return at;
}

function isBlankOrBreak(byte: number): boolean {
  return byte === LINE_FEED || byte === CR || byte === BLANK || byte === TAB;
}

/** Offset after any value in a line. Below 0 where a name in it may be a secret's. */
export function endOfValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from] as number;
  if (first === QUOTE) return endOfString(bytes, from);
  return first === OPEN || first === OPEN_LIST
    ? endOfNested(bytes, from)
    : endOfScalar(bytes, from);
}

/**
 * Offset after the closing quote. Below 0 for half of a surrogate pair, which may lack the other half,
 * and for what may have a secret's name and its value in it.
 */
export function endOfString(bytes: Uint8Array, quote: number): number {
  let at = endOfRun(bytes, quote + 1);
  let mayHoldMembers = false;
  while (bytes[at] !== QUOTE) {
    const byte = bytes[at] as number;
    if (byte === BACKSLASH) {
      mayHoldMembers ||= bytes[at + 1] === QUOTE;
      at = endOfEscape(bytes, at);
      if (at < 0) return -1;
    } else {
      if (byte < BLANK) return -1;
      // A secret would be after it.
      mayHoldMembers ||= byte < 0x80 && bytes[at + 1] !== QUOTE;
      at++;
    }
    at = endOfRun(bytes, at);
  }
  return mayHoldMembers && mayHoldSecret.test(latin1(bytes, quote, at)) ? -1 : at + 1;
}

/** Letters, some of them escaped. The `K` may be that of the Kelvin scale: its last byte, its escape. */
const mayHoldSecret = /[kK\xaa](?:[^A-Za-z\d]|\\[bfnrt])*[eE]|\\u(?:00[4-7]|212[aA])/;

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

function endOfEscape(bytes: Uint8Array, backslash: number): number {
  const escaped = bytes[backslash + 1] as number;
  if (ESCAPED[escaped] === 1) return backslash + 2;
  const digits = backslash + 2;
  if (escaped !== LOWER_U || isSurrogate(bytes, digits) || isSign(bytes, digits)) return -1;
  for (let at = digits; at < backslash + 6; at++) {
    if (HEX[bytes[at] as number] === 0) return -1;
  }
  return backslash + 6;
}

function isSurrogate(bytes: Uint8Array, digits: number): boolean {
  return ((bytes[digits] as number) | 0x20) === LOWER_D && (bytes[digits + 1] as number) >= EIGHT;
}

/** A quote, a bracket or another sign of ASCII: `\u0020` to `\u003f`. */
function isSign(bytes: Uint8Array, digits: number): boolean {
  const row = bytes[digits + 2];
  return bytes[digits] === ZERO && bytes[digits + 1] === ZERO && (row === TWO || row === THREE);
}

/** Offset after a number, `true`, `false` or `null`. */
function endOfScalar(bytes: Uint8Array, from: number): number {
  switch (bytes[from]) {
    case LOWER_T:
      return endOfWord(bytes, from, TRUE);
    case LOWER_F:
      return endOfWord(bytes, from, FALSE);
    case LOWER_N:
      return endOfWord(bytes, from, NULL);
    default:
      return endOfNumber(bytes, from);
  }
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

function endOfWord(bytes: Uint8Array, from: number, word: Uint8Array): number {
  for (let at = 0; at < word.length; at++) if (bytes[from + at] !== word[at]) return -1;
  return from + word.length;
}

function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from;
  if (!isDigit(bytes[at])) return -1;
  at = bytes[at] === ZERO ? at + 1 : endOfDigits(bytes, at);
  if (bytes[at] === DOT) {
    if (!isDigit(bytes[at + 1])) return -1;
    at = endOfDigits(bytes, at + 1);
  }
  if (((bytes[at] as number) | 0x20) === LOWER_E) {
    at += bytes[at + 1] === PLUS || bytes[at + 1] === MINUS ? 2 : 1;
    if (!isDigit(bytes[at])) return -1;
    at = endOfDigits(bytes, at);
  }
  return at;
}

function endOfDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at])) at++;
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return (byte as number) >= ZERO && (byte as number) <= NINE;
}

/** Offset after the object or list, which is checked to its end. */
function endOfNested(bytes: Uint8Array, from: number): number {
  let at = from;
  let depth = 0;
  /** A bit for each object or list around, the last one for the innermost: whether it is an object. */
  let kinds = 0;
  for (;;) {
    const first = bytes[at];
    if (first === OPEN || first === OPEN_LIST) {
      if (++depth > MAX_DEPTH) return -1;
      const isObject = first === OPEN;
      kinds = (kinds << 1) | (isObject ? 1 : 0);
      at = skipBlanks(bytes, at + 1);
      if (bytes[at] !== (isObject ? CLOSE : CLOSE_LIST)) {
        if (isObject) at = startOfNestedValue(bytes, at);
        if (at < 0) return -1;
        continue;
      }
    } else {
      at = first === QUOTE ? endOfString(bytes, at) : endOfScalar(bytes, at);
      if (at < 0) return -1;
      at = skipBlanks(bytes, at);
    }
    while (bytes[at] === ((kinds & 1) === 1 ? CLOSE : CLOSE_LIST)) {
      at++;
      kinds >>>= 1;
      if (--depth === 0) return at;
      at = skipBlanks(bytes, at);
    }
    if (bytes[at] !== COMMA) return -1;
    at = skipBlanks(bytes, at + 1);
    if ((kinds & 1) === 1) at = startOfNestedValue(bytes, at);
    if (at < 0) return -1;
  }
}

/** Offset of the value after a name, which has to be plain and no secret's. */
function startOfNestedValue(bytes: Uint8Array, quote: number): number {
  if (bytes[quote] !== QUOTE) return -1;
  const end = endOfRun(bytes, quote + 1);
  if (bytes[end] !== QUOTE || mayBeSecret(bytes, quote + 1, end)) return -1;
  const colon = skipBlanks(bytes, end + 1);
  return bytes[colon] === COLON ? skipBlanks(bytes, colon + 1) : -1;
}

/** As many tell whether a name may be a secret's. */
const LAST_BYTES = 2;

/** Whether a name ends with a secret's last letters, or with a sign that may be after them. */
function endsLikeSecret(bytes: Uint8Array, end: number): boolean {
  const last = bytes[end - 1] as number;
  if (!isLetter(last)) return !(isDigit(last) || last === COLON || last === EQUALS);
  const before = bytes[end - 2] as number;
  const letter = last | 0x20;
  if (letter !== LOWER_Y && letter !== LOWER_E) return false;
  const isSign = !(isLetter(before) || isDigit(before));
  return isSign || (before | 0x20) === (letter === LOWER_Y ? LOWER_E : LOWER_U);
}

/** Nearly all names end otherwise. */
function mayBeSecret(bytes: Uint8Array, start: number, end: number): boolean {
  // The objects around may have the first half of the name.
  return endsLikeSecret(bytes, end) && mayEndSecretName(lettersOf(latin1(bytes, start, end)));
}

function isLetter(byte: number): boolean {
  const letter = byte | 0x20;
  return letter >= LOWER_A && letter <= LOWER_Z;
}
