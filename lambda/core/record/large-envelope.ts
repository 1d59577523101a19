/**
 * An envelope that is too large to be read at once: its text as one string, and what JSON.parse makes
 * of that, take several times as much memory as its bytes. So these stay bytes, and their messages are
 * read a chunk at a time, and again whenever they are wanted.
 *
 * What it reads is what a reader of the whole would find. It reads a single envelope as CloudWatch Logs
 * writes it; anything unusual, let alone broken, is left to that reader.
 */

import { gzipSync } from 'node:zlib';
import { endOfBlanks } from '../bytes/json-bytes';
import { parsedJson } from '../json';
import { type Envelopes, isLogEvents, type LogEvent, readEnvelope } from './envelope';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** So much is parsed at a time: its garbage is freed early, by the fast collection of young objects. */
const CHUNK_BYTES = 256 * 1024;

/** Offsets of log events in a row, without what separates them from others. */
interface Chunk {
  readonly from: number;
  readonly to: number;
}

/** Expects UTF-8; undefined for what is not a single usual envelope. */
export function readLargeEnvelope(bytes: Buffer, chunkBytes = CHUNK_BYTES): Envelopes | undefined {
  const list = findLogEvents(bytes, chunkBytes);
  if (!list) return undefined;
  const { head, tail, chunks } = list;
  // With the brackets of the list, and nothing between them.
  const frame = readEnvelope(head.toString() + tail.toString());
  if (frame === undefined || frame === 'broken' || frame.messageType !== 'DATA_MESSAGE') {
    return undefined;
  }
  for (const chunk of chunks) if (!eventsIn(bytes, chunk)) return undefined;
  return {
    messages: {
      *[Symbol.iterator]() {
        for (const chunk of chunks) {
          for (const { message } of eventsIn(bytes, chunk) ?? []) yield message;
        }
      },
    },
    split() {
      const middle = middleOf(chunks);
      const [first, last] = [chunks[0], chunks.at(-1)];
      const [left, right] = [chunks[middle - 1], chunks[middle]];
      if (!first || !last || !left || !right) return undefined;
      // One for both: what is not written to takes no memory.
      const room = Buffer.allocUnsafe(bytes.length);
      const half = (from: number, to: number) => {
        let length = head.copy(room);
        length += bytes.copy(room, length, from, to);
        length += tail.copy(room, length);
        return gzipSync(room.subarray(0, length));
      };
      return [half(first.from, left.to), half(right.from, last.to)];
    },
  };
}

/** The chunk that the second half begins with: as near to half of the bytes as can be. */
function middleOf(chunks: readonly Chunk[]): number {
  const [from, to] = [chunks[0]?.from ?? 0, chunks.at(-1)?.to ?? 0];
  const middle = chunks.findIndex((chunk) => chunk.from >= (from + to) / 2);
  return middle === -1 ? chunks.length - 1 : middle;
}

function eventsIn(bytes: Buffer, { from, to }: Chunk): LogEvent[] | undefined {
  try {
    const events: unknown = JSON.parse(`[${bytes.toString('utf8', from, to)}]`);
    return isLogEvents(events) ? events : undefined;
  } catch {
    return undefined;
  }
}

interface LogEventList {
  /** Up to the list's opening bracket and from its closing one on, with both. */
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly chunks: readonly Chunk[];
}

const listName = Buffer.from('"logEvents"');

/** Finds its way through valid JSON; whether it is valid is for whoever parses the parts. */
function findLogEvents(bytes: Buffer, chunkBytes: number): LogEventList | undefined {
  const name = bytes.indexOf(listName);
  const colon = endOfBlanks(bytes, name + listName.length);
  const start = endOfBlanks(bytes, colon + 1);
  if (name < 0 || bytes[colon] !== COLON) return undefined;
  const chunks = chunksOf(bytes, start, chunkBytes);
  if (!chunks) return undefined;
  const head = bytes.subarray(0, start + 1);
  // It may stand in an object within the envelope.
  if (parsedJson(`${head}]}`) === undefined) return undefined;
  const tail = bytes.subarray(endOfBlanks(bytes, chunks.at(-1)?.to ?? start + 1));
  // Of a name that comes twice the last counts, also where it is written with an escape.
  return tail.includes(listName) || tail.includes(BACKSLASH) ? undefined : { head, tail, chunks };
}

/** The chunks of a list of objects, each as long as it may be but for a longer object. */
function chunksOf(bytes: Buffer, listStart: number, chunkBytes: number): Chunk[] | undefined {
  if (bytes[listStart] !== OPEN_LIST) return undefined;
  const chunks: Chunk[] = [];
  let from = endOfBlanks(bytes, listStart + 1);
  if (bytes[from] === CLOSE_LIST) return chunks;
  let to = from;
  for (let at = from; ; ) {
    if (bytes[at] !== OPEN) return undefined;
    const end = endOfValue(bytes, at);
    if (end - from > chunkBytes && to > from) {
      chunks.push({ from, to });
      from = at;
    }
    to = end;
    const next = endOfBlanks(bytes, end);
    if (bytes[next] !== COMMA) {
      chunks.push({ from, to });
      return bytes[next] === CLOSE_LIST ? chunks : undefined;
    }
    at = endOfBlanks(bytes, next + 1);
  }
}

/** Offset after a value, or after all bytes where it does not end. */
export function endOfValue(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at) - 1;
    else if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--;
    else if (depth > 0 || (byte !== COMMA && endOfBlanks(bytes, at) === at)) continue;
    else return at;
    if (depth === 0) return at + 1;
    if (depth < 0) return at;
  }
  return bytes.length;
}

/** Offset after the closing quote of the string that opens at `from`. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  return bytes.length;
}
