/**
 * What a month of requests costs, as far as this pipeline is concerned. `npm run costs` writes the
 * table in docs/costs.md.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolledUpPanels, rollupTablesOf } from '../analytics/athena/panel-rollups';
import { panelOf } from '../analytics/panels/all';
import { type Row, table } from './report';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const SECONDS_A_MONTH = 730 * 3600;
const NIGHTS_A_MONTH = 730 / 24;

/** Up to so much of a quantity, each unit at this price; the last tier has no end. */
type Tiers = readonly (readonly [upTo: number, usd: number])[];

/**
 * On-demand list prices in us-east-1 in USD, written down by hand; the pages named are where to compare
 * them. docs/costs.md has which of them were compared with anything.
 */
const prices = {
  /** https://aws.amazon.com/firehose/pricing/: Direct PUT, a GB of records in steps of 5 KB. */
  firehoseGb: [
    [500 * KIB, 0.029],
    [2_000 * KIB, 0.025],
    [Number.POSITIVE_INFINITY, 0.02],
  ] as Tiers,
  firehoseStepBytes: 5 * KIB,
  /** https://aws.amazon.com/lambda/pricing/: arm64. */
  lambdaGbSecond: [
    [7.5e9, 0.0000133334],
    [18.75e9, 0.0000120001],
    [Number.POSITIVE_INFINITY, 0.0000106667],
  ] as Tiers,
  lambdaRequest: 0.2 / 1e6,
  /** https://aws.amazon.com/s3/pricing/: Standard. */
  s3GbMonth: [
    [50 * KIB, 0.023],
    [500 * KIB, 0.022],
    [Number.POSITIVE_INFINITY, 0.021],
  ] as Tiers,
  s3Put: 0.005 / 1e3,
  s3Get: 0.0004 / 1e3,
  /** https://aws.amazon.com/cloudwatch/pricing/: logs, and custom metrics by the month. */
  logsGb: 0.5,
  /** Logs that AWS services write, such as access logs of HTTP APIs. */
  vendedLogsGb: [
    [10_000, 0.5],
    [30_000, 0.25],
    [50_000, 0.1],
    [Number.POSITIVE_INFINITY, 0.05],
  ] as Tiers,
  /** Compressed, by the month. */
  logsStoredGbMonth: 0.03,
  metricAlarmMonth: 0.1,
  dashboardMonth: 3,
  /** https://aws.amazon.com/athena/pricing/: a TB that queries read, 10 MB at least each. */
  athenaTb: 5,
  athenaLeastBytes: 10e6,
  /** Updates of metrics that are streamed. */
  metricStreamUpdate: 0.003 / 1e3,
  metricMonth: [
    [10_000, 0.3],
    [250_000, 0.1],
    [Number.POSITIVE_INFINITY, 0.05],
  ] as Tiers,
} as const;

export interface Traffic {
  readonly requests: number;
  /** Size of a line, as API Gateway writes it. */
  readonly lineBytes: number;
}

/** How the pipeline is set up, and what was measured of it. */
export const pipeline = {
  /** What Firehose collects for the function, and for how long. */
  batchBytes: MIB,
  batchSeconds: 60,
  /** What it collects for an object, and for how long. */
  objectBytes: 64 * MIB,
  objectSeconds: 300,
  /** Plan and customer. */
  appendedBytes: 60,
  /** A month of access logs, small records, with gzip. */
  compression: 4.7,
  memoryGb: 0.5,
  /** A MiB of small records in the runtime client took 20 ms of a processor; 512 MB have 0.29 of one. */
  secondsAMib: 0.02 / 0.29,
  secondsAnInvocation: 0.003,
  /** That the function emits, without those of a shared catalog. */
  metrics: 15,
  /** Size of the line with the metrics, and of Lambda's own three. */
  loggedBytesAnInvocation: 2 * KIB,
  /** What each event in a log group has beside its text. */
  logEventBytes: 26,
  /** A stage's log group keeps lines for a week. */
  logGroupDays: 7,
  /** A closed day in Parquet, a line: measured with made-up lines of 18 columns. */
  parquetBytes: 46,
  /**
   * What the statements of a page of seven days read of closed days, a request of these days: with the periods that
   * they compare with. Measured by the columns that each names, in Parquet of the sample.
   */
  pageBytes: 850,
  /** Statements of a page: panels that no roll-up covers, the roll-ups, how complete the days are. */
  pageQueries: 50,
  pageDays: 7,
  pageSeconds: 180,
  pageMemoryGb: 1769 / KIB,
} as const;

/** A trail, and what takes API Gateway's records out of it. */
export const trail = {
  /** Size of a record of any service, as JSON; and how much smaller gzip makes it. */
  recordBytes: 1_500,
  compression: 10,
  /** CloudTrail writes a file every five minutes, of each Region in use. */
  fileSeconds: 300,
  memoryGb: 1769 / KIB,
  /** Unzipping, searching and parsing, with a whole processor; measured. */
  secondsAMib: 0.01,
  runsAMonth: 730,
  secondsARun: 1,
  alarms: 5,
  metrics: 5,
  /** Parquet of a call that is kept. */
  changeBytes: 150,
} as const;

