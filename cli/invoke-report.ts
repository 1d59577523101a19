/** What `invoke` tells of its invocations: everything, for a person, or the bare responses. */

import type {
  FirehoseRecordTransformationStatus,
  FirehoseTransformationEvent,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import type { Settings } from '../lambda/core/settings';
import { fitEnd, fitStretches } from './fit';
import { type Row, rowsOf } from './record-rows';
import type { Recorder } from './recorder';
import type { Color, Paint, Terminal } from './terminal';

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
        printRows(terminal, rowsOf(record, result, settings), {
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
      for (const line of summaryOf(recorder, source, paint)) terminal.print(line);
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
    print(`${before}${label}${textOf(row, room, margin.color, paint)}`);
  }
}

function textOf(row: Row, room: number | undefined, color: Color, paint: Paint): string {
  const whole = row.stretches.map(({ text }) => text).join('');
  if (row.kind === 'fate') return paint(whole, color);
  // The beginning of what went in and the end of what came out: the same line, seen from both sides.
  if (row.kind === 'in') return paint(room ? fitEnd(whole, room) : whole, 'dim');
  const stretches = room ? fitStretches(row.stretches, room) : row.stretches;
  return stretches
    .map(({ text, standsOut }) => (standsOut ? paint(text, 'green', 'bold') : text))
    .join('');
}

function summaryOf(recorder: Recorder, source: string, paint: Paint): string[] {
  const { lines, records, calls, catalog } = recorder;
  const callCount = [...calls.values()].reduce((sum, count) => sum + count, 0);
  const eachCall = [...calls].map(([operation, count]) => `${count} ${operation}`).join(', ');
  return [
    [
      'lines',
      list([
        count(lines.enriched, 'enriched', 'green'),
        count(lines.noPlanForStage, 'without a plan for the stage', 'yellow'),
        count(lines.withoutKey, 'without a key', 'yellow'),
        count(lines.unknownKey, 'with an unknown key', 'yellow'),
        count(lines.unparsed, 'unreadable', 'red'),
      ]),
    ],
    [
      'records',
      list([
        count(records.Ok, 'Ok', marks.Ok.color),
        count(records.Dropped, 'Dropped', marks.Dropped.color),
        count(records.ProcessingFailed, 'ProcessingFailed', marks.ProcessingFailed.color),
      ]),
    ],
    [
      'usage plans',
      catalog
        ? `${counted(catalog.planCount, 'plan')} and ${counted(catalog.keyCount, 'key')} from ${source}`
        : `not loaded from ${source}`,
    ],
    ['control plane', `${counted(callCount, 'call')}${eachCall && `: ${eachCall}`}`],
    ['duration', `${Math.round(recorder.durationMs)} ms`],
  ].map(([name = '', text]) => `${paint(name.padEnd(15), 'bold')}${text}`);

  function count(number: number, of: string, color: Color): string {
    return number === 0 ? paint(`0 ${of}`, 'dim') : `${paint(String(number), color, 'bold')} ${of}`;
  }

  function list(counts: readonly string[]): string {
    return counts.join(paint(' · ', 'dim'));
  }
}

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

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
