/** What `invoke` tells of its invocations: everything, for a person, or the bare responses. */

import type {
  FirehoseRecordTransformationStatus,
  FirehoseTransformationEvent,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import type { FailureReason } from '../../lambda/core/batch/batch-pass';
import { lineReader } from '../../lambda/core/format/line-reader';
import type { Settings } from '../../lambda/core/settings/settings';
import { counted } from '../terminal/counted';
import { type Emphasis, fitStretches } from '../terminal/printable';
import type { Color, Paint, Terminal } from '../terminal/terminal';
import { type Row, rowsOf } from './record-rows';
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

export function jsonReport(terminal: Terminal): InvokeReport {
  return {
    invocation: (_name, _event, response) => terminal.print(JSON.stringify(response)),
    failure: (name, error) => terminal.warn(failureLine(name, error)),
    end: (recorder) => warnOfReloads(recorder, terminal),
  };
}

export interface ReadableReportOptions {
  readonly terminal: Terminal;
  readonly settings: Settings;
  /** Where the usage plans come from. */
  readonly source: string;
}

export function readableReport({
  terminal,
  settings,
  source,
}: ReadableReportOptions): InvokeReport {
  const { paint } = terminal;
  const readOther = lineReader(settings.logFormats);
  return {
    invocation(name, { records }, response) {
      terminal.print(
        `${paint(name, 'bold')}  ${paint(counted(records.length, 'record'), 'dim')}\n`,
      );
      const digits = String(records.length).length;
      for (const [index, record] of records.entries()) {
        const result = response.records[index] as FirehoseTransformationResultRecord;
        const { mark, color } = marks[result.result];
        const number = String(index + 1).padStart(digits);
        printRows(terminal, rowsOf(record, result, { settings, readOther }), {
          gutter: `  ${paint(mark, color)} ${number}  `,
          gutterWidth: digits + 6,
          color,
        });
      }
      terminal.print();
    },
    failure: (name, error) => terminal.warn(`${failureLine(name, error)}\n`),
    end(recorder) {
      warnOfReloads(recorder, terminal);
      for (const line of summaryOf(terminal, recorder, source)) terminal.print(line);
    },
  };
}

const marks: Record<FirehoseRecordTransformationStatus, { mark: string; color: Color }> = {
  Ok: { mark: '✓', color: 'green' },
  Dropped: { mark: '–', color: 'yellow' },
  ProcessingFailed: { mark: '✗', color: 'red' },
};

interface Margin {
  readonly gutter: string;
  readonly gutterWidth: number;
  /** Of what became of the record. */
  readonly color: Color;
}

const LABEL_WIDTH = 5;

function printRows({ print, paint, columns }: Terminal, rows: readonly Row[], margin: Margin) {
  const room = columns && columns - margin.gutterWidth - LABEL_WIDTH;
  for (const [index, row] of rows.entries()) {
    const before = index === 0 ? margin.gutter : ' '.repeat(margin.gutterWidth);
    const label = paint((row.kind === 'in' ? 'in' : 'out').padEnd(LABEL_WIDTH), 'dim');
    print(`${before}${label}${textOf(row, room, margin, paint)}`);
  }
}

function textOf({ kind, stretches }: Row, room: number | undefined, margin: Margin, paint: Paint) {
  const fitted = room ? fitStretches(stretches, room) : stretches;
  const ordinary = { in: ['dim'], out: [], fate: [margin.color] } satisfies Record<string, Color[]>;
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
    ...(records.PutBack > 0
      ? [['', records.PutBack, 'back into the stream', 'yellow'] as const]
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
