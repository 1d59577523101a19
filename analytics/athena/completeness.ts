/** How complete the lines of a period are, found in one reading of them, which is what Athena charges. */

import type { LineKind } from '../cubes/definitions';
import type { Period } from '../panels/panel';
import { isConflict, isReadable, isUnattributed, requestIdentity } from '../requests';
import type { Completeness, Value } from '../result';
import { HOUR } from '../time-zone';
import { addDays, CLOSED_TABLE, CONFLICT_COLUMN, DUPLICATE_DAYS, dayOf } from './closed-days';
import { rollupOf, withinRollup } from './rollups';

/** One row: timed, untimed, unparsed, requests, conflicts, unattributed, hours, first, last. */
export function completenessSql(): string {
  const sum = (what: string) => `coalesce(sum(${what}), 0)`;
  // Lines of one request make one group; those without an identity a group of their hour.
  const requests = "case when kind <> 'timed' then 0 when identity is null then copies else 1 end";
  return `select
  ${sum("case when kind = 'timed' then copies else 0 end")} as timed,
  ${sum("case when kind = 'untimed' then copies else 0 end")} as untimed,
  ${sum("case when kind = 'unparsed' then copies else 0 end")} as unparsed,
  ${sum(requests)} as requests,
  ${sum("case when kind = 'timed' and identity is not null and is_conflict then 1 else 0 end")} as conflicts,
  ${sum(`case when kind <> 'timed' then 0 when identity is null then without_plan when without_plan = copies then 1 else 0 end`)} as unattributed,
  count(distinct case when kind = 'timed' then hour_of_first end) as hours,
  min(case when kind = 'timed' then first_time end) as first,
  max(case when kind = 'timed' then last_time end) as last
from (
  select kind, identity, count(*) as copies, ${isConflict} as is_conflict,
    count(case when ${isUnattributed} then 1 end) as without_plan,
    min(request_time_epoch) as first_time, max(request_time_epoch) as last_time,
    min(request_time_epoch) / ${HOUR} as hour_of_first
  from (
    select access.*, ${requestIdentity} as identity,
      case
        when not (${isReadable}) then 'unparsed'
        when request_time_epoch is null then 'untimed'
        else 'timed'
      end as kind
    from access
  ) as told
  group by kind, identity, case when identity is null then request_time_epoch / ${HOUR} end
) as grouped`;
}

/** The same row of closed days, out of what their closing has counted. */
export function closedCompletenessSql(period: Period): string {
  const { table, cube } = rollupOf('lines');
  const [first, last] = [dayOf(period.from), dayOf(period.to - 1)];
  const lines = (kind: LineKind) =>
    `coalesce(sum(case when kind = '${kind}' then lines end), 0) as ${kind}`;
  return `select timed, untimed, unparsed, requests, conflicts, unattributed, hours, first, last
from (
  select ${lines('timed')}, ${lines('untimed')}, ${lines('unparsed')}
  from ${table}
  where ${withinRollup(cube, period)}
) as counted
cross join (
  select count(*) as requests,
    count(case when ${CONFLICT_COLUMN} then 1 end) as conflicts,
    count(case when ${isUnattributed} then 1 end) as unattributed,
    count(distinct request_time_epoch / ${HOUR}) as hours,
    min(request_time_epoch) as first, max(request_time_epoch) as last
  from ${CLOSED_TABLE}
  where day between date '${first}' and date '${addDays(last, DUPLICATE_DAYS)}'
    and request_time_epoch >= ${period.from} and request_time_epoch < ${period.to}
) as told`;
}

/** The completeness of a period and of the one that follows it, which meet at an hour. */
export function addUp(one: Completeness, other: Completeness): Completeness {
  return {
    ...one,
    lines: one.lines + other.lines,
    requests: one.requests + other.requests,
    duplicates: one.duplicates + other.duplicates,
    conflicts: one.conflicts + other.conflicts,
    unparsed: one.unparsed + other.unparsed,
    untimed: one.untimed + other.untimed,
    unattributed: one.unattributed + other.unattributed,
    emptyHours: one.emptyHours + other.emptyHours + hoursBetween(one.to, other.from),
    from: one.from ?? other.from,
    to: other.to ?? one.to,
  };
}

/** Whole hours between two moments, without those that these are in. */
function hoursBetween(one: number | null, other: number | null): number {
  if (one === null || other === null) return 0;
  return Math.max(0, Math.floor(other / HOUR) - Math.floor(one / HOUR) - 1);
}

/** The result of the row of `completenessSql`. Athena does not report how many objects it reads. */
export function completenessFrom(row: readonly Value[] = []): Completeness {
  const [timed, untimed, unparsed, requests, conflicts, unattributed, hours, first, last] = row.map(
    (value) => (value === null ? null : Number(value)),
  );
  const count = (value: number | null | undefined) => value ?? 0;
  const isEmpty = first === null || last === null || first === undefined || last === undefined;
  return {
    lines: count(timed) + count(untimed) + count(unparsed),
    requests: count(requests),
    duplicates: count(timed) - count(requests),
    conflicts: count(conflicts),
    unparsed: count(unparsed),
    untimed: count(untimed),
    unattributed: count(unattributed),
    emptyHours: isEmpty ? 0 : Math.floor(last / HOUR) - Math.floor(first / HOUR) + 1 - count(hours),
    failedRecords: 0,
    files: 0,
    unreadFiles: [],
    from: first ?? null,
    to: last ?? null,
  };
}
