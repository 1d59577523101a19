/** The cubes of a report: their statements over `requests`, in the dialect of panels. */

import { bucketStart, conditionsOf, during } from '../panels/fragments';
import { LATENCY_LIMITS } from '../panels/latency';
import { outcome } from '../panels/outcome';
import type { Filter, Period, Scope } from '../panels/panel';
import { comparedPeriod, historyFrom } from '../panels/periods';
import { sql } from '../panels/sql';
import { isReadable } from '../requests';
import { relations } from '../schema';
import type { Slot } from './cube';

export interface CubeDefinition {
  readonly name: string;
  /** What a row of it counts: lines, or requests. */
  readonly of: 'access' | 'requests';
  /** The columns that are no measures. */
  readonly dimensions: readonly string[];
  /** Counts and sums: those of two periods can be added. */
  readonly measures: readonly string[];
  /** More rows than this are too many: the page then has them by days, or not at all. */
  readonly maxRows: Readonly<Record<Slot, number>>;
  /** Rows sorted by all dimensions but the time, then by it: so they pack best. */
  sql(scope: Scope, slot: Slot): string;
  /** For an engine that keeps results; left out where days are not made of hours. */
  readonly steps?: CubeSteps;
}

/** The same in steps: a statement over the hours' rows makes the days'. */
export interface CubeSteps {
  /** The rows of `sql`, in no order. @param period of whole hours, a part of the cube's own unless given */
  rows(scope: Scope, slot: Slot, period?: Period): string;
  /** @param hours the relation of the rows by hours */
  daysOf(scope: Scope, hours: string): string;
  /** @param from a relation of the rows of either */
  inOrder(from: string): string;
}

/** What filters choose by; every cube has these, so that every filter works on each. */
export const filterDimensions: Readonly<Record<string, string>> = {
  customer_name: 'customer_name',
  usage_plan_id: 'usage_plan_id',
  usage_plan: 'usage_plan',
  api_id: 'api_id',
  stage: 'stage',
};

/** The period from the earliest request on that a number of the report is compared with. */
export function cubePeriod(scope: Scope): Period {
  const from = Math.min(
    comparedPeriod('previous period', scope).from,
    comparedPeriod('same weekday', scope).from,
  );
  return { from, to: scope.to };
}

/** What comes before that, as far as panels look back. */
export function historyPeriod(scope: Scope): Period {
  const from = historyFrom(scope);
  return { from, to: Math.max(from, cubePeriod(scope).from) };
}

/** Steps of latency in a histogram: eight for each doubling, so a step is 9 % wide. */
export const STEPS = 8;

const requests = { requests: 'count(*)' };

/**
 * What can be done with a line: only a `timed` one is in a period. What could not be read has no
 * customer, plan, API or stage either: only the report of a customer leaves it out.
 */
export type LineKind = 'timed' | 'untimed' | 'unparsed';

const UNPARSED: LineKind = 'unparsed';

const lineKind = `case
  when not (${isReadable}) then '${UNPARSED}'
  when request_time_epoch is null then 'untimed'
  else 'timed'
end`;

/** What failed, and what the integration complained of without failing. */
const isFailure = '(status >= 400 or integration_error is not null)';

/** The indexes of the latency limits that the distribution counts by. */
const latencyRange = `case ${LATENCY_LIMITS.map(
  (_, place) => `when response_latency < ${LATENCY_LIMITS[place + 1]} then ${place}`,
)
  .slice(0, -1)
  .join(' ')} else ${LATENCY_LIMITS.length - 1} end`;

const authorizerLatency = 'coalesce(authorizer_latency, authorizer_integration_latency)';

export const cubeDefinitions: readonly CubeDefinition[] = [
  cube('traffic', {
    by: {
      api_type: 'api_type',
      api_key_id: 'api_key_id',
      status: 'status',
      error_response_type: 'error_response_type',
      outcome,
    },
    measures: { ...requests, bytes: 'coalesce(sum(response_length), 0)' },
    maxRows: { hour: 900_000, day: 900_000 },
  }),
  cube('endpoints', {
    by: {
      domain_name: 'domain_name',
      http_method: 'http_method',
      endpoint: 'endpoint',
      protocol: 'protocol',
      event_type: 'event_type',
      status: 'status',
    },
    measures: requests,
    maxRows: { hour: 60_000, day: 500_000 },
  }),
  cube('failures', {
    by: {
      domain_name: 'domain_name',
      http_method: 'http_method',
      endpoint: 'endpoint',
      status: 'status',
      outcome,
      error_response_type: 'error_response_type',
      error_message: 'error_message',
      authorizer_error: 'authorizer_error',
      authorizer_principal_id: 'authorizer_principal_id',
      integration_error: 'integration_error',
      integration_status: 'integration_status',
    },
    measures: requests,
    where: isFailure,
    maxRows: { hour: 60_000, day: 300_000 },
  }),
  cube('agents', {
    by: { user_agent: 'user_agent' },
    measures: requests,
    where: 'user_agent is not null',
    maxRows: { hour: 20_000, day: 150_000 },
  }),
  cube('places', {
    by: { country: 'country', is_failed: 'case when status >= 400 then 1 else 0 end' },
    measures: requests,
    where: 'country is not null',
    maxRows: { hour: 20_000, day: 150_000 },
  }),
  cube('latencies', {
    by: {
      step: `cast(floor(${STEPS}e0 * log2(response_latency + 1)) as bigint)`,
      latency_range: latencyRange,
    },
    measures: requests,
    where: 'response_latency >= 0',
    maxRows: { hour: 60_000, day: 700_000 },
  }),
  cube('times', {
    by: {},
    measures: {
      ...requests,
      ...total('response', 'response_latency'),
      ...total('integration', 'integration_latency'),
      ...total('authorizer', authorizerLatency),
      ...total('length', 'response_length'),
      overheads: 'count(response_latency - integration_latency)',
      overhead_ms:
        'coalesce(sum(case when response_latency >= integration_latency then response_latency - integration_latency end), 0)',
      underhead_ms:
        'coalesce(sum(case when response_latency < integration_latency then integration_latency - response_latency end), 0)',
    },
    maxRows: { hour: 30_000, day: 200_000 },
  }),
  cube('lines', {
    of: relations.access,
    by: { kind: lineKind },
    measures: { lines: 'count(*)' },
    maxRows: { hour: 30_000, day: 200_000 },
  }),
  {
    name: 'history',
    of: relations.requests,
    dimensions: ['time', ...Object.keys(filterDimensions)],
    measures: Object.keys(requests),
    maxRows: { hour: 100_000, day: 100_000 },
    sql: (scope) => historySql(scope),
  },
];

