/** Panels of the overview and of errors. */

import { MINIMUM } from '../panels/patterns';
import { comparedPeriod } from '../panels/periods';
import { bucketStart } from '../render/buckets';
import type { Value } from '../result';
import { DAY, HOUR, localTime } from '../time-zone';
import type { Measure } from './group';
import { distinctOf, grouped, keyOf, momentOf, sumOf } from './group';
import { type LivePanel, on } from './live-panel';
import type { Look } from './look';
import { ordered } from './order';
import {
  bucketKey,
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
  percent,
  plain,
  seriesBy,
  share,
  statusIn,
} from './patterns';

const comparisons = ['previous period', 'same weekday'] as const;
const affected: Of<Measure> = (cube) => distinctOf(cube, 'customer_name');

export const overview: Readonly<Record<string, LivePanel>> = {
  requests: on(['traffic'], (look) =>
    comparedBy(look, {
      cube: 'traffic',
      comparisons,
      compared: [plain(countOf()), share(isFailed), plain(distinct('customer_name'))],
      measures: [
        countOf(statusIn(200, 299)),
        countOf(statusIn(300, 399)),
        countOf(statusIn(400, 499)),
        countOf(statusIn(500, 999)),
      ],
    }),
  ),
  traffic: on(['traffic'], trafficRows),
  'outcomes-over-time': on(['traffic'], (look) =>
    seriesBy(look, { cube: 'traffic', by: by('outcome') }),
  ),
  'status-classes-over-time': on(['traffic'], (look) =>
    seriesBy(look, { cube: 'traffic', by: by('status', statusClass) }),
  ),
  statuses: on(['traffic'], (look) => countedBy(look, { cube: 'traffic', by: [by('status')] })),
  'statuses-over-time': on(['traffic'], (look) =>
    seriesBy(look, { cube: 'traffic', by: by('status') }),
  ),
  apis: on(['traffic'], (look) =>
    comparedBy(look, {
      cube: 'traffic',
      comparisons: ['previous period'],
      by: [by('api_id'), by('stage'), by('api_type')],
      compared: [plain(countOf()), share(isFailed)],
      measures: [distinct('customer_name')],
    }),
  ),
  stages: on(['traffic'], (look) => countedBy(look, { cube: 'traffic', by: [by('stage')] })),
  endpoints: on(['endpoints', 'traffic'], (look) =>
    comparedBy(look, {
      cube: 'endpoints',
      comparisons: ['previous period'],
      by: [by('http_method'), by('endpoint')],
      compared: [plain(countOf()), share(isFailed)],
      measures: [distinct('customer_name')],
    }),
  ),
  'endpoints-over-time': on(['endpoints'], (look) =>
    seriesBy(look, { cube: 'endpoints', by: by('endpoint') }),
  ),
  domains: on(['endpoints'], (look) =>
    countedBy(look, { cube: 'endpoints', by: [by('domain_name')] }),
  ),
  'domains-over-time': on(['endpoints'], (look) =>
    seriesBy(look, { cube: 'endpoints', by: by('domain_name') }),
  ),
  methods: on(['endpoints'], (look) => known(look, 'endpoints', 'http_method')),
  protocols: on(['endpoints'], (look) => known(look, 'endpoints', 'protocol')),
  'websocket-events': on(['endpoints'], (look) => known(look, 'endpoints', 'event_type')),
  'busy-hours': { cubes: ['traffic'], needsHours: true, rows: busyHours },
};

