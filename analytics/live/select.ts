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

/** The rows' places, in order. */
export function selectRows(cube: Cube, period: Period, filter: Filter): Uint32Array {
  const tests = [duringTest(cube, period), ...filterTests(cube, filter)].filter(({ accepted }) =>
    accepted.includes(0),
  );
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

/** A plan is told by its id or by its name: two dimensions, of which either will do. */
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
