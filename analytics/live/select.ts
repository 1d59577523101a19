/** Which rows of a cube a filter and a period choose. */

import { type Cube, type Dimension, dimensionOf } from '../cubes/cube';
import { NO_VALUE } from '../panels/fragments';
import type { Filter, Period } from '../panels/panel';

/** A condition on one dimension, worked out for each of its values. */
export interface Test {
  readonly indexes: Uint32Array;
  /** By index of the value: 1 where it passes. */
  readonly accepted: Uint8Array;
}

/** The rows' indexes, in order. */
export function selectRows(cube: Cube, period: Period, filter: Filter): Uint32Array {
  const rows = new Uint32Array(cube.rowCount);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  return narrowed(rows, [...filterTests(cube, filter), duringTest(cube, period)]);
}

/** Those of the rows that pass all tests. */
export function narrowed(rows: Uint32Array, tests: readonly Test[]): Uint32Array {
  let chosen = rows;
  // A test after another: a walk that looks at one dimension only is fast.
  for (const { indexes, accepted } of tests) {
    if (!accepted.includes(0)) continue;
    const passing = new Uint32Array(chosen.length);
    let count = 0;
    for (let at = 0; at < chosen.length; at++) {
      const row = chosen[at] as number;
      passing[count] = row;
      count += accepted[indexes[row] as number] as number;
    }
    chosen = passing.subarray(0, count);
  }
  return chosen;
}

export function testOf(
  { values, indexes }: Dimension,
  accepts: (value: string | number | null) => boolean,
): Test {
  return { indexes, accepted: Uint8Array.from(values, (value) => (accepts(value) ? 1 : 0)) };
}

export function duringTest(cube: Cube, { from, to }: Period): Test {
  return testOf(dimensionOf(cube, 'time'), (time) => Number(time) >= from && Number(time) < to);
}

function filterTests(cube: Cube, { customer, plan, api, stage }: Filter): Test[] {
  return [
    ...equals(cube, 'customer_name', customer),
    ...equals(cube, 'api_id', api),
    ...equals(cube, 'stage', stage),
    ...planIs(cube, plan),
  ];
}

function equals(cube: Cube, name: string, wanted: string | undefined): Test[] {
  if (wanted === undefined) return [];
  const value = wanted === NO_VALUE ? null : wanted;
  return [testOf(dimensionOf(cube, name), (it) => it === value)];
}

/** A plan is chosen by its id or by its name: two dimensions, of which either will do. */
function planIs(cube: Cube, wanted: string | undefined): Test[] {
  if (wanted === undefined) return [];
  if (wanted === NO_VALUE) {
    return [...equals(cube, 'usage_plan_id', wanted), ...equals(cube, 'usage_plan', wanted)];
  }
  const [byId, byName] = ['usage_plan_id', 'usage_plan'].map((name) =>
    testOf(dimensionOf(cube, name), (value) => value === wanted),
  ) as [Test, Test];
  const indexes = new Uint32Array(cube.rowCount);
  for (let row = 0; row < cube.rowCount; row++) {
    indexes[row] =
      (byId.accepted[byId.indexes[row] as number] as number) |
      (byName.accepted[byName.indexes[row] as number] as number);
  }
  return [{ indexes, accepted: Uint8Array.of(0, 1) }];
}
