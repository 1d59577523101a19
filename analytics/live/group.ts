/** Counting the rows of a cube by group: what `group by` does in a statement. */

import { type Cube, type Dimension, dimensionOf, measureOf } from '../cubes/cube';
import type { Value } from '../result';
import { narrowed, type Test, testOf } from './select';

/** What rows are grouped by: for each row the index of its value. */
export interface Key {
  readonly values: readonly Value[];
  readonly indexes: Uint32Array;
  /** By index in `indexes`: the index in `values`. */
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

function keyFrom(
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
  const [placesOfIds, placesOfNames] = [ids, names].map((dimension) =>
    dimension.values.map((value) => placeOf.get(value) as number),
  ) as [number[], number[]];
  const hasId = ids.values.map((value) => value !== null);
  const indexes = new Uint32Array(cube.rowCount);
  for (let row = 0; row < cube.rowCount; row++) {
    const id = ids.indexes[row] as number;
    indexes[row] = (
      hasId[id] ? placesOfIds[id] : placesOfNames[names.indexes[row] as number]
    ) as number;
  }
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
  const columns = measured(measures, chosen, groups, firstRows.length);
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
  const columns = measured(measures, chosen, new Uint32Array(chosen.length), 1);
  return columns.map((column) => column[0] ?? null);
}

/** Up to so many combinations of keys have an element each in a list, which is faster than a map. */
const MAX_LISTED = 2 ** 22;

/** Keys that can have more combinations than this are compared by text. */
const MAX_COMBINATIONS = Number.MAX_SAFE_INTEGER;

interface Numbered {
  /** By index of a row: the number of its group. */
  readonly groups: Uint32Array;
  readonly firstRows: number[];
}

function numbered(rows: Uint32Array, keys: readonly Key[]): Numbered {
  const combinations = keys.reduce((product, { values }) => product * values.length, 1);
  if (combinations <= MAX_LISTED) return numberedByPlace(packedIds(rows, keys), rows, combinations);
  return combinations < MAX_COMBINATIONS
    ? numberedById(packedIds(rows, keys), rows)
    : numberedById(textIds(rows, keys), rows);
}

function numberedByPlace(ids: Float64Array, rows: Uint32Array, combinations: number): Numbered {
  const groups = new Uint32Array(ids.length);
  const firstRows: number[] = [];
  // One more than the number: 0 is a combination without a group.
  const numbers = new Uint32Array(combinations);
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at] as number;
    if (numbers[id] === 0) numbers[id] = firstRows.push(rows[at] as number);
    groups[at] = (numbers[id] as number) - 1;
  }
  return { groups, firstRows };
}

function numberedById(ids: ArrayLike<number | string>, rows: Uint32Array): Numbered {
  const groups = new Uint32Array(ids.length);
  const firstRows: number[] = [];
  const numberOf = new Map<number | string, number>();
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at] as number | string;
    let group = numberOf.get(id);
    if (group === undefined) {
      group = firstRows.push(rows[at] as number) - 1;
      numberOf.set(id, group);
    }
    groups[at] = group;
  }
  return { groups, firstRows };
}

function packedIds(rows: Uint32Array, keys: readonly Key[]): Float64Array {
  const ids = new Float64Array(rows.length);
  for (const { indexes, places, values } of keys) {
    for (let at = 0; at < rows.length; at++) {
      const place = places[indexes[rows[at] as number] as number] as number;
      ids[at] = (ids[at] as number) * values.length + place;
    }
  }
  return ids;
}

function textIds(rows: Uint32Array, keys: readonly Key[]): string[] {
  return Array.from(rows, (row) =>
    keys.map(({ indexes, places }) => places[indexes[row] as number]).join(' '),
  );
}

/** As many measures as a number has bits can be counted in one walk over the rows. */
const MAX_BITS = 32;

