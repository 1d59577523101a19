/**
 * Writes the page of the report about the last closed days, by roll-ups where a panel follows from these and by
 * closed days where not.
 */

import { AccountLogs } from '../../analytics/athena/account-logs';
import { addDays } from '../../analytics/athena/closed-days';
import type { CoveredDays } from '../../analytics/athena/covered-days';
import type { Query } from '../../analytics/cubes/build';
import { bucketFor } from '../../analytics/panels/bucket';
import type { Scope } from '../../analytics/panels/panel';
import type { PageClient } from '../../analytics/render/page';
import { buildPage } from '../../analytics/report/build-page';
import { DAY } from '../../analytics/time-zone';

/** Fewer than an account may run at a time. */
const AT_ONCE = 5;

export interface PageEdges {
  /** Rejects with Athena's message. */
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
  covered: CoveredDays,
): Promise<void> {
  const scope = scopeOf(covered, days);
  const logs = new AccountLogs({
    run: query,
    database,
    period: scope,
    timeZone: scope.timeZone,
    closedUntil: covered.last,
  });
  await put(
    await buildPage({
      query: (statement) => logs.query(statement),
      buildCubes: () => logs.cubes(scope),
      atOnce: AT_ONCE,
      scope,
      completeness: await logs.completeness(),
      title: 'API traffic',
      madeAt: now(),
      client,
    }),
  );
}

/** Days of UTC, as days are closed. */
function scopeOf({ first, last }: CoveredDays, days: number): Scope {
  const to = Date.parse(addDays(last, 1));
  const from = Math.max(Date.parse(first), to - days * DAY);
  return { from, to, timeZone: 'UTC', bucket: bucketFor(to - from), filter: {} };
}
