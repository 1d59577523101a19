/**
 * Statements that look back for a customer's history, as far as 400 days: what they ask of the time before the
 * periods that they count is in which hours there were requests, which roll-ups have.
 */

import { filterDimensions } from '../cubes/definitions';
import type { Period } from '../panels/panel';
import { historyFrom } from '../panels/periods';
import { relations } from '../schema';
import { HOUR, offsetPeriods } from '../time-zone';
import { overRelations, requestsOfPeriod } from './bounded';
import { rollupOf, withinRollup } from './rollups';

export interface HistoryOptions {
  readonly database: string;
  readonly period: Period;
  readonly timeZone: string;
  /** The first moment that no roll-up covers. */
  readonly closedEnd: number;
  readonly closedUntil: string;
}

/** Undefined for a statement without a history, and where hours of UTC do not cover it. */
export function historySql(statement: string, options: HistoryOptions): string | undefined {
  const { database, period, timeZone, closedEnd, closedUntil } = options;
  const { from, to } = period;
  const since = historyFrom({ to, timeZone });
  if (!statement.includes(`${since}`)) return undefined;
  // Not after the period before, which is as long, but for an hour that clocks may be changed by.
  const before = from - (to - from) - 2 * HOUR;
  const until = Math.min(before - (before % HOUR), closedEnd);
  const isOfHours = offsetPeriods(timeZone, since, to).every(({ offset }) => offset % HOUR === 0);
  if (!isOfHours || until <= since) return undefined;
  const { table, cube } = rollupOf('traffic');
  const columns = Object.keys(filterDimensions).join(', ');
  return overRelations(statement, {
    [relations.requests]: `select "time" as request_time_epoch, ${columns} from "${database}".${table} where ${withinRollup(cube, { from: since, to: until })}
union all
select request_time_epoch, ${columns} from (${requestsOfPeriod({ from: until, to }, database, closedUntil)}) as counted`,
  });
}
