/** What the function is made of, but for the account that it runs in. */

import type { AthenaClient } from '@aws-sdk/client-athena';
import type { S3Client } from '@aws-sdk/client-s3';
import { daysBetween } from '../../analytics/athena/closed-days';
import type { CoveredDays } from '../../analytics/athena/covered-days';
import type { PageClient } from '../../analytics/render/page';
import { athenaRows } from '../aws/athena-value';
import { queryOnce } from '../aws/query-once';
import { type AthenaPlace, type RunOptions, runQuery } from '../aws/run-query';
import { type ClosingReport, closeDays } from './close-days';
import { firstDayOf } from './first-day';
import { storedPage } from './stored-page';
import { writePage } from './write-page';

/** A day of many lines takes minutes; less is not begun. */
const TIME_FOR_A_DAY_MS = 240_000;
/** Nor is a page, which is some sixty queries. */
const TIME_FOR_A_PAGE_MS = 480_000;
/** A page that failed is begun anew every hour; what Athena has answered meanwhile is asked once. */
const ANSWERS_LAST_MS = 43_200_000;

export interface Composition {
  readonly athena: AthenaClient;
  readonly s3: S3Client;
  readonly place: AthenaPlace;
  /** `s3://bucket/logs/` */
  readonly lines: string;
  /** The first day that queries look at. */
  readonly since: string;
  /** `s3://bucket/analytics/` */
  readonly location: string;
  readonly lateDays: number;
  /** Left out where no page is asked for. */
  readonly page?: PageSettings | undefined;
  readonly now: () => number;
  /** A name for each run. */
  readonly run: () => string;
  /** Waits between looks at a running query. @default - that of `runQuery` */
  readonly wait?: RunOptions['wait'];
}

export interface PageSettings {
  /** `s3://bucket/analytics/page/report.html` */
  readonly url: string;
  /** The most days that it is about. */
  readonly days: number;
  readonly client: () => PageClient;
}

export interface StepReport extends Omit<ClosingReport, 'covered'> {
  /** Whether the page was written. */
  readonly page?: boolean;
  /** Why it was not. */
  readonly pageError?: unknown;
}

/** `behind` also counts the days that the page does not cover yet. */
export function composeStep(
  composition: Composition,
): (context: { getRemainingTimeInMillis(): number }) => Promise<StepReport> {
  const { athena, s3, place, lines, since, location, lateDays, page, now, wait } = composition;
  return async (context) => {
    const left = () => context.getRemainingTimeInMillis();
    const signal = AbortSignal.timeout(Math.max(0, left() - 10_000));
    const { covered, ...report } = await closeDays(
      {
        query: async (statement) =>
          (await runQuery(athena, place, statement, { signal, wait })).rows,
        firstDay: () => firstDayOf(s3, lines, since),
        now,
        run: composition.run(),
        hasTime: () => left() > TIME_FOR_A_DAY_MS,
      },
      { lateDays, location },
    );
    if (!page || !covered) return report;
    const stored = storedPage(s3, page.url);
    const uncovered = await daysUncovered(covered, () => stored.until());
    if (uncovered === 0) return { ...report, page: false };
    const behind = Math.max(report.behind, uncovered);
    if (left() < TIME_FOR_A_PAGE_MS) return { ...report, behind, page: false };
    try {
      const moment = Math.floor(now() / ANSWERS_LAST_MS) * ANSWERS_LAST_MS;
      await writePage(
        {
          query: async (statement) =>
            athenaRows(await queryOnce(athena, place, statement, { signal, wait, now: moment })),
          put: (html) => stored.put(html, covered.last),
          client: page.client(),
          now,
        },
        { database: place.database, days: page.days },
        covered,
      );
      return { ...report, page: true };
    } catch (error) {
      // Days are closed anyway; the next run tries again.
      return { ...report, behind, page: false, pageError: error };
    }
  };
}

/** Closed days that the page does not cover. */
async function daysUncovered(
  { first, last }: CoveredDays,
  until: () => Promise<string | undefined>,
): Promise<number> {
  const covered = await until();
  if (covered === undefined) return daysBetween(first, last) + 1;
  return Math.max(0, daysBetween(covered, last));
}
