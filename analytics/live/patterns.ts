/** The statements that many panels share, on cubes: see `panels/patterns`. */

import type { Cube } from '../cubes/cube';
import { dimensionOf } from '../cubes/cube';
import type { Comparison, Period } from '../panels/panel';
import { MINIMUM } from '../panels/patterns';
import { comparedPeriod } from '../panels/periods';
import { bucketStart } from '../render/buckets';
import type { Value } from '../result';
import { distinctOf, grouped, type Key, keyOf, type Measure, sumOf, total } from './group';
import type { Look } from './look';
import { descending, ordered } from './order';
import { duringTest, type Test, testOf } from './select';

/** Returns what to ask of a cube. */
export type Of<T> = (cube: Cube) => T;

export const isFailed: Of<Test> = (cube) =>
  testOf(dimensionOf(cube, 'status'), (status) => Number(status) >= 400);

export function statusIn(low: number, high: number): Of<Test> {
  return (cube) =>
    testOf(
      dimensionOf(cube, 'status'),
      (status) => status !== null && Number(status) >= low && Number(status) <= high,
    );
}

export function isValue(name: string, ...wanted: readonly (string | number)[]): Of<Test> {
  return (cube) =>
    testOf(dimensionOf(cube, name), (value) => value !== null && wanted.includes(value));
}

export function isThere(name: string): Of<Test> {
  return (cube) => testOf(dimensionOf(cube, name), (value) => value !== null);
}

export function by(name: string, make?: (value: string | number | null) => Value): Of<Key> {
  return (cube) => keyOf(cube, name, make);
}

/** A share in percent; null where there are fewer than `minimum` of the whole. */
export function percent(part: number, whole: number, minimum = 1): number | null {
  return whole >= minimum ? (100 * part) / whole : null;
}

export const bucketKey = (look: Look): Of<Key> => {
  return (cube) => {
    const { timeZone } = look.scope;
    return keyOf(cube, 'time', (time) => bucketStart(Number(time), timeZone, look.bucket));
  };
};

export interface Groups {
  readonly cube: string;
  readonly by: readonly Of<Key>[];
  readonly where?: readonly Of<Test>[];
  readonly measures?: readonly Of<Measure>[];
}

/** The largest groups, with their requests and their share of all that match. */
export function countedBy(
  look: Look,
  { cube: name, by: keys, where = [], measures = [] }: Groups,
): Value[][] {
  const cube = look.cube(name);
  const rows = grouped(
    look.rows(name),
    keys.map((key) => key(cube)),
    [sumOf(cube), ...measures.map((measure) => measure(cube))],
    where.map((test) => test(cube)),
  );
  const place = keys.length;
  const whole = rows.reduce((sum, row) => sum + Number(row[place]), 0);
  const shared = rows.map((row) => [
    ...row.slice(0, place + 1),
    (100 * Number(row[place])) / whole,
    ...row.slice(place + 1),
  ]);
  return ordered(shared, descending(place), ...keys.keys()).slice(0, look.scope.limit);
}

export interface GroupedSeries {
  readonly cube: string;
  readonly by: Of<Key>;
  readonly where?: readonly Of<Test>[];
}

/** Requests in each bucket and group. */
export function seriesBy(
  look: Look,
  { cube: name, by: key, where = [] }: GroupedSeries,
): Value[][] {
  const cube = look.cube(name);
  const tests = where.map((test) => test(cube));
  const rows = look.rows(name);
  const time = bucketKey(look)(cube);
  const { limit } = look.scope;
  if (limit === undefined) {
    return ordered(grouped(rows, [time, key(cube)], [sumOf(cube)], tests), 0, 1);
  }
  const group = key(cube);
  const isThere = groupTest(group, (value) => value !== null);
  const groups = grouped(rows, [group], [sumOf(cube)], [...tests, isThere]);
  const largest = new Set(
    ordered(groups, descending(1), 0)
      .slice(0, limit)
      .map(([value]) => value ?? null),
  );
  const apart = groupTest(group, (value) => largest.has(value));
  const others = groupTest(group, (value) => value !== null && !largest.has(value));
  const rest = grouped(rows, [time], [sumOf(cube)], [...tests, others]);
  return ordered(
    [
      ...grouped(rows, [time, group], [sumOf(cube)], [...tests, apart]),
      ...rest.map(([its = null, requests = null]) => [its, null, requests]),
    ],
    0,
    1,
  );
}

