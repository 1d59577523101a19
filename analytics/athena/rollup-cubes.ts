/**
 * The cubes of a page out of roll-ups: kilobytes for a month of closed days. What is not closed yet is
 * added from requests.
 */

import { buildCube, cubesIn, type Query } from '../cubes/build';
import type { Cubes, Slot } from '../cubes/cube';
import {
  type CubeDefinition,
  cubeConditions,
  cubeDefinitions,
  cubePeriod,
  historyPeriod,
} from '../cubes/definitions';
import type { Scope } from '../panels/panel';
import { HOUR, offsetPeriods } from '../time-zone';
import { addDays } from './closed-days';
import { historyFromRollupSql, rollupOf, rollupRowsSql } from './rollups';

/** Pages of a thousand rows each: more takes longer to fetch than to ask for what days tell. */
const MAX_ROWS = 200_000;

/**
 * Whether hours of UTC tell a scope: its own begin with these, and what is closed reaches into it.
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

/** The same that `buildCubes` gives, of a scope that roll-ups tell. */
export async function cubesOfRollups(
  query: Query,
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
    const cube = await buildCube(query, { ...definition, maxRows }, (slot) =>
      cubeSql(definition, scope, slot, closedEnd),
    );
    built.push([definition.name, cube]);
  }
  return cubesIn(built);
}

function cubeSql(definition: CubeDefinition, scope: Scope, slot: Slot, closedEnd: number): string {
  const { name, dimensions, steps } = definition;
  const conditions = cubeConditions(definition, scope.filter);
  if (!steps) {
    const history = historyPeriod(scope);
    return history.to <= closedEnd
      ? historyFromRollupSql(history, dimensions.slice(1), conditions)
      : definition.sql(scope, slot);
  }
  const { from, to } = cubePeriod(scope);
  const closed = { from, to: Math.min(to, closedEnd) };
  const hours = rollupRowsSql(rollupOf(name), { period: closed, conditions });
  const all =
    to <= closedEnd ? hours : `${hours}\nunion all\n${steps.hours(scope, { from: closedEnd, to })}`;
  const rows = slot === 'day' ? steps.days(scope, `(\n${all}\n) as hours`) : all;
  return steps.inOrder(`(\n${rows}\n) as told`);
}

function endOf(day: string): number {
  return Date.parse(addDays(day, 1));
}
