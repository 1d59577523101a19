/**
 * The cubes of a page out of roll-ups: kilobytes for a month of closed days. What is not closed yet is
 * added from requests.
 */

import { buildCube, cubesIn } from '../cubes/build';
import type { Cubes, Slot } from '../cubes/cube';
import {
  type CubeDefinition,
  cubeConditions,
  cubeDefinitions,
  cubePeriod,
  historyPeriod,
} from '../cubes/definitions';
import type { Rows } from '../cubes/from-rows';
import type { Period, Scope } from '../panels/panel';
import { HOUR, offsetPeriods } from '../time-zone';
import { addDays } from './closed-days';
import { historyFromRollupSql, rollupOf, rollupRowsSql } from './rollups';

/** A statement, and the period of requests or lines that it reads; none where it reads roll-ups only. */
export type PeriodQuery = (statement: string, open: Period | undefined) => Promise<Rows>;

/** Pages of a thousand rows each: more takes longer to fetch than to ask by days. */
const MAX_ROWS = 200_000;

/**
 * Whether hours of UTC cover a scope: its own begin with these, and what is closed reaches into it.
 *
 * @param closedUntil the last day that all roll-ups have, with all days before it
 */
export function isToldByRollups(scope: Scope, closedUntil: string): boolean {
  const { from } = cubePeriod(scope);
  const edges = [from, scope.from, scope.to];
  return (
    edges.every((edge) => edge % HOUR === 0) &&
    offsetPeriods(scope.timeZone, from, scope.to).every(({ offset }) => offset % HOUR === 0) &&
    endOf(closedUntil) > from
  );
}

/** The same result as `buildCubes`, for a scope that roll-ups cover. */
export async function cubesOfRollups(
  query: PeriodQuery,
  scope: Scope,
  closedUntil: string,
): Promise<Cubes> {
  const closedEnd = endOf(closedUntil);
  const built: [string, Cubes[string] | undefined][] = [];
  for (const definition of cubeDefinitions) {
    const maxRows = {
      hour: Math.min(MAX_ROWS, definition.maxRows.hour),
      day: Math.min(MAX_ROWS, definition.maxRows.day),
    };
    const open = openPeriod(definition, scope, closedEnd);
    const cube = await buildCube(
      (statement) => query(statement, open),
      { ...definition, maxRows },
      (slot) => cubeSql(definition, scope, slot, open),
    );
    built.push([definition.name, cube]);
  }
  return cubesIn(built);
}

/** The period of a cube that roll-ups do not cover; undefined where they cover all of it. */
function openPeriod(
  { steps }: CubeDefinition,
  scope: Scope,
  closedEnd: number,
): Period | undefined {
  const { from, to } = steps ? cubePeriod(scope) : historyPeriod(scope);
  if (to <= closedEnd) return undefined;
  // The first moment of a history is not the sum of two.
  return steps ? { from: closedEnd, to } : { from, to };
}

function cubeSql(
  definition: CubeDefinition,
  scope: Scope,
  slot: Slot,
  open: Period | undefined,
): string {
  const { name, dimensions, steps } = definition;
  const conditions = cubeConditions(definition, scope.filter);
  if (!steps) {
    return open
      ? definition.sql(scope, slot)
      : historyFromRollupSql(historyPeriod(scope), dimensions.slice(1), conditions);
  }
  const { from, to } = cubePeriod(scope);
  const period = { from, to: open?.from ?? to };
  const closed = rollupRowsSql(rollupOf(name), { period, conditions });
  const hours = open ? `${closed}\nunion all\n${steps.rows(scope, 'hour', open)}` : closed;
  const rows = slot === 'day' ? steps.daysOf(scope, `(\n${hours}\n) as hours`) : hours;
  return steps.inOrder(`(\n${rows}\n) as told`);
}

/** The first moment after a day. */
export function endOf(day: string): number {
  return Date.parse(addDays(day, 1));
}
