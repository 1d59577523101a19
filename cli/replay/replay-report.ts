/** What `replay` prints: why records failed, then what became of each object. */

import { REPLAYED_FOLDER } from '../../lambda/core/folders';
import type { Pipeline } from '../pipeline-options';
import { counted } from '../terminal/counted';
import { printable } from '../terminal/printable';
import type { Terminal } from '../terminal/terminal';
import { replayedKey } from './failed-objects';
import type { Survey, SurveyedObject } from './replay-survey';

export type ReplayOutcome = 'planned' | 'replayed' | 'failed' | 'left' | 'not reached';

export interface ReplayReport {
  found(survey: Survey): void;
  object(surveyed: SurveyedObject, outcome: ReplayOutcome, message?: string): void;
  end(): void;
}

/** A line for each object. */
export function jsonReplay(terminal: Terminal): ReplayReport {
  return {
    found: () => {},
    object({ object, records, failedAgain }, outcome, message) {
      const movedTo = outcome === 'replayed' ? replayedKey(object.key) : undefined;
      terminal.print(
        JSON.stringify({ key: object.key, outcome, records, failedAgain, movedTo, message }),
      );
    },
    end: () => {},
  };
}

export function readableReplay(terminal: Terminal, { bucket }: Pipeline): ReplayReport {
  const { print, paint } = terminal;
  const objects = new Map<ReplayOutcome, number>();
  const records = new Map<ReplayOutcome, number>();
  const count = (counts: Map<ReplayOutcome, number>, outcome: ReplayOutcome, more: number) =>
    counts.set(outcome, (counts.get(outcome) ?? 0) + more);
  return {
    found({ summary, objects: surveyed }) {
      if (summary.count === 0) return;
      const size = surveyed.reduce((sum, { object }) => sum + object.size, 0);
      const counts = `${counted(surveyed.length, 'object')}, ${counted(summary.count, 'record')}`;
      print(paint(`${counts}, ${sizeOf(size)} in s3://${bucket}`, 'bold'));
      print();
      summary.print(terminal);
      print();
      const refused = summary.countOf('Lambda.ProcessingFailedStatus');
      if (refused > 0) {
        const what = `${counted(refused, 'record')} could not be read by the function`;
        print(`${paint('!', 'yellow')} ${what}, and will not be now,`);
        print('  unless it has changed; --code Lambda.FunctionError leaves them out');
        print();
      }
    },
    object({ object, records: own }, outcome, message) {
      count(objects, outcome, 1);
      count(records, outcome, own);
      const [mark, color] =
        marks[outcome] ?? (message === undefined ? [] : (['!', 'yellow'] as const));
      if (mark && color)
        print(`${paint(mark, color)} ${printable(object.key)}  ${printable(message ?? '')}`);
    },
    end() {
      if (objects.size === 0) return print('nothing failed');
      for (const [outcome, [word, color]] of Object.entries(words)) {
        const number = objects.get(outcome as ReplayOutcome);
        if (number === undefined) continue;
        const own = records.get(outcome as ReplayOutcome) ?? 0;
        const counts = `${counted(own, 'record')} of ${counted(number, 'object')}`;
        print(`${paint(word, 'bold', color)}  ${counts}`);
      }
      if (objects.has('replayed'))
        print(`${paint('moved to', 'dim')}  s3://${bucket}/${REPLAYED_FOLDER}`);
    },
  };
}

const marks: Partial<Record<ReplayOutcome, ['✗' | '!', 'red' | 'yellow']>> = {
  failed: ['✗', 'red'],
  left: ['!', 'yellow'],
};

const words = {
  planned: ['to replay', 'green'],
  replayed: ['replayed', 'green'],
  failed: ['failed', 'red'],
  left: ['left alone', 'yellow'],
  'not reached': ['not reached', 'yellow'],
} as const satisfies Record<ReplayOutcome, readonly [string, 'green' | 'red' | 'yellow']>;

function sizeOf(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
