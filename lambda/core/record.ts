/**
 * One Firehose record in, its log lines out; and lines back into one record.
 *
 * API Gateway writes a record per line, without a line break unless the format ends in one. A record
 * may as well hold many lines, objects in a row without a break, or one object over several lines.
 */

import { type LogLine, readLogLine } from './log-line';

/** A stretch of a record that is one log line, with `line` where it could be read. */
export interface Entry {
  /** As it came, without its line break. */
  readonly text: string;
  readonly line: LogLine | undefined;
  /** The bytes, where they are no UTF-8 and `text` therefore cannot give them back. */
  readonly bytes?: Buffer;
}

/** The entries of a record's base64 data, in order; none for a record without a line. */
export function readRecord(base64: string): Entry[] {
  const bytes = Buffer.from(base64, 'base64');
  // Node skips what is no base64; a record that lost bytes this way is not the one that was sent.
  if (bytes.length !== decodedLength(base64)) return [{ text: base64, line: undefined }];
  const text = decodeUtf8(bytes);
  return text === undefined ? readBrokenUtf8(bytes) : readText(text);
}

/** The base64 data of a record that holds these lines, each of which ends in a line break. */
export function writeRecord(lines: readonly string[]): string {
  return Buffer.from(lines.join(''), 'utf8').toString('base64');
}

function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor(((base64.length - padding) * 3) / 4);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** One line that is no UTF-8 must not cost its neighbours. */
function readBrokenUtf8(bytes: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let from = 0; from < bytes.length; ) {
    const lineFeed = bytes.indexOf(0x0a, from);
    const to = lineFeed === -1 ? bytes.length : lineFeed;
    const slice = bytes.subarray(from, to);
    const text = decodeUtf8(slice);
    if (text === undefined) entries.push({ text: slice.toString(), line: undefined, bytes: slice });
    else entries.push(...readText(text));
    from = to + 1;
  }
  return entries;
}

const lineBreak = /[\r\n]+/g;

function readText(text: string): Entry[] {
  const entries: Entry[] = [];
  // Nothing before this offset is tried again as an object over several lines: keeps it linear.
  let triedUpTo = 0;
  let at = skipSeparators(text, 0);
  while (at < text.length) {
    lineBreak.lastIndex = at;
    const lineEnd = lineBreak.exec(text)?.index ?? text.length;
    const objects = readObjects(text, at, lineEnd);
    if (objects.entries.length > 0) {
      entries.push(...objects.entries);
      at = objects.end;
    } else {
      const end = text[at] === '{' && at >= triedUpTo ? endOfObject(text, at) : at;
      triedUpTo = Math.max(triedUpTo, end);
      const line = end > lineEnd ? readLogLine(text.slice(at, end)) : undefined;
      const to = line ? end : lineEnd;
      entries.push({ text: text.slice(at, to), line });
      at = to;
    }
    at = skipSeparators(text, at);
  }
  return entries;
}

/**
 * The objects that stand in a row between two offsets. The last entry is unread where the row
 * breaks off; no entries at all where there is anything but objects: half a broken line that happens
 * to parse must not pass for a whole one.
 */
function readObjects(text: string, from: number, to: number): { entries: Entry[]; end: number } {
  const entries: Entry[] = [];
  let at = from;
  while (at < to) {
    const end = text[at] === '{' ? Math.min(endOfObject(text, at, to), to) : at;
    const line = readLogLine(text.slice(at, end));
    if (!line) {
      const brokenOff = entries.length > 0 && text[at] === '{';
      if (!brokenOff) return { entries: [], end: from };
      entries.push({ text: text.slice(at, to), line: undefined });
      return { entries, end: to };
    }
    entries.push({ text: line.text, line });
    at = Math.min(skipSeparators(text, end), to);
  }
  return { entries, end: to };
}

/**
 * Offset behind the brace that closes the object which opens at `from`; where a string breaks off
 * before, the offset of that break.
 */
function endOfObject(text: string, from: number, to = text.length): number {
  let depth = 0;
  let inString = false;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
      else if (code === 0x0a || code === 0x0d) return at;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b) depth++;
    else if (code === 0x7d && --depth <= 0) return at + 1;
  }
  return to;
}

/**
 * Blanks and line breaks; also the two characters `\\n`, which whoever types them at the end of a log
 * format in the console gets in every line.
 */
function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const char = text[at] as string;
    if (' \t\r\n'.includes(char)) at++;
    else if (char === '\\' && (text[at + 1] === 'n' || text[at + 1] === 'r')) at += 2;
    else break;
  }
  return at;
}
