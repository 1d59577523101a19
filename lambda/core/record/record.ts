/**
 * One Firehose record in, its log lines out; and lines back into one record.
 *
 * API Gateway writes a record per line, without a line break unless the format ends in one. A record
 * may as well hold many lines, objects in a row without a break, or one object over several lines.
 */

import { isUtf8 } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { type Envelopes, readEnvelope, VALIDATION_MESSAGE } from './envelope';
import { mayHoldEnvelope, readEnvelopes } from './envelopes';
import { endOfBroken, type Frame, Frames, MAX_LINE_BYTES, middleOf } from './frames';
import { inflate, isGzip } from './gzip';
import type { LogLine } from './log-line';
import { readLogLine } from './read-log-line';
import { endOfLine, skipBlanks, skipSeparators } from './separators';

/** A part of a record that is one log line, with `line` where it could be read. */
export interface Entry {
  /** As it came, without its line break. */
  readonly text: string;
  readonly line: LogLine | undefined;
  /** The bytes, where they are no UTF-8 and `text` therefore has lost some. */
  readonly bytes?: Buffer;
  /** Longer than any line that can be delivered: it has no text and was not read. */
  readonly isTooLong?: true;
}

/** Why nothing can be read of a record; bounded, fit for a log. */
export type UnreadableReason = 'noBase64' | 'brokenGzip' | 'brokenEnvelope' | 'noReadableLine';

/** A record that is opened, but whose lines are not yet read. */
export interface RecordContent {
  /** Texts or bytes of one or many lines each. */
  readonly sources: Iterable<string | Buffer>;
  /** Size of the record when nothing of it is compressed. */
  readonly byteLength: number;
  readonly isGzip: boolean;
  /** What the sources are the messages of, where they came in envelopes. */
  readonly envelopes?: Envelopes;
}

/** Opens a record's base64 data. A compressed one that grows past the cap is not read. */
export function openRecord(
  base64: string,
  maxInflatedBytes: number,
): RecordContent | UnreadableReason {
  const sent = Buffer.from(base64, 'base64');
  // Node skips what is no base64; a record that lost bytes this way is not the one that was sent.
  if (sent.length !== decodedLength(base64)) return 'noBase64';

  const isCompressed = isGzip(sent);
  const bytes = isCompressed ? inflate(sent, maxInflatedBytes) : sent;
  if (!bytes) return 'brokenGzip';
  const content = { byteLength: bytes.length, isGzip: isCompressed };
  if (!mayHoldEnvelope(bytes)) return { ...content, sources: [bytes] };
  const envelopes = isUtf8(bytes) ? readEnvelopes(bytes) : undefined;
  if (envelopes === 'broken') return 'brokenEnvelope';
  if (envelopes) return { ...content, sources: envelopes.messages, envelopes };
  return hasEnvelope(bytes) ? 'brokenEnvelope' : { ...content, sources: [bytes] };
}

/**
 * Whether an envelope, or what is left of one, is among the lines of a record. Its messages are lines
 * of their own, which nothing would find in there: neither whose they are nor their secrets.
 */
function hasEnvelope(bytes: Buffer): boolean {
  const goesOn = visitBytes(
    bytes,
    () => undefined,
    ({ text, line }) => !(line ? readEnvelope(line.text) : beginsLikeEnvelope.test(text)),
  );
  return !goesOn;
}

/** As CloudWatch Logs writes them. A value that a client has chosen stands after a format's own text. */
const beginsLikeEnvelope = /^\{[ \t]*"messageType"[ \t]*:[ \t]*"(DATA|CONTROL)_MESSAGE"/;

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

/** Takes lines that are JSON objects before they are read here. */
export interface ObjectTaker {
  /** Undefined for a line that it leaves; else whether to go on. */
  take(bytes: Buffer, from: number, to: number): boolean | undefined;
  /** Whether bytes are one JSON object, as far as it can tell. */
  isObject(bytes: Buffer, from: number, to: number): boolean;
}

/** Reads the lines of one source; false where `visit` or the taker has stopped it. */
export function visitSource(
  source: string | Buffer,
  readOther: LineReader,
  visit: (entry: Entry) => boolean,
  taker?: ObjectTaker,
): boolean {
  return visitBytes(
    typeof source === 'string' ? Buffer.from(source) : source,
    readOther,
    visit,
    taker,
  );
}

/**
 * Two records with a part of the lines each, as base64 data; undefined for a record of one line. Each
 * part has strictly fewer lines or messages than the whole, and together they have all of them.
 */
export function splitRecord({
  envelopes,
  sources,
  isGzip,
}: RecordContent): [string, string] | undefined {
  const halves = envelopes?.split() ?? splitLines(sources, isGzip);
  return halves && [halves[0].toString('base64'), halves[1].toString('base64')];
}

/** Expects one source: messages of several come apart between them. */
function splitLines(
  sources: Iterable<string | Buffer>,
  isGzip: boolean,
): [Buffer, Buffer] | undefined {
  const [source = ''] = sources;
  const bytes = typeof source === 'string' ? Buffer.from(source) : source;
  const middle = middleOf(bytes) ?? middleOfRow(bytes);
  if (middle === undefined) return undefined;
  const halves = [bytes.subarray(0, middle), bytes.subarray(middle)] as const;
  return isGzip ? [gzipSync(halves[0]), gzipSync(halves[1])] : [...halves];
}

/** Where objects in a row come apart, if they are all that there is: a broken line stays in one piece. */
function middleOfRow(bytes: Buffer): number | undefined {
  const frame = new Frames(bytes).at(skipSeparators(bytes, 0));
  let at = frame.from;
  let middle: number | undefined;
  for (const end of frame.ends) {
    if (!readLogLine(bytes.toString('utf8', at, end))) return undefined;
    at = skipBlanks(bytes, end);
    if (at < frame.to && (middle === undefined || at <= (frame.from + frame.to) / 2)) middle = at;
  }
  return at < frame.to ? undefined : middle;
}

function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const digits = base64.length - padding;
  // No number of bytes makes such a length.
  return digits % 4 === 1 ? Number.NaN : Math.floor((digits * 3) / 4);
}

