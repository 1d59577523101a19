/**
 * Closes the days that are over: writes each one's requests once, then its roll-ups, then lets the view
 * `requests` read them.
 *
 * A day is written into a folder of its run and becomes part of the table by adding the partition,
 * which Athena does for one run only: what a run leaves that was stopped half-way is no part of any
 * table. Days are closed in order, so a run after an outage goes on where the last one ended.
 */

import {
  addDays,
  CLOSED_TABLE,
  closingSql,
  dayOf,
  daysOf,
  lastInARow,
  partitionsSql,
  requestsViewSql,
  unloadSql,
} from '../../analytics/athena/closed-days';
import { type CoveredDays, coveredDays, dayTables } from '../../analytics/athena/covered-days';
import { rollups } from '../../analytics/athena/rollups';

export interface ClosingEdges {
  /** Rows of a statement, as texts. Rejects with Athena's message. */
  readonly query: (statement: string) => Promise<readonly (readonly (string | null)[])[]>;
  /** The first day that has a folder of lines, `2026-11-25`; undefined where there are no lines. */
  readonly firstDay: () => Promise<string | undefined>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Distinguishes this run's folders from those of others; letters, digits and hyphens. */
  readonly run: string;
  /** Whether there is time for another day. */
  readonly hasTime: () => boolean;
}

export interface ClosingOptions {
  /** Days that are waited for late lines; from 1 on. */
  readonly lateDays: number;
  /** `s3://bucket/analytics/` */
  readonly location: string;
  /** Only these days, where given; by default all that are over and not closed. No day before them may be open. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface ClosingReport {
  readonly closed: readonly string[];
  readonly rolledUp: readonly string[];
  /** Days that are over and still open after this run. */
  readonly behind: number;
  /** The days in a row, from the first one on, that all tables have after this run. */
  readonly covered: CoveredDays | undefined;
}

/** A range was asked for that leaves a day open before it. */
export class OpenDayBefore extends Error {
  constructor(from: string, day: string) {
    super(
      `got ${from}, expected ${day} or earlier: that day is open, and days are closed in order`,
    );
  }
}

export async function closeDays(
  edges: ClosingEdges,
  options: ClosingOptions,
): Promise<ClosingReport> {
  const days = new Map<string, Set<string>>();
  for (const table of dayTables) days.set(table, await partitionsOf(edges, table));
  const has = (table: string, day: string) => days.get(table)?.has(day) ?? false;

  const closed: string[] = [];
  const rolledUp: string[] = [];
  const due = await daysDue(edges, options, days.get(CLOSED_TABLE) ?? new Set());
  let done = 0;
  for (const day of due) {
    if (!edges.hasTime()) break;
    if (!has(CLOSED_TABLE, day)) {
      await write(
        edges,
        options,
        CLOSED_TABLE,
        day,
        closingSql({ day, lateDays: options.lateDays }),
      );
      days.get(CLOSED_TABLE)?.add(day);
      closed.push(day);
    }
    for (const { table, sql } of rollups) {
      if (has(table, day)) continue;
      await write(edges, options, table, day, sql({ day, lateDays: options.lateDays }));
      days.get(table)?.add(day);
      rolledUp.push(day);
    }
    done++;
  }
  await renewView(edges, lastInARow(days.get(CLOSED_TABLE) ?? new Set()));
  return {
    closed,
    rolledUp: [...new Set(rolledUp)],
    behind: due.length - done,
    covered: coveredDays([...days.values()]),
  };
}

/**
 * Has the view `requests` read closed days until the last one. It may be an older one: an update of the stack puts
 * the first one back, and a run may have been stopped after it had closed a day.
 */
async function renewView({ query }: ClosingEdges, last: string | undefined): Promise<void> {
  if (last === undefined) return;
  const text = (await query('show create view requests')).flat().join('\n');
  if (!text.includes(`'${last}'`))
    await query(`create or replace view requests as ${requestsViewSql(last)}`);
}

/**
 * The days that should be closed or rolled up, oldest first. Rejects a range that would leave a day open before it:
 * what is closed is one row of days, which is what all queries rely on.
 */
async function daysDue(
  { firstDay, now }: ClosingEdges,
  { lateDays, from, to }: ClosingOptions,
  closed: ReadonlySet<string>,
): Promise<string[]> {
  const today = dayOf(now());
  // The last folder that is looked at has to be complete.
  const newest = addDays(today, -lateDays - 1);
  const [oldest] = [...closed, await firstDay()].filter((day) => day !== undefined).sort();
  if (oldest === undefined) return [];
  const last = to !== undefined && to < newest ? to : newest;
  const days = daysFrom(oldest, last);
  if (from === undefined) return days;
  const open = days.find((day) => !closed.has(day));
  if (open !== undefined && open < from) throw new OpenDayBefore(from, open);
  return days.filter((day) => day >= from);
}

function daysFrom(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

async function partitionsOf({ query }: ClosingEdges, table: string): Promise<Set<string>> {
  return daysOf(await query(partitionsSql(table)));
}

/** Writes a day's rows and makes them part of the table; what another run has added meanwhile stays. */
async function write(
  { query, run }: ClosingEdges,
  { location }: ClosingOptions,
  table: string,
  day: string,
  select: string,
): Promise<void> {
  const folder = `${location}${table}/day=${day}/run=${run}/`;
  await query(unloadSql(select, folder));
  await query(
    `alter table ${table} add if not exists partition (day = '${day}') location '${folder}'`,
  );
}
