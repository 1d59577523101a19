/**
 * Writes the page of the report about the last closed days, by roll-ups where these tell a panel and by
 * closed days where not.
 */

import { boundedSql, periodOf } from '../../analytics/athena/bounded';
import { addDays } from '../../analytics/athena/closed-days';
import { completenessFrom, completenessSql } from '../../analytics/athena/completeness';
import { cubesOfRollups } from '../../analytics/athena/rollup-cubes';
import type { Query } from '../../analytics/cubes/build';
import type { Scope } from '../../analytics/panels/panel';
import type { PageClient } from '../../analytics/render/page';
import { buildPage } from '../../analytics/report/build-page';
import { DAY } from '../../analytics/time-zone';
import type { ToldDays } from './close-days';

/** Fewer than an account may run at a time. */
const AT_ONCE = 5;
const HOURS_UP_TO_DAYS = 8;

export interface PageEdges {
  /** Rejects with what Athena says. */
  readonly query: Query;
  /** Replaces the page. */
  readonly put: (html: string) => Promise<void>;
  readonly client: PageClient;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface WrittenPage {
  readonly database: string;
  /** The page is about so many days at most. */
  readonly days: number;
}

export async function writePage(
  { query, put, client, now }: PageEdges,
  { database, days }: WrittenPage,
  told: ToldDays,
): Promise<void> {
  const scope = scopeOf(told, days);
  const bounded: Query = (statement) =>
    query(boundedSql(statement, periodOf(statement, scope), database, told.last));
  const { rows } = await bounded(completenessSql());
  await put(
    await buildPage({
      query: bounded,
      buildCubes: () => cubesOfRollups(query, scope, told.last),
      atOnce: AT_ONCE,
      scope,
      completeness: completenessFrom(rows[0]),
      title: 'API traffic',
      madeAt: now(),
      client,
    }),
  );
}

/** Days of UTC, as days are closed. */
function scopeOf({ first, last }: ToldDays, days: number): Scope {
  const to = Date.parse(addDays(last, 1));
  const from = Math.max(Date.parse(first), to - days * DAY);
  const bucket = to - from > HOURS_UP_TO_DAYS * DAY ? 'day' : 'hour';
  return { from, to, timeZone: 'UTC', bucket, filter: {} };
}
