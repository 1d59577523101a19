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

  /** By length and first byte of a name: whether one of those in `#names` may be it. */
  readonly #mayHaveRole: Uint8Array;
  readonly #names: readonly NamedRole[];
  #isAscii = true;

  constructor(names: ReadonlyMap<string, Role>) {
    this.#names = [...names].map(([name, role]) => ({ bytes: Buffer.from(name), role }));
    const longest = Math.max(...this.#names.map(({ bytes }) => bytes.length));
    this.#mayHaveRole = new Uint8Array(256 * (longest + 1));
    for (const { bytes } of this.#names) {
      this.#mayHaveRole[bytes.length * 256 + (bytes[0] as number)] = 1;
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
    if (this.#mayHaveRole[(nameEnd - quote - 1) * 256 + (bytes[quote + 1] as number)] === 1) {
      const named = this.#named(bytes, quote + 1, nameEnd);
      if (named && !(isPlainString && this.#keep(named.role, start + 1, textEnd))) return -1;
    }

    if (isPlainString) return skipBlanks(bytes, textEnd + 1);
    const end = isString ? this.#endOfOddString(bytes, textEnd) : endOfInteger(bytes, start);
    return end < 0 ? -1 : skipBlanks(bytes, end);
  }

  #named(bytes: Uint8Array, start: number, end: number): NamedRole | undefined {
    return this.#names.find((named) => {
      if (named.bytes.length !== end - start) return false;
      for (let i = 0; i < named.bytes.length; i++) {
        if (named.bytes[i] !== bytes[start + i]) return false;
      }
      return true;
    });
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

export function endOfRun(bytes: Uint8Array, from: number): number {
  let at = from;
  while (ENDS_RUN[bytes[at] as number] === 0) at++;
  return at;
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === BLANK || bytes[at] === TAB) at++;
  return at;
}

export function isBlankOrBreak(byte: number): boolean {
  return byte === LF || byte === CR || byte === BLANK || byte === TAB;
}

export function endOfEscape(bytes: Uint8Array, backslash: number): number {
  const escaped = bytes[backslash + 1] as number;
  if (ESCAPED[escaped] === 1) return backslash + 2;
  if (escaped !== LOWER_U) return -1;
  for (let at = backslash + 2; at < backslash + 6; at++) {
    if (HEX[bytes[at] as number] === 0) return -1;
  }
  return backslash + 6;
}

/** Offset behind a whole number. What goes on as another kind of number fits nowhere in a line. */
export function endOfInteger(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from;
  const first = bytes[at] as number;
  if (first < ZERO || first > NINE) return -1;
  at++;
  if (first === ZERO) return at;
  while ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at++;
  return at;
}
