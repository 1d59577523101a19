/** Which days are closed and rolled up, by the partitions of the tables that are written for them. */

import { CLOSED_TABLE, daysOf, lastInARow, partitionsSql } from './closed-days';
import { rollups } from './rollups';

/** The first and the last day in a row that all of these tables have. */
export interface CoveredDays {
  readonly first: string;
  readonly last: string;
}

export const dayTables: readonly string[] = [CLOSED_TABLE, ...rollups.map(({ table }) => table)];

/** @param tables the days of each table; undefined where no day is in all of them */
export function coveredDays([first = new Set(), ...others]: readonly ReadonlySet<string>[]):
  | CoveredDays
  | undefined {
  const all = new Set([...first].filter((day) => others.every((other) => other.has(day))).sort());
  const [oldest] = all;
  const last = lastInARow(all);
  return oldest === undefined || last === undefined ? undefined : { first: oldest, last };
}

/** Asks Glue, which reads and costs nothing. */
export async function findCoveredDays(
  rows: (statement: string) => Promise<readonly (readonly unknown[])[]>,
): Promise<CoveredDays | undefined> {
  const tables = dayTables.map(async (table) => daysOf(await rows(partitionsSql(table))));
  return coveredDays(await Promise.all(tables));
}
