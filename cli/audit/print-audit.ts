/** An audit on a terminal: what stands out, then every call. */

import type { Change } from '../../analytics/audit/changes';
import type { CallsOf, DarkStage } from '../../analytics/audit/findings';
import { type Clock, clockOf } from '../../analytics/render/clock';
import { formatExactly } from '../../analytics/render/format';
import { counted } from '../terminal/counted';
import { printable } from '../terminal/printable';
import { type Cell, printTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';

export interface ShownAudit {
  readonly changes: readonly Change[];
  readonly findings: {
    readonly valuesRead: readonly CallsOf[];
    /** Left out where no role was named. */
    readonly outsideDeployRole?: readonly CallsOf[] | undefined;
    readonly withoutMfa: readonly CallsOf[];
    readonly darkStages: readonly DarkStage[];
  };
  readonly timeZone: string;
  /** Whether calls that only read are listed too. */
  readonly hasReads: boolean;
}

export function printAudit(
  { changes, findings, timeZone, hasReads }: ShownAudit,
  terminal: Terminal,
): void {
  const clock = clockOf(timeZone);
  const writes = changes.filter(({ event_kind: kind }) => kind === 'write');
  const failed = changes.filter(({ error_code: code }) => code !== null);
  const people = new Set(changes.map(({ actor }) => actor));
  terminal.print(
    `${counted(changes.length, 'call')} by ${counted(people.size, 'identity').replace(/ys$/, 'ies')}: ` +
      `${writes.length} to change something, ${changes.length - writes.length} to read, ${failed.length} failed`,
  );
  if (changes.length === 0) return;
  printActors('Key values read', findings.valuesRead, clock, terminal);
  if (findings.outsideDeployRole) {
    printActors(
      'Changes from outside the deploying role',
      findings.outsideDeployRole,
      clock,
      terminal,
    );
  }
  printActors('Changes without MFA', findings.withoutMfa, clock, terminal);
  printDarkStages(findings.darkStages, clock, terminal);
  printCalls(hasReads ? changes : writes, clock, terminal);
}

function heading(terminal: Terminal, text: string): void {
  terminal.print();
  terminal.print(terminal.paint(text, 'bold'));
}

function printActors(
  title: string,
  rows: readonly CallsOf[],
  clock: Clock,
  terminal: Terminal,
): void {
  heading(terminal, title);
  if (rows.length === 0) {
    terminal.print('none');
    return;
  }
  printTable(terminal, {
    head: ['who', 'calls', 'first', 'last', 'what', 'from'],
    numbers: [1],
    rows: rows.map(({ actor, calls, first, last, events, addresses }) => [
      cell(actor),
      { text: String(calls) },
      { text: clock.moment(first) },
      { text: clock.moment(last) },
      cell(events.join(' ')),
      cell(addresses.join(' ')),
    ]),
  });
}

function printDarkStages(stages: readonly DarkStage[], clock: Clock, terminal: Terminal): void {
  heading(terminal, 'Access logs switched off or moved');
  if (stages.length === 0) {
    terminal.print('none');
    return;
  }
  printTable(terminal, {
    head: ['stage', 'what', 'since', 'until', 'hours', 'who'],
    numbers: [4],
    rows: stages.map(({ api_id, api_name, stage, what, since, until, hours, actor }) => [
      cell(`${api_name ?? api_id}/${stage}`),
      { text: what.replace('access log ', ''), colors: ['red'] },
      { text: clock.moment(since) },
      { text: until === null ? 'now' : clock.moment(until) },
      { text: formatExactly(Math.round(hours * 10) / 10, 'hours') },
      cell(actor),
    ]),
    below: stages.map(({ change }) => printable(change ?? '')),
  });
}

function printCalls(changes: readonly Change[], clock: Clock, terminal: Terminal): void {
  heading(terminal, 'Calls');
  if (changes.length === 0) {
    terminal.print('none that change anything');
    return;
  }
  printTable(terminal, {
    head: ['time', 'call', 'about', 'who', 'from'],
    rows: changes.map((change) => [
      { text: clock.moment(change.event_time_epoch) },
      {
        text: printable(change.event_name),
        ...(change.error_code === null ? {} : { colors: ['red'] as const }),
      },
      cell(aboutOf(change)),
      cell(change.actor),
      cell(change.source_ip ?? ''),
    ]),
    below: changes.map((change) => printable(noteOf(change))),
  });
}

function cell(text: string): Cell {
  return { text: printable(text) };
}

/** What a call is about, by its name where one is known. */
function aboutOf(change: Change): string {
  const { api_id, api_name, stage, usage_plan_id, usage_plan, api_key_id, api_key_name } = change;
  const named = (kind: string, id: string | null, name: string | null) =>
    id === null ? [] : [`${kind} ${name === null || name === id ? id : `${name} (${id})`}`];
  return [
    ...named('key', api_key_id, api_key_name),
    ...named('plan', usage_plan_id, usage_plan),
    ...named('API', api_id, api_name),
    ...(stage === null ? [] : [`stage ${stage}`]),
  ].join(', ');
}

function noteOf({ effect, change, error_code, error_message }: Change): string {
  const failure = error_code === null ? null : `failed: ${error_code}: ${error_message ?? ''}`;
  return [failure, effect, change].filter((part) => part !== null).join(' | ');
}
