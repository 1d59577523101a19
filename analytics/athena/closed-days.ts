/**
 * Closed days: each request of a day once, as Parquet that never changes again.
 *
 * A day is closed when its late lines are in: `lateDays` after its end. The lines of a folder, which
 * is named after the time of arrival, are all looked at exactly once:
 *
 * - those of the day itself (by their request's time) that arrived until the day was closed
 * - those of earlier days, closed before, that arrived on the last of these days; they go along with
 *   this day, under their own time
 *
 * A request that another closed day has already is left out. A line without a time counts on the day of its folder.
 */

import { isConflictAmong, isReadable, preference, requestIdentity } from '../requests';
import { accessColumnNames, accessColumns } from '../schema';
import { DAY } from '../time-zone';

/** The table of closed days; one partition a day. */
export const CLOSED_TABLE = 'closed_requests';

/** Lines later than this many days after their day was closed may be counted again when delivered twice. */
export const DUPLICATE_DAYS = 32;

export interface ClosingDay {
  /** `2026-11-25`, of UTC. */
  readonly day: string;
  /** Days that are waited for lines. From 1 on. */
  readonly lateDays: number;
}

/** Columns of a closed day beside those of `access`: what identifies its requests. */
const IDENTITY_COLUMN = 'identity';
/** Whether the request's lines differed in more than being repeated. */
export const CONFLICT_COLUMN = 'is_conflict';

const hiveTypes = {
  string: 'string',
  bigint: 'bigint',
  double: 'double',
  timestamp: 'timestamp',
  boolean: 'boolean',
};

/** The columns of a closed day, in order, with Hive's types. */
export const closedColumns: readonly { readonly name: string; readonly type: string }[] = [
  ...accessColumns.map(({ name, type }) => ({ name, type: hiveTypes[type] })),
  { name: IDENTITY_COLUMN, type: 'string' },
  { name: CONFLICT_COLUMN, type: 'boolean' },
];

/** The day that a line counts on. */
const eventDay = 'coalesce(cast(request_time as date), day)';

/** The lines that are looked at with a day, as the relation `of_day`. */
export function linesOfDaySql({ day, lateDays }: ClosingDay): string {
  const [before, last] = [addDays(day, -1), addDays(day, lateDays)];
  return `with arrived as (
  select access.*, ${eventDay} as event_day, ${requestIdentity} as ${IDENTITY_COLUMN}
  from access
  where day between ${date(before)} and ${date(last)}
),
of_day as (
  select * from arrived
  where event_day = ${date(day)} or (event_day < ${date(day)} and day = ${date(last)})
)`;
}

/** The requests of a day that is closed, one row each, sorted as queries read them. */
export function closingSql({ day, lateDays }: ClosingDay): string {
  const [earliest, latest] = [addDays(day, -DUPLICATE_DAYS), addDays(day, DUPLICATE_DAYS)];
  return `${linesOfDaySql({ day, lateDays })},
numbered as (
  select of_day.*,
    row_number() over (partition by ${IDENTITY_COLUMN} order by ${preference}) as copy,
    ${isConflictAmong(IDENTITY_COLUMN)} as ${CONFLICT_COLUMN}
  from of_day
  where ${isReadable}
)
select ${[...accessColumnNames.map((name) => `"${name}"`), IDENTITY_COLUMN, CONFLICT_COLUMN].join(', ')}
from numbered
where ${IDENTITY_COLUMN} is null
  or copy = 1 and ${IDENTITY_COLUMN} not in (
    select ${IDENTITY_COLUMN} from ${CLOSED_TABLE}
    where day between ${date(earliest)} and ${date(latest)} and day <> ${date(day)}
      and ${IDENTITY_COLUMN} is not null
  )
order by customer_name, request_time_epoch`;
}

/**
 * The relation `requests` in the account: closed days, then the days that are still open. Late lines
 * of days that are closed appear when the day that takes them along is closed.
 */
export function requestsViewSql(closedUntil: string | undefined): string {
  const names = accessColumnNames.map((name) => `"${name}"`).join(', ');
  const isOpen = closedUntil === undefined ? 'true' : `event_day > ${date(closedUntil)}`;
  const folders = closedUntil === undefined ? '' : ` and day >= ${date(closedUntil)}`;
  const open = `select ${names}, event_day as day
from (
  select identified.*,
    row_number() over (partition by ${IDENTITY_COLUMN} order by ${preference}) as copy
  from (
    select arrived.*, ${requestIdentity} as ${IDENTITY_COLUMN}
    from (select access.*, ${eventDay} as event_day from access where ${isReadable}${folders}) as arrived
    where ${isOpen}
  ) as identified
) as numbered
where copy = 1 or ${IDENTITY_COLUMN} is null`;
  if (closedUntil === undefined) return open;
  return `select ${names}, day
from ${CLOSED_TABLE}
where day <= ${date(closedUntil)}
union all
${open}`;
}

/** The statement that writes a day's rows; it refuses a folder that has any. */
export function unloadSql(select: string, location: string): string {
  return `unload (\n${select}\n) to '${location}' with (format = 'PARQUET', compression = 'ZSTD')`;
}

/** The statement that lists the days of a table of closed days or of a roll-up. */
export function partitionsSql(table: string): string {
  return `show partitions ${table}`;
}

/** The days in its answer. */
export function daysOf(rows: readonly (readonly unknown[])[]): Set<string> {
  return new Set(
    rows.map(([text]) => /^day=(\d{4}-\d{2}-\d{2})$/.exec(String(text))?.[1] ?? '').filter(Boolean),
  );
}

/** The last day before the first one that is missing. */
export function lastInARow(days: ReadonlySet<string>): string | undefined {
  let last: string | undefined;
  for (const day of [...days].sort()) {
    if (last !== undefined && addDays(last, 1) !== day) break;
    last = day;
  }
  return last;
}

/** A moment's day in UTC, such as `2026-11-20`. */
export function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * DAY);
}

export function daysBetween(first: string, last: string): number {
  return (Date.parse(last) - Date.parse(first)) / DAY;
}

function date(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error(`not a day: ${day}`);
  return `date '${day}'`;
}