/** By measure, the values by group. */
function measured(
  measures: readonly Measure[],
  rows: Uint32Array,
  groups: Uint32Array,
  groupCount: number,
): ArrayLike<number | null>[] {
  if (measures.length > MAX_BITS) {
    return [measures.slice(0, MAX_BITS), measures.slice(MAX_BITS)].flatMap((some) =>
      measured(some, rows, groups, groupCount),
    );
  }
  const counters = measures.map((measure) => counterOf(measure, groupCount));
  const masks = masksOf(measures);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    let bits = 2 ** measures.length - 1;
    for (const { indexes, accepting } of masks) {
      bits &= accepting[indexes[row] as number] as number;
    }
    while (bits !== 0) {
      const highest = MAX_BITS - 1 - Math.clz32(bits);
      bits ^= 1 << highest;
      (counters[highest] as Counter).add(row, groups[at] as number);
    }
  }
  return counters.map(({ results }) => results);
}

/** For each dimension that is tested: by index of a value, a bit for each measure that accepts it. */
interface Mask {
  readonly indexes: Uint32Array;
  readonly accepting: Int32Array;
}

function masksOf(measures: readonly Measure[]): Mask[] {
  const found = new Map<Uint32Array, Int32Array>();
  measures.forEach(({ tests = [] }, place) => {
    for (const { indexes, accepted } of tests) {
      if (!accepted.includes(0)) continue;
      const accepting = found.get(indexes) ?? new Int32Array(accepted.length).fill(-1);
      found.set(indexes, accepting);
      accepted.forEach((isAccepted, index) => {
        if (!isAccepted) accepting[index] = (accepting[index] as number) & ~(1 << place);
      });
    }
  });
  return Array.from(found, ([indexes, accepting]) => ({ indexes, accepting }));
}

/** What a measure has of each group so far. */
interface Counter {
  readonly results: ArrayLike<number | null>;
  add(row: number, group: number): void;
}

function counterOf(measure: Measure, groupCount: number): Counter {
  switch (measure.kind) {
    case 'sum':
      return new Sum(measure.of, groupCount);
    case 'distinct':
      return new Distinct(measure.of, groupCount);
    default:
      return new Moment(measure.kind, measure.of, groupCount);
  }
}

class Sum implements Counter {
  readonly results: Float64Array;
  readonly #of: Float64Array;

  constructor(of: Float64Array, groupCount: number) {
    this.#of = of;
    this.results = new Float64Array(groupCount);
  }

  add(row: number, group: number): void {
    this.results[group] = (this.results[group] as number) + (this.#of[row] as number);
  }
}

class Distinct implements Counter {
  readonly results: Float64Array;
  readonly #indexes: Uint32Array;
  readonly #values: readonly unknown[];
  readonly #seen: { has(id: number): boolean; add(id: number): void };

  constructor({ indexes, values }: Dimension, groupCount: number) {
    this.results = new Float64Array(groupCount);
    this.#indexes = indexes;
    this.#values = values;
    const count = groupCount * values.length;
    this.#seen = count <= MAX_LISTED ? new Flags(count) : new Set<number>();
  }

  add(row: number, group: number): void {
    const index = this.#indexes[row] as number;
    if (this.#values[index] === null) return;
    const id = group * this.#values.length + index;
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    this.results[group] = (this.results[group] as number) + 1;
  }
}

/** A set of numbers below a limit. */
class Flags {
  readonly #flags: Uint8Array;

  constructor(limit: number) {
    this.#flags = new Uint8Array(limit);
  }

  has(id: number): boolean {
    return this.#flags[id] === 1;
  }

  add(id: number): void {
    this.#flags[id] = 1;
  }
}

class Moment implements Counter {
  readonly results: (number | null)[];
  readonly #isFirst: boolean;
  readonly #of: Dimension;

  constructor(kind: 'first' | 'last', of: Dimension, groupCount: number) {
    this.results = new Array<number | null>(groupCount).fill(null);
    this.#isFirst = kind === 'first';
    this.#of = of;
  }

  add(row: number, group: number): void {
    const moment = Number(this.#of.values[this.#of.indexes[row] as number]);
    const known = this.results[group] ?? null;
    if (known === null || moment < known === this.#isFirst) this.results[group] = moment;
  }
}
