/**
 * Log lines of any format, in any of the shapes in which they are kept, to rows of `access`: through
 * the pipeline's own core, so that a line has the same values here as when it is delivered.
 *
 * What is read: lines as API Gateway writes them and as the pipeline delivers them, envelopes of
 * CloudWatch Logs, its exports, and records that Firehose keeps as failed.
 */

import { isUtf8 } from 'node:buffer';
import { endpointOf } from '../../analytics/endpoint';
import { accessColumns } from '../../analytics/schema';
import { attribute } from '../../lambda/core/attribution/attribute';
import type { Catalog } from '../../lambda/core/catalog/catalog';
import { lineReader } from '../../lambda/core/format/line-reader';
import { isJsonObject, parsedJson } from '../../lambda/core/json';
import { rendererFor } from '../../lambda/core/output/renderer-for';
import { readEnvelopes } from '../../lambda/core/record/envelopes';
import { inflate, isGzip } from '../../lambda/core/record/gzip';
import { type LogLine, memberText } from '../../lambda/core/record/log-line';
import { readLogLine } from '../../lambda/core/record/read-log-line';
import { visitSource } from '../../lambda/core/record/record';
import type { Settings } from '../../lambda/core/settings/settings';
import { NumberColumn } from '../parquet/number-column';
import { BETWEEN_OBJECTS } from './blocks';
import type { CountryTable } from './country-table';
import { deliveredReader } from './delivered-row';
import { type IpFacts, ipFactsOf } from './ip-facts';
import { rowLayout } from './row-layout';
import { RowLineWriter } from './row-line-writer';
import type { RowTable } from './row-table';
import { UsualLines } from './usual-lines';

/** What was found besides rows. */
export interface RowCounts {
  rows: number;
  unparsed: number;
  /** Documents of the ECS output, which cannot be read back. */
  ecsDocuments: number;
  /** Firehose's failed records, whose lines were read. */
  failedRecords: number;
}

export function noRows(): RowCounts {
  return { rows: 0, unparsed: 0, ecsDocuments: 0, failedRecords: 0 };
}

export function addRows(to: RowCounts, more: RowCounts): void {
  to.rows += more.rows;
  to.unparsed += more.unparsed;
  to.ecsDocuments += more.ecsDocuments;
  to.failedRecords += more.failedRecords;
}

export interface RowOptions {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly countries: CountryTable;
}

/** A longer row is none of a log, and would cost the engine twice its size in memory. */
const MAX_ROW_BYTES = 16 * 1024 * 1024;
/** How much is kept of a longer line that nothing can read. */
const MAX_UNPARSED_BYTES = 64 * 1024;

/** A longer line may be many objects, one after another. */
const LONG_BYTES = 64 * 1024;