export interface Costs {
  readonly firehose: number;
  readonly lambda: number;
  readonly s3: number;
  readonly cloudWatch: number;
  readonly total: number;
}

/** In USD, with traffic that is the same all month long, and objects that are kept for one month. */
export function monthlyCosts({ requests, lineBytes }: Traffic): Costs {
  const rawBytes = requests * lineBytes;
  const steps = requests * Math.ceil(lineBytes / prices.firehoseStepBytes);
  const firehose = tiered((steps * prices.firehoseStepBytes) / GIB, prices.firehoseGb);

  const batches = collections(requests, rawBytes, pipeline.batchBytes, pipeline.batchSeconds);
  const seconds = batches * pipeline.secondsAnInvocation + (rawBytes / MIB) * pipeline.secondsAMib;
  const lambda =
    batches * prices.lambdaRequest + tiered(seconds * pipeline.memoryGb, prices.lambdaGbSecond);

  const deliveredBytes = rawBytes + requests * pipeline.appendedBytes;
  const { objectBytes, objectSeconds } = pipeline;
  const objects = collections(requests, deliveredBytes, objectBytes, objectSeconds);
  const storedGb = deliveredBytes / pipeline.compression / GIB;
  const s3 = objects * prices.s3Put + tiered(storedGb, prices.s3GbMonth);

  const logs = ((batches * pipeline.loggedBytesAnInvocation) / GIB) * prices.logsGb;
  const cloudWatch = logs + tiered(pipeline.metrics, prices.metricMonth);
  return { firehose, lambda, s3, cloudWatch, total: firehose + lambda + s3 + cloudWatch };
}

/** What is full goes, and so does what has waited long enough, but nothing goes empty. */
function collections(requests: number, bytes: number, size: number, seconds: number): number {
  return Math.min(requests, Math.max(bytes / size, SECONDS_A_MONTH / seconds));
}

export interface LogGroupCosts {
  /** Before the lines reach Firehose. */
  readonly cloudWatchLogs: number;
  /** Gzip envelopes of many lines: far less than a record a line. */
  readonly firehose: number;
}

/** What HTTP and WebSocket APIs cost more, and less: their lines come through a log group. */
export function logGroupCosts({ requests, lineBytes }: Traffic): LogGroupCosts {
  const bytes = requests * (lineBytes + pipeline.logEventBytes);
  const storedGb = bytes / pipeline.compression / GIB;
  const stored = storedGb * (pipeline.logGroupDays / 30) * prices.logsStoredGbMonth;
  return {
    cloudWatchLogs: tiered(bytes / GIB, prices.vendedLogsGb) + stored,
    firehose: tiered(bytes / pipeline.compression / GIB, prices.firehoseGb),
  };
}

export interface AnalyticsCosts {
  /** Closing each day once: the day's lines and those of the day before and after it. */
  readonly closing: number;
  /** Closed days beside the lines, for a month. */
  readonly parquet: number;
  /** One query over a month of closed days that reads all columns. */
  readonly query: number;
  /** `analyticsPage`: a page each night of a month, of its last seven closed days. */
  readonly pages: number;
}

/** What `analytics` adds; queries over lines read the gzip objects instead. */
export function analyticsCosts({ requests, lineBytes }: Traffic): AnalyticsCosts {
  const lines = (requests * (lineBytes + pipeline.appendedBytes)) / pipeline.compression;
  const parquet = requests * pipeline.parquetBytes;
  return {
    // For the requests, and once more for the counts of lines.
    closing: 2 * scanned(3 * lines),
    parquet: tiered(parquet / GIB, prices.s3GbMonth),
    query: scanned(parquet),
    pages: NIGHTS_A_MONTH * pageCost(requests),
  };
}

function pageCost(requests: number): number {
  const { pageBytes, pageQueries, pageDays, pageSeconds, pageMemoryGb } = pipeline;
  const bytes = (requests / NIGHTS_A_MONTH) * pageDays * pageBytes;
  const athena = Math.max(scanned(bytes), pageQueries * scanned(0));
  return athena + tiered(pageSeconds * pageMemoryGb, prices.lambdaGbSecond);
}

/**
 * One look at a dashboard of the access log: each widget asks its roll-ups, which are less than Athena
 * charges at least. Whoever looks again within the hour pays nothing.
 */
export function lookCosts(page: string): number {
  const panels = rolledUpPanels.filter((id) => panelOf(id).page === page);
  const queries = panels.reduce((sum, id) => sum + rollupTablesOf(id).length, 0);
  return queries * scanned(0);
}

export interface TrailMonth {
  /** That the trail records, of all services. */
  readonly records: number;
  /** How many of them are calls to API Gateway. */
  readonly calls: number;
}

