/**
 * Finds, in the bytes of a log line, the few values that attribution needs, and checks on the way
 * that the line is what most lines are: one flat JSON object of strings and whole numbers.
 *
 * True promises all of this, and anything else is false, be it broken or only unusual:
 * - the bytes are one strictly valid JSON object with a member at least, valid UTF-8, without a line
 *   break before its end and with nothing but blanks and line breaks behind it;
 * - no name of a member is written with an escape, none stands for what attribution or the shape
 *   looks for twice, and none is one of those that call for more than attribution;
 * - the values looked for are strings without escapes.
 */

import { isUtf8 } from 'node:buffer';
import type { Spans } from './byte-table';

/** What a name stands for. The first three are the places of their values in `spans`. */
export const role = { apiKeyId: 0, apiId: 1, stage: 2, secret: 3, unusual: 4 } as const;

export type Role = (typeof role)[keyof typeof role];

const [TAB, LF, CR, BLANK] = [0x09, 0x0a, 0x0d, 0x20];
const [QUOTE, COMMA, MINUS, ZERO, NINE, COLON] = [0x22, 0x2c, 0x2d, 0x30, 0x39, 0x3a];
const [BACKSLASH, LOWER_U, OPEN, CLOSE] = [0x5c, 0x75, 0x7b, 0x7d];

/** Longer ones are looked up the plain way. */
const MAX_VALUE_BYTES = 128;
const MAX_NAME_BYTES = 64;

interface NamedRole {
  readonly bytes: Uint8Array;
  readonly role: Role;
}

/** What of a byte matters in a string: all that is 0 is passed over. */
const ENDS_RUN = new Uint8Array(256);
ENDS_RUN.fill(1, 0, 0x20);
ENDS_RUN.fill(1, 0x80);
ENDS_RUN[QUOTE] = 1;
ENDS_RUN[BACKSLASH] = 1;

const ESCAPED = new Uint8Array(256);
for (const char of '"\\/bfnrt') ESCAPED[char.charCodeAt(0)] = 1;

const HEX = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEF') HEX[char.charCodeAt(0)] = 1;

export class LineScan {
  /** Where the values of `apiKeyId`, `apiId` and `stage` stand; empty where there is none. */
  readonly spans: Spans = new Int32Array(6);
  /** Where the secret's value stands; empty where there is none. */
  secretStart = 0;
  secretEnd = 0;
  /** Offset of the closing brace. */
  close = 0;

  readonly #roles: (readonly NamedRole[] | undefined)[] = new Array(256 * MAX_NAME_BYTES);
  #hasEscape = false;
  #isAscii = true;

  constructor(names: ReadonlyMap<string, Role>) {
    for (const [name, role] of names) {
      const bytes = Buffer.from(name);
      const slot = slotOf(bytes[0] as number, bytes.length);
      this.#roles[slot] = [...(this.#roles[slot] ?? []), { bytes, role }];
    }
  }

  /** Scans the first `length` bytes. Writes the byte behind them. */
  scan(bytes: Uint8Array, length: number): boolean {
    // No check of the offset is needed below: a 0 fits nowhere in a line.
    bytes[length] = 0;
    this.spans.fill(0);
    this.secretStart = 0;
    this.secretEnd = 0;
    this.#isAscii = true;

    if (bytes[0] !== OPEN) return false;
    let at = 0;
    do {
      at = this.#member(bytes, skipBlanks(bytes, at + 1));
      if (at < 0) return false;
    } while (bytes[at] === COMMA);
    if (bytes[at] !== CLOSE) return false;
    this.close = at;

    do at++;
    while (isBlankOrBreak(bytes[at] as number));
    return at === length && (this.#isAscii || isUtf8(bytes.subarray(0, length)));
  }

  /** Offset of what comes behind the member and the blanks after it; below 0 where there is none. */
  #member(bytes: Uint8Array, start: number): number {
    if (bytes[start] !== QUOTE) return -1;
    const nameEnd = this.#endOfString(bytes, start + 1);
    if (nameEnd < 0 || this.#hasEscape) return -1;
    const nameLength = nameEnd - 1 - (start + 1);
    const namedRole = this.#roleOf(bytes, start + 1, nameLength);

    const colon = skipBlanks(bytes, nameEnd);
    if (bytes[colon] !== COLON) return -1;
    const valueStart = skipBlanks(bytes, colon + 1);
    const isString = bytes[valueStart] === QUOTE;
    const end = isString
      ? this.#endOfString(bytes, valueStart + 1)
      : endOfInteger(bytes, valueStart);
    if (end < 0) return -1;
    if (namedRole !== undefined) {
      if (!isString || this.#hasEscape) return -1;
      if (!this.#keep(namedRole, valueStart + 1, end - 1)) return -1;
    }
    return skipBlanks(bytes, end);
  }

  #roleOf(bytes: Uint8Array, start: number, length: number): Role | undefined {
    if (length >= MAX_NAME_BYTES) return undefined;
    const candidates = this.#roles[slotOf(bytes[start] as number, length)];
    return candidates?.find((candidate) => isAt(candidate.bytes, bytes, start))?.role;
  }

  /** Whether the value is one that can be kept, and the first for its name. */
  #keep(namedRole: Role, start: number, end: number): boolean {
    if (namedRole === role.unusual) return false;
    if (namedRole === role.secret) {
      if (this.secretEnd !== 0) return false;
      this.secretStart = start;
      this.secretEnd = end;
      return true;
    }
    if (this.spans[2 * namedRole + 1] !== 0 || end - start > MAX_VALUE_BYTES) return false;
    this.spans[2 * namedRole] = start;
    this.spans[2 * namedRole + 1] = end;
    return true;
  }

  /** Offset behind the closing quote; below 0 for what is no string. Notes whether it has escapes. */
  #endOfString(bytes: Uint8Array, from: number): number {
    this.#hasEscape = false;
    let at = from;
    for (;;) {
      while (ENDS_RUN[bytes[at] as number] === 0) at++;
      const byte = bytes[at] as number;
      if (byte === QUOTE) return at + 1;
      if (byte >= 0x80) {
        this.#isAscii = false;
        at++;
      } else if (byte === BACKSLASH) {
        this.#hasEscape = true;
        at = endOfEscape(bytes, at);
        if (at < 0) return -1;
      } else return -1;
    }
  }
}

function slotOf(firstByte: number, length: number): number {
  return length * 256 + firstByte;
}

function isAt(name: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false;
  return true;
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === BLANK || bytes[at] === TAB) at++;
  return at;
}

function isBlankOrBreak(byte: number): boolean {
  return byte === LF || byte === CR || byte === BLANK || byte === TAB;
}

function endOfEscape(bytes: Uint8Array, backslash: number): number {
  const escaped = bytes[backslash + 1] as number;
  if (ESCAPED[escaped] === 1) return backslash + 2;
  if (escaped !== LOWER_U) return -1;
  for (let at = backslash + 2; at < backslash + 6; at++) {
    if (HEX[bytes[at] as number] === 0) return -1;
  }
  return backslash + 6;
}

/** Offset behind a whole number. What goes on as another kind of number fits nowhere in a line. */
function endOfInteger(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from;
  const first = bytes[at] as number;
  if (first < ZERO || first > NINE) return -1;
  at++;
  if (first === ZERO) return at;
  while ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at++;
  return at;
}
