/** What `invoke` prints of its invocations: everything, for a person, or the bare responses. */

import type {
  FirehoseRecordTransformationStatus,
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import type { FailureReason } from '../../lambda/core/batch/batch-pass';
import { namesIn } from '../../lambda/core/format/configured-names';
import { lineReader } from '../../lambda/core/format/line-reader';
import { MAX_LINE_BYTES } from '../../lambda/core/record/frames';
import { openRecord } from '../../lambda/core/record/record';
import type { Settings } from '../../lambda/core/settings/settings';
import { counted } from '../terminal/counted';
import { type Emphasis, fitSpans, shorten } from '../terminal/printable';
import type { Color, Paint, Terminal } from '../terminal/terminal';
import { deliveredLine } from './delivered-line';
import { fieldChanges, lineRow } from './line-row';
import { linesOut, type Row, type RowOptions, rowsOf, shownLines } from './record-rows';
import type { Recorder } from './recorder';

export interface InvokeReport {
  invocation(
    name: string,
    event: FirehoseTransformationEvent,
    response: FirehoseTransformationResult,
  ): void;
  failure(name: string, error: unknown): void;
  end(recorder: Recorder): void;
}

export type Printed = 'lines' | 'response';

/** What a program reads: the responses, or the lines that are delivered. */
export function bareReport(
  terminal: Terminal,
  printed: Printed,
  { maxInflatedBytes }: Pick<Settings, 'maxInflatedBytes'>,
): InvokeReport {
  const failed = { count: 0, unreadable: false };
  /** By file: how many records came before, since a large file makes several events. */
  const before = new Map<string, number>();
  const tellFailed = (name: string, number: number, data: unknown) => {
    const reason = failureReason(data, maxInflatedBytes);
    failed.count++;
    failed.unreadable ||= reason === 'noReadableLine';
    if (failed.count > FAILURES_TOLD) return;
    terminal.warn(failureLine(name, `record ${number}: ${reasonTexts[reason]}`));
  };
  const lines = (
    name: string,
    event: FirehoseTransformationEvent,
    { records }: FirehoseTransformationResult,
  ) => {
    const first = (before.get(name) ?? 0) + 1;
    before.set(name, first - 1 + records.length);
    for (const [index, { result, data = '' }] of records.entries()) {
      if (result === 'Ok') for (const line of linesOut(data)) terminal.print(line);
      if (result === 'ProcessingFailed') {
        tellFailed(name, first + index, event.records[index]?.data);
      }
    }
  };
  return {
    invocation: (name, event, response) =>
      printed === 'lines' ? lines(name, event, response) : terminal.print(JSON.stringify(response)),
    failure: (name, error) => terminal.warn(failureLine(name, error)),
    end(recorder) {
      warnOfReloads(recorder, terminal);
      if (failed.count === 0) return;
      const advice = failed.unreadable
        ? ': `apigw-logs formats --check FILE` tells whether lines of a format can be read'
        : '';
      terminal.warn(`apigw-logs invoke: ${counted(failed.count, 'record')} failed${advice}`);
    },
  };
}

/** More would fill the screen. */
const FAILURES_TOLD = 3;

/** Why a record failed, as far as its data shows. */
function failureReason(data: unknown, maxInflatedBytes: number): FailureReason {
  const content = typeof data === 'string' ? openRecord(data, maxInflatedBytes) : 'noBase64';
  if (typeof content === 'string') return content;
  return content.byteLength > MAX_LINE_BYTES ? 'tooLarge' : 'noReadableLine';
}

export interface ReadableReportOptions {
  readonly terminal: Terminal;
  readonly settings: Settings;
  /** Where the usage plans come from. */
  readonly source: string;
  /** Whether everything is shown, on a terminal too. */
  readonly isVerbose?: boolean | undefined;
}

export function readableReport({
  terminal,
  settings,
  source,
  isVerbose = false,
}: ReadableReportOptions): InvokeReport {
  const { paint, columns } = terminal;
  const readOther = lineReader(settings.logFormats);
  let isFirst = true;
  const names = namesIn(settings.logFormats);
  return {
    invocation(name, { records }, response) {
      terminal.print(
        `${paint(name, 'bold')}  ${paint(counted(records.length, 'record'), 'dim')}\n`,
      );
      // Of the first there is enough to see how a line goes in and comes out.
      const whole = isVerbose || !columns ? records.length : isFirst ? SHOWN_WHOLE : 0;
      isFirst = false;
      const digits = String(records.length).length;
      for (const [index, record] of records.slice(0, whole).entries()) {
        const result = response.records[index] as FirehoseTransformationResultRecord;
        const { mark, color } = marks[result.result];
        const number = String(index + 1).padStart(digits);
        printRows(terminal, rowsOf(record, result, { settings, readOther, names }), {
          gutter: `  ${paint(mark, color)} ${number}  `,
          gutterWidth: digits + 6,
          color,
        });
      }
      if (whole > 0 && whole < records.length) terminal.print();
      const results = response.records.slice(whole);
      printLineRows(terminal, records.slice(whole), {
        results,
        options: { settings, readOther, names },
      });
      terminal.print();
    },
    failure: (name, error) => terminal.warn(`${failureLine(name, error)}\n`),
    end(recorder) {
      warnOfReloads(recorder, terminal);
      for (const line of summaryOf(terminal, recorder, source)) terminal.print(line);
    },
  };
}

/** Records of the first event. */
const SHOWN_WHOLE = 4;

/** Each line as one row, below what was done to the fields of all of them. */
function printLineRows(
  { print, paint, columns = 80 }: Terminal,
  records: readonly FirehoseTransformationEventRecord[],
  {
    results,
    options,
  }: { results: readonly FirehoseTransformationResultRecord[]; options: RowOptions },
): void {
  const room = columns - 4;
  const delivered = results.map(({ result, data = '' }) =>
    result === 'Ok'
      ? shownLines(data, options).map((line) => deliveredLine(line, options.settings))
      : [],
  );
  const changes = fieldChanges(delivered.flat());
  if (changes) print(paint(`    ${shorten(changes, room)}`, 'dim'));
  for (const [index, record] of records.entries()) {
    const result = results[index] as FirehoseTransformationResultRecord;
    const { mark, color } = marks[result.result];
    const gutter = `  ${paint(mark, color)} `;
    for (const line of delivered[index] ?? []) print(gutter + lineRow(line, { paint }, room));
    if (result.result === 'Ok') continue;
    const fate = rowsOf(record, result, options).at(-1)?.spans[0]?.text ?? '';
    print(gutter + paint(shorten(fate, room), color));
  }
}

const marks: Record<FirehoseRecordTransformationStatus, { mark: string; color: Color }> = {
  Ok: { mark: '✓', color: 'green' },
  Dropped: { mark: '–', color: 'yellow' },
  ProcessingFailed: { mark: '✗', color: 'red' },
};

interface Margin {
  readonly gutter: string;
  readonly gutterWidth: number;
  /** What became of the record. */
  readonly color: Color;
}

const LABEL_WIDTH = 5;

const labels: Record<Row['kind'], string> = { in: 'in', out: 'out', who: '→', fate: 'out' };

function printRows({ print, paint, columns }: Terminal, rows: readonly Row[], margin: Margin) {
  const room = columns && columns - margin.gutterWidth - LABEL_WIDTH;
  for (const [index, row] of rows.entries()) {
    const before = index === 0 ? margin.gutter : ' '.repeat(margin.gutterWidth);
    const label = paint(labels[row.kind].padEnd(LABEL_WIDTH), 'dim');
    print(`${before}${label}${textOf(row, room, margin, paint)}`);
  }
}

function textOf({ kind, spans }: Row, room: number | undefined, margin: Margin, paint: Paint) {
  const fitted = room ? fitSpans(spans, room) : spans;
  const ordinary = { in: ['dim'], out: [], who: ['bold'], fate: [margin.color] } satisfies Record<
    Row['kind'],
    Color[]
  >;
  return fitted
    .filter(({ text }) => text !== '')
    .map(({ text, emphasis }) => paint(text, ...(emphasis ? emphases[emphasis] : ordinary[kind])))
    .join('');
}

const emphases: Record<Emphasis, readonly Color[]> = {
  strong: [],
  good: ['bold', 'green'],
  doubtful: ['yellow'],
};

/** A column of names, one of numbers, and what each number counts. */
function summaryOf({ paint }: Terminal, recorder: Recorder, source: string): string[] {
  const { lines, records, calls, catalog } = recorder;
  const callCount = [...calls.values()].reduce((sum, count) => sum + count, 0);
  const eachCall = [...calls].map(([operation, count]) => `${count} ${operation}`).join(', ');
  const keys = catalog ? `with ${counted(catalog.keyCount, 'key')}, ` : '';
  const { failedInvocations, failures } = recorder;
  const rows: (readonly [name: string, count: number, of: string, color?: Color])[] = [
    ['lines', lines.enriched, 'with usage plan and customer', 'green'],
    ['', lines.noPlanForStage, 'with a customer who has no plan for the stage', 'yellow'],
    ['', lines.withoutKey, 'without a key', 'yellow'],
    ['', lines.unknownKey, 'with an unknown key', 'yellow'],
    ['', lines.unparsed, 'unreadable', 'red'],
    ['records', records.Ok, 'Ok', 'green'],
    ['', records.Dropped, 'Dropped', 'yellow'],
    ...(records.Reingested > 0
      ? [['', records.Reingested, 'back into the stream', 'yellow'] as const]
      : []),
    ['', records.ProcessingFailed, `ProcessingFailed${reasonsOf(failures)}`, 'red'],
    ...(failedInvocations > 0
      ? [['invocations', failedInvocations, 'failed', 'red'] as const]
      : []),
    ['usage plans', catalog?.planCount ?? 0, `${keys}from ${source}`],
    ['calls', callCount, `to API Gateway${eachCall && `: ${eachCall}`}`],
    ['duration', Math.round(recorder.durationMs), 'ms'],
  ];
  const digits = Math.max(4, ...rows.map(([, count]) => String(count).length));
  return rows.map(([name, count, of, color]) => {
    const number = String(count).padStart(digits);
    const isNone = color !== undefined && count === 0;
    const value = isNone
      ? paint(`${number}  ${of}`, 'dim')
      : `${paint(number, 'bold', ...(color ? [color] : []))}  ${of}`;
    return `${paint(name.padEnd(11), 'bold')}  ${value}`;
  });
}

function reasonsOf(failures: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(failures).map(
    ([reason, count]) => `${count} ${reasonTexts[reason as FailureReason]}`,
  );
  return reasons.length > 0 ? `: ${reasons.join(', ')}` : '';
}

const reasonTexts: Record<FailureReason, string> = {
  noBase64: 'no base64',
  brokenGzip: 'broken gzip',
  brokenEnvelope: 'broken envelope',
  noReadableLine: 'without a readable line',
  tooLarge: 'too large',
  notPutBack: 'refused by the stream',
  exception: 'not processed, by a fault of the function',
};

function failureLine(name: string, error: unknown): string {
  return `apigw-logs invoke: ${name}: ${messageOf(error)}`;
}

function warnOfReloads({ reloadFailures }: Recorder, terminal: Terminal): void {
  for (const error of reloadFailures) {
    terminal.warn(`apigw-logs invoke: usage plans not reloaded: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
