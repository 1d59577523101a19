/** Days on which a customer behaves unlike himself. */

import { integerLiteral } from '../dialect';
import { addDays, startOfDay } from '../time-zone';
import { columnsNamed } from './columns';
import { bucketStart, conditionsOf, during } from './fragments';
import type { Panel, Scope } from './panel';
import { limited, MINIMUM } from './patterns';
import { sql } from './sql';

/** Days before a day that it is compared with. */
const HISTORY = 28;
const LEAST_HISTORY = 7;
/** Days that are looked at, at the most. */
const LOOKED_AT = 31;

export const anomalies: Panel = {
  id: 'anomalies',
  page: 'customers',
  title: 'Unusual days',
  question: 'Who behaves unlike himself?',
  definition: `Days on which a customer's requests differ from the average of his ${HISTORY} days before by three deviations or more. A deviation is the standard deviation of those days, and at least the square root of their average; a customer needs ${LEAST_HISTORY} days before, and ${MINIMUM} requests on that day or on average. Days that are not over are left out.`,
  shape: 'table',
  limit: 50,
  columns: columnsNamed('time', 'customer_name', 'requests', 'expected_requests', 'score'),
  minimum: MINIMUM,
  empty: 'No customer had an unusual day, or the log is too young to tell.',
  needs: ['request_time_epoch', 'api_key_id'],
  sql: (scope) => anomaliesSql(scope),
};

function anomaliesSql(scope: Scope): string {
  const { timeZone, filter } = scope;
  const end = startOfDay(scope.to, timeZone);
  const firstWhole =
    startOfDay(scope.from, timeZone) === scope.from
      ? scope.from
      : addDays(startOfDay(scope.from, timeZone), 1, timeZone);
  const start = Math.max(firstWhole, addDays(end, -LOOKED_AT, timeZone));
  const days: number[] = [];
  for (let day = addDays(start, -HISTORY, timeZone); day < end; day = addDays(day, 1, timeZone)) {
    days.push(day);
  }
  const since = days[0] ?? end;
  return sql`
    with days as (
      select day_start
      from (values ${days.length > 0 ? days.map((day) => `(${integerLiteral(day)})`).join(', ') : `(${integerLiteral(end)})`}) as listed (day_start)
    ),
    daily as (
      select customer_name,
        ${bucketStart('request_time_epoch', scope, 'day', since)} as day_start,
        count(*) as requests
      from requests
      where ${[during({ from: since, to: end }), ...conditionsOf(filter), 'customer_name is not null'].join('\n  and ')}
      group by 1, 2
    ),
    filled as (
      select known.customer_name, days.day_start, coalesce(daily.requests, 0) as requests
      from (select customer_name, min(day_start) as first_day from daily group by 1) as known
      cross join days
      left join daily on daily.customer_name = known.customer_name and daily.day_start = days.day_start
      where days.day_start >= known.first_day
    ),
    compared as (
      select customer_name, day_start, requests,
        count(*) over earlier as history,
        avg(1e0 * requests) over earlier as average,
        stddev(1e0 * requests) over earlier as deviation
      from filled
      window earlier as (
        partition by customer_name order by day_start rows between ${HISTORY} preceding and 1 preceding
      )
    ),
    judged as (
      select customer_name, day_start, requests, average,
        (requests - average) / case
          when deviation * deviation > average and deviation > 1e0 then deviation
          when average > 1e0 then sqrt(average)
          else 1e0
        end as score
      from compared
      where day_start >= ${integerLiteral(start)}
        and history >= ${LEAST_HISTORY}
        and (requests >= ${MINIMUM} or average >= ${MINIMUM})
    )
    select day_start as time, customer_name, requests, average as expected_requests, score
    from judged
    where abs(score) >= 3e0
    order by abs(score) desc, 1, 2
    ${limited(scope)}
  `;
}
