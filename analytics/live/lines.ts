/** Panels of how complete the log is: lines beside their requests. */

import { type Cube, dimensionOf } from '../cubes/cube';
import type { LineKind } from '../cubes/definitions';
import { hoursAround } from '../panels/periods';
import type { Value } from '../result';
import { HOUR } from '../time-zone';
import { grouped, sumOf, total } from './group';
import type { LivePanel } from './live-panel';
import { on } from './live-panel';
import type { Look } from './look';
import { ordered } from './order';
import { bucketKey, isThere, isValue, type Of } from './patterns';
import { selectRows, type Test, testOf } from './select';

const kindIs = (kind: LineKind): Of<Test> => isValue('kind', kind);

const isMissing = (name: string): Of<Test> => {
  return (cube) => testOf(dimensionOf(cube, name), (value) => value === null);
};

export const dataQuality: Readonly<Record<string, LivePanel>> = {
  completeness: on(['lines', 'traffic'], (look) => {
    const cube = look.cube('lines');
    const count = (rows: Uint32Array, kind: LineKind) =>
      Number(total(rows, [sumOf(cube, 'lines', [kindIs(kind)(cube)])])[0]);
    const lines = count(look.rows('lines'), 'timed');
    const { requests, unattributed } = attributionIn(look);
    const [unnamed = 0, keyless = 0] = requestsWith(look, [
      [isThere('api_key_id'), isMissing('customer_name')],
      [isMissing('api_key_id')],
    ]);
    return [
      [
        lines,
        requests,
        lines - requests,
        look.scope.filter.customer === undefined ? count(allRows(cube), 'unparsed') : null,
        // What has no time is in no period.
        count(look.rows('lines', { from: Number.NEGATIVE_INFINITY, to: Infinity }), 'untimed'),
        unattributed,
        unnamed,
        keyless,
      ],
    ];
  }),
  'hours-without-lines': {
    cubes: ['lines'],
    needsHours: true,
    rows: (look) => gapsIn(look).slice(0, look.scope.limit),
  },
  'lines-over-time': on(['lines', 'traffic'], (look) => {
    const lines = countsByBucket(look, 'lines', 'lines', [kindIs('timed')]);
    const requests = countsByBucket(look, 'traffic', 'requests');
    const times = new Set([...lines.keys(), ...requests.keys()]);
    const rows = Array.from(times, (time): Value[] => {
      const [line, request] = [lines.get(time) ?? 0, requests.get(time) ?? 0];
      return [time, line, request, line - request];
    });
    return ordered(rows, 0);
  }),
};

/** Requests that pass each list of tests. */
function requestsWith(look: Look, lists: readonly (readonly Of<Test>[])[]): Value[] {
  const traffic = look.cube('traffic');
  return total(
    look.rows('traffic'),
    lists.map((tests) =>
      sumOf(
        traffic,
        'requests',
        tests.map((test) => test(traffic)),
      ),
    ),
  );
}

export interface Attribution {
  readonly requests: number;
  /** Those with a key but no plan. */
  readonly unattributed: number;
}

/** How much of what a look has is attributed; it must have the cube `traffic`. */
export function attributionIn(look: Look): Attribution {
  const [requests = 0, unattributed = 0] = requestsWith(look, [
    [],
    [isThere('api_key_id'), isMissing('usage_plan'), isMissing('usage_plan_id')],
  ]);
  return { requests: Number(requests), unattributed: Number(unattributed) };
}

function allRows({ rowCount }: Cube): Uint32Array {
  return Uint32Array.from({ length: rowCount }, (_, row) => row);
}

function countsByBucket(
  look: Look,
  name: string,
  measure: string,
  where: readonly Of<Test>[] = [],
): Map<number, number> {
  const cube = look.cube(name);
  const rows = grouped(
    look.rows(name),
    [bucketKey(look)(cube)],
    [sumOf(cube, measure)],
    where.map((test) => test(cube)),
  );
  return new Map(rows.map(([time, count]) => [Number(time), Number(count)]));
}

/** Hours between those that have lines of anybody, and the ends of the period. */
function gapsIn(look: Look): Value[][] {
  const cube = look.cube('lines');
  const { values, indexes } = dimensionOf(cube, 'time');
  const { before, after } = hoursAround(look.scope);
  const hours = new Set([before, after]);
  for (const row of selectRows(cube, look.period('lines'), {}))
    hours.add(Number(values[indexes[row] as number]));
  const all = [...hours].sort((one, other) => one - other);
  return all.flatMap((hour, at) => {
    const previous = all[at - 1];
    if (previous === undefined || hour - previous <= HOUR) return [];
    return [[previous + HOUR, hour, (hour - previous) / HOUR - 1]];
  });
}
