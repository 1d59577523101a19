/** Panels of customers, plans and security. */

import type { Cube } from '../cubes/cube';
import { TOP } from '../panels/patterns';
import { comparedPeriod } from '../panels/periods';
import type { Value } from '../result';
import {
  distinctOf,
  grouped,
  isKnown,
  type Key,
  keyOf,
  type Measure,
  momentOf,
  planKey,
  sumOf,
} from './group';
import { type LivePanel, on } from './live-panel';
import type { Look } from './look';
import { descending, ordered } from './order';
import {
  by,
  comparedBy,
  countedBy,
  countOf,
  distinct,
  isFailed,
  isLogged,
  isThere,
  isValue,
  type Of,
  type OwnMeasure,
  plain,
  seriesBy,
  share,
} from './patterns';
import { duringTest, type Test } from './select';

const isThrottled = isValue('error_response_type', 'THROTTLED');
const isOverQuota = isValue('error_response_type', 'QUOTA_EXCEEDED');
const isCustomer = isThere('customer_name');
const hasPlan: Of<Test> = (cube) => {
  const { values, indexes } = planKey(cube);
  return { indexes, accepted: Uint8Array.from(values, (value) => (value === null ? 0 : 1)) };
};
const people: Of<Measure> = (cube) => distinctOf(cube, 'customer_name');

/** The index of the bytes among the columns of customers. */
const BYTES = 10;

export const customers: Readonly<Record<string, LivePanel>> = {
  'customer-counts': on(['traffic', 'history'], (look) => {
    const all = movements(look);
    const count = (is: (movement: Movement) => boolean) => all.filter(is).length;
    const moved = (name: string) => count(({ movement }) => movement === name);
    const isTold = isLogged(look, comparedPeriod('previous period', look.scope));
    const told = (number: number) => (isTold ? number : null);
    return [
      [
        count(({ requests }) => requests > 0),
        told(count(({ previous }) => previous > 0)),
        told(moved('new')),
        told(moved('returning')),
        told(moved('silent')),
      ],
    ];
  }),
  customers: on(['traffic'], (look) => {
    const rows = comparedBy(look, {
      cube: 'traffic',
      comparisons: ['previous period', 'same weekday'],
      by: [by('customer_name')],
      compared: [plain(countOf()), share(isFailed)],
      measures: [
        distinct('api_key_id'),
        countOf(isThrottled),
        countOf(isOverQuota),
        bytes,
        (cube, during) => momentOf('first', cube, [during]),
        (cube, during) => momentOf('last', cube, [during]),
      ],
      where: [isCustomer],
    });
    // A sum of nothing is no number.
    return rows.map((row) => row.map((value, place) => (place === BYTES ? value || null : value)));
  }),
  'customers-over-time': on(['traffic'], (look) =>
    seriesBy(look, { cube: 'traffic', by: by('customer_name') }),
  ),
  movers: on(['traffic'], movers),
  'customer-movements': on(['traffic', 'history'], (look) => {
    if (!isLogged(look, comparedPeriod('previous period', look.scope))) return [];
    const rows = movements(look)
      .filter(({ movement }) => movement !== null)
      .map(({ movement, name, requests, previous, first, last }) => [
        movement,
        name,
        requests,
        previous,
        first,
        last,
        requests + previous,
      ]);
    return ordered(rows, 0, descending(6), 1)
      .slice(0, look.scope.limit)
      .map((row) => row.slice(0, 6));
  }),
  'user-agents': on(['agents'], (look) =>
    countedBy(look, { cube: 'agents', by: [by('user_agent')], measures: [people] }),
  ),
  'user-agents-over-time': on(['agents'], (look) =>
    seriesBy(look, { cube: 'agents', by: by('user_agent') }),
  ),
  clients: on(['agents'], (look) =>
    countedBy(look, {
      cube: 'agents',
      by: [by('customer_name'), by('user_agent', clientOf)],
      measures: [(cube) => momentOf('first', cube), (cube) => momentOf('last', cube)],
    }),
  ),
};

export const plans: Readonly<Record<string, LivePanel>> = {
  plans: on(['traffic'], (look) => {
    const names = planNames(look);
    const rows = comparedBy(look, {
      cube: 'traffic',
      comparisons: ['previous period', 'same weekday'],
      by: [planKey],
      compared: [plain(countOf()), share(isFailed), plain(distinct('customer_name'))],
      measures: [distinct('api_key_id'), countOf(isThrottled), countOf(isOverQuota)],
      where: [hasPlan],
    });
    const named = rows.map(([key = null, ...row]) => [key, names.get(key) ?? null, ...row]);
    return ordered(named, descending(2), 0);
  }),
  'plans-over-time': on(['traffic'], (look) => {
    const names = planNames(look);
    const rows = seriesBy(look, { cube: 'traffic', by: planKey, where: [hasPlan] });
    return rows.map(([time = null, key = null, requests = null]) => [
      time,
      key,
      names.get(key) ?? null,
      requests,
    ]);
  }),
  'limits-by-customer': on(['traffic'], (look) => {
    const cube = look.cube('traffic');
    const is429 = isValue('status', 429)(cube);
    const outcomes = (...wanted: readonly string[]) => [is429, isValue('outcome', ...wanted)(cube)];
    const rows = grouped(
      look.rows('traffic'),
      [keyOf(cube, 'customer_name'), keyOf(cube, 'usage_plan')],
      [
        sumOf(cube, 'requests', [is429]),
        sumOf(cube, 'requests', outcomes('throttle')),
        sumOf(cube, 'requests', outcomes('quota')),
        sumOf(
          cube,
          'requests',
          outcomes('limit', 'integration', 'waf', 'authorizer', 'gateway', 'caller'),
        ),
        sumOf(cube),
        momentOf('last', cube, [is429]),
      ],
    ).filter((row) => Number(row[2]) > 0);
    return ordered(rows, descending(2), 0, 1).slice(0, look.scope.limit);
  }),
  'quota-reached-by-endpoint': on(['failures'], (look) =>
    countedBy(look, {
      cube: 'failures',
      by: [by('domain_name'), by('endpoint'), by('usage_plan')],
      where: [isValue('outcome', 'quota')],
      measures: [people, (cube) => momentOf('first', cube), (cube) => momentOf('last', cube)],
    }),
  ),
  'quota-refusals-over-time': on(['failures'], (look) =>
    seriesBy(look, {
      cube: 'failures',
      by: by('domain_name'),
      where: [isValue('outcome', 'quota')],
    }),
  ),
};

