/**
 * What a report is about by default: of requests that are spread over years, as by a wrong clock,
 * the days that have the most.
 */

import type { Period } from '../../analytics/panels/panel';
import { HISTORY_DAYS } from '../../analytics/panels/periods';
import { relations } from '../../analytics/schema';
import { DAY } from '../../analytics/time-zone';
import type { Engine } from './duckdb';

export interface BusiestPeriod extends Period {
  /** Requests before and after it. */
  readonly outside: number;
}

/** In whole days of UTC, as many as panels look back; the latest of several with as many requests. */
export async function busiestPeriod({ query }: Pick<Engine, 'query'>): Promise<BusiestPeriod> {
  const { rows } = await query(`select floor(request_time_epoch / ${DAY}e0), count(*)
    from ${relations.requests} where request_time_epoch is not null group by 1 order by 1`);
  const days = rows.map(([day, count]) => ({ day: Number(day), count: Number(count) }));
  const best = { first: 0, last: 0, count: 0 };
  let all = 0;
  let within = 0;
  let first = 0;
  for (const [last, { day, count }] of days.entries()) {
    all += count;
    within += count;
    for (; day - (days[first]?.day ?? day) >= HISTORY_DAYS; first++) {
      within -= days[first]?.count ?? 0;
    }
    if (within >= best.count) Object.assign(best, { first, last, count: within });
  }
  const [from, to] = [days[best.first]?.day ?? 0, days[best.last]?.day ?? 0];
  return { from: from * DAY, to: (to + 1) * DAY, outside: all - best.count };
}
