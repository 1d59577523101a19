/** Counting the rows of a cube by group: what `group by` does in a statement. */

import { type Cube, type Dimension, dimensionOf, measureOf } from '../cubes/cube';
import type { Value } from '../result';
import { type Test, testOf } from './select';

/** What rows are grouped by: for each row the place of its value. */
export interface Key {
  readonly values: readonly Value[];
  readonly indexes: Uint32Array;
  /** From places in `indexes` to places in `values`. */
  readonly places: Uint32Array;
}

/** A dimension, or what is made of its values. */
export function keyOf(
  cube: Cube,
  name: string,
  make: (value: string | number | null) => Value = (value) => value,
): Key {
  return keyFrom(dimensionOf(cube, name), make);
}

export function keyFrom(
  dimension: Dimension,
  make: (value: string | number | null) => Value = (value) => value,
): Key {
  const placeOf = new Map<Value, number>();
  const places = Uint32Array.from(dimension.values, (value) => {
    const made = make(value);
    const known = placeOf.get(made);
    if (known !== undefined) return known;
    placeOf.set(made, placeOf.size);
    return placeOf.size - 1;
  });
  return { values: [...placeOf.keys()], indexes: dimension.indexes, places };
}

/** The plan's id, or its name where there is no id: the same as in statements. */
export function planKey(cube: Cube): Key {
  const ids = dimensionOf(cube, 'usage_plan_id');
  const names = dimensionOf(cube, 'usage_plan');
  const values = [...new Set([...ids.values, ...names.values])];
  const placeOf = new Map(values.map((value, place) => [value, place]));
  const indexes = Uint32Array.from(ids.indexes, (id, row) => {
    const value = ids.values[id] ?? names.values[names.indexes[row] as number] ?? null;
    return placeOf.get(value) as number;
  });
  return keyFrom({ values, indexes });
}

/** Which rows a measure counts; all, where there is no test. */
export interface Counted {
  readonly tests?: readonly Test[];
}

export type Measure =
  | (Counted & { readonly kind: 'sum'; readonly of: Float64Array })
  | (Counted & { readonly kind: 'distinct'; readonly of: Dimension })
  | (Counted & { readonly kind: 'first' | 'last'; readonly of: Dimension });

export function sumOf(cube: Cube, name = 'requests', tests: readonly Test[] = []): Measure {
  return { kind: 'sum', of: measureOf(cube, name), tests };
}

export function distinctOf(cube: Cube, name: string, tests: readonly Test[] = []): Measure {
  return { kind: 'distinct', of: dimensionOf(cube, name), tests };
}

/** The first or the last moment, to the slot. */
export function momentOf(kind: 'first' | 'last', cube: Cube, tests: readonly Test[] = []): Measure {
  return { kind, of: dimensionOf(cube, 'time'), tests };
}

export function isKnown(cube: Cube, name: string): Test {
  return testOf(dimensionOf(cube, name), (value) => value !== null);
}

/** A row a group, in the order of their first rows: the values of the keys, then the measures. */
export function grouped(
  rows: Uint32Array,
  keys: readonly Key[],
  measures: readonly Measure[],
  where: readonly Test[] = [],
): Value[][] {
  const chosen = narrowed(rows, where);
  const { groups, firstRows } = numbered(chosen, keys);
  const columns = measures.map((measure) => measured(measure, chosen, groups, firstRows.length));
  return firstRows.map((row, group) => [
    ...keys.map(({ values, indexes, places }) => {
      const place = places[indexes[row] as number] as number;
      return values[place] ?? null;
    }),
    ...columns.map((column) => column[group] ?? null),
  ]);
}

/** All rows as one group, also when there are none. */
export function total(
  rows: Uint32Array,
  measures: readonly Measure[],
  where: readonly Test[] = [],
): Value[] {
  const chosen = narrowed(rows, where);
  const groups = new Uint32Array(chosen.length);
  return measures.map((measure) => measured(measure, chosen, groups, 1)[0] ?? null);
}

function narrowed(rows: Uint32Array, where: readonly Test[]): Uint32Array {
  const tests = where.filter(({ accepted }) => accepted.includes(0));
  return tests.length === 0 ? rows : rows.filter((row) => passes(row, tests));
}

function passes(row: number, tests: readonly Test[]): boolean {
  for (const { indexes, accepted } of tests) {
    if (accepted[indexes[row] as number] === 0) return false;
  }
  return true;
}

/** Keys that can have more combinations than this are told apart by text. */
const MAX_COMBINATIONS = Number.MAX_SAFE_INTEGER;

function numbered(
  rows: Uint32Array,
  keys: readonly Key[],
): { groups: Uint32Array; firstRows: number[] } {
  const groups = new Uint32Array(rows.length);
  const firstRows: number[] = [];
  const combinations = keys.reduce((product, { values }) => product * values.length, 1);
  const numberOf = new Map<number | string, number>();
  const idOf = combinations < MAX_COMBINATIONS ? packedId(keys) : textId(keys);
  rows.forEach((row, at) => {
    const id = idOf(row);
    let group = numberOf.get(id);
    if (group === undefined) {
      group = firstRows.length;
      numberOf.set(id, group);
      firstRows.push(row);
    }
    groups[at] = group;
  });
  return { groups, firstRows };
}

function packedId(keys: readonly Key[]): (row: number) => number {
  return (row) => {
    let id = 0;
    for (const { indexes, places, values } of keys) {
      id = id * values.length + (places[indexes[row] as number] as number);
    }
    return id;
  };
}

function textId(keys: readonly Key[]): (row: number) => string {
  return (row) => keys.map(({ indexes, places }) => places[indexes[row] as number]).join(' ');
}

function measured(
  measure: Measure,
  rows: Uint32Array,
  groups: Uint32Array,
  groupCount: number,
): (number | null)[] | Float64Array {
  const tests = (measure.tests ?? []).filter(({ accepted }) => accepted.includes(0));
  if (measure.kind === 'sum') {
    const sums = new Float64Array(groupCount);
    rows.forEach((row, at) => {
      if (!passes(row, tests)) return;
      const group = groups[at] as number;
      sums[group] = (sums[group] as number) + (measure.of[row] as number);
    });
    return sums;
  }
  const { indexes, values } = measure.of;
  if (measure.kind === 'distinct') {
    const seen = new Set<number>();
    const counts = new Float64Array(groupCount);
    rows.forEach((row, at) => {
      const index = indexes[row] as number;
      if (values[index] === null || !passes(row, tests)) return;
      const group = groups[at] as number;
      const id = group * values.length + index;
      if (seen.has(id)) return;
      seen.add(id);
      counts[group] = (counts[group] as number) + 1;
    });
    return counts;
  }
  const moments = new Array<number | null>(groupCount).fill(null);
  const isFirst = measure.kind === 'first';
  rows.forEach((row, at) => {
    if (!passes(row, tests)) return;
    const moment = Number(values[indexes[row] as number]);
    const group = groups[at] as number;
    const known = moments[group] ?? null;
    if (known === null || moment < known === isFirst) moments[group] = moment;
  });
  return moments;
}
