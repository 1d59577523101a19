/** Panels of latency: percentiles out of histograms, which can be added up as percentiles cannot. */

import type { Cube } from '../cubes/cube';
import { STEPS } from '../cubes/definitions';
import { LATENCY_LIMITS } from '../panels/latency';
import { MINIMUM } from '../panels/patterns';
import type { Value } from '../result';
import { grouped, type Key, type Measure, sumOf, total } from './group';
import { type LivePanel, on } from './live-panel';
import type { Look } from './look';
import { descending, ordered } from './order';
import { bucketKey, by, isThere, type Of, toldPeriods } from './patterns';
import type { Test } from './select';

const SHARES = [0.5, 0.95, 0.99] as const;

export const latency: Readonly<Record<string, LivePanel>> = {
  latency: on(['latencies', 'times', 'traffic'], summary),
  'latency-over-time': on(['latencies', 'times'], overTime),
  'latency-distribution': on(['latencies'], distribution),
  'latency-by-api': on(['latencies', 'times'], (look) =>
    byGroup(look, [by('api_id'), by('stage')]),
  ),
  'latency-by-customer': on(['latencies', 'times'], (look) =>
    byGroup(look, [by('customer_name')], [isThere('customer_name')]),
  ),
};

/** Requests by step of the histogram. */
type Histogram = Map<number, number>;

/** The latency in the middle of the step that the share of all requests ends in; null of too few. */
function percentileOf(histogram: Histogram, share: number): number | null {
  const steps = [...histogram].sort(([one], [other]) => one - other);
  const all = steps.reduce((sum, [, count]) => sum + count, 0);
  if (all < MINIMUM) return null;
  let left = Math.max(1, Math.ceil(share * all));
  for (const [step, count] of steps) {
    left -= count;
    if (left <= 0) return middleOf(step);
  }
  return null;
}

/** Steps start at powers of 2 to the eighth root, moved by the one millisecond that lets them start at 0. */
function middleOf(step: number): number {
  const from = Math.max(0, Math.ceil(2 ** (step / STEPS) - 1 - 1e-9));
  const to = Math.max(from, Math.ceil(2 ** ((step + 1) / STEPS) - 1 - 1e-9) - 1);
  return (from + to) / 2;
}

function histograms(
  look: Look,
  rows: Uint32Array,
  keys: readonly Of<Key>[],
  where: readonly Of<Test>[] = [],
): Map<string, Histogram> {
  const cube = look.cube('latencies');
  const found = new Map<string, Histogram>();
  const steps = grouped(
    rows,
    [...keys, by('step')].map((key) => key(cube)),
    [sumOf(cube)],
    where.map((test) => test(cube)),
  );
  for (const row of steps) {
    const group = JSON.stringify(row.slice(0, keys.length));
    const histogram = found.get(group) ?? new Map<number, number>();
    const step = Number(row[keys.length]);
    histogram.set(step, (histogram.get(step) ?? 0) + Number(row[keys.length + 1]));
    found.set(group, histogram);
  }
  return found;
}

function average(sum: Value | undefined, count: Value | undefined): number | null {
  return Number(count) > 0 ? Number(sum) / Number(count) : null;
}

const sums: Of<Measure[]> = (cube: Cube) =>
  [
    'responses',
    'response_ms',
    'integrations',
    'integration_ms',
    'authorizers',
    'authorizer_ms',
    'overheads',
    'overhead_ms',
    'underhead_ms',
    'lengths',
    'length_ms',
  ].map((name) => sumOf(cube, name));

function summary(look: Look): Value[][] {
  const [now, before] = toldPeriods(look, 'latencies', ['previous period']);
  const percentiles = [now, before].map((told) => {
    if (!told?.isLogged) return SHARES.map(() => null);
    const histogram =
      histograms(look, look.rows('latencies', told.period), []).get('[]') ?? new Map();
    return SHARES.map((share) => percentileOf(histogram, share));
  });
  const cube = look.cube('times');
  const totals = [now, before].map((told) =>
    total(look.rows('times', look.period('times', told?.period)), sums(cube)),
  );
  const [of = [], was = []] = totals;
  return [
    [
      ...SHARES.flatMap((_, place) => [
        percentiles[0]?.[place] ?? null,
        percentiles[1]?.[place] ?? null,
      ]),
      average(of[1], of[0]),
      before?.isLogged ? average(was[1], was[0]) : null,
      average(of[3], of[2]),
      average(of[5], of[4]),
      average(Number(of[7]) - Number(of[8]), of[6]),
      average(of[10], of[9]),
    ],
  ];
}

function overTime(look: Look): Value[][] {
  const cubes = ['latencies', 'times'].map((name) => look.cube(name));
  const of = histograms(look, look.rows('latencies'), [bucketKey(look)]);
  const cube = cubes[1] as Cube;
  const rows = grouped(look.rows('times'), [bucketKey(look)(cube)], sums(cube));
  const made = rows.map(([time = null, ...row]): Value[] => {
    const histogram = of.get(JSON.stringify([time])) ?? new Map();
    return [
      time,
      ...SHARES.map((share) => percentileOf(histogram, share)),
      average(row[1], row[0]),
      average(row[3], row[2]),
      average(row[5], row[4]),
    ];
  });
  return ordered(made, 0);
}

function distribution(look: Look): Value[][] {
  const cube = look.cube('latencies');
  const rows = grouped(look.rows('latencies'), [by('latency_range')(cube)], [sumOf(cube)]);
  const all = rows.reduce((sum, [, count]) => sum + Number(count), 0);
  return ordered(rows, 0).map(([range, count]) => [
    LATENCY_LIMITS[Number(range)] ?? null,
    LATENCY_LIMITS[Number(range) + 1] ?? null,
    Number(count),
    (100 * Number(count)) / all,
  ]);
}

function byGroup(look: Look, keys: readonly Of<Key>[], where: readonly Of<Test>[] = []): Value[][] {
  const of = histograms(look, look.rows('latencies'), keys, where);
  const cube = look.cube('times');
  const width = keys.length;
  const rows = grouped(
    look.rows('times'),
    keys.map((key) => key(cube)),
    sums(cube).slice(0, 2),
    where.map((test) => test(cube)),
  ).filter((row) => Number(row[width]) > 0);
  return ordered(rows, descending(width + 1), ...keys.keys())
    .slice(0, 100)
    .map((row) => {
      const group = row.slice(0, width);
      const [count, sum] = row.slice(width);
      const histogram = of.get(JSON.stringify(group)) ?? new Map();
      return [
        ...group,
        Number(count),
        average(sum, count),
        ...SHARES.map((share) => percentileOf(histogram, share)),
      ];
    });
}
