/** What `attach` and `detach` print: what is going to change, then what became of each stage. */

import type { AccessLog } from '../../lambda/stages/access-log';
import { destinationName } from '../../lambda/stages/destination';
import { printable } from '../terminal/printable';
import type { Terminal } from '../terminal/terminal';
import type { Stage } from './account-stages';
import type {
  ChangeOutcome,
  ChangeWords,
  SkippedStage,
  StageChange,
  StageChanges,
} from './stage-changes';
import { printDifferences } from './stage-difference';

export interface ChangeReport {
  plan(planned: StageChanges): void;
  skipped(skipped: SkippedStage): void;
  change(change: StageChange, outcome: ChangeOutcome, message?: string): void;
  end(): void;
}

/** A line for each stage. */
export function jsonChanges(terminal: Terminal): ChangeReport {
  const print = (
    { api, name, accessLog }: Stage,
    after: AccessLog | undefined,
    rest: { outcome: string; message?: string | undefined },
  ) => {
    const identity = { apiId: api.id, apiName: api.name, apiType: api.type, stage: name };
    terminal.print(
      JSON.stringify({ ...identity, ...rest, before: accessLog ?? null, after: after ?? null }),
    );
  };
  return {
    plan: ({ remarks }) => {
      for (const remark of remarks) terminal.warn(remark);
    },
    skipped: ({ stage, outcome, message }) => print(stage, stage.accessLog, { outcome, message }),
    change: ({ stage, after }, outcome, message) => print(stage, after, { outcome, message }),
    end: () => {},
  };
}

export function readableChanges(terminal: Terminal, words: ChangeWords): ChangeReport {
  const { paint } = terminal;
  const counts = new Map<string, number>();
  const count = (word: string) => counts.set(word, (counts.get(word) ?? 0) + 1);
  const line = (stage: Stage, mark: keyof typeof marks, text: string) => {
    const name = paint(`${printable(stage.api.name)} ${stage.name}`, 'bold');
    terminal.print(`${paint(mark, marks[mark])} ${name}  ${text}`);
  };
  return {
    plan({ changes, remarks }) {
      printDifferences(terminal, changes);
      for (const remark of remarks) terminal.print(`${paint('!', 'yellow')} ${remark}`);
      if (remarks.length > 0) terminal.print();
    },
    skipped({ stage, outcome, message }) {
      count(outcome === 'left' ? 'left alone' : outcome);
      line(stage, outcome === 'left' ? '!' : '=', message);
    },
    change({ stage, after }, outcome, message = '') {
      count(outcome === 'changed' ? words.done : outcome === 'planned' ? 'to change' : outcome);
      if (outcome === 'changed')
        line(
          stage,
          '✓',
          after ? `logs to ${destinationName(after.destinationArn)}` : 'logs nothing',
        );
      if (outcome === 'failed') line(stage, '✗', message);
      if (outcome === 'not reached') line(stage, '–', 'not reached');
    },
    end() {
      const parts = [...counts].map(([word, number]) => `${number} ${word}`);
      terminal.print(paint(parts.join(', ') || 'no stages', 'bold'));
    },
  };
}

const marks = { '✓': 'green', '✗': 'red', '–': 'yellow', '!': 'yellow', '=': 'dim' } as const;
