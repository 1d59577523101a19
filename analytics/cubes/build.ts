import type { Period, Scope } from '../panels/panel';
import { DAY } from '../time-zone';
import type { Cube, Cubes, Slot } from './cube';
import { type CubeDefinition, cubeDefinitions } from './definitions';
import { type ColumnarRows, columnsOf, cubeOf, type Rows } from './from-rows';

export type Query = (statement: string) => Promise<Rows>;

/** What an engine at hand does better with many rows; one that is asked from afar cannot. */
export interface ManyRows {
  /** Keeps the rows of a statement as a relation, in place of what had the name; returns their count. */
  keep(name: string, statement: string): Promise<number>;
  /** A statement over what `keep` has kept, with each text as its index among all of the column. */
  columns(name: string, statement: (from: string) => string): Promise<ColumnarRows>;
}

/** All cubes of a report; one that is too large even by days is left out. */
export async function buildCubes(query: Query, scope: Scope, many?: ManyRows): Promise<Cubes> {
  const built: [string, Cube | undefined][] = [];
  const build = async (definition: CubeDefinition) => {
    const cube =
      many && definition.steps
        ? await buildInSteps(many, scope, definition, definition.steps)
        : await buildCube(query, definition, (slot) => definition.sql(scope, slot));
    built.push([definition.name, cube]);
  };
  // An engine at hand groups for one cube while another one is made of what it found.
  if (many) {
    const all = cubeDefinitions.map(build);
    // Also after a fault the engine is not left at work.
    await Promise.allSettled(all);
    await Promise.all(all);
  } else for (const definition of cubeDefinitions) await build(definition);
  return cubesIn(built);
}

/** By name, in the order of their definitions. */
export function cubesIn(built: readonly (readonly [string, Cube | undefined])[]): Cubes {
  const cubes = Object.fromEntries(built);
  return Object.fromEntries(
    cubeDefinitions.flatMap(({ name }) => {
      const cube = cubes[name];
      return cube ? [[name, cube]] : [];
    }),
  );
}

/** By hours, by days where these are too many rows; undefined where days are as well. */
export async function buildCube(
  query: Query,
  { name, dimensions, maxRows }: CubeDefinition,
  statementOf: (slot: Slot) => string,
): Promise<Cube | undefined> {
  for (const slot of ['hour', 'day'] as const) {
    const limit = maxRows[slot];
    const result = await query(`${statementOf(slot)}\nlimit ${limit + 1}`);
    if (result.rows.length <= limit) return cubeOf(name, slot, dimensions, columnsOf(result));
  }
  return undefined;
}

/** Requests are grouped by hours only where that may do, and what is too large is never fetched. */
async function buildInSteps(
  many: ManyRows,
  scope: Scope,
  { name, dimensions, maxRows }: CubeDefinition,
  steps: NonNullable<CubeDefinition['steps']>,
): Promise<Cube | undefined> {
  const fetched = async (slot: 'hour' | 'day', from: string) =>
    cubeOf(name, slot, dimensions, await many.columns(from, steps.inOrder));
  const [sample, hours, days] = [`${name}_sample`, `${name}_by_hour`, `${name}_by_day`] as const;
  let daysSql = steps.rows(scope, 'day');
  const part = sampleOf(scope);
  const sampled = part ? await many.keep(sample, steps.rows(scope, 'hour', part.period)) : 0;
  if (sampled * (part?.times ?? 0) <= CERTAINTY * maxRows.hour) {
    if ((await many.keep(hours, steps.rows(scope, 'hour'))) <= maxRows.hour) {
      return fetched('hour', hours);
    }
    daysSql = steps.daysOf(scope, hours);
  }
  return (await many.keep(days, daysSql)) <= maxRows.day ? fetched('day', days) : undefined;
}

/** How many times the limit a sample must show for the whole to be surely more than the limit. */
const CERTAINTY = 3;
/** With fewer days, a sample is no less work. */
const MIN_SAMPLED_DAYS = 5;

/** A day in the middle of a scope, and how many such there are. */
function sampleOf({ from, to }: Scope): { period: Period; times: number } | undefined {
  const times = (to - from) / DAY;
  if (times < MIN_SAMPLED_DAYS) return undefined;
  const middle = from + Math.floor(times / 2) * DAY;
  return { period: { from: middle, to: middle + DAY }, times };
}
