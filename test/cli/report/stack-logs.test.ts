/** The laptop's answers, from Athena: reports and queries over the logs of a stack. */

import { gzipSync } from 'node:zlib';
import { accessViewSql } from '../../../analytics/athena/access-view';
import {
  CLOSED_TABLE,
  closedColumns,
  requestsViewSql,
} from '../../../analytics/athena/closed-days';
import { LINE_TABLE, lineTable } from '../../../analytics/athena/line-table';
import { rollups } from '../../../analytics/athena/rollups';
import { panelOf } from '../../../analytics/panels/all';
import type { Result } from '../../../analytics/result';
import { completenessOf } from '../../../cli/report/completeness';
import type { Engine } from '../../../cli/report/duckdb';
import { query } from '../../../cli/report/query';
import { report } from '../../../cli/report/report';
import { type AthenaServer, startAthena } from '../../support/athena-server';
import { type BucketServer, startBucket } from '../../support/bucket-server';
import { deliveredSample } from '../../support/delivered-sample';
import type { Loopback } from '../../support/loopback';
import { RowReader, sourceOf } from '../../support/read-rows';
import { recordedTerminal } from '../../support/recorded-terminal';
import { startStacks } from '../../support/stack-server';

const DAY = 86_400_000;
const DAYS = 2;

const delivered = deliveredSample(DAYS);
const [from = '', to = ''] = delivered.keys();
const period = { from: Date.parse(from), to: Date.parse(to) + DAY };

let bucket: BucketServer;
let athena: AthenaServer;
let stacks: Loopback;
let reader: RowReader;
let laptop: Engine;
let ingested: Awaited<ReturnType<RowReader['ingest']>>;
const environment = { ...process.env };

beforeAll(async () => {
  bucket = await startBucket('logs-bucket');
  for (const [day, text] of delivered) {
    bucket.objects.set(`logs/day=${day}/hour=12/object`, {
      body: gzipSync(text),
      lastModified: new Date(),
    });
  }
  const location = 's3://logs-bucket/logs/';
  const { columns } = lineTable({
    output: 'canonical',
    location,
    since: '2026-01-01',
    isAheadOfUtc: false,
  });
  athena = await startAthena(
    bucket,
    [
      { name: LINE_TABLE, columns, format: 'json', location },
      { name: CLOSED_TABLE, columns: closedColumns, format: 'parquet', location },
      ...rollups.map((it) => ({
        name: it.table,
        columns: it.columns,
        format: 'parquet' as const,
        location,
      })),
    ],
    { access: accessViewSql({ output: 'canonical' }), requests: requestsViewSql(undefined) },
    'orders',
  );
  stacks = await startStacks({
    outputs: {
      Orders: { AnalyticsWorkgroup: 'orders-access-logs', AnalyticsDatabase: 'orders' },
      Plain: { BucketName: 'b' },
    },
  });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_ATHENA: athena.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: stacks.url,
  });
  reader = new RowReader();
  ingested = await reader.ingest(
    [...delivered].map(([day, text]) => sourceOf(`logs/day=${day}/hour=12/object`, text)),
  );
  laptop = await reader.open(ingested);
}, 120_000);

afterAll(async () => {
  laptop.close();
  ingested.close();
  reader.close();
  process.env = environment;
  await Promise.all([athena.close(), stacks.close(), bucket.close()]);
});

afterEach(() => {
  athena.refuses = undefined;
  athena.fails = undefined;
  athena.now = Date.now;
});

const stack = ['--stack', 'Orders', '--from', from, '--to', to];

async function answerOf(run: typeof report, args: readonly string[]) {
  const terminal = recordedTerminal();
  await run([...stack, ...args], terminal);
  return { result: terminal.documents<Result>()[0] as Result, warned: terminal.warned };
}

describe('a panel of a stack', () => {
  test.each([
    'requests',
    'apis',
    'endpoints',
    'errors-by-customer',
    'error-messages',
    'customers',
    'plans',
    'latency-distribution',
    'addresses',
    'completeness',
    'unattributed-keys',
  ])(
    '%s has the rows that it has on a laptop',
    async (id) => {
      const { result } = await answerOf(report, ['--panel', id, '--json']);

      const panel = panelOf(id);
      const scope = { ...period, timeZone: 'UTC', bucket: 'hour', filter: {} } as const;
      const expected = await laptop.query(panel.sql(scope));
      expect(expected.rows.length).toBeGreaterThan(0);
      expect(result).toEqual({
        panel: id,
        columns: expected.columns,
        rows: expected.rows.map((row) =>
          row.map((value, place) =>
            panel.columns[place]?.type === 'number' && value !== null
              ? expect.closeTo(Number(value), 6)
              : value,
          ),
        ),
        completeness: { ...(await completenessOf(laptop, ingested, period)), files: 0 },
      });
    },
    120_000,
  );

  test('is read again for nothing within the hour', async () => {
    athena.now = () => Date.now() - 600_000;
    const args = ['--panel', 'stages', '--json', '--from', to];
    await answerOf(report, args);
    const asked = () => athena.statements.filter((it) => !it.startsWith('show partitions'));
    const started = asked().length;

    const { warned } = await answerOf(report, args);

    expect(asked().length).toBe(started);
    expect(warned.at(-1)).toBe(
      'Athena: 2 queries, 2 of them found done · 0 bytes read · about 0.00 USD',
    );
  }, 120_000);
});

