import type { Scope } from '../panels/panel';
import type { Cube, Cubes } from './cube';
import { type CubeDefinition, cubeDefinitions } from './definitions';
import { cubeOf, type Rows } from './from-rows';

/** More rows than this make a page heavy; a cube by days has a twenty-fourth at most. */
export const MAX_ROWS = 800_000;

export type Query = (statement: string) => Promise<Rows>;

/** All cubes of a report. */
export async function buildCubes(query: Query, scope: Scope): Promise<Cubes> {
  const cubes: Record<string, Cube> = {};
  for (const definition of cubeDefinitions) {
    cubes[definition.name] = await buildCube(query, scope, definition);
  }
  return cubes;
}

async function buildCube(query: Query, scope: Scope, definition: CubeDefinition): Promise<Cube> {
  const byHour = await query(definition.sql(scope, 'hour'));
  const result =
    byHour.rows.length <= MAX_ROWS ? byHour : await query(definition.sql(scope, 'day'));
  return cubeOf(definition.name, definition.dimensions, result);
}
