import { gzipSync } from 'node:zlib';
import { AthenaClient } from '@aws-sdk/client-athena';
import type { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { accessViewSql } from '../../../analytics/athena/access-view';
import {
  addDays,
  CLOSED_TABLE,
  closedColumns,
  requestsViewSql,
} from '../../../analytics/athena/closed-days';
import { LINE_TABLE, lineTable } from '../../../analytics/athena/line-table';
import { rollups } from '../../../analytics/athena/rollups';
import { type ClosingReport, closeDays } from '../../../lambda/analytics/close-days';
import { firstDayOf } from '../../../lambda/analytics/first-day';
import { QueryError, runQuery } from '../../../lambda/aws/run-query';
import { type AthenaServer, startAthena } from '../../support/athena-server';
import { bucketClient } from '../../support/bucket-client';
import { type BucketServer, startBucket } from '../../support/bucket-server';

const DAY = 86_400_000;
const FIRST = '2026-11-01';
const location = 's3://logs-bucket/analytics/';
const lines = lineTable({
  output: 'canonical',
  location: 's3://logs-bucket/logs/',
  since: '2026-01-01',
  isAheadOfUtc: false,
});

let bucket: BucketServer;
let athena: AthenaServer;
let client: AthenaClient;
let s3: S3Client;
let runs = 0;

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

beforeEach(async () => {
  bucket = await startBucket('logs-bucket');
  athena = await startAthena(
    bucket,
    [
      {
        name: LINE_TABLE,
        columns: lines.columns,
        format: 'json',
        location: 's3://logs-bucket/logs/',
      },
      { name: CLOSED_TABLE, columns: closedColumns, format: 'parquet', location },
      ...rollups.map(({ table, columns }) => ({
        name: table,
        columns,
        format: 'parquet' as const,
        location,
      })),
    ],
    { access: accessViewSql({ output: 'canonical' }), requests: requestsViewSql(undefined) },
    'orders',
  );
  client = new AthenaClient({
    endpoint: athena.url,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
  });
  s3 = bucketClient(bucket);
});

afterEach(async () => {
  client.destroy();
  s3.destroy();
  await athena.close();
  await bucket.close();
});

async function query(statement: string) {
  const place = { workgroup: 'orders', database: 'orders' };
  const signal = AbortSignal.timeout(60_000);
  return (await runQuery(client, place, statement, { signal, wait: async () => {} })).rows;
}

/** A run of the step on the morning of a day. */
function close(
  day: string,
  options: { lateDays?: number; from?: string; to?: string } = {},
): Promise<ClosingReport> {
  return closeDays(
    {
      query,
      firstDay: () => firstDayOf(s3, 's3://logs-bucket/logs/'),
      now: () => Date.parse(day) + 3_600_000,
      run: `run-${runs++}`,
      hasTime: () => true,
    },
    { lateDays: 1, location, ...options },
  );
}

interface Line {
  readonly id: string;
  /** Of the request. */
  readonly at: number;
  /** Of arrival: the folder. */
  readonly arrived: number;
  readonly customer?: string;
}

/** Lines as the pipeline delivers them, one object an hour. */
function deliver(all: readonly Line[]): void {
  const folders = new Map<string, Line[]>();
  for (const line of all) {
    const folder = folderOf(line.arrived);
    folders.set(folder, [...(folders.get(folder) ?? []), line]);
  }
  for (const [folder, found] of folders) {
    const text = found.map(({ id, at, customer = null }) =>
      JSON.stringify({
        api_id: 'a1',
        stage: 'prod',
        extended_request_id: id,
        request_id: `r-${id}`,
        request_time: new Date(at).toISOString(),
        request_time_epoch: at,
        status: 200,
        response_latency: 12,
        usage_plan: customer && 'Gold',
        usage_plan_id: customer && 'p1',
        customer_name: customer,
      }),
    );
    bucket.objects.set(`${folder}object-${bucket.objects.size}`, {
      body: gzipSync(`${text.join('\n')}\n`),
      lastModified: new Date(),
    });
  }
}

function folderOf(moment: number): string {
  const text = new Date(moment).toISOString();
  return `logs/day=${text.slice(0, 10)}/hour=${text.slice(11, 13)}/`;
}

const at = (day: number, hour: number) => Date.parse(FIRST) + day * DAY + hour * 3_600_000;

async function closedIds(): Promise<string[]> {
  return (await query(`select extended_request_id from ${CLOSED_TABLE} order by 1`)).map(([id]) =>
    String(id),
  );
}

const request = (id: string, moment: number, late = 0, customer?: string): Line => ({
  id,
  at: moment,
  arrived: moment + late,
  ...(customer && { customer }),
});

describe('closing days', () => {
  test('writes every request of a day that is over once, the attributed line of several', async () => {
    deliver([
      request('a', at(0, 5)),
      request('a', at(0, 5), 3_600_000, 'Acme'),
      request('b', at(0, 23)),
    ]);

    const report = await close(addDays(FIRST, 2));

    expect(report).toEqual({
      closed: [FIRST],
      rolledUp: [FIRST],
      behind: 0,
      told: { first: FIRST, last: FIRST },
    });
    expect(
      await query(`select extended_request_id, customer_name from ${CLOSED_TABLE} order by 1`),
    ).toEqual([
      ['a', 'Acme'],
      ['b', null],
    ]);
  });

  test('leaves open what is not over, and what late lines are waited for', async () => {
    deliver([request('a', at(0, 5)), request('b', at(1, 5))]);

    expect((await close(addDays(FIRST, 1))).closed).toEqual([]);
    expect((await close(addDays(FIRST, 2))).closed).toEqual([FIRST]);
    expect((await close(addDays(FIRST, 4), { lateDays: 3 })).closed).toEqual([]);
  });

  test('changes nothing when it runs a second time', async () => {
    deliver([request('a', at(0, 5)), request('b', at(1, 5))]);
    await close(addDays(FIRST, 3));
    const before = [...bucket.objects.keys()];

    expect(await close(addDays(FIRST, 3))).toMatchObject({
      closed: [],
      rolledUp: [],
      behind: 0,
    });
    expect([...bucket.objects.keys()]).toEqual(before);
  });

  test('catches up after an outage, a day without lines included', async () => {
    deliver([request('a', at(0, 5)), request('c', at(4, 5))]);

    const { closed } = await close(addDays(FIRST, 7));

    expect(closed).toEqual([0, 1, 2, 3, 4, 5].map((days) => addDays(FIRST, days)));
    expect(await closedIds()).toEqual(['a', 'c']);
  });

  test('takes a line along that came after its day was closed, with its own time', async () => {
    deliver([request('a', at(0, 5)), request('b', at(1, 5)), request('late', at(0, 6), 2 * DAY)]);

    await close(addDays(FIRST, 2));
    expect(await closedIds()).toEqual(['a']);
    await close(addDays(FIRST, 3));

    expect(await closedIds()).toEqual(['a', 'b', 'late']);
    expect(
      await query(
        `select day, request_time_epoch from ${CLOSED_TABLE} where extended_request_id = 'late'`,
      ),
    ).toEqual([[addDays(FIRST, 1), String(at(0, 6))]]);
  });

  test('counts a request once that is delivered again days later', async () => {
    deliver([request('a', at(0, 5)), request('b', at(3, 5)), request('a', at(0, 5), 3 * DAY)]);

    for (let day = 2; day < 8; day++) await close(addDays(FIRST, day));

    expect(await closedIds()).toEqual(['a', 'b']);
  });

  test('begins a day anew that was stopped half-way', async () => {
    deliver([request('a', at(0, 5)), request('b', at(1, 5))]);
    athena.fails = (statement) =>
      statement.startsWith('unload') ? { reason: 'stopped', isDone: true } : undefined;
    await expect(close(addDays(FIRST, 3))).rejects.toThrow(new QueryError('stopped'));
    athena.fails = undefined;

    await close(addDays(FIRST, 3));

    expect(await closedIds()).toEqual(['a', 'b']);
  });

  test('writes roll-ups that an earlier run did not get to', async () => {
    deliver([request('a', at(0, 5))]);
    athena.fails = (statement) =>
      /^unload[\s\S]*with requests as/.test(statement)
        ? { reason: 'stopped', isDone: false }
        : undefined;
    await expect(close(addDays(FIRST, 2))).rejects.toThrow('stopped');
    athena.fails = undefined;

    expect(await close(addDays(FIRST, 2))).toMatchObject({ closed: [], rolledUp: [FIRST] });
    expect(await query('select sum(requests) from rollup_traffic')).toEqual([['1']]);
  });

  test('does a range by hand', async () => {
    deliver([request('a', at(0, 5)), request('b', at(1, 5)), request('c', at(2, 5))]);

    const range = { from: addDays(FIRST, 1), to: addDays(FIRST, 1) };
    expect((await close(addDays(FIRST, 9), range)).closed).toEqual([addDays(FIRST, 1)]);
  });

  test('gives the rest to the next run where there is no time', async () => {
    deliver([request('a', at(0, 5)), request('b', at(1, 5))]);
    let days = 0;

    const report = await closeDays(
      {
        query,
        firstDay: () => firstDayOf(s3, 's3://logs-bucket/logs/'),
        now: () => Date.parse(addDays(FIRST, 5)),
        run: 'short',
        hasTime: () => days++ < 1,
      },
      { lateDays: 1, location },
    );

    expect(report).toMatchObject({ closed: [FIRST], behind: 3 });
  });

  test('has nothing to do without lines', async () => {
    expect(await close(FIRST)).toMatchObject({
      closed: [],
      rolledUp: [],
      behind: 0,
    });
  });
});

describe('the view of requests', () => {
  test('joins closed days and the open rest, each request once', async () => {
    deliver([
      request('a', at(0, 5)),
      request('a', at(0, 5)),
      request('b', at(1, 5)),
      request('c', at(2, 1)),
      request('c', at(2, 1)),
    ]);
    const ids = async () =>
      (await query('select extended_request_id from requests order by 1')).map(([id]) => id);

    expect(await ids()).toEqual(['a', 'b', 'c']);
    await close(addDays(FIRST, 2));
    expect(await ids()).toEqual(['a', 'b', 'c']);
    await close(addDays(FIRST, 3));
    expect(await ids()).toEqual(['a', 'b', 'c']);
  });
});

/** Minutes of queries: a part of `npm run fuzz` only. */
const inFuzzRuns = process.env['FUZZ_RUNS'] ? test : test.skip;

inFuzzRuns(
  'whenever lines arrive and nights are missed, every request is in exactly one closed day, and nothing is missing',
  async () => {
    const line = fc.record({
      day: fc.integer({ min: 0, max: 4 }),
      hour: fc.integer({ min: 0, max: 23 }),
      late: fc.oneof(
        { weight: 8, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 30 }).map((hours) => hours * 3_600_000) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 5 }).map((days) => days * DAY) },
      ),
      again: fc.option(fc.integer({ min: 0, max: 100 }), { freq: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 25 }),
        fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
        async (all, nights) => {
          bucket.objects.clear();
          for (const partitions of athena.partitions.values()) partitions.clear();
          athena.views.set('requests', requestsViewSql(undefined));
          const expected = all.map((_, index) => `id-${index}`);
          deliver(
            all.flatMap(({ day, hour, late, again }, index) => {
              const one = request(`id-${index}`, at(day, hour), late);
              return again === null
                ? [one]
                : [one, { ...one, arrived: one.at + again * 3_600_000 }];
            }),
          );
          // Some nights the step does not run; the last one it does.
          for (const [night, runs] of nights.entries()) {
            if (runs || night === nights.length - 1) await close(addDays(FIRST, night));
          }
          const counted = (
            await query(`select extended_request_id, count(*) from ${CLOSED_TABLE} group by 1`)
          ).map(([id, count]) => [id, count]);
          expect(counted.sort()).toEqual(expected.map((id) => [id, '1']).sort());
          expect(await query('select sum(requests) from rollup_traffic')).toEqual([
            [String(expected.length)],
          ]);
        },
      ),
      { numRuns: 60 },
    );
  },
  7_200_000,
);