describe('a query over a stack', () => {
  const sql = `select customer_name, count(*) as requests, max(request_time) as last, true as yes
    from requests group by 1 order by 2 desc, 1`;

  test('gives the values that DuckDB gives', async () => {
    const { result } = await answerOf(query, [sql, '--json']);

    const { columns, rows } = await laptop.queryOfUser(sql);
    expect(result).toMatchObject({ columns, rows });
  }, 120_000);

  test('may begin with a comment, WITH, and end with a semicolon', async () => {
    const { result } = await answerOf(query, [
      '/* all */\nwith all_of as (select * from requests)\nselect count(*) from all_of;',
      '--json',
    ]);

    expect(result.rows).toEqual((await laptop.query('select count(*) from requests')).rows);
  }, 120_000);

  test('reads only', async () => {
    await expect(answerOf(query, ['drop table lines'])).rejects.toThrow(
      'expected a SELECT, got drop: queries only read',
    );
  }, 120_000);

  test.each([
    ['with a as (select 1)\nselect x from a', 'line 4:8', 'line 2, column 8'],
    ['select x from requests', 'line 3:8', 'line 1, column 8'],
    ['with a as (select x)\nselect 1', 'line 3:14', 'line 1, column 19'],
  ])(
    '%j says where it is wrong',
    async (wrong, told, place) => {
      athena.fails = (statement) =>
        statement.endsWith(wrong.replace(/^with /, ''))
          ? { reason: `SYNTAX_ERROR: ${told}: Column 'x' cannot be resolved`, isDone: false }
          : undefined;

      await expect(answerOf(query, [wrong])).rejects.toThrow(
        `the SQL is wrong at ${place}: Column 'x' cannot be resolved`,
      );
    },
    120_000,
  );

  test('is begun anew where an earlier run failed', async () => {
    let failures = 0;
    athena.fails = (statement) =>
      statement.includes('as retried') && failures++ === 0
        ? { reason: 'internal error', isDone: false }
        : undefined;

    const { result } = await answerOf(query, ['select 1 as retried', '--json']);

    expect(result.rows).toEqual([[1]]);
  }, 120_000);

  test('stops before it would cost more than it may', async () => {
    const before = athena.statements.length;
    const terminal = recordedTerminal();

    await expect(
      query([...stack, '--max-cost', '0.00006', 'select 2 as costly'], terminal),
    ).rejects.toThrow(
      /^--max-cost 0.00006: 0.00005 USD spent on 1 queries, the next may go over it/,
    );

    expect(athena.statements.slice(before).join()).not.toContain('costly');
    expect(terminal.warned.at(-1)).toContain('about 0.00005 USD');
  }, 120_000);
});

describe('what a stack cannot answer is told in a line', () => {
  const ask = () => answerOf(query, [`select ${Math.random()} as n`, '--json']);

  test.each([
    ['AccessDeniedException', 400, 'access denied: AccessDeniedException; it takes the workgroup'],
    ['InvalidRequestException', 400, 'Athena (orders): InvalidRequestException'],
  ])('%s', async (code, status, message) => {
    athena.refuses = () => ({ status, code });

    await expect(ask()).rejects.toThrow(message);
  });

  test('throttling is waited for', async () => {
    let refused = 0;
    athena.refuses = () =>
      refused++ < 2 ? { status: 400, code: 'TooManyRequestsException' } : undefined;

    await expect(ask()).resolves.toBeDefined();
  }, 120_000);

  test.each<[string, string[], string]>([
    ['no analytics', ['--stack', 'Plain', 'select 1'], 'stack "Plain" has no analytics'],
    ['another source', ['--stack', 'Orders', 'select 1', 'logs/'], 'cannot go with logs/'],
    ['no amount', ['--stack', 'Orders', '--max-cost', 'x', 'select 1'], '--max-cost: got "x"'],
  ])('%s', async (_, args, message) => {
    await expect(query(args, recordedTerminal())).rejects.toThrow(message);
  });
});
