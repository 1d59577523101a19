/**
 * Log lines of any format, in any of the shapes in which they are kept, to rows of `access`: through
 * the pipeline's own core, so that a line says here what it says when it is delivered.
 *
 * What is read: lines as API Gateway writes them and as the pipeline delivers them, envelopes of
 * CloudWatch Logs, its exports, and records that Firehose keeps as failed. A row is a line of JSON.
 */

import { isUtf8 } from 'node:buffer';
import { endpointOf } from '../../analytics/endpoint';
import { attribute } from '../../lambda/core/attribution/attribute';
import { scratch } from '../../lambda/core/bytes/scratch';
import type { Catalog } from '../../lambda/core/catalog/catalog';
import { lineReader } from '../../lambda/core/format/line-reader';
import { type WrittenLine, writtenText } from '../../lambda/core/output/fast-path';
import { rendererFor } from '../../lambda/core/output/renderer-for';
import { TypedBytes } from '../../lambda/core/output/typed-bytes';
import { readEnvelopes } from '../../lambda/core/record/envelopes';
import { inflate, isGzip } from '../../lambda/core/record/gzip';
import { visitSource } from '../../lambda/core/record/record';
import type { Settings } from '../../lambda/core/settings/settings';
import type { CountryTable } from './country-table';
import { deliveredReader } from './delivered-row';
import { GrowingBytes } from './growing-bytes';
import { type IpFacts, ipFactsOf } from './ip-facts';
import { rowLayout } from './row-layout';

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
export const MAX_ROW_BYTES = 16 * 1024 * 1024;
/** Of a longer line that nothing can read, only the beginning is kept. */
const MAX_UNPARSED_BYTES = 64 * 1024;

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
  /** What usual lines become, without a text being made of them. */
  readonly #usual: TypedBytes;
  readonly #renderer;
  readonly #readOther;
  readonly #readDelivered;
  readonly #hasUsualNames;
  readonly #ips = new Map<string, IpFacts | undefined>();
  readonly #rows = new GrowingBytes();
  #counts = noRows();

  constructor(options: RowOptions) {
    const { settings } = options;
    this.#options = options;
    this.#usual = new TypedBytes(rowLayout(settings, (ip) => this.#ipFacts(ip)));
    this.#renderer = rendererFor({ ...settings, output: 'canonical' });
    this.#readOther = lineReader(settings.logFormats);
    this.#readDelivered = deliveredReader(settings);
    const { usagePlanField, customerNameField } = settings;
    this.#hasUsualNames = usagePlanField === 'usage_plan' && customerNameField === 'customer_name';
  }

  /** Reads bytes that hold whole lines. The rows are there until more are read. */
  read(bytes: Buffer): { rows: Buffer; counts: RowCounts } {
    this.#rows.clear();
    this.#counts = noRows();
    // Lines that are not read one by one wait here: an object may stretch over several of them.
    let waiting = -1;
    for (let from = 0; from < bytes.length; ) {
      const found = bytes.indexOf(LF_BYTE, from);
      const end = found < 0 ? bytes.length : found;
      let row = this.#usualRow(bytes, from, end);
      if (row && waiting >= 0) {
        this.#readUnusual(bytes.subarray(waiting, from));
        waiting = -1;
        // In its buffer stands another one now.
        row = this.#usualRow(bytes, from, end);
      }
      if (row) {
        this.#rows.add(scratch, row.start, row.end);
        this.#counts.rows++;
      } else if (waiting < 0) waiting = from;
      from = end + 1;
    }
    if (waiting >= 0) this.#readUnusual(bytes.subarray(waiting));
    return { rows: this.#rows.all, counts: this.#counts };
  }

  /** Undefined for any line that is not usual. */
  #usualRow(bytes: Buffer, from: number, end: number): WrittenLine | undefined {
    let start = from;
    if (bytes[from] !== OPEN_BRACE) {
      const message = from + EXPORT_TIME_LENGTH;
      if (bytes[message] !== OPEN_BRACE) return undefined;
      if (!EXPORT_TIME.test(bytes.toString('latin1', from, message))) return undefined;
      start = message;
    }
    return this.#usual.bytes(bytes, start, end, this.#options.catalog);
  }

  #readUnusual(bytes: Buffer): void {
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
    const row =
      delivered && 'row' in delivered ? delivered.row : isMarked ? undefined : this.#fastRow(line);
    if (!delivered && row === undefined) return false;
    readWaiting();
    if (row !== undefined) this.#add(row);
    else if (delivered && 'line' in delivered) this.#readSource(delivered.line);
    else if (delivered && 'unread' in delivered) this.#readSource(delivered.unread);
    return true;
  }

  #fastRow(line: string): string | undefined {
    const isPrefixed = line.charCodeAt(0) !== OPEN_BRACE && EXPORT_TIME.test(line);
    const message = isPrefixed ? line.slice(line.indexOf(' ') + 1) : line;
    const written = this.#renderer.fastPath?.text(message, this.#options.catalog);
    return written && writtenText(written);
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
      if (row && fits(row)) this.#add(row);
      else this.#addUnparsed(text, bytes);
      return true;
    });
  }

  #addUnparsed(text: string, bytes: Buffer | undefined): void {
    this.#counts.unparsed++;
    this.#counts.rows++;
    const kept = text.slice(0, MAX_UNPARSED_BYTES);
    this.#rows.addText(this.#renderer.unparsed(kept, bytes?.subarray(0, MAX_UNPARSED_BYTES)));
  }

  #add(row: string): void {
    this.#counts.rows++;
    const named = this.#hasUsualNames ? row : this.#underUsualNames(row);
    this.#rows.addText(`${named.slice(0, -2)}${endpointMember(row)}${this.#ipMembers(row)}}\n`);
  }

  /** Other names stand in no value, where quotes are escaped. */
  #underUsualNames(row: string): string {
    const { usagePlanField, customerNameField } = this.#options.settings;
    return row
      .replace(`"${usagePlanField}":`, '"usage_plan":')
      .replace(`"${customerNameField}":`, '"customer_name":');
  }

  #ipMembers(row: string): string {
    const token = tokenOf(row, 'source_ip');
    const facts = token === undefined ? undefined : this.#ipFacts(textOf(token));
    if (!facts) return '';
    const country = facts.country ? `,"country":"${facts.country}"` : '';
    return `${country},"network":"${facts.network}"`;
  }

  #ipFacts(ip: string): IpFacts | undefined {
    if (this.#ips.has(ip)) return this.#ips.get(ip);
    const facts = ipFactsOf(ip, this.#options.countries);
    if (this.#ips.size >= MAX_KNOWN_IPS) this.#ips.clear();
    this.#ips.set(ip, facts);
    return facts;
  }
}

const MAX_KNOWN_IPS = 50_000;

/** Also with its path once more, as the endpoint. */
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

function endpointMember(row: string): string {
  const resource = tokenOf(row, 'resource_path');
  // Most lines of REST APIs: the value as it stands.
  if (resource !== undefined && !resource.endsWith('+}"')) return `,"endpoint":${resource}`;
  const endpoint = endpointOf({
    resourcePath: textOrUndefined(resource),
    routeKey: textOrUndefined(tokenOf(row, 'route_key')),
    path: textOrUndefined(tokenOf(row, 'path')),
    stage: textOrUndefined(tokenOf(row, 'stage')),
  });
  return endpoint === undefined ? '' : `,"endpoint":${JSON.stringify(endpoint)}`;
}

/**
 * The value of a column as a JSON token, where it is text. In a value its name would stand between
 * escaped quotes.
 */
function tokenOf(row: string, column: string): string | undefined {
  const name = `"${column}":"`;
  const at = row.indexOf(name);
  if (at < 0) return undefined;
  const start = at + name.length - 1;
  let end = row.indexOf('"', start + 1);
  while (isEscaped(row, end)) end = row.indexOf('"', end + 1);
  return row.slice(start, end + 1);
}

function isEscaped(row: string, at: number): boolean {
  let backslashes = 0;
  while (row[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function textOf(token: string): string {
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
}

function textOrUndefined(token: string | undefined): string | undefined {
  return token === undefined ? undefined : textOf(token);
}

/** Most texts have none, and need not become bytes to find out. */
function envelopesIn(text: string): ReturnType<typeof readEnvelopes> {
  return text.includes('"messageType"') ? readEnvelopes(Buffer.from(text)) : undefined;
}
