/** Whether customers stay: by the week in which they came. */

import { integerLiteral } from '../dialect';
import { addDays, DAY, localTime, startOfDay } from '../time-zone';
import { columnsNamed } from './columns';
import { localTimeOf, within } from './fragments';
import type { Panel, Scope } from './panel';
import { historyFrom } from './periods';
import { sql } from './sql';

export const retention: Panel = {
  id: 'retention',
  page: 'customers',
  title: 'Retention',
  question: 'Do customers stay?',
  definition:
    "Customers by the week of their first request in the log, and how many of them had requests so many weeks later. Customers of the log's first week may be older than the log.",
  shape: 'heat',
  columns: columnsNamed('cohort', 'age', 'customers', 'cohort_customers', 'retained_percent'),
  empty: 'No request of a customer in this period.',
  needs: ['request_time_epoch', 'api_key_id'],
  sql: (scope) => retentionSql(scope),
};

const COHORTS = 12;
const WEEK = 7 * DAY;
/** The first of January 1970 was a Thursday, the fourth day of its week. */
const THURSDAY = 3 * DAY;

function retentionSql(scope: Scope): string {
  const { to, timeZone, filter } = scope;
  const since = historyFrom(scope);
  const week = `(${localTimeOf('request_time_epoch', scope, since)} + ${THURSDAY}) / ${WEEK}`;
  const last = Math.floor((localTime(to - 1, timeZone) + THURSDAY) / WEEK);
  const sinceLast = (localTime(to - 1, timeZone) + THURSDAY) % WEEK;
  const lastMonday = startOfDay(addDays(to - 1, -Math.floor(sinceLast / DAY), timeZone), timeZone);
  const weeks = Array.from({ length: COHORTS }, (_, age) => {
    const monday = addDays(lastMonday, -7 * (COHORTS - 1 - age), timeZone);
    return `(${last - (COHORTS - 1 - age)}, ${integerLiteral(monday)})`;
  });
  return sql`
    with active as (
      select distinct customer_name, ${week} as week
      from requests
      where ${[within({ from: since, to }, filter), 'customer_name is not null'].join('\n  and ')}
    ),
    first_weeks as (
      select customer_name, min(week) as first_week
      from active
      group by 1
    ),
    cohorts as (
      select first_week, count(*) as cohort_customers
      from first_weeks
      group by 1
    ),
    weeks as (
      select week, monday
      from (values ${weeks.join(', ')}) as listed (week, monday)
    )
    select monday as cohort,
      active.week - first_weeks.first_week as age,
      count(*) as customers,
      cohort_customers,
      1e2 * count(*) / cohort_customers as retained_percent
    from active
    join first_weeks on first_weeks.customer_name = active.customer_name
    join cohorts on cohorts.first_week = first_weeks.first_week
    join weeks on weeks.week = first_weeks.first_week
    group by 1, 2, 4
    order by 1, 2
  `;
}