export const errors: Readonly<Record<string, LivePanel>> = {
  errors: on(['traffic'], (look) =>
    comparedBy(look, {
      cube: 'traffic',
      comparisons,
      compared: [
        plain(countOf(isFailed)),
        share(isFailed),
        share(statusIn(500, 999)),
        plain(distinct('customer_name', isFailed)),
      ],
      measures: [countOf(statusIn(400, 499)), countOf(statusIn(500, 999))],
    }),
  ),
  'error-rate-over-time': on(['traffic'], errorRate),
  'whose-fault': on(['traffic'], (look) => failedBy(look, 'traffic', ['outcome'])),
  'whose-fault-over-time': on(['traffic'], (look) =>
    seriesBy(look, { cube: 'traffic', by: by('outcome'), where: [isFailed] }),
  ),
  'failed-statuses': on(['traffic'], (look) => failedBy(look, 'traffic', ['status'])),
  'failed-statuses-over-time': on(['traffic'], (look) =>
    seriesBy(look, { cube: 'traffic', by: by('status'), where: [isFailed] }),
  ),
  'errors-by-customer': on(['traffic'], (look) =>
    comparedBy(look, {
      cube: 'traffic',
      comparisons: ['previous period'],
      by: [by('customer_name')],
      compared: [plain(countOf(isFailed)), share(isFailed)],
      measures: [countOf(), countOf(statusIn(400, 499)), countOf(statusIn(500, 999))],
      where: [isThere('customer_name')],
    }),
  ),
  'errors-by-endpoint': on(['failures'], (look) =>
    failedBy(look, 'failures', ['http_method', 'endpoint', 'status']),
  ),
  'client-errors': on(['failures'], (look) =>
    countedBy(look, {
      cube: 'failures',
      by: [
        dayKey(look),
        by('status'),
        by('domain_name'),
        by('http_method'),
        by('endpoint'),
        by('error_response_type'),
      ],
      where: [statusIn(400, 499)],
      measures: [affected],
    }),
  ),
  'error-messages': on(['failures'], (look) => failedBy(look, 'failures', ['error_message'], true)),
  'failed-apis': on(['traffic'], (look) => failedBy(look, 'traffic', ['api_id'])),
  'response-types': on(['traffic'], (look) =>
    failedBy(look, 'traffic', ['error_response_type'], true),
  ),
  'response-types-over-time': on(['traffic'], (look) =>
    seriesBy(look, {
      cube: 'traffic',
      by: by('error_response_type'),
      where: [isFailed, isThere('error_response_type')],
    }),
  ),
  'too-many-requests': on(['traffic'], (look) =>
    countedBy(look, {
      cube: 'traffic',
      by: [by('outcome', limitKind)],
      where: [isValue('status', 429)],
      measures: [affected],
    }),
  ),
  'too-many-requests-over-time': on(['traffic'], (look) =>
    seriesBy(look, {
      cube: 'traffic',
      by: by('outcome', limitKind),
      where: [isValue('status', 429)],
    }),
  ),
  'authorizer-errors': on(['failures'], (look) =>
    countedBy(look, {
      cube: 'failures',
      by: [
        'api_id',
        'domain_name',
        'stage',
        'http_method',
        'endpoint',
        'authorizer_error',
        'authorizer_principal_id',
        'error_message',
        'error_response_type',
        'status',
      ].map((name) => by(name)),
      where: [isFailed, isThere('authorizer_error')],
      measures: [affected],
    }),
  ),
  'integration-errors': on(['failures'], (look) =>
    countedBy(look, {
      cube: 'failures',
      by: [
        'api_id',
        'domain_name',
        'stage',
        'endpoint',
        'integration_error',
        'integration_status',
        'error_message',
        'error_response_type',
        'status',
      ].map((name) => by(name)),
      where: [isThere('integration_error')],
      measures: [affected, (cube) => momentOf('first', cube), (cube) => momentOf('last', cube)],
    }),
  ),
};

function trafficRows(look: Look): Value[][] {
  const { scope } = look;
  const cube = look.cube('traffic');
  const before = comparisons.map((comparison) => comparedPeriod(comparison, scope));
  const sums = new Map<number, (number | null)[]>();
  [scope, ...before].forEach((period, age) => {
    const moved = scope.from - period.from;
    const key = keyOf(cube, 'time', (time) => {
      const moment = Number(time) + moved;
      return moment < scope.to ? bucketStart(moment, scope.timeZone, look.bucket) : null;
    });
    for (const [time, count] of grouped(look.rows('traffic', period), [key], [sumOf(cube)])) {
      if (typeof time !== 'number') continue;
      const row = sums.get(time) ?? [0, 0, 0];
      row[age] = Number(count);
      sums.set(time, row);
    }
  });
  const logged = [true, ...before.map((period) => isLogged(look, period))];
  const rows = [...sums].map(([time, counts]) => [
    time,
    ...counts.map((count, age) => (logged[age] ? count : null)),
  ]);
  return ordered(rows, 0);
}

function busyHours(look: Look): Value[][] {
  const cube = look.cube('traffic');
  const { timeZone } = look.scope;
  const local = (time: string | number | null) => localTime(Number(time), timeZone);
  const weekday = keyOf(cube, 'time', (time) => ((Math.floor(local(time) / DAY) + 3) % 7) + 1);
  const hour = keyOf(cube, 'time', (time) => Math.floor((local(time) % DAY) / HOUR));
  return ordered(grouped(look.rows('traffic'), [weekday, hour], [sumOf(cube)]), 0, 1);
}

function errorRate(look: Look): Value[][] {
  const cube = look.cube('traffic');
  const counts = [
    sumOf(cube, 'requests', [isFailed(cube)]),
    sumOf(cube, 'requests', [statusIn(500, 999)(cube)]),
    sumOf(cube),
  ];
  const rows = grouped(look.rows('traffic'), [bucketKey(look)(cube)], counts).map(
    ([time = null, failed, broken, all]): Value[] => [
      time,
      percent(Number(failed), Number(all), MINIMUM),
      percent(Number(broken), Number(all), MINIMUM),
      Number(all),
    ],
  );
  return ordered(rows, 0);
}

function failedBy(
  look: Look,
  cube: string,
  names: readonly [string, ...string[]],
  isThereOnly = false,
): Value[][] {
  return countedBy(look, {
    cube,
    by: names.map((name) => by(name)),
    where: [isFailed, ...(isThereOnly ? [isThere(names[0])] : [])],
    measures: [affected],
  });
}

function known(look: Look, cube: string, name: string): Value[][] {
  return countedBy(look, { cube, by: [by(name)], where: [isThere(name)] });
}

function dayKey(look: Look) {
  return by('time', (time) => bucketStart(Number(time), look.scope.timeZone, 'day'));
}

function statusClass(status: string | number | null): string | null {
  if (status === null) return null;
  return `${Math.min(5, Math.max(1, Math.floor(Number(status) / 100)))}xx`;
}

function limitKind(outcome: string | number | null): string {
  const told = ['throttle', 'quota', 'integration'];
  return told.includes(String(outcome)) ? String(outcome) : 'not told';
}
