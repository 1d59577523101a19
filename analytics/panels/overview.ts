/** How much traffic there is, and of what kind. */

import { integerLiteral } from '../dialect';
import { DAY, HOUR } from '../time-zone';
import { columnsNamed } from './columns';
import { forecast } from './forecast';
import { bucketStart, ifLogged, localTimeOf, within } from './fragments';
import { failed, outcome, outcomeColumns, statusClass } from './outcome';
import type { Panel } from './panel';
import {
  comparedBy,
  count,
  countedBy,
  countOf,
  distinct,
  LISTED,
  MINIMUM,
  seriesBy,
  share,
  TOP,
} from './patterns';
import { comparedPeriod } from './periods';
import { recentRequests } from './recent-requests';
import { sql } from './sql';

const comparisons = ['previous period', 'same weekday'] as const;
const empty = 'No requests in this period.';

export const overview: readonly Panel[] = [
  {
    id: 'requests',
    page: 'overview',
    title: 'Requests',
    question: 'How many requests were there, how did they end, and is that normal?',
    definition:
      'Requests of the period, by class of their status. Failed are those with a status of 400 or more; customers are the names that keys have.',
    shape: 'kpi',
    columns: columnsNamed(
      'requests',
      'previous_requests',
      'weekday_requests',
      'failed_percent',
      'previous_failed_percent',
      'weekday_failed_percent',
      'customers',
      'previous_customers',
      'weekday_customers',
      'ok_requests',
      'redirects',
      'client_errors',
      'server_errors',
    ),
    comparisons,
    minimum: MINIMUM,
    empty,
    needs: ['request_time_epoch', 'status'],
    covers: [
      'Sumo Logic: Total Requests',
      'AWS: API Requests',
      'AWS: 2xx Requests',
      'AWS: 4xx Errors (KPI)',
      'AWS: 5xx Errors',
    ],
    sql: (scope) =>
      comparedBy(scope, {
        comparisons,
        compared: {
          requests: count,
          failed_percent: share(failed),
          customers: distinct('customer_name'),
        },
        measures: {
          ok_requests: countOf('status between 200 and 299'),
          redirects: countOf('status between 300 and 399'),
          client_errors: countOf('status between 400 and 499'),
          server_errors: countOf('status >= 500'),
        },
      }),
  },
  {
    id: 'traffic',
    page: 'overview',
    title: 'Requests over time',
    question: 'How much traffic is there, and is that normal?',
    definition:
      'Requests in each interval, beside those at the same time of the previous period and of the same weekdays before.',
    shape: 'series',
    columns: columnsNamed('time', 'requests', 'previous_requests', 'weekday_requests'),
    comparisons,
    empty,
    needs: ['request_time_epoch'],
    sql(scope) {
      const previous = comparedPeriod('previous period', scope);
      const weekday = comparedPeriod('same weekday', scope);
      const moved = (from: number) => `request_time_epoch + ${integerLiteral(scope.from - from)}`;
      return sql`
        select ${bucketStart('moment', scope, scope.bucket, scope.from)} as time,
          count(*) filter (where age = 0) as requests,
          ${ifLogged(previous, 'count(*) filter (where age = 1)')} as previous_requests,
          ${ifLogged(weekday, 'count(*) filter (where age = 2)')} as weekday_requests
        from (
          select request_time_epoch as moment, 0 as age
          from requests
          where ${within(scope, scope.filter)}
          union all
          select ${moved(previous.from)} as moment, 1 as age
          from requests
          where ${within(previous, scope.filter)}
          union all
          select ${moved(weekday.from)} as moment, 2 as age
          from requests
          where ${within(weekday, scope.filter)}
        ) as moments
        where moment < ${integerLiteral(scope.to)}
        group by 1
        order by 1
      `;
    },
  },
  {
    id: 'outcomes-over-time',
    page: 'overview',
    title: 'Outcomes over time',
    question: 'When did requests fail, and where?',
    definition: 'Requests in each interval by outcome; "whose fault" defines the outcomes.',
    shape: 'series',
    columns: columnsNamed('time', 'outcome', 'requests'),
    empty,
    needs: ['request_time_epoch', ...outcomeColumns],
    sql: (scope) => seriesBy(scope, { by: ['outcome', outcome] }),
  },
  {
    id: 'status-classes-over-time',
    page: 'overview',
    title: 'Classes of status over time',
    question: 'How many requests succeed and fail?',
    definition: 'Requests in each interval by the first digit of their status.',
    shape: 'series',
    columns: columnsNamed('time', 'status_class', 'requests'),
    empty,
    needs: ['request_time_epoch', 'status'],
    sql: (scope) => seriesBy(scope, { by: ['status_class', statusClass] }),
  },
  {
    id: 'statuses',
    page: 'overview',
    title: 'Statuses',
    question: 'Which statuses do callers get?',
    definition: 'Requests by status, with their share of all requests.',
    shape: 'bars',
    limit: LISTED,
    columns: columnsNamed('status', 'requests', 'percent'),
    empty,
    needs: ['status'],
    covers: ['Sumo Logic: Request Status Code', 'AWS: By Response Status Code'],
    sql: (scope) => countedBy(scope, { by: { status: 'status' } }),
  },
  {
    id: 'statuses-over-time',
    page: 'overview',
    title: 'Statuses over time',
    question: 'When did callers get which status?',
    definition: 'Requests in each interval by status.',
    shape: 'series',
    columns: columnsNamed('time', 'status', 'requests'),
    empty,
    needs: ['request_time_epoch', 'status'],
    covers: ['Sumo Logic: Request Trend by Status Code'],
    sql: (scope) => seriesBy(scope, { by: ['status', 'status'] }),
  },
  forecast,
  {
    id: 'apis',
    page: 'overview',
    title: 'APIs and stages',
    question: 'Which APIs have the traffic, and how do they do?',
    definition:
      'Requests of each API and stage, with the share that failed and the customers that called it.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'api_id',
      'stage',
      'api_type',
      'requests',
      'previous_requests',
      'failed_percent',
      'previous_failed_percent',
      'customers',
    ),
    comparisons: ['previous period'],
    minimum: MINIMUM,
    empty,
    needs: ['api_id', 'stage', 'status'],
    sql: (scope) =>
      comparedBy(scope, {
        comparisons: ['previous period'],
        by: { api_id: 'api_id', stage: 'stage', api_type: 'api_type' },
        compared: { requests: count, failed_percent: share(failed) },
        measures: { customers: distinct('customer_name') },
      }),
  },
  {
    id: 'stages',
    page: 'overview',
    title: 'Stages',
    question: 'Which stages have the traffic?',
    definition: 'Requests by stage, with their share of all requests.',
    shape: 'bars',
    limit: LISTED,
    columns: columnsNamed('stage', 'requests', 'percent'),
    empty,
    needs: ['stage'],
    covers: ['Sumo Logic: Distribution of Stage'],
    sql: (scope) => countedBy(scope, { by: { stage: 'stage' } }),
  },
  {
    id: 'endpoints',
    page: 'overview',
    title: 'Endpoints',
    question: 'Which endpoints have the traffic, and how do they do?',
    definition:
      'Requests by method and endpoint: the resource or route, else the path with its ids replaced.',
    shape: 'table',
    limit: 50,
    columns: columnsNamed(
      'http_method',
      'endpoint',
      'requests',
      'previous_requests',
      'failed_percent',
      'previous_failed_percent',
      'customers',
    ),
    comparisons: ['previous period'],
    minimum: MINIMUM,
    empty,
    needs: ['http_method', 'resource_path', 'status'],
    sql: (scope) =>
      comparedBy(scope, {
        comparisons: ['previous period'],
        by: { http_method: 'http_method', endpoint: 'endpoint' },
        compared: { requests: count, failed_percent: share(failed) },
        measures: { customers: distinct('customer_name') },
      }),
  },
  {
    id: 'endpoints-over-time',
    page: 'overview',
    title: 'Endpoints over time',
    question: 'When is which endpoint called?',
    definition: 'Requests in each interval by endpoint.',
    shape: 'series',
    limit: TOP,
    columns: columnsNamed('time', 'endpoint', 'requests'),
    empty: 'No request with an endpoint in this period.',
    needs: ['request_time_epoch', 'resource_path'],
    covers: ['AWS: API Route'],
    sql: (scope) => seriesBy(scope, { by: ['endpoint', 'endpoint'] }),
  },
  {
    id: 'domains',
    page: 'overview',
    title: 'Domains',
    question: 'Which domains have the traffic?',
    definition: 'Requests by domain, with their share of all requests.',
    shape: 'bars',
    limit: TOP,
    columns: columnsNamed('domain_name', 'requests', 'percent'),
    empty,
    needs: ['domain_name'],
    covers: ['AWS: Top domains'],
    sql: (scope) => countedBy(scope, { by: { domain_name: 'domain_name' } }),
  },
  {
    id: 'domains-over-time',
    page: 'overview',
    title: 'Domains over time',
    question: 'When is which domain called?',
    definition: 'Requests in each interval by domain.',
    shape: 'series',
    limit: TOP,
    columns: columnsNamed('time', 'domain_name', 'requests'),
    empty: 'No request with a domain in this period.',
    needs: ['request_time_epoch', 'domain_name'],
    covers: ['AWS: 30 days API usage by domain'],
    sql: (scope) => seriesBy(scope, { by: ['domain_name', 'domain_name'] }),
  },
  {
    id: 'methods',
    page: 'overview',
    title: 'Methods',
    question: 'Do callers read or write?',
    definition: 'Requests by HTTP method, with their share; WebSocket events have none.',
    shape: 'bars',
    limit: LISTED,
    columns: columnsNamed('http_method', 'requests', 'percent'),
    empty: 'No request with a method in this period.',
    needs: ['http_method'],
    covers: ['Sumo Logic: Distribution by Method for REST and HTTP API'],
    sql: (scope) =>
      countedBy(scope, {
        by: { http_method: 'http_method' },
        where: ['http_method is not null'],
      }),
  },
  {
    id: 'protocols',
    page: 'overview',
    title: 'Protocols',
    question: 'Which versions of HTTP do callers speak?',
    definition: 'Requests by protocol, with their share; WebSocket events have none.',
    shape: 'bars',
    limit: LISTED,
    columns: columnsNamed('protocol', 'requests', 'percent'),
    empty: 'No request with a protocol in this period.',
    needs: ['protocol'],
    covers: ['Sumo Logic: Distribution by Protocol for REST and HTTP API'],
    sql: (scope) =>
      countedBy(scope, { by: { protocol: 'protocol' }, where: ['protocol is not null'] }),
  },
  {
    id: 'websocket-events',
    page: 'overview',
    title: 'WebSocket events',
    question: 'How many connections and messages are there?',
    definition: 'Events of WebSocket APIs by type: CONNECT, MESSAGE, DISCONNECT.',
    shape: 'bars',
    limit: LISTED,
    columns: columnsNamed('event_type', 'requests', 'percent'),
    empty: 'No WebSocket events in this period.',
    needs: ['event_type'],
    sql: (scope) =>
      countedBy(scope, { by: { event_type: 'event_type' }, where: ['event_type is not null'] }),
  },
  {
    id: 'busy-hours',
    page: 'overview',
    title: 'Busy hours',
    question: 'When in the week are the APIs used?',
    definition: 'Requests by day of the week and hour of the day, in the time zone of the report.',
    shape: 'heat',
    columns: columnsNamed('weekday', 'hour', 'requests'),
    empty,
    needs: ['request_time_epoch'],
    sql(scope) {
      const local = localTimeOf('request_time_epoch', scope, scope.from);
      // The first of January 1970 was a Thursday.
      return sql`
        select (${local} / ${DAY} + 3) % 7 + 1 as weekday,
          ${local} % ${DAY} / ${HOUR} as hour,
          count(*) as requests
        from requests
        where ${within(scope, scope.filter)}
        group by 1, 2
        order by 1, 2
      `;
    },
  },
  {
    id: 'find-request',
    page: 'overview',
    title: 'Find a request',
    question: 'What happened to this request?',
    definition:
      'The latest requests. `report --find ID` prints those that carry an id instead: of the request, its integration, trace or connection, of the API key, or an address.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(...recentRequests.found.names),
    empty: 'No such request in this period.',
    needs: ['request_id', 'extended_request_id'],
    covers: ['AWS: API raw requests'],
    sql: (scope) => recentRequests.found.sql(scope),
  },
  {
    id: 'recent-successes',
    page: 'overview',
    title: 'Latest successful requests',
    question: 'Which requests went well lately?',
    definition: 'The latest requests with a status of 200 to 299.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(...recentRequests.successes.names),
    empty: 'No successful request in this period.',
    needs: ['status', 'request_id'],
    covers: ['Sumo Logic: Recent 100 Successful Requests'],
    sql: (scope) => recentRequests.successes.sql(scope),
  },
];
