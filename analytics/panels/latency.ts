/** How long callers wait, and for whom. */

import { columnsNamed } from './columns';
import { bucketStart, within } from './fragments';
import type { Panel, Scope } from './panel';
import { comparedBy, LISTED, limited, MINIMUM, ordinals, selected, TOP, where } from './patterns';
import { recentRequests } from './recent-requests';
import { sql } from './sql';

const empty = 'No request with a latency in this period.';
const percentileNames = ['requests', 'average_ms', 'p50_ms', 'p95_ms', 'p99_ms'] as const;
const percentileNote = `Percentiles are approximate, and need ${MINIMUM} requests with a value.`;

/** A log has the authorizer's time under either of two variables. */
const AUTHORIZER = 'coalesce(authorizer_latency, authorizer_integration_latency)';

const API = { api_id: 'api_id', stage: 'stage' };
const ENDPOINT = {
  api_id: 'api_id',
  domain_name: 'domain_name',
  stage: 'stage',
  http_method: 'http_method',
  endpoint: 'endpoint',
};

interface Percentiles {
  readonly latency: string;
  readonly by: Readonly<Record<string, string>>;
  /** Conditions beside those of the scope. */
  readonly where?: readonly string[];
  /** There are many more groups than are shown: the others get no percentiles, which take long. */
  readonly manyGroups?: boolean;
}

/** Average and percentiles of a column by group, those on which callers wait longest in sum first. */
function percentilesBy(
  scope: Scope,
  { latency, by, where: more = [], manyGroups }: Percentiles,
): string {
  const names = Object.keys(by);
  const condition = where(scope, scope.filter, { where: [`${latency} is not null`, ...more] });
  const keys = Object.values(by).map((expression, place) => ({ expression, key: `key_${place}` }));
  const largest = sql`
    with largest as (
      select ${keys.map(({ expression, key }) => `${expression} as ${key}`).join(', ')}
      from requests
      where ${condition}
      group by ${ordinals(names)}
      order by sum(${latency}) desc, ${ordinals(names)}
      ${limited(scope)}
    )
  `;
  const same = keys.map(
    ({ expression, key }) => `coalesce(${expression}, '') = coalesce(${key}, '')`,
  );
  return sql`
    ${manyGroups ? largest : ''}
    select ${names.join(', ')}, requests, average_ms,
      case when requests >= ${MINIMUM} then percentiles[1] end as p50_ms,
      case when requests >= ${MINIMUM} then percentiles[2] end as p95_ms,
      case when requests >= ${MINIMUM} then percentiles[3] end as p99_ms
    from (
      select ${selected(by).join(', ')},
        count(*) as requests,
        avg(1e0 * ${latency}) as average_ms,
        sum(${latency}) as total_ms,
        approx_percentile(${latency}, array[0.5, 0.95, 0.99]) as percentiles
      from requests
      ${manyGroups ? `join largest on ${same.join('\n  and ')}` : ''}
      where ${condition}
      group by ${ordinals(names)}
    ) as measured
    order by total_ms desc, ${names.join(', ')}
    ${limited(scope)}
  `;
}

type PercentilePanel = Omit<Panel, 'page' | 'shape' | 'columns' | 'minimum' | 'sql'> &
  Percentiles & { readonly page?: Panel['page'] };

export function percentilePanel({
  latency,
  by,
  where: more,
  manyGroups,
  page = 'latency',
  definition,
  ...panel
}: PercentilePanel): Panel {
  return {
    ...panel,
    page,
    definition: `${definition} ${percentileNote}`,
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(...Object.keys(by), ...percentileNames),
    minimum: MINIMUM,
    sql: (scope) =>
      percentilesBy(scope, {
        latency,
        by,
        ...(more && { where: more }),
        ...(manyGroups && { manyGroups }),
      }),
  };
}

/** Ranges of latency from fast to slow. */
export const LATENCY_LIMITS: readonly number[] = [
  0, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000,
];

/** Columns of the panel `latency`. */
const averages = [
  'average_ms',
  'previous_average_ms',
  'integration_average_ms',
  'authorizer_average_ms',
  'overhead_average_ms',
  'average_bytes',
] as const;

