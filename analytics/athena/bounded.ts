/** A panel's statement for Athena: over the lines of a period, reading no days but those that it needs. */

import { relations } from '../schema';
import { addDays, DUPLICATE_DAYS } from './closed-days';

/** Milliseconds since 1970; `to` is the first moment after the period. */
export interface BoundedPeriod {
  readonly from: number;
  readonly to: number;
}

/**
 * The statement over the views of a database, of the requests of the period. Folders are named after
 * the arrival of their oldest record: from a day before the period on, and late lines are found up to
 * 32 days after it. A line without a time counts on the day of its folder.
 */
export function boundedSql(
  statement: string,
  { from, to }: BoundedPeriod,
  database: string,
): string {
  const [first, last] = [dayOf(from), dayOf(to - 1)];
  const where = `day between date '${addDays(first, -1)}' and date '${addDays(last, DUPLICATE_DAYS)}' and (request_time_epoch >= ${from} and request_time_epoch < ${to} or request_time_epoch is null and day between date '${first}' and date '${last}')`;
  const bounds = Object.values(relations).map(
    (name) => `${name} as (select * from "${database}".${name} where ${where})`,
  );
  const [, rest] = /^\s*with\s+([\s\S]*)$/i.exec(statement) ?? [];
  return `with ${bounds.join(',\n')}${rest === undefined ? `\n${statement}` : `,\n${rest}`}`;
}

/** A panel's period with the earlier one that it compares with: no other numbers have thirteen digits. */
export function periodOf(statement: string, { from, to }: BoundedPeriod): BoundedPeriod {
  const moments = (statement.match(/\b\d{13}\b/g) ?? []).map(Number);
  return { from: Math.min(from, ...moments), to };
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