function groupTest({ values, indexes, places }: Key, accepts: (value: Value) => boolean): Test {
  const accepted = values.map((value) => (accepts(value) ? 1 : 0));
  return { indexes, accepted: Uint8Array.from(places, (place) => accepted[place] as number) };
}

/** A period that numbers are for, and the test that chooses its rows. */
export interface Told {
  readonly period: Period;
  readonly during: Test;
  /** Whether the log reaches back to it. */
  readonly isLogged: boolean;
}

/** The scope's own period first, then those that it is compared with. */
export function toldPeriods(
  look: Look,
  name: string,
  comparisons: readonly Comparison[],
): [Told, ...Told[]] {
  const cube = look.cube(name);
  const tell = (period: Period, isLogged: boolean): Told => {
    const seen = look.period(name, period);
    return { period: seen, during: duringTest(cube, seen), isLogged };
  };
  const own = tell(look.scope, true);
  const others = comparisons.map((comparison) => {
    const period = comparedPeriod(comparison, { ...look.scope, ...own.period });
    return tell(period, isLogged(look, period));
  });
  return [own, ...others];
}

/** Whether the log has a request, of whomever, in the first tenth of a period. */
export function isLogged(look: Look, { from, to }: Period): boolean {
  const end = from + Math.ceil((to - from) / 10);
  return dimensionOf(look.cube('traffic'), 'time').values.some(
    (time) => Number(time) >= from && Number(time) < end,
  );
}

export interface ComparedGroups {
  readonly cube: string;
  readonly comparisons: readonly Comparison[];
  readonly by?: readonly Of<Key>[];
  readonly where?: readonly Of<Test>[];
  /** Columns of the period and of those that it is compared with. */
  readonly compared: readonly ComparedMeasure[];
  /** Columns of the period alone. */
  readonly measures?: readonly OwnMeasure[];
}

/** Counts that a column needs, for a period, and what it makes of them. */
export interface ComparedMeasure {
  readonly counts: readonly ((cube: Cube, during: Test) => Measure)[];
  readonly make: (counts: readonly number[]) => number | null;
}

export type OwnMeasure = (cube: Cube, during: Test) => Measure;

export const countOf =
  (...tests: readonly Of<Test>[]): OwnMeasure =>
  (cube, during) =>
    sumOf(cube, 'requests', [during, ...tests.map((test) => test(cube))]);

export const distinct =
  (dimension: string, ...tests: readonly Of<Test>[]): OwnMeasure =>
  (cube, during) =>
    distinctOf(cube, dimension, [during, ...tests.map((test) => test(cube))]);

export const plain = (count: OwnMeasure): ComparedMeasure => ({
  counts: [count],
  make: ([value = 0]) => value,
});

export const share = (...tests: readonly Of<Test>[]): ComparedMeasure => ({
  counts: [countOf(...tests), countOf()],
  make: ([part = 0, whole = 0]) => percent(part, whole, MINIMUM),
});

/** Measures beside the same ones of earlier periods. */
export function comparedBy(
  look: Look,
  { cube: name, comparisons, by: keys, where = [], compared, measures = [] }: ComparedGroups,
): Value[][] {
  const cube = look.cube(name);
  const told = toldPeriods(look, name, comparisons);
  const all: Period = {
    from: Math.min(...told.map(({ period }) => period.from)),
    to: told[0].period.to,
  };
  const wanted: Measure[] = [];
  for (const { counts } of compared) {
    for (const { during } of told) wanted.push(...counts.map((count) => count(cube, during)));
  }
  wanted.push(...measures.map((measure) => measure(cube, told[0].during)));
  const tests = where.map((test) => test(cube));
  const rows = look.rows(name, all);
  const width = keys?.length ?? 0;
  const counted = keys
    ? grouped(
        rows,
        keys.map((key) => key(cube)),
        wanted,
        tests,
      )
    : [total(rows, wanted, tests)];
  const made = counted.map((row) => {
    let place = width;
    const values = compared.flatMap(({ counts, make }) =>
      told.map(({ isLogged: isTold }) => {
        const of = row.slice(place, place + counts.length).map(Number);
        place += counts.length;
        return isTold ? make(of) : null;
      }),
    );
    return [...row.slice(0, width), ...values, ...row.slice(place)];
  });
  if (!keys) return made;
  return ordered(made, descending(width), ...keys.keys()).slice(0, look.scope.limit);
}