function visitBytes(
  bytes: Buffer,
  readOther: LineReader,
  visit: (entry: Entry) => boolean,
  taker?: ObjectTaker,
): boolean {
  const reader = new FrameReader(bytes, readOther, visit, taker);
  const frames = new Frames(bytes);
  let lineFeed = -1;
  for (let at = skipSeparators(bytes, 0); at < bytes.length; ) {
    if (taker && bytes[at] === OPEN) {
      if (lineFeed < at) lineFeed = endOfLineFeed(bytes, at);
      const goesOn = taker.take(bytes, at, lineFeed);
      if (goesOn === false) return false;
      if (goesOn) {
        at = skipSeparators(bytes, lineFeed);
        continue;
      }
    }
    const end = reader.read(frames.at(at));
    if (end === undefined) return false;
    at = skipSeparators(bytes, end);
  }
  return true;
}

function endOfLineFeed(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(LINE_FEED, from);
  return found < 0 ? bytes.length : found;
}

/** How many times the bytes before it may be tried as objects without success: a bound keeps the time linear. */
const MAX_TRIES = 4;

/** An object of a row; without `line` where only the taker has looked at it. */
interface FoundObject {
  readonly from: number;
  readonly to: number;
  readonly line?: LogLine;
}

class FrameReader {
  readonly #bytes: Buffer;
  #isWholeUtf8: boolean | undefined;
  readonly #readOther: LineReader;
  readonly #visit: (entry: Entry) => boolean;
  readonly #taker: ObjectTaker | undefined;
  /** Bytes that looked like objects and were none. */
  #triedInVain = 0;

  constructor(
    bytes: Buffer,
    readOther: LineReader,
    visit: (entry: Entry) => boolean,
    taker: ObjectTaker | undefined,
  ) {
    this.#bytes = bytes;
    this.#readOther = readOther;
    this.#visit = visit;
    this.#taker = taker;
  }

  /** Returns the offset after what is read now, all of the frame or less; undefined to stop. */
  read(frame: Frame): number | undefined {
    const bytes = this.#bytes;
    const objects: FoundObject[] = [];
    let at = frame.from;
    for (const end of frame.ends) {
      const object = this.#findObject(at, end, frame.ends.length > 1);
      if (!object) break;
      objects.push(object);
      at = skipBlanks(bytes, end);
    }
    if (at >= frame.to) return this.#visitAll(objects) ? frame.to : undefined;

    // Half a broken line that happens to parse must not pass for a whole one.
    const lineEnd = endOfLine(bytes, frame.from);
    if (objects.length > 0 && lineEnd > at) {
      const whole = this.#entryOf(frame.from, lineEnd);
      if (whole.line || bytes[at] !== OPEN) return this.#visit(whole) ? lineEnd : undefined;
    }
    const end = endOfBroken(bytes, at);
    const rest = this.#entryOf(at, end);
    if (!this.#visitAll(objects)) return undefined;
    if (rest.text.trim() === VALIDATION_MESSAGE) return end;
    return this.#visit(rest) ? end : undefined;
  }

  #visitAll(objects: readonly FoundObject[]): boolean {
    for (const { from, to, line } of objects) {
      const goesOn = line ? undefined : this.#taker?.take(this.#bytes, from, to);
      if (goesOn === false) return false;
      if (goesOn) continue;
      const text = line ? line.text : this.#bytes.toString('utf8', from, to);
      if (!this.#visit({ text, line: line ?? readLogLine(text) })) return false;
    }
    return true;
  }

  /** An object in a row may be left to the taker; one that is alone on its line it has seen already. */
  #findObject(from: number, to: number, isInRow: boolean): FoundObject | undefined {
    if (isInRow && this.#taker?.isObject(this.#bytes, from, to)) return { from, to };
    const line = this.#readObject(from, to);
    return line && { from, to, line };
  }

  #readObject(from: number, to: number): LogLine | undefined {
    if (this.#triedInVain > MAX_TRIES * (to + MAX_LINE_BYTES)) return undefined;
    const text = this.#textOf(from, to);
    const line = text === undefined ? undefined : readLogLine(text);
    if (!line) this.#triedInVain += to - from;
    return line;
  }

  /** The entry for what is no object: it may be of another format. */
  #entryOf(from: number, to: number): Entry {
    if (to - from > MAX_LINE_BYTES) return { text: '', line: undefined, isTooLong: true };
    const text = this.#textOf(from, to);
    if (text === undefined) {
      const bytes = this.#bytes.subarray(from, to);
      return { text: bytes.toString(), line: undefined, bytes };
    }
    const json = this.#readOther(text);
    return { text, line: json === undefined ? undefined : readLogLine(json) };
  }

  get #isUtf8(): boolean {
    this.#isWholeUtf8 ??= isUtf8(this.#bytes);
    return this.#isWholeUtf8;
  }

  /** Undefined for bytes that are no UTF-8. */
  #textOf(from: number, to: number): string | undefined {
    const bytes = this.#bytes;
    if (!this.#isUtf8 && !isUtf8(bytes.subarray(from, to))) return undefined;
    return bytes.toString('utf8', from, to);
  }
}

const LINE_FEED = 0x0a;
const OPEN = 0x7b;
