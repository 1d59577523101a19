import type { Scope } from '../panels/panel';
import type { Cube, Cubes } from './cube';
import { type CubeDefinition, cubeDefinitions } from './definitions';
import { cubeOf, type Rows } from './from-rows';

export type Query = (statement: string) => Promise<Rows>;

/** All cubes of a report; one that is too large even by days is left out. */
export async function buildCubes(query: Query, scope: Scope): Promise<Cubes> {
  const cubes: Record<string, Cube> = {};
  for (const definition of cubeDefinitions) {
    const cube = await buildCube(query, scope, definition);
    if (cube) cubes[definition.name] = cube;
  }
  return cubes;
}

async function buildCube(
  query: Query,
  scope: Scope,
  definition: CubeDefinition,
): Promise<Cube | undefined> {
  for (const slot of ['hour', 'day'] as const) {
    const { name, dimensions, maxRows } = definition;
    const limit = maxRows[slot];
    const result = await query(`${definition.sql(scope, slot)}\nlimit ${limit + 1}`);
    if (result.rows.length <= limit) return cubeOf(name, slot, dimensions, result);
  }
  return undefined;
}
