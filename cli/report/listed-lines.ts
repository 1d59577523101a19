/**
 * Lines that are items of JSON: those of what `get-log-events` and `filter-log-events` answer, and of a
 * list of lines or events. Such a file is one value over however many lines, and may be large: it is read
 * item by item.
 */

import { parsedJson } from '../../lambda/core/json';
import { lineOf } from '../log-events';
import { type Chunks, Peekable } from './peekable';

/** Enough to tell by, with some blanks. */
const BEGINNING_BYTES = 64;
/** A longer item is none of a list: a quote is missing somewhere. */
const MAX_ITEM_BYTES = 64 * 1024 * 1024;

const ANSWER = /^\s*\{\s*"events"\s*:\s*\[(?=\s*[{\]])/;
/** A line of an own format may be a list as well, but hardly one of objects, or over several lines. */
const LIST = /^\s*\[(?=\s*"?\{|\s*\n\s*")/;

/** A line for each item, of answers and lists that stand at the beginning; all else as it is. */
export async function* listedLines(content: Chunks): AsyncGenerator<Uint8Array> {
  const chunks = new Peekable(content);
  for (;;) {
    const next = await chunks.peek(BEGINNING_BYTES);
    const beginning = next.toString('latin1', 0, BEGINNING_BYTES);
    const [answer] = ANSWER.exec(beginning) ?? [];
    const [list] = LIST.exec(beginning) ?? [];
    const head = answer ?? list;
    if (head === undefined) break;
    chunks.replace(next.subarray(head.length));
    yield* linesOf(chunks, answer !== undefined);
  }
  yield* chunks;
}

const LINE_FEED = Buffer.from('\n');
const [QUOTE, COMMA, OPEN_BRACKET, BACKSLASH, CLOSE_BRACKET] = Buffer.from('",[\\]');
const [OPEN_BRACE, CLOSE_BRACE] = Buffer.from('{}');

/** The lines of a list whose bracket was just read, up to the end of the value that it is or is in. */
async function* linesOf(chunks: Peekable, isAnswer: boolean): AsyncGenerator<Buffer> {
  const itemDepth = isAnswer ? 2 : 1;
  let depth = itemDepth;
  let [isText, isEscaped, isListed] = [false, false, true];
  /** Of the item that goes on in the next piece. */
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for (let chunk = await chunks.take(); chunk; chunk = await chunks.take()) {
    const lines: Buffer[] = [];
    let from = 0;
    const endItem = (at: number) => {
      const item = Buffer.concat([...begun, (chunk as Buffer).subarray(from, at)]);
      begun = [];
      begunBytes = 0;
      from = at + 1;
      const line = lineBytes(item, isAnswer);
      if (line) lines.push(line, LINE_FEED);
    };
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isText = false;
      } else if (byte === QUOTE) isText = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if (byte === COMMA && isListed && depth === itemDepth) endItem(at);
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (isListed && depth === itemDepth) {
          endItem(at);
          isListed = false;
        }
        if (--depth === 0) {
          chunks.replace(chunk.subarray(at + 1));
          yield Buffer.concat(lines);
          return;
        }
      }
    }
    if (isListed) {
      begun.push(chunk.subarray(from));
      begunBytes += chunk.length - from;
    }
    if (lines.length > 0) yield Buffer.concat(lines);
    if (begunBytes > MAX_ITEM_BYTES) break;
  }
  // Cut short: what is left is no line, and counted as that.
  yield* begun;
}

/** The line of an item; as it stands where that is a line itself, or nothing can read it. */
function lineBytes(item: Buffer, isEvent: boolean): Buffer | undefined {
  const text = item.toString().trim();
  if (text === '') return undefined;
  const isLine = text.startsWith('{') && !text.includes('"message"');
  const line = isLine ? undefined : lineOf(parsedJson(text), isEvent);
  return line === undefined ? item : Buffer.from(line);
}