export interface AuditCosts {
  /** The trail's files, for each month that they are kept. */
  readonly trail: number;
  readonly extracting: number;
  /** Alarms and their metrics. */
  readonly alarms: number;
  /** One query over all calls of a month. */
  readonly query: number;
}

/** What `audit` with `analytics` adds; the first trail of an account records management events for nothing. */
export function auditCosts({ records, calls }: TrailMonth): AuditCosts {
  const bytes = records * trail.recordBytes;
  const files = Math.min(records, SECONDS_A_MONTH / trail.fileSeconds);
  const seconds = trail.runsAMonth * trail.secondsARun + (bytes / MIB) * trail.secondsAMib;
  return {
    trail: files * prices.s3Put + tiered(bytes / trail.compression / GIB, prices.s3GbMonth),
    extracting:
      files * prices.s3Get +
      trail.runsAMonth * prices.lambdaRequest +
      tiered(seconds * trail.memoryGb, prices.lambdaGbSecond),
    alarms: trail.alarms * prices.metricAlarmMonth + tiered(trail.metrics, prices.metricMonth),
    query: scanned(calls * trail.changeBytes),
  };
}

function scanned(bytes: number): number {
  return (Math.max(bytes, prices.athenaLeastBytes) / 1e12) * prices.athenaTb;
}

export function tiered(quantity: number, tiers: Tiers): number {
  let usd = 0;
  let from = 0;
  for (const [upTo, price] of tiers) {
    usd += Math.max(0, Math.min(quantity, upTo) - from) * price;
    from = upTo;
  }
  return usd;
}

const traffic: readonly (readonly [label: string, Traffic])[] = [
  ['a million, 340 B a line', { requests: 1e6, lineBytes: 340 }],
  ['a billion, 340 B a line', { requests: 1e9, lineBytes: 340 }],
  ['a billion, 2,100 B a line', { requests: 1e9, lineBytes: 2_100 }],
  ['a trillion, 340 B a line', { requests: 1e12, lineBytes: 340 }],
];

function costTable(): string {
  const rows = traffic.map(([label, month]): Row => {
    const { firehose, lambda, s3, cloudWatch, total } = monthlyCosts(month);
    return [label, ...[firehose, lambda, s3, cloudWatch, total].map(usd)];
  });
  return table(['requests a month', 'Firehose', 'Lambda', 'S3', 'CloudWatch', 'together'], rows);
}

/** The same traffic by HTTP and WebSocket APIs. */
function logGroupTable(): string {
  const rows = traffic.map(([label, month]): Row => {
    const { cloudWatchLogs, firehose } = logGroupCosts(month);
    return [label, usd(cloudWatchLogs), usd(firehose)];
  });
  return table(['requests a month', 'CloudWatch Logs', 'Firehose'], rows);
}

function analyticsTable(): string {
  const rows = traffic.map(([label, month]): Row => {
    const { closing, parquet, query, pages } = analyticsCosts(month);
    return [label, usd(closing), usd(parquet), usd(query), usd(pages)];
  });
  const head = ['requests a month', 'closing days', 'closed days in S3', 'a query over all'];
  return table([...head, 'a page a night'], rows);
}

function looksTable(): string {
  const pages = new Set(rolledUpPanels.map((id) => panelOf(id).page));
  const rows = Array.from(pages, (page): Row => {
    return [page, usd(prices.dashboardMonth), usd(1000 * lookCosts(page))];
  });
  return table(['dashboard', 'a month, beyond three', 'a thousand looks'], rows);
}

function auditTable(): string {
  const months: readonly (readonly [label: string, TrailMonth])[] = [
    ['100,000 events', { records: 1e5, calls: 1e4 }],
    ['10 million events', { records: 1e7, calls: 1e5 }],
    ['a billion events', { records: 1e9, calls: 1e6 }],
  ];
  const rows = months.map(([label, month]): Row => {
    const costs = auditCosts(month);
    return [label, ...[costs.trail, costs.extracting, costs.alarms, costs.query].map(usd)];
  });
  const head = ['recorded a month', 'trail in S3', 'extracting', 'alarms', 'a query over all'];
  return table(head, rows);
}

function usd(amount: number): string {
  const digits = amount < 100 ? 2 : 0;
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

const tables = {
  costs: costTable,
  'log-groups': logGroupTable,
  analytics: analyticsTable,
  looks: looksTable,
  audit: auditTable,
};

/** The document with its tables computed anew. */
export function withCostTable(document: string): string {
  return Object.entries(tables).reduce((text, [name, render]) => {
    const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
    const [before = ''] = text.split(start);
    return before + start + render() + text.slice(text.indexOf(end));
  }, document);
}

if (require.main === module) {
  const path = join(__dirname, '..', 'docs', 'costs.md');
  writeFileSync(path, withCostTable(readFileSync(path, 'utf8')));
}
