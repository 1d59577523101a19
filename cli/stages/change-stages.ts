/**
 * Changes what stages log: shows what is going to change, asks, changes one stage after the other,
 * and reports what became of each. It can be interrupted between any two, and run again.
 */

import { counted } from '../terminal/counted';
import { onInterruption } from '../terminal/interruption';
import type { Progress } from '../terminal/progress';
import type { Terminal } from '../terminal/terminal';
import { type ChangeReport, jsonChanges, readableChanges } from './stage-change-report';
import type { ChangeWords, StageChange, StageChanges } from './stage-changes';

export interface ChangeFlags {
  readonly 'dry-run'?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export const changeOptions = {
  'dry-run': { type: 'boolean', description: 'show the change and make none' },
  yes: { type: 'boolean', description: 'do not ask' },
  json: { type: 'boolean', description: 'print a line of JSON for each stage' },
} as const;

export async function changeStages(
  planned: StageChanges,
  flags: ChangeFlags,
  { terminal, words }: { terminal: Terminal; words: ChangeWords },
): Promise<number> {
  const { changes, skipped, where } = planned;
  const report = flags.json ? jsonChanges(terminal) : readableChanges(terminal, words);
  report.plan(planned);
  for (const stage of skipped) report.skipped(stage);
  const isAllRight = skipped.every(({ outcome }) => outcome === 'unchanged');
  if (changes.length === 0 || flags['dry-run']) {
    for (const change of changes) report.change(change, 'planned');
    report.end();
    return isAllRight ? 0 : 1;
  }
  if (flags.yes) terminal.note(where);
  const question = `Change ${counted(changes.length, 'stage')} in ${where}?`;
  if (!flags.yes && !(await terminal.confirm(question))) {
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
  const { progress } = terminal;
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
