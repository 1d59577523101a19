/**
 * Reads what most lines are, one flat JSON object of plain strings and whole numbers, in a single walk
 * that checks and finds the members at once: half of what JSON.parse takes, which has to make an
 * object, and a second walk behind it.
 *
 * What it reads is strictly valid JSON, and its members are what they are for any reader. Whatever it
 * does not read, be it broken or only unusual (escapes, fractions, literals, nesting, line breaks
 * between tokens), is left to a reader that knows all of JSON.
 */

import type { LogLine, Member } from './log-line';

const [TAB, BLANK, QUOTE, COMMA, MINUS] = [0x09, 0x20, 0x22, 0x2c, 0x2d];
const [ZERO, NINE, COLON, BACKSLASH, OPEN, CLOSE] = [0x30, 0x39, 0x3a, 0x5c, 0x7b, 0x7d];

/** By character below 128: whether it ends a run of plain text in a string. */
const ENDS_RUN = new Uint8Array(128).fill(1, 0, 0x20);
ENDS_RUN[QUOTE] = 1;
ENDS_RUN[BACKSLASH] = 1;

const onlyBlanks = /^[ \t\r\n]*$/;

export function readFlatLine(json: string): LogLine | undefined {
  if (json.charCodeAt(0) !== OPEN) return undefined;
  const members: Member[] = [];
  let at = 0;
  do {
    const start = skipBlanks(json, at + 1);
    const name = nameAt(json, start, members.length);
    if (name === undefined) return undefined;
    const colon = skipBlanks(json, start + name.length + 2);
    if (json.charCodeAt(colon) !== COLON) return undefined;
    const valueStart = skipBlanks(json, colon + 1);
    const isString = json.charCodeAt(valueStart) === QUOTE;
    const end = isString ? endOfPlainString(json, valueStart) : endOfInteger(json, valueStart);
    if (end < 0) return undefined;
    members.push({ name, start, valueStart, end });
    at = skipBlanks(json, end);
  } while (json.charCodeAt(at) === COMMA);
  if (json.charCodeAt(at) !== CLOSE) return undefined;

  const end = at + 1;
  if (end === json.length) return { text: json, members };
  return onlyBlanks.test(json.slice(end)) ? { text: json.slice(0, end), members } : undefined;
}

/** The names of the line before, by the order of the members: the next line nearly always has them. */
const expected: string[] = [];
const MAX_EXPECTED = 256;

/** The same string where the name is the same: its hash is known by then. */
function nameAt(json: string, quote: number, index: number): string | undefined {
  const likely = expected[index];
  if (
    likely !== undefined &&
    json.charCodeAt(quote) === QUOTE &&
    json.charCodeAt(quote + 1 + likely.length) === QUOTE &&
    json.startsWith(likely, quote + 1)
  ) {
    return likely;
  }
  const end = endOfPlainString(json, quote);
  if (end < 0) return undefined;
  const name = json.slice(quote + 1, end - 1);
  if (index < MAX_EXPECTED) expected[index] = name;
  return name;
}

/** Offset behind the closing quote of a string without escapes; below 0 where there is none. */
function endOfPlainString(json: string, quote: number): number {
  if (json.charCodeAt(quote) !== QUOTE) return -1;
  let at = quote + 1;
  for (;;) {
    const code = json.charCodeAt(at);
    if (code < 128) {
      if (ENDS_RUN[code] === 1) return code === QUOTE ? at + 1 : -1;
    } else if (Number.isNaN(code)) return -1;
    at++;
  }
}

/** Offset behind a whole number. What goes on as another kind of number fits nowhere in a line. */
function endOfInteger(json: string, from: number): number {
  let at = json.charCodeAt(from) === MINUS ? from + 1 : from;
  const first = json.charCodeAt(at);
  if (!(first >= ZERO && first <= NINE)) return -1;
  at++;
  if (first === ZERO) return at;
  while (json.charCodeAt(at) >= ZERO && json.charCodeAt(at) <= NINE) at++;
  return at;
}

function skipBlanks(json: string, from: number): number {
  let at = from;
  while (json.charCodeAt(at) === BLANK || json.charCodeAt(at) === TAB) at++;
  return at;
}
