/** How much traffic there is, and of what kind. */

import { integerLiteral } from '../dialect';
import { bucketStart, conditionsOf, during, ifLogged, percent, within } from './fragments';
import { failed } from './outcome';
import type { Panel, ResultColumn, Scope } from './panel';
import { comparedPeriod } from './periods';
import { sql } from './sql';

const requests: ResultColumn = {
  name: 'requests',
  title: 'Requests',
  type: 'integer',
  unit: 'requests',
};
const previousRequests: ResultColumn = {
  name: 'previous_requests',
  title: 'Previous period',
  type: 'integer',
  unit: 'requests',
  comparedWith: 'requests',
};
const weekdayRequests: ResultColumn = {
  name: 'weekday_requests',
  title: 'Same weekdays before',
  type: 'integer',
  unit: 'requests',
  comparedWith: 'requests',
};

export const overview: readonly Panel[] = [
  {
    id: 'traffic',
    page: 'overview',
    title: 'Requests over time',
    question: 'How much traffic is there, and is that normal?',
    definition:
      'Requests in each stretch of time, beside those at the same time of the previous period and of the same weekdays before.',
    shape: 'series',
    columns: [
      { name: 'time', title: 'Time', type: 'timestamp' },
      requests,
      previousRequests,
      weekdayRequests,
    ],
    comparisons: ['previous period', 'same weekday'],
    empty: 'No requests in this period.',
    needs: ['request_time_epoch'],
    sql(scope: Scope) {
      const previous = comparedPeriod('previous period', scope);
      const weekday = comparedPeriod('same weekday', scope);
      const shifted = (period: { from: number }) =>
        `request_time_epoch + ${integerLiteral(scope.from - period.from)}`;
      return sql`
        select ${bucketStart('moment', scope, scope.bucket, scope.from)} as time,
          count(*) filter (where age = 0) as requests,
          ${ifLogged(previous, 'count(*) filter (where age = 1)')} as previous_requests,
          ${ifLogged(weekday, 'count(*) filter (where age = 2)')} as weekday_requests
        from (
          select request_time_epoch as moment, 0 as age from requests
          where ${within(scope, scope.filter)}
          union all
          select ${shifted(previous)} as moment, 1 as age from requests
          where ${within(previous, scope.filter)}
          union all
          select ${shifted(weekday)} as moment, 2 as age from requests
          where ${within(weekday, scope.filter)}
        ) as moments
        group by 1
        order by 1
      `;
    },
  },
  {
    id: 'requests',
    page: 'overview',
    title: 'Requests',
    question: 'How many requests were there, and how many failed?',
    definition: 'Requests of the period by class of their status; failed are those of 400 or more.',
    shape: 'kpi',
    columns: [
      requests,
      previousRequests,
      weekdayRequests,
      { name: 'failed_requests', title: 'Failed', type: 'integer', unit: 'requests' },
      { name: 'failed_percent', title: 'Failed', type: 'number', unit: 'percent' },
    ],
    comparisons: ['previous period', 'same weekday'],
    minimum: 20,
    empty: 'No requests in this period.',
    needs: ['request_time_epoch', 'status'],
    sql(scope: Scope) {
      const previous = comparedPeriod('previous period', scope);
      const weekday = comparedPeriod('same weekday', scope);
      const earliest = { from: Math.min(previous.from, weekday.from), to: scope.to };
      const now = during(scope);
      const count = `count(*) filter (where ${now})`;
      const failures = `count(*) filter (where ${now} and ${failed})`;
      return sql`
        select ${count} as requests,
          ${ifLogged(previous, `count(*) filter (where ${during(previous)})`)} as previous_requests,
          ${ifLogged(weekday, `count(*) filter (where ${during(weekday)})`)} as weekday_requests,
          ${failures} as failed_requests,
          ${percent(failures, count, 20)} as failed_percent
        from requests
        where ${[during(earliest), ...conditionsOf(scope.filter)].join(' and ')}
      `;
    },
  },
];