/** Values of a column that has some, and their sum. */
function total(name: string, column: string): Record<string, string> {
  return { [`${name}s`]: `count(${column})`, [`${name}_ms`]: `coalesce(sum(${column}), 0)` };
}

/**
 * The conditions of a filter on the rows that a cube is made of, or on its own.
 *
 * @param isUnparsed the condition for lines that could not be read
 */
export function cubeConditions(
  { of }: Pick<CubeDefinition, 'of'>,
  filter: Filter,
  isUnparsed = `kind = '${UNPARSED}'`,
): string[] {
  const conditions = conditionsOf(filter);
  // A customer is told of no lines but his own.
  const isOwn = of === 'requests' || filter.customer !== undefined;
  if (isOwn || conditions.length === 0) return conditions;
  return [`(${isUnparsed} or ${conditions.join(' and ')})`];
}

interface CubeParts {
  /** @default requests */
  readonly of?: CubeDefinition['of'];
  readonly by: Readonly<Record<string, string>>;
  readonly measures: Readonly<Record<string, string>>;
  readonly where?: string;
  readonly maxRows: CubeDefinition['maxRows'];
}

function cube(
  name: string,
  { of = relations.requests, by, measures, where, maxRows }: CubeParts,
): CubeDefinition {
  const all = { ...filterDimensions, ...by };
  const dimensions = ['time', ...Object.keys(all)];
  const groups = (scope: Scope, slot: Slot, period = cubePeriod(scope)) => {
    const time = bucketStart('request_time_epoch', scope, slot, period.from);
    const inPeriod = during(period);
    return grouped(of, { time, ...all }, measures, [
      of === 'access' ? `(${inPeriod} or request_time_epoch is null)` : inPeriod,
      // What a report is not about must not be in its page.
      ...cubeConditions({ of }, scope.filter, `not (${isReadable})`),
      ...(where === undefined ? [] : [where]),
    ]);
  };
  return {
    name,
    of,
    dimensions,
    measures: Object.keys(measures),
    maxRows,
    sql: (scope, slot) => `${groups(scope, slot)}\n${orderBy(dimensions)}`,
    steps: {
      rows: groups,
      daysOf(scope, hours) {
        const time = bucketStart('time', scope, 'day', cubePeriod(scope).from);
        const others = dimensions.slice(1).map((dimension) => [dimension, dimension]);
        const sums = Object.keys(measures).map((measure) => [measure, `sum(${measure})`]);
        const by = { time, ...Object.fromEntries(others) };
        return grouped(hours, by, Object.fromEntries(sums), []);
      },
      inOrder: (from) => `select *\nfrom ${from}\n${orderBy(dimensions)}`,
    },
  };
}

/** Who had requests before all that the other cubes hold, and when the first one was. */
function historySql(scope: Scope): string {
  const period = historyPeriod(scope);
  const by = { time: 'min(request_time_epoch)', ...filterDimensions };
  const conditions = [during(period), ...conditionsOf(scope.filter), 'customer_name is not null'];
  return `${grouped('requests', by, requests, conditions, 1)}\n${orderBy(Object.keys(by))}`;
}

/** @param aggregates how many of the first columns are no groups */
function grouped(
  from: string,
  by: Readonly<Record<string, string>>,
  measures: Readonly<Record<string, string>>,
  conditions: readonly string[],
  aggregates = 0,
): string {
  const columns = [...Object.entries(by), ...Object.entries(measures)];
  const places = Object.keys(by).map((_, place) => place + 1);
  return sql`
    select ${columns.map(([name, expression]) => `${expression} as ${name}`).join(',\n  ')}
    from ${from}
    ${conditions.length === 0 ? '' : `where ${conditions.join('\n  and ')}`}
    group by ${places.slice(aggregates).join(', ')}
  `;
}

/** The time last. */
function orderBy(dimensions: readonly string[]): string {
  return `order by ${[...dimensions.keys()].map((place) => ((place + 1) % dimensions.length) + 1).join(', ')}`;
}
