/**
 * Finds, in the bytes of a log line, the few values that attribution needs, and checks on the way
 * that the line is what most lines are: one flat JSON object of strings and whole numbers.
 *
 * True promises all of this, and anything else is false, be it broken or only unusual:
 * - the bytes are one strictly valid JSON object with a member at least, valid UTF-8, without a line
 *   break before its end and with nothing but blanks and line breaks behind it;
 * - all names are plain ASCII, what attribution looks for has one value at most, and no name calls
 *   for more than attribution;
 * - the values looked for are strings of plain ASCII, which stand for themselves.
 */

import { isUtf8 } from 'node:buffer';
import type { Spans } from './byte-table';

/** What a name stands for. The first three are the places of their values in `spans`. */
export const role = { apiKeyId: 0, apiId: 1, stage: 2, secret: 3, unusual: 4 } as const;

export type Role = (typeof role)[keyof typeof role];

const [TAB, LF, CR, BLANK] = [0x09, 0x0a, 0x0d, 0x20];
const [QUOTE, COMMA, MINUS, ZERO, NINE, COLON] = [0x22, 0x2c, 0x2d, 0x30, 0x39, 0x3a];
const [BACKSLASH, LOWER_U, OPEN, CLOSE] = [0x5c, 0x75, 0x7b, 0x7d];

/** Longer ids are nothing usual. */
const MAX_VALUE_BYTES = 128;

interface NamedRole {
  readonly bytes: Uint8Array;
  readonly role: Role;
}

/** By byte: whether it ends a run of plain text in a string. A quote does, and so does all that is odd. */
const ENDS_RUN = new Uint8Array(256).fill(1, 0, 0x20).fill(1, 0x80);
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

  /** By length and first byte of a name: one more than the place in `#named` of those that may be it. */
  readonly #alike: Uint8Array;
  readonly #named: NamedRole[][] = [];
  #isAscii = true;

  constructor(names: ReadonlyMap<string, Role>) {
    const named = [...names].map(([name, role]) => ({ bytes: Buffer.from(name), role }));
    const longest = Math.max(...named.map(({ bytes }) => bytes.length));
    this.#alike = new Uint8Array(256 * (longest + 1));
    for (const it of named) {
      const likeness = it.bytes.length * 256 + (it.bytes[0] as number);
      this.#alike[likeness] ||= this.#named.push([]);
      this.#named[(this.#alike[likeness] as number) - 1]?.push(it);
    }
  }

  /** Scans the first `length` bytes. Writes the byte behind them. */
  scan(bytes: Uint8Array, length: number): boolean {
    // No check of the offset is needed below: a 0 fits nowhere in a line.
    bytes[length] = 0;
    for (let i = 0; i < 6; i++) this.spans[i] = 0;
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
  #member(bytes: Uint8Array, quote: number): number {
    if (bytes[quote] !== QUOTE) return -1;
    const nameEnd = endOfRun(bytes, quote + 1);
    if (bytes[nameEnd] !== QUOTE) return -1;
    const colon = skipBlanks(bytes, nameEnd + 1);
    if (bytes[colon] !== COLON) return -1;

    const start = skipBlanks(bytes, colon + 1);
    const isString = bytes[start] === QUOTE;
    const textEnd = isString ? endOfRun(bytes, start + 1) : start;
    const isPlainString = isString && bytes[textEnd] === QUOTE;
    const alike = this.#alike[(nameEnd - quote - 1) * 256 + (bytes[quote + 1] as number)] as number;
    if (alike > 0) {
      const found = roleAmong(this.#named[alike - 1] as readonly NamedRole[], bytes, quote + 1);
      if (found !== undefined && !(isPlainString && this.#keep(found, start + 1, textEnd)))
        return -1;
    }

    if (isPlainString) return skipBlanks(bytes, textEnd + 1);
    const end = isString ? this.#endOfOddString(bytes, textEnd) : endOfInteger(bytes, start);
    return end < 0 ? -1 : skipBlanks(bytes, end);
  }

  /** Whether the value is one that can be kept, and the first for its name. */
  #keep(named: Role, start: number, end: number): boolean {
    if (named === role.unusual) return false;
    if (named === role.secret) {
      if (this.secretEnd !== 0) return false;
      this.secretStart = start;
      this.secretEnd = end;
      return true;
    }
    const place = 2 * named;
    if (this.spans[place + 1] !== 0 || end - start > MAX_VALUE_BYTES) return false;
    this.spans[place] = start;
    this.spans[place + 1] = end;
    return true;
  }

  /** Offset behind the quote that closes a string, from where its text is no longer plain. */
  #endOfOddString(bytes: Uint8Array, from: number): number {
    let at = from;
    while (bytes[at] !== QUOTE) {
      if ((bytes[at] as number) >= 0x80) {
        this.#isAscii = false;
        at++;
      } else if (bytes[at] === BACKSLASH) {
        at = endOfEscape(bytes, at);
        if (at < 0) return -1;
      } else return -1;
      at = endOfRun(bytes, at);
    }
    return at + 1;
  }
}

/** The role of the name that stands there, if it is one of these. */
function roleAmong(names: readonly NamedRole[], line: Uint8Array, start: number): Role | undefined {
  for (const { bytes, role } of names) {
    let same = 0;
    while (same < bytes.length && bytes[same] === line[start + same]) same++;
    if (same === bytes.length) return role;
  }
  return undefined;
}

function endOfRun(bytes: Uint8Array, from: number): number {
  let at = from;
  while (ENDS_RUN[bytes[at] as number] === 0) at++;
  return at;
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
