/** A panel's statement for Athena: over the lines of a period, reading no days but those that it needs. */

import { accessColumnNames, relations } from '../schema';
import { addDays, CLOSED_TABLE, DUPLICATE_DAYS } from './closed-days';

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
  { from, to }: BoundedPeriod,
  database: string,
  closedUntil?: string,
): string {
  const [first, last] = [dayOf(from), dayOf(to - 1)];
  const reach = addDays(last, DUPLICATE_DAYS);
  const within = (since: string, until: string) =>
    `day between date '${since}' and date '${until}' and (request_time_epoch >= ${from} and request_time_epoch < ${to} or request_time_epoch is null and day between date '${first}' and date '${last}')`;
  const bounded = (relation: string) =>
    `select * from "${database}".${relation} where ${within(addDays(first, -1), reach)}`;
  const isClosed = closedUntil !== undefined && last <= closedUntil;
  const bodies: Readonly<Record<string, string>> = {
    [relations.access]: bounded(relations.access),
    [relations.requests]: isClosed
      ? `select ${closedColumnList} from "${database}".${CLOSED_TABLE} where ${within(first, reach < closedUntil ? reach : closedUntil)}`
      : bounded(relations.requests),
  };
  const bounds = Object.entries(bodies).map(([name, body]) => `${name} as (${body})`);
  const [, rest] = /^\s*with\s+([\s\S]*)$/i.exec(statement) ?? [];
  return `with ${bounds.join(',\n')}${rest === undefined ? `\n${statement}` : `,\n${rest}`}`;
}

const closedColumnList = [...accessColumnNames, 'day'].map((name) => `"${name}"`).join(', ');

/** A panel's period with the earlier one that it compares with: no other numbers have thirteen digits. */
export function periodOf(statement: string, { from, to }: BoundedPeriod): BoundedPeriod {
  const moments = (statement.match(/\b\d{13}\b/g) ?? []).map(Number);
  return { from: Math.min(from, ...moments), to };
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