const LF = '\n';
const [LF_BYTE, OPEN_BRACE] = [0x0a, 0x7b];
/** In a delivered document of the ECS output; in a value the quotes would be escaped. */
const ECS_MARK = '"ecs":{"version":';
const UNPARSED_MARK = '{"unparsed_line":';
const FAILED_RECORD_MARK = '"attemptsMade":';
const FAILED_RECORD = /^\s*\{"attemptsMade":/;
/** What an export of CloudWatch Logs puts before each message. */
const EXPORT_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /;
const EXPORT_TIME_LENGTH = '2026-11-20T09:17:01.123Z '.length;

export class CanonicalRows {
  readonly #options: RowOptions;
  readonly #table: RowTable;
  /** Reads usual lines, without a text being made of them. */
  readonly #usual: UsualLines;
  readonly #renderer;
  readonly #readOther;
  readonly #readDelivered;
  readonly #ips = new Map<string, IpFacts | undefined>();
  #counts = noRows();

  /** @param table where rows go */
  constructor(options: RowOptions, table: RowTable) {
    const { settings } = options;
    this.#options = options;
    this.#table = table;
    this.#usual = new UsualLines(
      rowLayout(settings, (ip) => this.#ipFacts(ip)),
      'none',
      (line, steps) => new RowLineWriter(table, line, steps),
    );
    this.#renderer = rendererFor({ ...settings, output: 'canonical' });
    this.#readOther = lineReader(settings.logFormats);
    this.#readDelivered = deliveredReader(settings);
  }

  /** Reads bytes that hold whole lines. */
  read(bytes: Buffer): RowCounts {
    this.#counts = noRows();
    // Lines that are not read one by one wait here: an object may stretch over several of them.
    let waiting = -1;
    for (let from = 0; from < bytes.length; ) {
      const next = this.#readUsual(bytes, from);
      if (next >= 0) {
        if (waiting >= 0) this.#readUnusual(bytes.subarray(waiting, from));
        waiting = -1;
        from = next;
        continue;
      }
      const found = bytes.indexOf(LF_BYTE, from);
      const end = found < 0 ? bytes.length : found;
      const rest = end - from > LONG_BYTES ? this.#readInRow(bytes, from, end) : from;
      if (rest > from && waiting >= 0) {
        this.#readUnusual(bytes.subarray(waiting, from));
        waiting = -1;
      }
      if (waiting < 0 && rest < end) waiting = rest;
      from = end + 1;
    }
    if (waiting >= 0) this.#readUnusual(bytes.subarray(waiting));
    this.#usual.forget();
    return this.#counts;
  }

  /** Reads objects that follow one another without line breaks; returns where something else begins. */
  #readInRow(bytes: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end) {
      const found = bytes.indexOf(BETWEEN_OBJECTS, at);
      const next = found < 0 || found >= end ? end : found + 1;
      const object = bytes.subarray(at, next);
      if (this.#readUsual(object, 0) < 0) {
        // Of a value that looks like the end of an object, nothing is known.
        if (!isObject(object)) break;
        this.#readUnusual(object);
      }
      at = next;
    }
    return at;
  }

  /** Returns where the next line begins; below 0 for a line that the fast path leaves. */
  #readUsual(bytes: Buffer, from: number): number {
    const start = bytes[from] === OPEN_BRACE ? from : startOfMessage(bytes, from);
    if (start < 0) return -1;
    const next = this.#usual.read(bytes, start, this.#options.catalog);
    this.#endRow(next >= 0, next - start);
    return next;
  }

  #readUnusual(bytes: Buffer): void {
    this.#usual.forget();
    if (isUtf8(bytes)) this.#readText(bytes.toString());
    else this.#readBrokenUtf8(bytes);
  }

  #readText(text: string): void {
    // Nearly no text has any of these, and to look for them costs next to nothing.
    const marks = [ECS_MARK, FAILED_RECORD_MARK, UNPARSED_MARK].filter((mark) =>
      text.includes(mark),
    );
    let waiting = -1;
    for (let from = 0; from < text.length; ) {
      const found = text.indexOf(LF, from);
      const end = found < 0 ? text.length : found;
      if (
        this.#readFast(text.slice(from, end), marks, () => {
          if (waiting >= 0) this.#readLines(text.slice(waiting, from));
          waiting = -1;
        })
      ) {
        from = end + 1;
        continue;
      }
      if (waiting < 0) waiting = from;
      from = end + 1;
    }
    if (waiting >= 0) this.#readLines(text.slice(waiting));
  }

  /** Reads a usual line, after those that wait; false for any other. */
  #readFast(line: string, marks: readonly string[], readWaiting: () => void): boolean {
    const isMarked = marks.length > 0 && marks.some((mark) => line.includes(mark));
    const delivered =
      !isMarked || line.startsWith(UNPARSED_MARK)
        ? this.#readDelivered(line, this.#options.catalog.keyCount > 0)
        : undefined;
    if (!delivered) {
      if (isMarked || !this.#readUsualText(line)) return false;
      readWaiting();
      return true;
    }
    readWaiting();
    if ('row' in delivered) this.#addObject(delivered.row, line.length);
    else this.#readSource('line' in delivered ? delivered.line : delivered.unread);
    return true;
  }

  #readUsualText(line: string): boolean {
    const isPrefixed = line.charCodeAt(0) !== OPEN_BRACE && EXPORT_TIME.test(line);
    const message = isPrefixed ? line.slice(line.indexOf(' ') + 1) : line;
    const isUsual = this.#usual.text(message, this.#options.catalog) !== undefined;
    this.#endRow(isUsual, message.length);
    return isUsual;
  }

  /** Ends the row of a usual line; takes back what another one may have left in it. */
  #endRow(isUsual: boolean, bytes: number): void {
    if (!isUsual) {
      this.#table.undoRow();
      return;
    }
    this.#table.endRow(bytes);
    this.#counts.rows++;
  }

  /** Lines between two that were read the fast way, together. */
  #readLines(text: string): void {
    const envelopes = envelopesIn(text);
    if (envelopes && envelopes !== 'broken') {
      for (const message of envelopes.messages) this.#readText(message);
    } else if (needsLineByLine(text, envelopes === 'broken')) {
      for (const line of text.split(LF)) this.#readOddLine(line);
    } else this.#readSource(text);
  }

  #readOddLine(line: string): void {
    if (line.trim() === '') return;
    const failed = FAILED_RECORD.test(line) ? recordIn(line) : undefined;
    if (failed) {
      this.#counts.failedRecords++;
      this.#readRecord(failed);
      return;
    }
    const envelopes = envelopesIn(line);
    if (envelopes && envelopes !== 'broken') {
      for (const message of envelopes.messages) this.#readText(message);
    } else if (line.includes(ECS_MARK) && line.includes('"@timestamp":')) {
      this.#counts.ecsDocuments++;
    } else this.#readSource(EXPORT_TIME.test(line) ? line.slice(line.indexOf(' ') + 1) : line);
  }

  /** A record as API Gateway or CloudWatch Logs sent it. */
  #readRecord(record: Buffer): void {
    const { maxInflatedBytes } = this.#options.settings;
    const bytes = isGzip(record) ? inflate(record, maxInflatedBytes) : record;
    if (bytes && isUtf8(bytes)) this.#readText(bytes.toString());
    else this.#readBrokenUtf8(bytes ?? record);
  }

  /** One line that is no UTF-8 does not cost its neighbours. */
  #readBrokenUtf8(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) {
      const found = bytes.indexOf(LF, from);
      const end = found < 0 ? bytes.length : found;
      const line = bytes.subarray(from, end);
      if (isUtf8(line)) this.#readText(line.toString());
      else this.#readSource(line);
      from = end + 1;
    }
  }

  #readSource(source: string | Buffer): void {
    visitSource(source, this.#readOther, ({ text, line, bytes }) => {
      const row = line && this.#renderer.line(line, attribute(line, this.#options.catalog));
      if (row && fits(row)) this.#addRendered(row);
      else this.#addUnparsed(text, bytes);
      return true;
    });
  }

  #addUnparsed(text: string, bytes: Buffer | undefined): void {
    this.#counts.unparsed++;
    const kept = text.slice(0, MAX_UNPARSED_BYTES);
    this.#addRendered(this.#renderer.unparsed(kept, bytes?.subarray(0, MAX_UNPARSED_BYTES)));
  }

  /** A line of the canonical output, under the names that are configured. */
  #addRendered(row: string): void {
    const { usagePlanField, customerNameField } = this.#options.settings;
    const usual = { [usagePlanField]: 'usage_plan', [customerNameField]: 'customer_name' };
    const line = readLogLine(row) as LogLine;
    // As text: digits beyond 2^53 are digits to the end.
    const texts = line.members.map(
      (member) => [usual[member.name] ?? member.name, memberText(line, member)] as const,
    );
    this.#addObject(Object.fromEntries(texts), row.length);
  }

  #addObject(values: Readonly<Record<string, unknown>>, bytes: number): void {
    this.#counts.rows++;
    const textOf = (name: string) => {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    };
    for (const [name, value] of Object.entries(values)) {
      if (!derivedNames.has(name)) this.#addValue(name, value ?? undefined);
    }
    const ip = textOf('source_ip');
    const facts = ip === undefined ? undefined : this.#ipFacts(ip);
    this.#addValue('country', facts?.country);
    this.#addValue('network', facts?.network);
    const endpoint = endpointOf({
      resourcePath: textOf('resource_path'),
      routeKey: textOf('route_key'),
      path: textOf('path'),
      stage: textOf('stage'),
    });
    this.#addValue('endpoint', endpoint);
    this.#table.endRow(bytes);
  }

  #addValue(name: string, value: unknown): void {
    if (value === undefined) return;
    const column = this.#table.column(name);
    if (column instanceof NumberColumn && column.isTime) {
      const time = epochOf(String(value));
      if (time !== undefined) column.addNumber(this.#table.row, time);
    } else column?.addText(this.#table.row, String(value));
  }

  #ipFacts(ip: string): IpFacts | undefined {
    if (this.#ips.has(ip)) return this.#ips.get(ip);
    const facts = ipFactsOf(ip, this.#options.countries);
    if (this.#ips.size >= MAX_KNOWN_IPS) this.#ips.clear();
    this.#ips.set(ip, facts);
    return facts;
  }
}

function isObject(bytes: Buffer): boolean {
  if (bytes[0] !== OPEN_BRACE || bytes.length > LONG_BYTES) return false;
  return isJsonObject(parsedJson(bytes.toString()));
}

/** Where a message begins that an export has put its time before; below 0 where there is none. */
function startOfMessage(bytes: Buffer, from: number): number {
  const start = from + EXPORT_TIME_LENGTH;
  if (bytes[start] !== OPEN_BRACE) return -1;
  return EXPORT_TIME.test(bytes.toString('latin1', from, start)) ? start : -1;
}

const MAX_KNOWN_IPS = 50_000;

/** Whether a row is short enough, also with its path once more, as the endpoint. */
function fits(row: string): boolean {
  return row.length < MAX_ROW_BYTES / 8 || Buffer.byteLength(row) < MAX_ROW_BYTES / 2;
}

function needsLineByLine(text: string, isBrokenEnvelope: boolean): boolean {
  return (
    isBrokenEnvelope ||
    text.includes('"messageType"') ||
    text.includes('"attemptsMade"') ||
    text.includes(ECS_MARK) ||
    /^\d{4}-\d\d-\d\dT[\d:.]+Z /m.test(text)
  );
}

/** What a failed record holds, as it came. */
function recordIn(line: string): Buffer | undefined {
  try {
    const { rawData } = JSON.parse(line) as { rawData?: unknown };
    return typeof rawData === 'string' ? Buffer.from(rawData, 'base64') : undefined;
  } catch {
    return undefined;
  }
}

/** A line's own value of that name is something else. */
const derivedNames = new Set(
  accessColumns.filter(({ origin }) => origin === 'ingest').map(({ name }) => name),
);

/** Milliseconds since 1970 of a moment in ISO 8601, as the canonical output writes it. */
function epochOf(text: string): number | undefined {
  const time = ISO_TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Most texts have none, and need not become bytes to find out. */
function envelopesIn(text: string): ReturnType<typeof readEnvelopes> {
  return text.includes('"messageType"') ? readEnvelopes(Buffer.from(text)) : undefined;
}
