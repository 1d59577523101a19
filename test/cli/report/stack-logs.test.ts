/** The laptop's answers, from Athena: reports and queries over the logs of a stack. */

import { panelOf } from '../../../analytics/panels/all';
import type { Result } from '../../../analytics/result';
import { query } from '../../../cli/report/query';
import { report } from '../../../cli/report/report';
import { type AnalyticsAccount, startAnalytics } from '../../support/analytics-account';
import type { AthenaServer } from '../../support/athena-server';
import { deliveredSample } from '../../support/delivered-sample';
import { type Laptop, openLaptop, roughly } from '../../support/laptop';
import type { Loopback } from '../../support/loopback';
import { recordedTerminal } from '../../support/recorded-terminal';
import { startStacks } from '../../support/stack-server';

const DAY = 86_400_000;
const DAYS = 2;

const delivered = deliveredSample(DAYS);
const [from = '', to = ''] = delivered.keys();
const period = { from: Date.parse(from), to: Date.parse(to) + DAY };

let account: AnalyticsAccount;
let athena: AthenaServer;
let stacks: Loopback;
let laptop: Laptop;
const environment = { ...process.env };

beforeAll(async () => {
  account = await startAnalytics();
  athena = account.athena;
  athena.looks = 0;
  for (const [day, text] of delivered) account.deliver(day, text);
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
  laptop = await openLaptop(delivered);
}, 120_000);

afterAll(async () => {
  laptop.close();
  process.env = environment;
  await Promise.all([stacks.close(), account.end()]);
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
      const expected = await laptop.engine.query(panel.sql(scope));
      expect(expected.rows.length).toBeGreaterThan(0);
      expect(result).toEqual({
        panel: id,
        ...(panel.limit === undefined ? {} : { limit: panel.limit }),
        columns: expected.columns,
        rows: expected.rows.map((row) => row.map(roughly)),
        completeness: await laptop.completeness(period),
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

    const { columns, rows } = await laptop.engine.queryOfUser(sql);
    expect(result).toMatchObject({ columns, rows });
  }, 120_000);

  test('may begin with a comment, WITH, and end with a semicolon', async () => {
    const { result } = await answerOf(query, [
      '/* all */\nwith all_of as (select * from requests)\nselect count(*) from all_of;',
      '--json',
    ]);

    expect(result.rows).toEqual((await laptop.engine.query('select count(*) from requests')).rows);
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
