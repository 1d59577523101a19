/** What a month will have brought, from how the last weeks went. */

import { integerLiteral } from '../dialect';
import { addDays, DAY, HOUR, localTime, startOfDay } from '../time-zone';
import { columnsNamed } from './columns';
import { conditionsOf, customer, during, ifLogged, localTimeOf, within } from './fragments';
import type { Panel, Period, Scope } from './panel';
import { LISTED, limited } from './patterns';
import { sql } from './sql';

const WEEK = 7 * DAY;
const WEEKS = 4;
/** The hours of a week. */
const SLOTS = 168;
/** Hours from the start of a week to the first of January 1970, a Thursday. */
const THURSDAY = 72;

const definition =
  'Requests of the calendar month so far, plus for each hour left the average of the same hour of the week in the last four weeks (fewer where the log is younger; none under a week).';

export const forecast: Panel = {
  id: 'forecast',
  page: 'overview',
  title: 'Forecast of the month',
  question: 'How many requests will this month have brought?',
  definition,
  shape: 'kpi',
  columns: columnsNamed('month', 'month_requests', 'forecast_requests', 'last_month_requests'),
  empty: 'No requests in this month.',
  needs: ['request_time_epoch'],
  sql: (scope) => forecastSql(scope),
};

export const customerForecast: Panel = {
  id: 'customer-forecast',
  page: 'customers',
  title: 'Forecast by customer',
  question: 'How much will each customer have used by the end of the month?',
  definition,
  shape: 'table',
  limit: LISTED,
  columns: columnsNamed(
    'customer_name',
    'month_requests',
    'forecast_requests',
    'last_month_requests',
  ),
  empty: 'No requests of a customer in this month.',
  needs: ['request_time_epoch', 'api_key_id'],
  sql: (scope) => forecastSql(scope, customer),
};

/** The calendar month that a scope ends in. */
export function monthOf({ to, timeZone }: Scope): Period {
  const from = startOfMonth(to - 1, timeZone);
  return { from, to: startOfMonth(from + 32 * DAY, timeZone) };
}

function startOfMonth(instant: number, timeZone: string): number {
  const day = new Date(localTime(instant, timeZone)).getUTCDate();
  return startOfDay(addDays(instant, 1 - day, timeZone), timeZone);
}

/** How often each hour of the week comes until the end of the month, a part of an hour as a part. */
function hoursLeft(scope: Scope): [slot: number, times: number][] {
  const { to } = monthOf(scope);
  const times = new Map<number, number>();
  for (let start = scope.to; start < to; ) {
    const end = Math.min(to, start - (start % HOUR) + HOUR);
    const slot = (Math.floor(localTime(start, scope.timeZone) / HOUR) + THURSDAY) % SLOTS;
    times.set(slot, (times.get(slot) ?? 0) + (end - start) / HOUR);
    start = end;
  }
  return [...times].toSorted(([a], [b]) => a - b);
}

function forecastSql(scope: Scope, group?: string): string {
  const { to, timeZone, filter } = scope;
  const month = monthOf(scope);
  const past = { from: month.from, to };
  const lastMonth = { from: startOfMonth(month.from - 1, timeZone), to: month.from };
  const since = to - (WEEKS + 1) * WEEK;
  const slot = `(${localTimeOf('request_time_epoch', scope, since)} / ${HOUR} + ${THURSDAY}) % ${SLOTS}`;
  const left = hoursLeft(scope).map(([hour, times]) => `(${hour}, ${times.toExponential()})`);
  const known = group === undefined ? [] : [`${group} is not null`];
  const grouped = group === undefined ? '' : `${group},\n  `;
  return sql`
    with reach as (
      select (${integerLiteral(to)} - min(request_time_epoch)) / ${WEEK} as weeks
      from requests
      where ${during({ from: since, to })}
    ),
    span as (
      select case when weeks > ${WEEKS} then ${WEEKS} else weeks end as weeks
      from reach
    ),
    hours_left as (
      select hour_of_week, times
      from (values ${left.length > 0 ? left.join(', ') : '(-1, 0e0)'}) as listed (hour_of_week, times)
    ),
    expected as (
      select ${grouped}sum(hourly.requests * times / weeks) as requests
      from (
        select ${grouped}${slot} as hour_of_week, weeks, 1e0 * count(*) as requests
        from requests
        cross join span
        where ${[during({ from: since, to }), ...conditionsOf(filter), ...known].join('\n  and ')}
          and request_time_epoch >= ${integerLiteral(to)} - weeks * ${WEEK}
        group by ${group === undefined ? '1, 2' : '1, 2, 3'}
      ) as hourly
      join hours_left on hours_left.hour_of_week = hourly.hour_of_week
      ${group === undefined ? '' : 'group by 1'}
    ),
    counted as (
      select ${grouped}count(*) filter (where ${during(past)}) as month_requests,
        ${ifLogged(lastMonth, `count(*) filter (where ${during(lastMonth)})`)} as last_month_requests
      from requests
      where ${[within({ from: lastMonth.from, to }, filter), ...known].join('\n  and ')}
      ${group === undefined ? '' : 'group by 1'}
    )
    select ${group === undefined ? `${integerLiteral(month.from)} as month` : `counted.${group}`},
      month_requests,
      case when weeks > 0 then month_requests + coalesce(expected.requests, 0e0) end as forecast_requests,
      last_month_requests
    from counted
    cross join span
    left join expected on ${group === undefined ? 'true' : `expected.${group} = counted.${group}`}
    ${group === undefined ? '' : `order by 3 desc, 2 desc, 1\n${limited(scope)}`}
  `;
}
