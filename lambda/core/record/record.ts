/**
 * One Firehose record in, its log lines out; and lines back into one record.
 *
 * API Gateway writes a record per line, without a line break unless the format ends in one. A record
 * may as well hold many lines, objects in a row without a break, or one object over several lines.
 */

import { isUtf8 } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { readFlatLine } from '../bytes/flat-line';
import { type Envelopes, inflate, isGzip, readEnvelopes } from './envelope';
import { readLargeEnvelope } from './large-envelope';
import { type LogLine, readLogLine } from './log-line';
import { endOfObject, skipSeparators } from './separators';

/** A stretch of a record that is one log line, with `line` where it could be read. */
export interface Entry {
  /** As it came, without its line break. */
  readonly text: string;
  readonly line: LogLine | undefined;
  /** The bytes, where they are no UTF-8 and `text` therefore cannot give them back. */
  readonly bytes?: Buffer;
}

/** Why nothing can be read of a record; bounded, fit for a log. */
export type UnreadableReason = 'noBase64' | 'brokenGzip' | 'brokenEnvelope' | 'noReadableLine';

/** A record that is opened, but whose lines are not yet read. */
export interface RecordContent {
  /** Texts of one or many lines each, or bytes that are no UTF-8. */
  readonly sources: Iterable<string | Buffer>;
  readonly isGzip: boolean;
  /** What the sources are the messages of, where they came in envelopes. */
  readonly envelopes?: Envelopes;
}

/** What is larger takes too much memory to be one string. */
const LARGE_BYTES = 2 * 1024 * 1024;

/** Opens a record's base64 data. A compressed one that grows past the cap is not read. */
export function openRecord(
  base64: string,
  maxInflatedBytes: number,
): RecordContent | UnreadableReason {
  const opened = inflated(base64, maxInflatedBytes);
  if (typeof opened === 'string') return opened;
  const { isGzip, content } = opened;
  if (Buffer.isBuffer(content)) return { sources: [content], isGzip };
  const envelopes = typeof content === 'string' ? readEnvelopes(content) : content;
  if (envelopes === 'broken') return 'brokenEnvelope';
  if (!envelopes) return { sources: [content as string], isGzip };
  return { sources: envelopes.messages, isGzip, envelopes };
}

/**
 * A record's text; its bytes where they are no UTF-8, and its messages where there are too many for one
 * text. On its own, so that nothing it leaves behind is in memory any more while the text is read.
 */
function inflated(
  base64: string,
  maxInflatedBytes: number,
): { isGzip: boolean; content: string | Buffer | Envelopes } | UnreadableReason {
  const sent = Buffer.from(base64, 'base64');
  // Node skips what is no base64; a record that lost bytes this way is not the one that was sent.
  if (sent.length !== decodedLength(base64)) return 'noBase64';

  const isCompressed = isGzip(sent);
  const bytes = isCompressed ? inflate(sent, maxInflatedBytes) : sent;
  if (!bytes) return 'brokenGzip';
  return { isGzip: isCompressed, content: contentOf(bytes) };
}

function contentOf(bytes: Buffer): string | Buffer | Envelopes {
  if (!isUtf8(bytes)) return bytes;
  return (bytes.length > LARGE_BYTES && readLargeEnvelope(bytes)) || bytes.toString();
}

/** Reads a line that is no JSON: the text of a JSON object of its fields, undefined if it cannot. */
export type LineReader = (text: string) => string | undefined;

/**
 * Reads a record's lines one after the other, in order, so that a large record need not be in memory
 * as a whole; stops where `visit` returns false.
 */
export function visitEntries(
  { sources }: RecordContent,
  readOther: LineReader,
  visit: (entry: Entry) => boolean,
): void {
  for (const source of sources) if (!visitSource(source, readOther, visit)) return;
}

/** Reads the lines of one source; false where `visit` has stopped it. */
export function visitSource(
  source: string | Buffer,
  readOther: LineReader,
  visit: (entry: Entry) => boolean,
): boolean {
  return typeof source === 'string'
    ? visitText(source, readOther, visit)
    : visitBrokenUtf8(source, readOther, visit);
}

