/** Which rows of a cube a filter and a period choose. */

import { type Cube, type Dimension, dimensionOf } from '../cubes/cube';
import { NO_VALUE } from '../panels/fragments';
import type { Filter, Period } from '../panels/panel';

/** The rows' places, in order. */
export function selectRows(cube: Cube, { from, to }: Period, filter: Filter): Uint32Array {
  const tests = [
    test(dimensionOf(cube, 'time'), (time) => Number(time) >= from && Number(time) < to),
    ...filterTests(cube, filter),
  ].filter((it) => it !== undefined);
  const rows = new Uint32Array(cube.rowCount);
  let count = 0;
  next: for (let row = 0; row < cube.rowCount; row++) {
    for (const { indexes, accepted } of tests) {
      if (accepted[indexes[row] as number] === 0) continue next;
    }
    rows[count++] = row;
  }
  return rows.subarray(0, count);
}

interface Test {
  readonly indexes: Uint32Array;
  /** By index of the value. */
  readonly accepted: Uint8Array;
}

function filterTests(cube: Cube, { customer, plan, api, stage }: Filter): (Test | undefined)[] {
  return [
    equals(cube, 'customer', customer),
    equals(cube, 'api', api),
    equals(cube, 'stage', stage),
    ...planIs(cube, plan),
  ];
}

function equals(cube: Cube, name: string, wanted: string | undefined): Test | undefined {
  if (wanted === undefined) return undefined;
  return test(dimensionOf(cube, name), (value) =>
    wanted === NO_VALUE ? value === null : value === wanted,
  );
}

/** A plan is told by its id or by its name: two columns, of which either will do. */
function planIs(cube: Cube, wanted: string | undefined): (Test | undefined)[] {
  if (wanted === undefined) return [];
  if (wanted === NO_VALUE) return [equals(cube, 'plan_id', wanted), equals(cube, 'plan', wanted)];
  const ids = dimensionOf(cube, 'plan_id');
  const names = dimensionOf(cube, 'plan');
  const indexes = new Uint32Array(cube.rowCount);
  for (let row = 0; row < cube.rowCount; row++) {
    const isId = ids.values[ids.indexes[row] as number] === wanted;
    const isName = names.values[names.indexes[row] as number] === wanted;
    indexes[row] = isId || isName ? 1 : 0;
  }
  return [{ indexes, accepted: Uint8Array.of(0, 1) }];
}

/** Undefined where all values pass: then there is nothing to test. */
function test(
  { values, indexes }: Dimension,
  accepts: (value: string | number | null) => boolean,
): Test | undefined {
  const accepted = Uint8Array.from(values, (value) => (accepts(value) ? 1 : 0));
  return accepted.includes(0) ? { indexes, accepted } : undefined;
}
