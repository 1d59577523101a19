/** The cubes of a report: their statements over `requests`, in the dialect of panels. */

import { bucketStart, during } from '../panels/fragments';
import { outcome } from '../panels/outcome';
import type { Bucket, Period, Scope } from '../panels/panel';
import { comparedPeriod } from '../panels/periods';
import { sql } from '../panels/sql';

export interface CubeDefinition {
  readonly name: string;
  /** The columns that are no measures. Rows come sorted by all but the first, then by it: the time. */
  readonly dimensions: readonly string[];
  /** Only hours and days add up to what the page asks for. */
  sql(scope: Scope, slot: 'hour' | 'day'): string;
}

/** What filters choose by; every cube has these, so that every filter works on each. */
export const filterDimensions = ['customer', 'plan_id', 'plan', 'api', 'stage'] as const;

/** From the earliest request that a number of the report is compared with. */
export function cubePeriod(scope: Scope): Period {
  const from = Math.min(
    comparedPeriod('previous period', scope).from,
    comparedPeriod('same weekday', scope).from,
  );
  return { from, to: scope.to };
}

export const cubeDefinitions: readonly CubeDefinition[] = [
  cube('traffic', ['status', 'outcome'], {
    select: ['status', `${outcome} as outcome`],
    measures: ['count(*) as requests', 'coalesce(sum(response_length), 0) as bytes'],
  }),
];

function cube(
  name: string,
  own: readonly string[],
  { select, measures }: { select: readonly string[]; measures: readonly string[] },
): CubeDefinition {
  const dimensions = ['time', ...filterDimensions, ...own];
  return {
    name,
    dimensions,
    sql(scope, slot: Bucket) {
      const period = cubePeriod(scope);
      const columns = [
        `${bucketStart('request_time_epoch', scope, slot, period.from)} as time`,
        'customer_name as customer',
        'usage_plan_id as plan_id',
        'usage_plan as plan',
        'api_id as api',
        'stage',
        ...select,
        ...measures,
      ];
      const places = dimensions.map((_, place) => place + 1);
      return sql`
        select ${columns.join(',\n  ')}
        from requests
        where ${during(period)}
        group by ${places.join(', ')}
        order by ${[...places.slice(1), 1].join(', ')}
      `;
    },
  };
}
