/**
 * Where the lines of a record stand in its bytes: JSON objects, in a row or over several lines, and lines
 * of anything else. It looks at braces and line breaks only; what can be read is for others to find out.
 */

import { Braces } from './braces';
import { endOfLine, isBlank, isLineBreak, skipBlanks, skipSeparators } from './separators';

const QUOTE = 0x22;
const OPEN = 0x7b;

/**
 * A longer line is in no response: three bytes take four characters of the 6 MB. An object that does
 * not close within as many bytes counts as one that never does.
 */
export const MAX_LINE_BYTES = 4.5 * 1024 * 1024;

/** A row of objects is in one piece up to this; API Gateway's own lines are far shorter. */
const ROW_BYTES = 64 * 1024;

/** A line, or objects in a row, up to the line break. */
export interface Frame {
  readonly from: number;
  readonly to: number;
  /** The offsets after the objects that it begins with, as far as braces show. */
  readonly ends: readonly number[];
}

export class Frames {
  readonly #bytes: Uint8Array;
  readonly #braces: Braces;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#braces = new Braces(bytes, MAX_LINE_BYTES);
  }

  /** The frame that begins at an offset that is no separator, and is greater than those before. */
  at(from: number): Frame {
    const bytes = this.#bytes;
    const ends: number[] = [];
    let at = from;
    while (bytes[at] === OPEN) {
      const end = this.#braces.endOf(at, at > from);
      if (end === undefined) break;
      ends.push(end);
      at = skipBlanks(bytes, end);
      const isWhole = at >= bytes.length || isLineBreak(bytes[at]) || at - from >= ROW_BYTES;
      if (isWhole) return { from, to: at, ends };
    }
    return { from, to: endOfBroken(bytes, at), ends };
  }
}

/**
 * Where something ends that begins at an offset and is no whole object: with its line, or, where that is
 * one of an object over several lines, before the next line that begins with a brace. What such an
 * object has belongs together: such as the name of a secret and its value.
 */
export function endOfBroken(bytes: Uint8Array, from: number): number {
  let end = endOfLine(bytes, from);
  if (!isGoingOn(bytes, skipNoText(bytes, from), end)) return end;
  for (;;) {
    const next = skipSeparators(bytes, end);
    if (next >= bytes.length || bytes[next] === OPEN) return end;
    end = endOfLine(bytes, next);
  }
}

/** Such as a byte order mark, or what is no UTF-8. */
function skipNoText(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] as number) >= 0x80 || bytes[at] === 0) at++;
  return at;
}

/** Whether a line of an object has more of it after its end: what is before or after the break calls for it. */
function isGoingOn(bytes: Uint8Array, from: number, lineEnd: number): boolean {
  const next = bytes[skipSeparators(bytes, lineEnd)] ?? 0;
  if (bytes[from] === QUOTE) {
    // Columns in quotes may end with a comma, and a client's text with a colon.
    const end = Buffer.from(bytes.slice(Math.max(from, lineEnd - 8), lineEnd)).toString('latin1');
    return nameAtEnd.test(end) || closing.includes(next);
  }
  if (!braces.includes(bytes[from] ?? 0)) return false;
  let last = lineEnd - 1;
  while (isBlank(bytes[last])) last--;
  return beforeBreak.includes(bytes[last] as number) || afterBreak.includes(next);
}

const braces = Buffer.from('{}]');
const nameAtEnd = /"[ \t]*:[ \t]*[[{]?[ \t]*$/;
const closing = Buffer.from('}]');
const beforeBreak = Buffer.from('{[:,');
const afterBreak = Buffer.from('}]:,');

/**
 * The start of a frame that is nearest to the middle and has frames before it; undefined where there is
 * one frame only.
 */
export function middleOf(bytes: Uint8Array): number | undefined {
  const frames = new Frames(bytes);
  const middle = bytes.length / 2;
  let before: number | undefined;
  let at = skipSeparators(bytes, 0);
  while (at < bytes.length) {
    at = skipSeparators(bytes, frames.at(at).to);
    if (at >= bytes.length) return before;
    if (at >= middle) return before !== undefined && middle - before < at - middle ? before : at;
    before = at;
  }
  return undefined;
}
