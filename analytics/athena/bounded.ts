/** A panel's statement for Athena: with the days in front that it needs, so that it reads no others. */

import { relations } from '../schema';
import { addDays, DUPLICATE_DAYS } from './closed-days';

/**
 * The statement over the views of a database, of days from a day before the period on: a folder is
 * named after the arrival of its oldest record. Late lines are found up to 32 days after the period.
 */
export function boundedSql(
  statement: string,
  { from, to }: { readonly from: number; readonly to: number },
  database: string,
): string {
  const days = `day between date '${addDays(dayOf(from), -1)}' and date '${addDays(dayOf(to), DUPLICATE_DAYS)}'`;
  const bounds = Object.values(relations).map(
    (name) => `${name} as (select * from "${database}".${name} where ${days})`,
  );
  const [, rest] = /^\s*with\s+([\s\S]*)$/i.exec(statement) ?? [];
  return `with ${bounds.join(',\n')}${rest === undefined ? `\n${statement}` : `,\n${rest}`}`;
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
