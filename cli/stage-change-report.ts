/** What `attach` and `detach` tell: a difference for each stage, then what became of it. */

import { type AccessLog, destinationName, isSameDestination } from './access-log';
import type { Stage } from './account-stages';
import type { ChangeWords, StageChange, StageChanges, StandingStage } from './change-stages';
import { fit, printable } from './fit';
import { formatTraits, variablesOf } from './format-traits';
import type { Color, Terminal } from './terminal';

export type Outcome = 'planned' | 'changed' | 'failed' | 'not reached';

export interface ChangeReport {
  plan(planned: StageChanges): void;
  standing(standing: StandingStage): void;
  change(change: StageChange, outcome: Outcome, message?: string): void;
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
    standing: ({ stage, outcome, message }) => print(stage, stage.accessLog, { outcome, message }),
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
      for (const { stage, after } of changes) printDifference(terminal, stage, after);
      for (const remark of remarks) terminal.print(`${paint('!', 'yellow')} ${remark}`);
      if (remarks.length > 0) terminal.print();
    },
    standing({ stage, outcome, message }) {
      count(outcome === 'left' ? 'left alone' : outcome);
      line(stage, outcome === 'left' ? '!' : '=', message);
    },
    change({ stage, after }, outcome, message = '') {
      count(outcome === 'changed' ? words.done : outcome === 'planned' ? 'to change' : outcome);
      if (outcome === 'changed') line(stage, '✓', `logs to ${nameOf(after)}`);
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

function printDifference(terminal: Terminal, stage: Stage, after: AccessLog | undefined): void {
  const { print, paint } = terminal;
  const { api, name, accessLog: before } = stage;
  const side = (sign: string, color: Color, text: string) => {
    const room = terminal.columns ? terminal.columns - 4 : Number.POSITIVE_INFINITY;
    print(paint(`  ${sign} ${fit(printable(text), room)}`, color));
  };
  print(
    `${paint(`${printable(api.name)} ${name}`, 'bold')}  ${paint(`${api.type} ${api.id}`, 'dim')}`,
  );
  const moves = !before || !after || !isSameDestination(before.destinationArn, after.destinationArn);
  if (moves) {
    side('-', 'red', nameOf(before));
    side('+', 'green', nameOf(after));
  }
  if (before && before.format !== after?.format) side('-', 'red', before.format);
  if (after && before?.format !== after.format) side('+', 'green', after.format);
  for (const note of notesOn(stage, after)) print(`    ${paint(note, 'yellow')}`);
  print();
}

function nameOf(accessLog: AccessLog | undefined): string {
  return accessLog ? destinationName(accessLog.destinationArn) : 'nothing';
}

/** What a person is likely to overlook in two long formats. */
function notesOn({ api, accessLog: before }: Stage, after: AccessLog | undefined): string[] {
  const notes: string[] = [];
  if (before && after) {
    const kept = variablesOf(after.format);
    const gone = [...variablesOf(before.format)].filter((variable) => !kept.has(variable));
    if (gone.length > 0) notes.push(`no longer logged: ${gone.join(', ')}`);
  }
  const { lacks, isSecret } = formatTraits(after?.format ?? '', api.type);
  if (after && lacks.length > 0) notes.push(`cannot be attributed without: ${lacks.join(', ')}`);
  if (isSecret) notes.push('logs the values of API keys');
  if (api.managedBy) notes.push(`stack ${api.managedBy} manages this API: change it there as well`);
  return notes;
}