/**
 * Two records with half of the lines each, as base64 data; undefined for a record of one line. Each
 * half has strictly fewer lines or messages than the whole, and together they have all of them.
 */
export function splitRecord(
  content: RecordContent,
  readOther: LineReader,
): [string, string] | undefined {
  const { envelopes } = content;
  const halves = envelopes?.split() ?? splitLines(content, readOther);
  return halves && [halves[0].toString('base64'), halves[1].toString('base64')];
}

function splitLines(content: RecordContent, readOther: LineReader): [Buffer, Buffer] | undefined {
  const lines: Buffer[] = [];
  visitEntries(content, readOther, ({ text, bytes }) => {
    lines.push(Buffer.concat([bytes ?? Buffer.from(text), lineFeed]));
    return true;
  });
  if (lines.length < 2) return undefined;
  const join = (half: Buffer[]) =>
    content.isGzip ? gzipSync(Buffer.concat(half)) : Buffer.concat(half);
  return [join(lines.slice(0, lines.length >> 1)), join(lines.slice(lines.length >> 1))];
}

const lineFeed = Buffer.from('\n');

/** The base64 data of a record that holds these lines, each of which ends in a line break. */
export function writeRecord(lines: readonly string[]): string {
  return Buffer.from(lines.join(''), 'utf8').toString('base64');
}

function decodedLength(base64: string): number {
  // No number of bytes makes such a length.
  if (base64.length % 4 === 1) return Number.NaN;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor(((base64.length - padding) * 3) / 4);
}

function decodeUtf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString() : undefined;
}

/** One line that is no UTF-8 must not cost its neighbours. */
function visitBrokenUtf8(
  bytes: Buffer,
  readOther: LineReader,
  visit: (entry: Entry) => boolean,
): boolean {
  for (let from = 0; from < bytes.length; ) {
    const next = bytes.indexOf(lineFeed, from);
    const to = next === -1 ? bytes.length : next;
    const slice = bytes.subarray(from, to);
    const text = decodeUtf8(slice);
    const goesOn =
      text === undefined
        ? visit({ text: slice.toString(), line: undefined, bytes: slice })
        : visitText(text, readOther, visit);
    if (!goesOn) return false;
    from = to + 1;
  }
  return true;
}

const lineBreak = /[\r\n]+/g;

function visitText(text: string, readOther: LineReader, visit: (entry: Entry) => boolean): boolean {
  const only = readFlatLine(text);
  if (only) return visit({ text: only.text, line: only });

  // Nothing before this offset is tried again as an object over several lines: keeps it linear.
  let triedUpTo = 0;
  let at = skipSeparators(text, 0);
  while (at < text.length) {
    lineBreak.lastIndex = at;
    const lineEnd = lineBreak.exec(text)?.index ?? text.length;
    let end = text[at] === '{' && at >= triedUpTo ? endOfObject(text, at) : at;
    triedUpTo = Math.max(triedUpTo, end);
    const overLines = end > lineEnd ? readLogLine(text.slice(at, end)) : undefined;
    if (!overLines) end = lineEnd;
    const entries = overLines
      ? [{ text: overLines.text, line: overLines }]
      : readPhysicalLine(text.slice(at, end), readOther);
    if (!entries.every(visit)) return false;
    at = skipSeparators(text, end);
  }
  return true;
}

/**
 * The objects that stand in a row on a line. Where it is anything but objects it is one entry: half
 * a broken line that happens to parse must not pass for a whole one. Where a row of objects breaks
 * off, in an object that has begun, the last entry is what remains.
 */
function readPhysicalLine(text: string, readOther: LineReader): Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text[at] === '{' ? endOfObject(text, at) : at;
    const line = readLogLine(text.slice(at, end));
    if (!line) break;
    entries.push({ text: line.text, line });
    at = skipSeparators(text, end);
  }
  if (at >= text.length) return entries;

  const whole = readOtherLine(text, readOther);
  if (whole || entries.length === 0 || text[at] !== '{') return [{ text, line: whole }];
  const rest = text.slice(at);
  return [...entries, { text: rest, line: readOtherLine(rest, readOther) }];
}

function readOtherLine(text: string, readOther: LineReader): LogLine | undefined {
  const json = readOther(text);
  return json === undefined ? undefined : readLogLine(json);
}
