/** What is going to change of each stage, before and after, for a person to agree to. */

import { checkFormat } from '../../lambda/core/format/check/check';
import { partsOf } from '../../lambda/core/format/template';
import type { AccessLog } from '../../lambda/stages/access-log';
import { destinationName, isSameDestination } from '../../lambda/stages/destination';
import { printable, shorten } from '../terminal/printable';
import type { Terminal } from '../terminal/terminal';
import type { Stage } from './account-stages';
import type { StageChange } from './stage-changes';

export function printDifferences(terminal: Terminal, changes: readonly StageChange[]): void {
  // A platform's stages mostly change alike.
  const groups = new Map<string, StageChange[]>();
  for (const change of changes) {
    const { stage, after } = change;
    const key = JSON.stringify([stage.accessLog, after, notesOn(stage, after)]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  for (const alike of groups.values()) printDifference(terminal, alike);
}

function printDifference(terminal: Terminal, alike: readonly StageChange[]): void {
  const { print, paint, columns } = terminal;
  const room = columns ? columns - 4 : Number.POSITIVE_INFINITY;
  const side = (sign: '-' | '+', text: string) =>
    print(paint(`  ${sign} ${shorten(printable(text), room)}`, sign === '-' ? 'red' : 'green'));

  for (const { stage } of alike) {
    const { api, name } = stage;
    const title = paint(`${printable(api.name)} ${name}`, 'bold');
    print(`${title}  ${paint(`${api.type} ${api.id}`, 'dim')}`);
  }
  const [first] = alike;
  if (!first) return;
  const { stage, after } = first;
  const before = stage.accessLog;
  const stays = before && after && isSameDestination(before.destinationArn, after.destinationArn);
  if (!stays) {
    side('-', before ? destinationName(before.destinationArn) : 'nothing');
    side('+', after ? destinationName(after.destinationArn) : 'nothing');
  }
  if (before && before.format !== after?.format) side('-', before.format ?? 'no format');
  if (after && before?.format !== after.format) side('+', after.format ?? 'no format');
  for (const note of notesOn(stage, after)) print(paint(`  ! ${note}`, 'yellow'));
  print();
}

/** What a person is likely to overlook in two long formats. */
function notesOn({ api, accessLog: before }: Stage, after: AccessLog | undefined): string[] {
  const notes: string[] = [];
  if (before && after) {
    const kept = new Set(partsOf(after.format ?? '').variables);
    const logged = new Set(partsOf(before.format ?? '').variables);
    const gone = [...logged].filter((variable) => !kept.has(variable));
    if (gone.length > 0) notes.push(`no longer logged: ${gone.join(', ')}`);
  }
  const check = after && checkFormat(after.format ?? '', api.type);
  if (check && check.lacks.length > 0) {
    notes.push(`cannot be attributed without: ${check.lacks.join(', ')}`);
  }
  if (check?.logsKeyValues) notes.push('logs the values of API keys');
  if (check?.exposesKeyValues)
    notes.push('key values go out in clear unless the format is configured');
  if (api.managedBy) notes.push(`stack ${api.managedBy} manages this API: change it there as well`);
  return notes;
}