export const security: Readonly<Record<string, LivePanel>> = {
  countries: on(['places'], (look) =>
    countedBy(look, { cube: 'places', by: [by('country')], measures: [people] }),
  ),
  'error-countries': on(['places'], (look) =>
    countedBy(look, {
      cube: 'places',
      by: [by('country')],
      where: [isValue('is_failed', 1)],
      measures: [people],
    }),
  ),
};

const bytes: OwnMeasure = (cube, during) => sumOf(cube, 'bytes', [during]);

function clientOf(agent: string | number | null): Value {
  return agent === null ? null : (String(agent).split(' ')[0]?.split('/')[0] ?? null);
}

/** The latest name of each plan in the scope. */
function planNames(look: Look): Map<Value, Value> {
  const cube = look.cube('traffic');
  const rows = grouped(
    look.rows('traffic'),
    [planKey(cube), keyOf(cube, 'usage_plan')],
    [momentOf('last', cube)],
    [isKnown(cube, 'usage_plan')],
  );
  return new Map(ordered(rows, 2).map(([key = null, name = null]) => [key, name]));
}

function movers(look: Look): Value[][] {
  const cube = look.cube('traffic');
  const previous = look.period('traffic', comparedPeriod('previous period', look.scope));
  if (!isLogged(look, previous)) return [];
  const counts = grouped(
    look.rows('traffic', { from: previous.from, to: look.scope.to }),
    [keyOf(cube, 'customer_name')],
    [
      sumOf(cube, 'requests', [duringTest(cube, look.scope)]),
      sumOf(cube, 'requests', [duringTest(cube, previous)]),
    ],
    [isCustomer(cube)],
  ).map(([name = null, now, before]): Value[] => {
    const change = Number(now) - Number(before);
    const percent = Number(before) === 0 ? null : (100 * change) / Number(before);
    return [name, Number(now), Number(before), change, percent];
  });
  const rises = ordered([...counts], descending(3), 0).slice(0, TOP);
  const falls = ordered([...counts], 3, 0).slice(0, TOP);
  return ordered(
    [...rises.filter((row) => Number(row[3]) > 0), ...falls.filter((row) => Number(row[3]) < 0)],
    descending(3),
    0,
  );
}

interface Movement {
  readonly name: Value;
  readonly requests: number;
  readonly previous: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly movement: 'new' | 'returning' | 'silent' | null;
}

/** Every customer of the history, with what he did in this period and in the one before. */
function movements(look: Look): Movement[] {
  const previous = comparedPeriod('previous period', look.scope);
  const everything = { from: Number.NEGATIVE_INFINITY, to: look.scope.to };
  const found = new Map<
    Value,
    { -readonly [Name in keyof Movement]: Movement[Name] } & { earlier: number }
  >();
  const add = (cube: Cube, measures: readonly Measure[]) => {
    const key: Key = keyOf(cube, 'customer_name');
    const rows = grouped(look.rows(cube.name, everything), [key], measures, [isCustomer(cube)]);
    for (const [name = null, requests, before, earlier, first = null, last = null] of rows) {
      const known = found.get(name);
      found.set(name, {
        name,
        requests: (known?.requests ?? 0) + Number(requests),
        previous: (known?.previous ?? 0) + Number(before),
        earlier: (known?.earlier ?? 0) + Number(earlier),
        first: known?.first ?? (first as number | null),
        last: (last as number | null) ?? known?.last ?? null,
        movement: null,
      });
    }
  };
  for (const name of ['history', 'traffic']) {
    const cube = look.cube(name);
    const before = duringTest(cube, { from: Number.NEGATIVE_INFINITY, to: previous.from });
    add(cube, [
      sumOf(cube, 'requests', [duringTest(cube, look.scope)]),
      sumOf(cube, 'requests', [duringTest(cube, previous)]),
      sumOf(cube, 'requests', [before]),
      momentOf('first', cube),
      momentOf('last', cube),
    ]);
  }
  return [...found.values()].map(({ earlier, ...customer }) => ({
    ...customer,
    movement: movementOf(customer.requests, customer.previous, earlier),
  }));
}

function movementOf(requests: number, previous: number, earlier: number): Movement['movement'] {
  if (requests === 0) return previous > 0 ? 'silent' : null;
  if (previous > 0) return null;
  return earlier === 0 ? 'new' : 'returning';
}
