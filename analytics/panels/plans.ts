/** Usage plans: who is on them, how they are used, and whose quota ran out. */

import { DAY } from '../time-zone';
import { columnsNamed } from './columns';
import { bucketStart, customer, percent, plan, planName, within } from './fragments';
import { accepted, failed, limitKind, outcomeColumns, outcomeIs } from './outcome';
import type { Comparison, Panel, Period, Scope } from './panel';
import {
  comparedBy,
  count,
  countedBy,
  countOf,
  LISTED,
  limited,
  MINIMUM,
  prefixOf,
  seriesBy,
  TOP,
} from './patterns';
import { sql } from './sql';

const comparisons: readonly Comparison[] = ['previous period', 'same weekday'];
const empty = 'No request counted against a plan in this period.';
const isKnown = `${plan} is not null`;
/** Only customers that were refused for their quota are counted. */
const isRefused = 'customer_name in (select customer_name from refused)';
/** Most requests did not fail, and need not be judged. */
const isQuota = `${failed} and ${outcomeIs('quota')}`;

export const plans: readonly Panel[] = [
  {
    id: 'plans',
    page: 'plans',
    title: 'Plans',
    question: 'How is each usage plan used, and how does it go for its customers?',
    definition: `Requests by usage plan. A plan is its id, shown with its latest name; where the log has no id, the name stands for it. Rates need ${MINIMUM} requests.`,
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'plan_key',
      'usage_plan',
      'requests',
      'previous_requests',
      'weekday_requests',
      'failed_percent',
      'previous_failed_percent',
      'weekday_failed_percent',
      'customers',
      'previous_customers',
      'weekday_customers',
      'keys',
      'throttled_requests',
      'quota_requests',
    ),
    comparisons,
    minimum: MINIMUM,
    empty,
    needs: ['api_key_id', 'status'],
    // By key first: so few groups are grouped faster than so many requests.
    sql: (scope) => sql`
      select plan_key,
        ${planName('last_seen')} as usage_plan,
        ${ofPeriods((prefix) => `sum(${prefix}requests) as ${prefix}requests`)},
        ${ofPeriods(
          (prefix) =>
            `${percent(`sum(${prefix}failed_requests)`, `sum(${prefix}requests)`, MINIMUM)} as ${prefix}failed_percent`,
        )},
        ${ofPeriods(
          (prefix) =>
            // Null where the log does not reach back.
            `case when count(${prefix}requests) > 0 then count(distinct case when ${prefix}requests > 0 then customer_name end) end as ${prefix}customers`,
        )},
        count(distinct case when requests > 0 then api_key_id end) as keys,
        sum(throttled_requests) as throttled_requests,
        sum(quota_requests) as quota_requests
      from (
        ${comparedBy(withoutLimit(scope), {
          comparisons,
          by: {
            plan_key: plan,
            usage_plan: 'usage_plan',
            customer_name: customer,
            api_key_id: 'api_key_id',
          },
          compared: { requests: count, failed_requests: countOf(failed) },
          measures: {
            throttled_requests: countOf("error_response_type = 'THROTTLED'"),
            quota_requests: countOf("error_response_type = 'QUOTA_EXCEEDED'"),
            last_seen: () => 'max(request_time_epoch)',
          },
          where: [isKnown],
        })}
      ) as compared
      group by 1
      order by 3 desc, 1
      ${limited(scope)}
    `,
  },
  {
    id: 'plans-over-time',
    page: 'plans',
    title: 'Plans over time',
    question: 'When is which plan used?',
    definition: 'Requests in each interval by usage plan; those without a plan are not counted.',
    shape: 'series',
    limit: TOP,
    columns: columnsNamed('time', 'plan_key', 'usage_plan', 'requests'),
    empty,
    needs: ['request_time_epoch', 'api_key_id'],
    sql: (scope) => sql`
      with bucketed as (
        select ${bucketStart('request_time_epoch', scope, scope.bucket, scope.from)} as time,
          ${plan} as plan_key,
          usage_plan,
          count(*) as requests,
          max(request_time_epoch) as last_seen
        from requests
        where ${[within(scope, scope.filter), isKnown].join('\n  and ')}
        group by 1, 2, 3
      ),
      largest as (
        select plan_key, ${planName('last_seen')} as usage_plan
        from bucketed
        group by 1
        order by sum(requests) desc, 1
        ${limited(scope)}
      )
      select time, largest.plan_key, largest.usage_plan, sum(requests) as requests
      from bucketed
      left join largest on largest.plan_key = bucketed.plan_key
      group by 1, 2, 3
      order by 1, 2
    `,
  },
  {
    id: 'plan-usage',
    page: 'plans',
    title: 'Use of plans by day',
    question: 'What is each plan used for?',
    definition: 'Requests by day, plan, domain, endpoint and status.',
    shape: 'table',
    limit: 200,
    columns: columnsNamed(
      'time',
      'usage_plan',
      'domain_name',
      'endpoint',
      'status',
      'requests',
      'percent',
      'customers',
    ),
    empty,
    needs: ['request_time_epoch', 'api_key_id', 'domain_name', 'status'],
    covers: ['AWS: API By Usage Plan'],
    sql: (scope) => {
      const by = {
        time: 'time',
        usage_plan: 'usage_plan',
        domain_name: 'domain_name',
        endpoint: 'endpoint',
        status: 'status',
      };
      return countedBy(scope, {
        finer: {
          by: {
            ...by,
            time: bucketStart('request_time_epoch', scope, 'day', scope.from),
            customer_name: customer,
          },
        },
        by,
        where: [isKnown],
        measures: { customers: 'count(customer_name)' },
      });
    },
  },
  {
    id: 'limits-by-customer',
    page: 'plans',
    title: 'Limits by customer',
    question: 'Who runs into limits, and has outgrown the plan?',
    definition:
      'Requests with status 429 by customer and plan, told apart by the limit that refused them, beside all of their requests.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'customer_name',
      'usage_plan',
      'refused_requests',
      'throttled_requests',
      'quota_requests',
      'other_limit_requests',
      'requests',
      'last_seen',
    ),
    empty: 'No request met a limit in this period.',
    needs: ['status', ...outcomeColumns, 'api_key_id'],
    sql: (scope) => sql`
      select customer_name, usage_plan,
        count(limit_kind) as refused_requests,
        count(*) filter (where limit_kind = 'throttle') as throttled_requests,
        count(*) filter (where limit_kind = 'quota') as quota_requests,
        count(*) filter (where limit_kind not in ('throttle', 'quota')) as other_limit_requests,
        count(*) as requests,
        max(case when limit_kind is not null then request_time_epoch end) as last_seen
      from (
        select customer_name, usage_plan, request_time_epoch,
          case when status = 429 then ${limitKind} end as limit_kind
        from requests
        where ${within(scope, scope.filter)}
      ) as judged
      group by 1, 2
      having count(limit_kind) > 0
      order by 3 desc, 1, 2
      ${limited(scope)}
    `,
  },
  {
    id: 'quota-reached',
    page: 'plans',
    title: 'Quotas used up',
    question: 'Whose quota ran out, when, and after how much?',
    definition:
      'Requests refused because a quota was used up, by customer and plan: the first and the last of them, and the requests that API Gateway accepted from the first of that month (UTC) until the first refusal, as far as the log has them; none where the customer or the plan is not known.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'customer_name',
      'plan_key',
      'usage_plan',
      'refused_requests',
      'first_seen',
      'last_seen',
      'accepted_requests',
    ),
    empty: 'No quota was used up in this period, as far as the log says.',
    needs: ['api_key_id', ...outcomeColumns],
    sql: (scope) => sql`
      with months as (
        select month_start, month_end
        from (values ${monthsOf(scope)}) as listed (month_start, month_end)
      ),
      refused as (
        select customer_name, ${plan} as plan_key, ${planName()} as usage_plan,
          count(*) as refused_requests,
          min(request_time_epoch) as first_seen,
          max(request_time_epoch) as last_seen
        from requests
        where ${[within(scope, scope.filter), isQuota].join('\n  and ')}
        group by 1, 2
      )
      select refused.customer_name, refused.plan_key, refused.usage_plan, refused.refused_requests,
        refused.first_seen, refused.last_seen,
        case
          when refused.customer_name is not null and refused.plan_key is not null
          then count(counted.request_time_epoch)
        end as accepted_requests
      from refused
      join months on first_seen >= month_start and first_seen < month_end
      left join (
        select customer_name, ${plan} as plan_key, request_time_epoch
        from requests
        where ${[within(monthsAround(scope), scope.filter), accepted, isRefused].join('\n  and ')}
      ) as counted on counted.customer_name = refused.customer_name
        and counted.plan_key = refused.plan_key
        and counted.request_time_epoch >= month_start
        and counted.request_time_epoch < first_seen
      group by 1, 2, 3, 4, 5, 6
      order by 4 desc, 1, 2
      ${limited(scope)}
    `,
  },
  {
    id: 'quota-reached-by-endpoint',
    page: 'plans',
    title: 'Quotas used up, by endpoint',
    question: 'Which calls are refused since a quota ran out, and of which plan?',
    definition:
      'Requests refused because a quota was used up, by domain, endpoint and plan, with their share of all such requests, the customers, and the first and the last of them.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'domain_name',
      'endpoint',
      'usage_plan',
      'requests',
      'percent',
      'customers',
      'first_seen',
      'last_seen',
    ),
    empty: 'No quota was used up in this period, as far as the log says.',
    needs: ['domain_name', ...outcomeColumns],
    covers: ['AWS: Quota limits reached for APIs'],
    sql: (scope) =>
      countedBy(scope, {
        by: { domain_name: 'domain_name', endpoint: 'endpoint', usage_plan: 'usage_plan' },
        where: [isQuota],
        measures: {
          customers: 'count(distinct customer_name)',
          first_seen: 'min(request_time_epoch)',
          last_seen: 'max(request_time_epoch)',
        },
      }),
  },
  {
    id: 'quota-burn-down',
    page: 'plans',
    title: 'Quotas running out',
    question: 'How fast was a quota used up?',
    definition:
      'For customers whose quota ran out in the period: the requests that API Gateway accepted since the first of the month (UTC), by day (UTC), as far as the log has them.',
    shape: 'series',
    columns: columnsNamed('time', 'customer_name', 'plan_key', 'accumulated_requests'),
    empty: 'No quota was used up in this period, as far as the log says.',
    needs: ['request_time_epoch', 'api_key_id', ...outcomeColumns],
    sql: (scope) => sql`
      with months as (
        select month_start, month_end
        from (values ${monthsOf(scope)}) as listed (month_start, month_end)
      ),
      refused as (
        select distinct customer_name, ${plan} as plan_key
        from requests
        where ${[within(scope, scope.filter), isQuota].join('\n  and ')}
      ),
      daily as (
        select request_time_epoch - request_time_epoch % ${DAY} as time,
          customer_name, ${plan} as plan_key, count(*) as requests
        from requests
        where ${[within(monthsAround(scope), scope.filter), accepted, isRefused].join('\n  and ')}
        group by 1, 2, 3
      )
      select time, daily.customer_name, daily.plan_key,
        sum(requests) over (
          partition by daily.customer_name, daily.plan_key, month_start
          order by time
          rows between unbounded preceding and current row
        ) as accumulated_requests
      from daily
      join refused on refused.customer_name = daily.customer_name and refused.plan_key = daily.plan_key
      join months on time >= month_start and time < month_end
      order by 1, 2, 3
    `,
  },
  {
    id: 'quota-refusals-over-time',
    page: 'plans',
    title: 'Refused by quota, by domain',
    question: 'When and where do quotas refuse requests?',
    definition: 'Requests refused because a quota was used up, in each interval by domain.',
    shape: 'series',
    columns: columnsNamed('time', 'domain_name', 'requests'),
    empty: 'No quota was used up in this period, as far as the log says.',
    needs: ['request_time_epoch', 'domain_name', ...outcomeColumns],
    covers: ['AWS: Quota Usage By Domain'],
    sql: (scope) => seriesBy(scope, { by: ['domain_name', 'domain_name'], where: [isQuota] }),
  },
];

/** The plans are listed, not what is counted for them. */
function withoutLimit({ limit, ...scope }: Scope): Scope {
  return scope;
}

/** Columns of the period and of those that it is compared with. */
function ofPeriods(column: (prefix: string) => string): string {
  return ['', ...comparisons.map(prefixOf)].map(column).join(',\n');
}

/** The months of UTC that a scope touches: quotas of a month are counted by them. */
function monthsIn({ from, to }: Scope): Period[] {
  const start = new Date(from);
  const months: Period[] = [];
  for (let month = start.getUTCMonth(); ; month++) {
    const period = {
      from: Date.UTC(start.getUTCFullYear(), month),
      to: Date.UTC(start.getUTCFullYear(), month + 1),
    };
    if (period.from >= to && months.length > 0) return months;
    months.push(period);
  }
}

function monthsOf(scope: Scope): string {
  return monthsIn(scope)
    .map(({ from, to }) => `(${from}, ${to})`)
    .join(', ');
}

function monthsAround(scope: Scope): Period {
  return { from: monthsIn(scope)[0]?.from ?? scope.from, to: scope.to };
}
