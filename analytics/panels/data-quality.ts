/** How far the numbers can be trusted: what was read, what is missing. */

import { integerLiteral, literal } from '../dialect';
import { isReadable, isUnattributed } from '../requests';
import { HOUR } from '../time-zone';
import { columnsNamed } from './columns';
import { bucketStart, conditionsOf, during, within } from './fragments';
import type { Panel } from './panel';
import { LISTED, limited } from './patterns';
import { hoursAround } from './periods';
import { sql } from './sql';

/** What panels need of a log: those that the log does not fill stay empty. */
export const neededColumns = [
  'request_time_epoch',
  'request_id',
  'extended_request_id',
  'api_id',
  'stage',
  'domain_name',
  'http_method',
  'resource_path',
  'protocol',
  'status',
  'error_response_type',
  'error_message',
  'response_latency',
  'response_length',
  'integration_latency',
  'integration_status',
  'integration_error',
  'api_key_id',
  'source_ip',
  'user_agent',
  'tls_version',
  'authorizer_latency',
  'authorizer_error',
  'authorizer_claims_property',
  'cognito_identity_id',
  'user_arn',
  'caller',
  'waf_latency',
  'waf_response_code',
  'event_type',
] as const;

export const dataQuality: readonly Panel[] = [
  {
    id: 'completeness',
    page: 'data-quality',
    title: 'Completeness',
    question: 'Is anything missing from these numbers?',
    definition:
      'Lines of the period, and the requests that they tell of. Firehose delivers at least once: lines of a request after the first are repeated. Lines that could not be read, or tell no time, belong to no period: all of them are counted. Those that could not be read are of nobody: for one customer they are not told.',
    shape: 'kpi',
    columns: columnsNamed(
      'lines',
      'requests',
      'duplicates',
      'unparsed',
      'untimed',
      'unattributed',
      'unnamed',
      'keyless',
    ),
    empty: 'No lines.',
    needs: [],
    sql: (scope) => sql`
      select lines, requests, lines - requests as duplicates, unparsed, untimed,
        unattributed, unnamed, keyless
      from (
        select count(*) filter (where ${[within(scope, scope.filter), isReadable].join(' and ')}) as lines,
          ${scope.filter.customer === undefined ? `count(*) filter (where not (${isReadable}))` : 'cast(null as bigint)'} as unparsed,
          count(*) filter (where request_time_epoch is null and ${[isReadable, ...conditionsOf(scope.filter)].join(' and ')}) as untimed
        from access
      ) as read_lines
      cross join (
        select count(*) as requests,
          count(*) filter (where ${isUnattributed}) as unattributed,
          count(*) filter (where api_key_id is not null and customer_name is null) as unnamed,
          count(*) filter (where api_key_id is null) as keyless
        from requests
        where ${within(scope, scope.filter)}
      ) as told_requests
    `,
  },
  {
    id: 'hours-without-lines',
    page: 'data-quality',
    title: 'Hours without lines',
    question: 'Are there gaps in the log?',
    definition:
      'Whole hours of the period in which the whole log has no line, neighbours as one gap. No filter but the period applies.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed('from_time', 'to_time', 'empty_hours'),
    empty: 'Every hour of the period has lines.',
    needs: ['request_time_epoch'],
    isOfLog: true,
    sql(scope) {
      const time = bucketStart('request_time_epoch', scope, 'hour', scope.from);
      const { before, after } = hoursAround(scope);
      return sql`
        select previous + ${HOUR} as from_time, hour_start as to_time,
          (hour_start - previous) / ${HOUR} - 1 as empty_hours
        from (
          select hour_start, lag(hour_start) over (order by hour_start) as previous
          from (
            select ${time} as hour_start
            from access
            where ${during(scope)}
            group by 1
            union
            select ${integerLiteral(before)} as hour_start
            union
            select ${integerLiteral(after)} as hour_start
          ) as hours
        ) as consecutive
        where hour_start - previous > ${HOUR}
        order by 1
        ${limited(scope)}
      `;
    },
  },
  {
    id: 'lines-over-time',
    page: 'data-quality',
    title: 'Lines and requests over time',
    question: 'When were lines delivered more than once?',
    definition: 'Readable lines and requests in each interval; what lines have more is repeated.',
    shape: 'series',
    columns: columnsNamed('time', 'lines', 'requests', 'duplicates'),
    empty: 'No lines in this period.',
    needs: ['request_time_epoch'],
    sql(scope) {
      const time = bucketStart('request_time_epoch', scope, scope.bucket, scope.from);
      return sql`
        select time, sum(line) as lines, sum(request) as requests, sum(line) - sum(request) as duplicates
        from (
          select ${time} as time, count(*) as line, 0 as request
          from access
          where ${[within(scope, scope.filter), isReadable].join('\n  and ')}
          group by 1
          union all
          select ${time} as time, 0 as line, count(*) as request
          from requests
          where ${within(scope, scope.filter)}
          group by 1
        ) as counted
        group by 1
        order by 1
      `;
    },
  },
  {
    id: 'unattributed-keys',
    page: 'data-quality',
    title: 'Keys without a plan or a customer',
    question: 'Whose requests are they?',
    definition:
      'Requests with an API key of which neither plan nor customer, or only one of them, is known, by key and stage.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'api_key_id',
      'customer_name',
      'usage_plan',
      'api_id',
      'stage',
      'requests',
      'first_seen',
      'last_seen',
    ),
    empty: 'Every request with a key has a plan and a customer.',
    needs: ['api_key_id'],
    sql: (scope) => sql`
      select api_key_id, customer_name, usage_plan, api_id, stage,
        count(*) as requests,
        min(request_time_epoch) as first_seen,
        max(request_time_epoch) as last_seen
      from requests
      where ${within(scope, scope.filter)}
        and (${isUnattributed} or (api_key_id is not null and customer_name is null))
      group by 1, 2, 3, 4, 5
      order by 6 desc, 1, 2, 3, 4, 5
      ${limited(scope)}
    `,
  },
  {
    id: 'filled-columns',
    page: 'data-quality',
    title: 'What the log tells',
    question: 'Which panels stay empty because the log format lacks a field?',
    definition:
      'For each column that panels need: the requests that have a value, and their share of all requests.',
    shape: 'bars',
    columns: columnsNamed('column_name', 'filled', 'percent'),
    empty: 'No requests in this period.',
    needs: [],
    sql: (scope) => sql`
      select column_name, filled, 1e2 * filled / requests as percent
      from (
        select column_name, requests,
          case column_name
            ${neededColumns.map((column) => `when ${literal(column)} then ${column}`).join('\n')}
          end as filled
        from (
          select count(*) as requests,
            ${neededColumns.map((column) => `count(${column}) as ${column}`).join(',\n')}
          from requests
          where ${within(scope, scope.filter)}
        ) as counted
        cross join (values ${neededColumns.map((column) => `(${literal(column)})`).join(', ')}) as names (column_name)
      ) as listed
      where requests > 0
      order by 2 desc, 1
    `,
  },
];
