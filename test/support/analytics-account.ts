/** The analytics of a stack on loopback ports: the bucket, and Athena over its objects. */

import { gzipSync } from 'node:zlib';
import { AthenaClient } from '@aws-sdk/client-athena';
import { accessViewSql } from '../../analytics/athena/access-view';
import {
  addDays,
  CLOSED_TABLE,
  closedColumns,
  requestsViewSql,
} from '../../analytics/athena/closed-days';
import { LINE_TABLE, lineTable } from '../../analytics/athena/line-table';
import { rollups } from '../../analytics/athena/rollups';
import type { Rows } from '../../analytics/cubes/from-rows';
import { type ClosingReport, closeDays } from '../../lambda/analytics/close-days';
import type { Composition } from '../../lambda/analytics/compose';
import { firstDayOf } from '../../lambda/analytics/first-day';
import { athenaRows } from '../../lambda/aws/athena-value';
import { runQuery } from '../../lambda/aws/run-query';
import { type AthenaServer, startAthena } from './athena-server';
import { bucketClient } from './bucket-client';
import { type BucketServer, startBucket } from './bucket-server';

const ANALYTICS_LOCATION = 's3://logs-bucket/analytics/';
const lineLocation = 's3://logs-bucket/logs/';
const SINCE = '2026-01-01';

export interface AnalyticsAccount {
  readonly bucket: BucketServer;
  readonly athena: AthenaServer;
  /** What the step that closes days is made of, but for the time. */
  readonly step: Omit<Composition, 'now'>;
  /** Puts lines into the folder of a day. */
  deliver(day: string, text: string): void;
  /** What a statement finds, as texts. */
  rows(statement: string): Promise<readonly (readonly (string | null)[])[]>;
  /** The same with values of their types. */
  answer(statement: string): Promise<Rows>;
  /** Closes days as the nightly step does. */
  close(from: string, to: string): Promise<ClosingReport>;
  /** Runs the nightly step at a moment. */
  closeOn(
    now: number,
    options?: { lateDays?: number; from?: string; to?: string },
    hasTime?: () => boolean,
  ): Promise<ClosingReport>;
  end(): Promise<void>;
}

export async function startAnalytics(): Promise<AnalyticsAccount> {
  const bucket = await startBucket('logs-bucket');
  const { columns } = lineTable({
    output: 'canonical',
    location: lineLocation,
    since: SINCE,
    isAheadOfUtc: false,
  });
  const parquet = { format: 'parquet', location: ANALYTICS_LOCATION } as const;
  const athena = await startAthena(
    bucket,
    [
      { name: LINE_TABLE, columns, format: 'json', location: lineLocation },
      { name: CLOSED_TABLE, columns: closedColumns, ...parquet },
      ...rollups.map((it) => ({ name: it.table, columns: it.columns, ...parquet })),
    ],
    { access: accessViewSql({ output: 'canonical' }), requests: requestsViewSql(undefined) },
    'orders',
  );
  const client = new AthenaClient({
    endpoint: athena.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const place = { workgroup: 'orders-access-logs', database: 'orders' };
  const options = { signal: new AbortController().signal, wait: async () => {} };
  const run = (statement: string) => runQuery(client, place, statement, options);
  const rows = async (statement: string) => (await run(statement)).rows;
  let runs = 0;
  const s3 = bucketClient(bucket);
  const closeOn: AnalyticsAccount['closeOn'] = (now, closing, hasTime = () => true) =>
    closeDays(
      {
        query: rows,
        firstDay: () => firstDayOf(s3, lineLocation, SINCE),
        now: () => now,
        run: `run-${runs++}`,
        hasTime,
      },
      { lateDays: 1, location: ANALYTICS_LOCATION, ...closing },
    );
  return {
    step: {
      athena: client,
      s3,
      place,
      lines: lineLocation,
      since: SINCE,
      location: ANALYTICS_LOCATION,
      lateDays: 1,
      run: () => `run-${runs++}`,
      wait: options.wait,
    },
    rows,
    bucket,
    athena,
    deliver(day, text) {
      bucket.objects.set(`logs/day=${day}/hour=12/object-${bucket.objects.size}`, {
        body: gzipSync(text),
        lastModified: new Date(),
      });
    },
    answer: async (statement) => athenaRows(await run(statement)),
    close: (from, to) => closeOn(Date.parse(addDays(to, 3)), { from, to }),
    closeOn,
    async end() {
      client.destroy();
      s3.destroy();
      await Promise.all([athena.close(), bucket.close()]);
    },
  };
}
