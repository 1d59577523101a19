/**
 * Changes what stages log: shows what is going to change, asks, changes one stage after the other,
 * and says what became of each. It can be interrupted between any two, and run again.
 */

import { confirm } from '../terminal/confirm';
import { counted } from '../terminal/counted';
import { onInterruption } from '../terminal/interruption';
import { type Progress, progressOn } from '../terminal/progress';
import type { Terminal } from '../terminal/terminal';
import type { AccessLog } from './access-log';
import type { Stage } from './account-stages';
import { type ChangeReport, jsonChanges, readableChanges } from './stage-change-report';

export interface StageChange {
  readonly stage: Stage;
  readonly after: AccessLog | undefined;
  carryOut(): Promise<void>;
}

/** A stage that is named, and stays as it is. */
export interface StandingStage {
  readonly stage: Stage;
  /** `unchanged` is as it was asked for; `left` is not, and this command has no right to change it. */
  readonly outcome: 'unchanged' | 'left';
  readonly message: string;
}

export interface StageChanges {
  readonly changes: readonly StageChange[];
  readonly standing: readonly StandingStage[];
  /** What else is made, and what to know before it is agreed to. */
  readonly remarks: readonly string[];
}

export interface ChangeFlags {
  readonly 'dry-run'?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export const changeOptions = {
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** `done` is what a changed stage is called. */
export interface ChangeWords {
  readonly command: string;
  readonly done: string;
}

export async function changeStages(
  planned: StageChanges,
  flags: ChangeFlags,
  { terminal, words }: { terminal: Terminal; words: ChangeWords },
): Promise<number> {
  const { changes, standing } = planned;
  const report = flags.json ? jsonChanges(terminal) : readableChanges(terminal, words);
  report.plan(planned);
  for (const stage of standing) report.standing(stage);
  const isAllRight = standing.every(({ outcome }) => outcome === 'unchanged');
  if (changes.length === 0 || flags['dry-run']) {
    for (const change of changes) report.change(change, 'planned');
    report.end();
    return isAllRight ? 0 : 1;
  }
  if (!flags.yes && !(await confirm(`Change ${counted(changes.length, 'stage')}?`))) {
    terminal.warn(`apigw-logs ${words.command}: nothing was changed`);
    return 1;
  }
  const isAllDone = await carryOutAll(changes, { report, terminal, command: words.command });
  report.end();
  return isAllRight && isAllDone ? 0 : 1;
}

interface Going {
  readonly report: ChangeReport;
  readonly terminal: Terminal;
  readonly command: string;
}

async function carryOutAll(
  changes: readonly StageChange[],
  { report, terminal, command }: Going,
): Promise<boolean> {
  const progress = progressOn();
  const interruption = onInterruption(() => {
    progress.clear();
    terminal.warn(`apigw-logs ${command}: finishing the stage at hand; Ctrl-C again ends at once`);
  });
  let isAllDone = true;
  for (const [index, change] of changes.entries()) {
    if (interruption.signal.aborted) {
      report.change(change, 'not reached');
      isAllDone = false;
      continue;
    }
    progress.show(`${index + 1}/${changes.length}  ${change.stage.api.name} ${change.stage.name}`);
    const failure = await failureOf(change, progress);
    report.change(change, failure === undefined ? 'changed' : 'failed', failure);
    if (failure !== undefined) isAllDone = false;
  }
  interruption.release();
  return isAllDone;
}

async function failureOf(change: StageChange, progress: Progress): Promise<string | undefined> {
  try {
    await change.carryOut();
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    // What follows the first line is advice to programmers.
    return text.split('\n')[0];
  } finally {
    progress.clear();
  }
}
