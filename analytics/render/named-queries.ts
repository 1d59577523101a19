/** The panels as statements to be kept and run on any day: about the last seven whole days of UTC. */

import { panels } from '../panels/all';
import type { Panel, Period } from '../panels/panel';
import { DAY } from '../time-zone';

export interface NamedQuery {
  /** The panel's id. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly sql: string;
}

/** The midnight that statements are made for, before their moments become relative to another one. */
const MIDNIGHT = Date.parse('2026-11-09T00:00:00Z');

/** The last midnight of UTC, in milliseconds since 1970. */
const today = "cast(to_unixtime(date_trunc('day', now())) as bigint) * 1000";

/** Their statements list weeks or months of the calendar, which do not follow from a distance from today. */
const ofTheCalendar = new Set([
  'forecast',
  'customer-forecast',
  'retention',
  'quota-reached',
  'quota-burn-down',
]);

/**
 * A statement for each panel that can be asked about the last days of any day.
 *
 * @param bound what an engine needs around a statement for the period
 * @param of the panels, those of traffic by default
 */
export function namedQueries(
  days = 7,
  bound: (statement: string, period: Period) => string = (statement) => statement,
  of: readonly Panel[] = panels,
): NamedQuery[] {
  const scope = {
    from: MIDNIGHT - days * DAY,
    to: MIDNIGHT,
    timeZone: 'UTC',
    bucket: 'hour',
    filter: {},
  } as const;
  return of
    .filter(({ id }) => !ofTheCalendar.has(id))
    .map((panel) => ({
      name: panel.id,
      title: panel.title,
      description: panel.definition,
      sql: relativeToToday(bound(panel.sql(scope), scope)),
    }));
}

/** Moments are the only numbers of thirteen digits in a statement, days its only dates. */
function relativeToToday(statement: string): string {
  return statement
    .replace(/\b\d{13}\b/g, (moment) => {
      const before = MIDNIGHT - Number(moment);
      return before < 0 ? `(${today} + ${-before})` : `(${today} - ${before})`;
    })
    .replace(/\bdate '(\d{4}-\d\d-\d\d)'/g, (_, day: string) => {
      const before = Math.round((MIDNIGHT - Date.parse(day)) / DAY);
      return `(current_date ${before < 0 ? '+' : '-'} interval '${Math.abs(before)}' day)`;
    });
}