export const latency: readonly Panel[] = [
  {
    id: 'latency',
    page: 'latency',
    title: 'Latency',
    question: 'How long do callers wait, and for what?',
    definition: `The time from the arrival of a request to the answer, with percentiles; the averages of integration and authorizer; and the average size of answers. ${percentileNote}`,
    shape: 'kpi',
    columns: columnsNamed(
      'p50_ms',
      'previous_p50_ms',
      'p95_ms',
      'previous_p95_ms',
      'p99_ms',
      'previous_p99_ms',
      ...averages,
    ),
    comparisons: ['previous period'],
    minimum: MINIMUM,
    empty,
    needs: ['response_latency', 'integration_latency', 'authorizer_latency', 'response_length'],
    covers: [
      'Sumo Logic: Avg Response Time for REST and HTTP API',
      'Sumo Logic: Avg Response Size for REST and HTTP API',
      'AWS: Response Latency (ms)',
      'AWS: Integration Latency (ms)',
      'AWS: Authorizer Latency (ms)',
    ],
    sql(scope) {
      const percentile = (place: number, prefix = '') =>
        `case when ${prefix}requests >= ${MINIMUM} then ${prefix}percentiles[${place}] end as ${prefix}`;
      const valueIf = (value: string) => (condition: string) =>
        `case when ${condition} then ${value} end`;
      const average = (value: string) => (condition: string) =>
        `avg(${valueIf(`1e0 * ${value}`)(condition)})`;
      const responseLatency = valueIf('response_latency');
      return sql`
        select ${[
          ...['p50_ms', 'p95_ms', 'p99_ms'].flatMap((name, index) => [
            `${percentile(index + 1)}${name}`,
            `${percentile(index + 1, 'previous_')}${name}`,
          ]),
          ...averages,
        ].join(',\n  ')}
        from (
          ${comparedBy(scope, {
            comparisons: ['previous period'],
            compared: {
              requests: (condition) => `count(${responseLatency(condition)})`,
              percentiles: (condition) =>
                `approx_percentile(${responseLatency(condition)}, array[0.5, 0.95, 0.99])`,
              average_ms: average('response_latency'),
            },
            measures: {
              integration_average_ms: average('integration_latency'),
              authorizer_average_ms: average(AUTHORIZER),
              overhead_average_ms: average('(response_latency - integration_latency)'),
              average_bytes: average('response_length'),
            },
          })}
        ) as compared
      `;
    },
  },
  {
    id: 'latency-over-time',
    page: 'latency',
    title: 'Latency over time',
    question: 'When did callers wait longer than usual?',
    definition: `Percentiles and average of the latency in each interval, with the averages of integration and authorizer. ${percentileNote}`,
    shape: 'series',
    columns: columnsNamed(
      'time',
      'p50_ms',
      'p95_ms',
      'p99_ms',
      'average_ms',
      'integration_average_ms',
      'authorizer_average_ms',
    ),
    minimum: MINIMUM,
    empty,
    needs: ['request_time_epoch', 'response_latency', 'integration_latency', 'authorizer_latency'],
    covers: ['AWS: API Latency metrics (line)', 'AWS: Authorizer Latency metric'],
    sql: (scope) => sql`
      select time,
        case when requests >= ${MINIMUM} then percentiles[1] end as p50_ms,
        case when requests >= ${MINIMUM} then percentiles[2] end as p95_ms,
        case when requests >= ${MINIMUM} then percentiles[3] end as p99_ms,
        average_ms, integration_average_ms, authorizer_average_ms
      from (
        select ${bucketStart('request_time_epoch', scope, scope.bucket, scope.from)} as time,
          count(response_latency) as requests,
          approx_percentile(response_latency, array[0.5, 0.95, 0.99]) as percentiles,
          avg(1e0 * response_latency) as average_ms,
          avg(1e0 * integration_latency) as integration_average_ms,
          avg(1e0 * ${AUTHORIZER}) as authorizer_average_ms
        from requests
        where ${within(scope, scope.filter)}
        group by 1
      ) as measured
      order by 1
    `,
  },
  {
    id: 'latency-distribution',
    page: 'latency',
    title: 'Distribution of latency',
    question: 'How many callers wait how long?',
    definition: 'Requests by range of their latency, with their share of those that have one.',
    shape: 'bars',
    columns: columnsNamed('latency_from', 'latency_to', 'requests', 'percent'),
    empty,
    needs: ['response_latency'],
    sql: (scope) => sql`
      select ${rangeOf('place', (from) => from)} as latency_from,
        ${rangeOf('place', (_, to) => to)} as latency_to,
        requests,
        1e2 * requests / sum(requests) over () as percent
      from (
        select ${placeOf('response_latency')} as place, count(*) as requests
        from requests
        where ${where(scope, scope.filter, { where: ['response_latency is not null'] })}
        group by 1
      ) as counted
      order by 1
    `,
  },
  percentilePanel({
    id: 'latency-by-api',
    title: 'Latency by API',
    question: 'Which APIs are slow?',
    definition: 'Latency of answers by API and stage.',
    empty,
    needs: ['response_latency', 'api_id', 'stage'],
    covers: ['Sumo Logic: Response Latency for REST and HTTP API'],
    latency: 'response_latency',
    by: API,
  }),
  percentilePanel({
    id: 'latency-by-endpoint',
    title: 'Latency by endpoint',
    question: 'Which endpoints are slow?',
    definition: 'Latency of answers by API, domain, stage, method and endpoint.',
    empty,
    needs: ['response_latency', 'domain_name', 'resource_path'],
    covers: ['Sumo Logic: Percentile Response Latency for REST and HTTP API'],
    latency: 'response_latency',
    by: ENDPOINT,
  }),
  percentilePanel({
    id: 'latency-by-customer',
    title: 'Latency by customer',
    question: 'Which customers wait?',
    definition: 'Latency of answers by customer.',
    empty,
    needs: ['response_latency', 'api_key_id'],
    latency: 'response_latency',
    by: { customer_name: 'customer_name' },
    where: ['customer_name is not null'],
  }),
  percentilePanel({
    id: 'latency-by-customer-and-endpoint',
    title: 'Latency by customer and endpoint',
    question: 'Who waits for what?',
    definition: 'Latency of answers by customer, method and endpoint.',
    empty,
    needs: ['response_latency', 'api_key_id', 'resource_path'],
    latency: 'response_latency',
    by: { customer_name: 'customer_name', http_method: 'http_method', endpoint: 'endpoint' },
    where: ['customer_name is not null'],
    manyGroups: true,
  }),
  {
    id: 'latency-parts',
    page: 'latency',
    title: 'Where the time goes',
    question: 'Does API Gateway, the authorizer or the backend take the time, and on which plan?',
    definition:
      'Average latency of answers, integration and authorizer by domain, endpoint, plan and status, with the error and the statuses that the authorizer gave.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'domain_name',
      'endpoint',
      'usage_plan',
      'status',
      'error_response_type',
      'authorizer_error',
      'authorizer_status',
      'requests',
      'average_ms',
      'integration_average_ms',
      'authorizer_average_ms',
    ),
    empty,
    needs: ['response_latency', 'integration_latency', 'authorizer_latency', 'domain_name'],
    covers: ['AWS: API Latency metrics (table)'],
    sql: (scope) => sql`
      select domain_name, endpoint, usage_plan, status, error_response_type, authorizer_error,
        coalesce(authorizer_status, authorizer_integration_status) as authorizer_status,
        count(*) as requests,
        avg(1e0 * response_latency) as average_ms,
        avg(1e0 * integration_latency) as integration_average_ms,
        avg(1e0 * ${AUTHORIZER}) as authorizer_average_ms
      from requests
      where ${where(scope, scope.filter, { where: ['response_latency is not null'] })}
      group by 1, 2, 3, 4, 5, 6, 7
      order by sum(response_latency) desc, 1, 2, 3, 4, 5, 6, 7
      ${limited(scope)}
    `,
  },
  percentilePanel({
    id: 'integration-latency-by-api',
    title: 'Integration latency by API',
    question: 'Which backends are slow?',
    definition: 'Latency of the integration by API and stage.',
    empty: 'No request with an integration latency in this period.',
    needs: ['integration_latency', 'api_id', 'stage'],
    covers: ['Sumo Logic: Average Integration Latency'],
    latency: 'integration_latency',
    by: API,
  }),
  percentilePanel({
    id: 'integration-latency-by-endpoint',
    title: 'Integration latency by endpoint',
    question: 'For which endpoints are the backends slow?',
    definition: 'Latency of the integration by API, domain, stage, method and endpoint.',
    empty: 'No request with an integration latency in this period.',
    needs: ['integration_latency', 'domain_name', 'resource_path'],
    covers: ['Sumo Logic: Percentile Integration Latency'],
    latency: 'integration_latency',
    by: ENDPOINT,
  }),
  {
    id: 'slowest-requests',
    page: 'latency',
    title: 'Slowest requests',
    question: 'Which requests took longest?',
    definition: 'The requests with the highest latency of the answer.',
    shape: 'table',
    limit: TOP,
    columns: columnsNamed(...recentRequests.slowest.names),
    empty,
    needs: ['response_latency', 'request_id'],
    covers: ['Sumo Logic: Top 10 Slowest for Requests Rest and HTTP API'],
    sql: (scope) => recentRequests.slowest.sql(scope),
  },
  {
    id: 'largest-responses',
    page: 'latency',
    title: 'Largest answers',
    question: 'Which answers were the largest?',
    definition: 'The requests with the most bytes in the body of the answer.',
    shape: 'table',
    limit: TOP,
    columns: columnsNamed(...recentRequests.largest.names),
    empty: 'No request with a size in this period.',
    needs: ['response_length', 'request_id'],
    covers: ['Sumo Logic: Top 10 APIs by Response Size REST and HTTP API'],
    sql: (scope) => recentRequests.largest.sql(scope),
  },
];

/** The number of the range that a value lies in. */
function placeOf(value: string): string {
  const whens = LATENCY_LIMITS.slice(1).map((to, place) => `when ${value} < ${to} then ${place}`);
  return `case\n  ${whens.join('\n  ')}\n  else ${LATENCY_LIMITS.length - 1}\nend`;
}

/** An end of a range by its number; the last range has no upper one. */
function rangeOf(place: string, end: (from: number, to: number | undefined) => number | undefined) {
  const whens = LATENCY_LIMITS.flatMap((from, index) => {
    const value = end(from, LATENCY_LIMITS[index + 1]);
    return value === undefined ? [] : [`when ${index} then ${value}`];
  });
  return `case ${place} ${whens.join(' ')} end`;
}
