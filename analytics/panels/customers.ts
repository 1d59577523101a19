/** Who uses the APIs, how much, with what, and who came and went. */

import { integerLiteral } from '../dialect';
import { anomalies } from './anomalies';
import { columnsNamed } from './columns';
import { customerForecast } from './forecast';
import { bucketStart, customer, during, ifLogged, within } from './fragments';
import { failed } from './outcome';
import type { Panel, Scope } from './panel';
import {
  comparedBy,
  count,
  countedBy,
  countOf,
  distinct,
  limited,
  MINIMUM,
  seriesBy,
  share,
  TOP,
} from './patterns';
import { comparedPeriod, historyFrom } from './periods';
import { retention } from './retention';
import { sql } from './sql';

const empty = 'No request of a customer in this period.';
const isKnown = `${customer} is not null`;
const client = "split_part(split_part(user_agent, ' ', 1), '/', 1)";

export const customers: readonly Panel[] = [
  {
    id: 'customer-counts',
    page: 'customers',
    title: 'Customers',
    question: 'How many customers use the APIs, and is their number growing?',
    definition:
      'Customers with requests in the period: new if the log has none of them before, returning if it has some, but none in the previous period. Silent are those with requests in the previous period and none in this one.',
    shape: 'kpi',
    columns: columnsNamed(
      'customers',
      'previous_customers',
      'new_customers',
      'returning_customers',
      'silent_customers',
    ),
    comparisons: ['previous period'],
    empty,
    needs: ['request_time_epoch', 'api_key_id'],
    sql(scope) {
      const previous = comparedPeriod('previous period', scope);
      const moved = (name: string) =>
        ifLogged(previous, `count(*) filter (where movement = '${name}')`);
      return sql`
        select count(*) filter (where requests > 0) as customers,
          ${ifLogged(previous, 'count(*) filter (where previous_requests > 0)')} as previous_customers,
          ${moved('new')} as new_customers,
          ${moved('returning')} as returning_customers,
          ${moved('silent')} as silent_customers
        from (
          ${movements(scope)}
        ) as movements
      `;
    },
  },
  {
    id: 'customers',
    page: 'customers',
    title: 'Customers by traffic',
    question: 'Who uses the APIs, and how does it go for them?',
    definition: `Requests by customer: the name that API keys have. Keys of one name are one customer, with the number of keys beside it. Rates need ${MINIMUM} requests.`,
    shape: 'table',
    limit: 500,
    columns: columnsNamed(
      'customer_name',
      'requests',
      'previous_requests',
      'weekday_requests',
      'failed_percent',
      'previous_failed_percent',
      'weekday_failed_percent',
      'keys',
      'throttled_requests',
      'quota_requests',
      'bytes',
      'first_seen',
      'last_seen',
    ),
    comparisons: ['previous period', 'same weekday'],
    minimum: MINIMUM,
    empty,
    needs: ['api_key_id', 'status'],
    sql: (scope) =>
      comparedBy(scope, {
        comparisons: ['previous period', 'same weekday'],
        by: { customer_name: customer },
        compared: { requests: count, failed_percent: share(failed) },
        measures: {
          keys: distinct('api_key_id'),
          throttled_requests: countOf("error_response_type = 'THROTTLED'"),
          quota_requests: countOf("error_response_type = 'QUOTA_EXCEEDED'"),
          bytes: (condition) => `sum(case when ${condition} then response_length end)`,
          first_seen: (condition) => `min(case when ${condition} then request_time_epoch end)`,
          last_seen: (condition) => `max(case when ${condition} then request_time_epoch end)`,
        },
        where: [isKnown],
      }),
  },
  {
    id: 'customers-over-time',
    page: 'customers',
    title: 'Customers over time',
    question: 'When does which customer call?',
    definition: 'Requests in each interval by customer; those without a customer are not counted.',
    shape: 'series',
    limit: TOP,
    columns: columnsNamed('time', 'customer_name', 'requests'),
    empty,
    needs: ['request_time_epoch', 'api_key_id'],
    covers: ['AWS: API Usage By API Key'],
    sql: (scope) => seriesBy(scope, { by: ['customer_name', customer] }),
  },
  {
    id: 'movers',
    page: 'customers',
    title: 'Top movers',
    question: 'Who grew, and who shrank?',
    definition: `Each customer's requests less those of the previous period: the ${TOP} largest rises and the ${TOP} largest falls.`,
    shape: 'table',
    columns: columnsNamed(
      'customer_name',
      'requests',
      'previous_requests',
      'change',
      'change_percent',
    ),
    comparisons: ['previous period'],
    empty: 'Nobody grew or shrank, or the log does not reach back to the previous period.',
    needs: ['request_time_epoch', 'api_key_id'],
    sql(scope) {
      const previous = comparedPeriod('previous period', scope);
      return sql`
        select customer_name, requests, previous_requests, requests - previous_requests as change,
          1e2 * (requests - previous_requests) / nullif(previous_requests, 0) as change_percent
        from (
          select counted.*,
            row_number() over (order by requests - previous_requests desc, customer_name) as rise,
            row_number() over (order by requests - previous_requests, customer_name) as fall
          from (
            select customer_name,
              count(*) filter (where ${during(scope)}) as requests,
              ${ifLogged(previous, `count(*) filter (where ${during(previous)})`)} as previous_requests
            from requests
            where ${[within({ from: previous.from, to: scope.to }, scope.filter), isKnown].join('\n  and ')}
            group by 1
          ) as counted
        ) as ranked
        where (requests > previous_requests and rise <= ${TOP})
          or (requests < previous_requests and fall <= ${TOP})
        order by 4 desc, 1
      `;
    },
  },
  {
    id: 'customer-movements',
    page: 'customers',
    title: 'New, returning and silent customers',
    question: 'Who came, came back, or went away?',
    definition:
      'New: the first request in the log lies in the period. Returning: requests in the period and long ago, none in the previous period. Silent: requests in the previous period, none in this one. First and last requests before the previous period are told to the hour.',
    shape: 'table',
    limit: 300,
    columns: columnsNamed(
      'movement',
      'customer_name',
      'requests',
      'previous_requests',
      'first_seen',
      'last_seen',
    ),
    comparisons: ['previous period'],
    empty: 'Nobody came or went, or the log does not reach back to the previous period.',
    needs: ['request_time_epoch', 'api_key_id'],
    sql(scope) {
      const previous = comparedPeriod('previous period', scope);
      return sql`
        select movement, customer_name, requests, previous_requests, first_seen, last_seen
        from (
          ${movements(scope)}
        ) as movements
        where ${ifLogged(previous, 'movement')} is not null
        order by 1, requests + previous_requests desc, 2
        ${limited(scope)}
      `;
    },
  },
  retention,
  anomalies,
  customerForecast,
  {
    id: 'user-agents',
    page: 'customers',
    title: 'User agents',
    question: 'With what are the APIs called?',
    definition: 'Requests by user agent, word for word, with their share of those that have one.',
    shape: 'bars',
    limit: TOP,
    columns: columnsNamed('user_agent', 'requests', 'percent', 'customers'),
    empty: 'No request with a user agent in this period.',
    needs: ['user_agent'],
    covers: ['Sumo Logic: Top 10 UserAgents'],
    sql: (scope) =>
      countedBy(scope, {
        by: { user_agent: 'user_agent' },
        where: ['user_agent is not null'],
        measures: { customers: 'count(distinct customer_name)' },
      }),
  },
  {
    id: 'user-agents-over-time',
    page: 'customers',
    title: 'User agents over time',
    question: 'When is which user agent in use?',
    definition: 'Requests in each interval by user agent.',
    shape: 'series',
    limit: TOP,
    columns: columnsNamed('time', 'user_agent', 'requests'),
    empty: 'No request with a user agent in this period.',
    needs: ['request_time_epoch', 'user_agent'],
    covers: ['AWS: API call by user agent'],
    sql: (scope) => seriesBy(scope, { by: ['user_agent', 'user_agent'] }),
  },
  {
    id: 'clients',
    page: 'customers',
    title: 'Clients by customer',
    question: 'Which SDKs and tools does each customer use?',
    definition:
      'Requests by customer and client: the first word of the user agent without its version.',
    shape: 'table',
    limit: 200,
    columns: columnsNamed(
      'customer_name',
      'client',
      'requests',
      'percent',
      'first_seen',
      'last_seen',
    ),
    empty: 'No request with a user agent in this period.',
    needs: ['user_agent', 'api_key_id'],
    sql: (scope) =>
      countedBy(scope, {
        // There are far fewer agents than requests to take apart.
        finer: {
          by: { customer_name: customer, user_agent: 'user_agent' },
          measures: {
            first_seen: 'min(request_time_epoch)',
            last_seen: 'max(request_time_epoch)',
          },
        },
        by: { customer_name: customer, client },
        where: ['user_agent is not null'],
        measures: { first_seen: 'min(first_seen)', last_seen: 'max(last_seen)' },
      }),
  },
];

/** Every customer of the history, with what he did in this period and in the one before. */
function movements(scope: Scope): string {
  const previous = comparedPeriod('previous period', scope);
  const history = { from: historyFrom(scope), to: scope.to };
  // So far back a customer has only hours.
  const hour = bucketStart('request_time_epoch', scope, 'hour', history.from);
  const moment = `case when request_time_epoch < ${integerLiteral(previous.from)} then ${hour} else request_time_epoch end`;
  return sql`
    select seen.*,
      case
        when requests > 0 and previous_requests = 0 and earlier_requests = 0 then 'new'
        when requests > 0 and previous_requests = 0 then 'returning'
        when requests = 0 and previous_requests > 0 then 'silent'
      end as movement
    from (
      select customer_name,
        count(*) filter (where ${during(scope)}) as requests,
        count(*) filter (where ${during(previous)}) as previous_requests,
        count(*) filter (where request_time_epoch < ${integerLiteral(previous.from)}) as earlier_requests,
        min(${moment}) as first_seen,
        max(${moment}) as last_seen
      from requests
      where ${[within(history, scope.filter), isKnown].join('\n  and ')}
      group by 1
    ) as seen
  `;
}
