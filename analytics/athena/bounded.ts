/** A panel's statement for Athena: over the lines of a period, reading no days but those that it needs. */

import { accessColumnNames, relations } from '../schema';
import { addDays, CLOSED_TABLE, DUPLICATE_DAYS, dayOf } from './closed-days';

/** Milliseconds since 1970; `to` is the first moment after the period. */
export interface BoundedPeriod {
  readonly from: number;
  readonly to: number;
}

/**
 * The statement over the views of a database, of the requests of the period. Folders are named after
 * the arrival of their oldest record: from a day before the period on, and late lines are found up to
 * 32 days after it. A line without a time counts on the day of its folder.
 *
 * @param closedUntil the last day that is closed: where the period ends with it or before, requests are
 * read from closed days, and no line for them. Without it they are read from the view.
 */
export function boundedSql(
  statement: string,
  period: BoundedPeriod,
  database: string,
  closedUntil?: string,
): string {
  return overRelations(statement, {
    [relations.access]: fromView(relations.access, period, database),
    [relations.requests]: requestsOfPeriod(period, database, closedUntil),
  });
}

/** The statement over relations of its own, by their names. */
export function overRelations(statement: string, bodies: Readonly<Record<string, string>>): string {
  const bounds = Object.entries(bodies).map(([name, body]) => `${name} as (${body})`);
  const [, rest] = /^\s*with\s+([\s\S]*)$/i.exec(statement) ?? [];
  return `with ${bounds.join(',\n')}${rest === undefined ? `\n${statement}` : `,\n${rest}`}`;
}

/** The requests of a period, as `boundedSql` reads them. */
export function requestsOfPeriod(
  period: BoundedPeriod,
  database: string,
  closedUntil?: string,
): string {
  const [first, last] = [dayOf(period.from), dayOf(period.to - 1)];
  if (closedUntil === undefined || last > closedUntil)
    return fromView(relations.requests, period, database);
  const reach = addDays(last, DUPLICATE_DAYS);
  const within = withinDays(period, first, reach < closedUntil ? reach : closedUntil);
  return `select ${closedColumnList} from "${database}".${CLOSED_TABLE} where ${within}`;
}

function fromView(relation: string, period: BoundedPeriod, database: string): string {
  const since = addDays(dayOf(period.from), -1);
  const until = addDays(dayOf(period.to - 1), DUPLICATE_DAYS);
  return `select * from "${database}".${relation} where ${withinDays(period, since, until)}`;
}

function withinDays({ from, to }: BoundedPeriod, since: string, until: string): string {
  const [first, last] = [dayOf(from), dayOf(to - 1)];
  return `day between date '${since}' and date '${until}' and (request_time_epoch >= ${from} and request_time_epoch < ${to} or request_time_epoch is null and day between date '${first}' and date '${last}')`;
}

const closedColumnList = [...accessColumnNames, 'day'].map((name) => `"${name}"`).join(', ');

/** A panel's period with the earlier one that it compares with: no other numbers have thirteen digits. */
export function periodOf(statement: string, { from, to }: BoundedPeriod): BoundedPeriod {
  const moments = (statement.match(/\b\d{13}\b/g) ?? []).map(Number);
  return { from: Math.min(from, ...moments), to };
}
