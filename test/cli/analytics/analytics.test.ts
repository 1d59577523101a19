/** What is done by hand with a stack's analytics: asking whether all works, and closing days. */

import { CLOSED_TABLE } from '../../../analytics/athena/closed-days';
import { analytics } from '../../../cli/analytics/analytics';
import { rollup } from '../../../cli/analytics/rollup';
import { type AnalyticsAccount, startAnalytics } from '../../support/analytics-account';
import type { AthenaServer } from '../../support/athena-server';
import { deliver, request } from '../../support/closing';
import { startLambda } from '../../support/lambda-server';
import type { Loopback } from '../../support/loopback';
import { recordedTerminal } from '../../support/recorded-terminal';
import { startStacks } from '../../support/stack-server';

let account: AnalyticsAccount;
let athena: AthenaServer;
let others: Loopback[];
const environment = { ...process.env };

beforeAll(async () => {
  account = await startAnalytics();
  athena = account.athena;
  athena.looks = 0;
  const function_ = { type: 'AWS::Lambda::Function', physicalId: 'closer' };
  const stacks = await startStacks({
    outputs: { Orders: { AnalyticsWorkgroup: 'orders-access-logs', AnalyticsDatabase: 'orders' } },
    resources: {
      Orders: [{ logicalId: 'PipelineAnalyticsClosingFunction1', ...function_ }],
      Plain: [{ logicalId: 'Other', ...function_ }],
    },
  });
  const lambda = await startLambda({
    WORKGROUP: 'orders-access-logs',
    DATABASE: 'orders',
    LOCATION: 's3://logs-bucket/analytics/',
    LINES: 's3://logs-bucket/logs/',
    SINCE: '2026-01-01',
    LATE_DAYS: '1',
  });
  others = [stacks, lambda];
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_ATHENA: athena.url,
    AWS_ENDPOINT_URL_S3: account.bucket.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: stacks.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  });
});

afterAll(async () => {
  process.env = environment;
  await Promise.all([account.end(), ...others.map((it) => it.close())]);
});

afterEach(() => {
  athena.fails = undefined;
});

describe('analytics verify', () => {
  test('has each statement explained and says of each whether Athena takes it', async () => {
    athena.fails = (statement) =>
      statement.includes('current_date')
        ? { reason: 'SYNTAX_ERROR: line 1:1: no such function', isDone: false }
        : undefined;
    const terminal = recordedTerminal();

    expect(await analytics(['verify', '--stack', 'Orders', 'statuses'], terminal)).toBe(1);

    expect(terminal.printed.map((line) => line.trim().split(/ {2,}/)).slice(-2)).toEqual([
      ['statuses', 'panel', 'ok'],
      ['statuses', 'saved query', 'failed', 'SYNTAX_ERROR: line 1:1: no such function'],
    ]);
    expect(terminal.warned).toEqual(['1 of 2 statements failed']);
    expect(athena.statements.every((statement) => statement.startsWith('explain '))).toBe(true);
    athena.fails = undefined;
    expect(await analytics(['verify', '--stack', 'Orders', 'statuses'], terminal)).toBe(0);
  }, 120_000);

  test.each<[string[], string]>([
    [['--stack', 'Orders'], 'got nothing, expected verify'],
    [['verify'], 'which stack? expected --stack NAME'],
    [['verify', '--stack', 'Orders', 'statusses'], 'no panel "statusses"'],
  ])('%j is refused', async (args, message) => {
    await expect(analytics(args, recordedTerminal())).rejects.toThrow(message);
  });
});

describe('rollup', () => {
  test('closes the days of a range, once', async () => {
    deliver(account, [request('x', Date.parse('2026-01-05T10:00:00Z'))]);
    const args = ['--stack', 'Orders', '--from', '2026-01-05', '--to', '2026-01-05'];
    const terminal = recordedTerminal();

    expect(await rollup(args, terminal)).toBe(0);
    expect(await rollup(args, terminal)).toBe(0);

    expect(terminal.printed).toEqual([
      'closed: 2026-01-05',
      'rolled up: 2026-01-05',
      'closed: no day',
      'rolled up: no day',
    ]);
    expect([...(athena.partitions.get(CLOSED_TABLE)?.keys() ?? [])]).toEqual(['2026-01-05']);
  }, 240_000);

  test('leaves no day open before the range', async () => {
    const args = ['--stack', 'Orders', '--from', '2026-01-08', '--to', '2026-01-09'];

    await expect(rollup(args, recordedTerminal())).rejects.toThrow(
      '--from: got 2026-01-08, expected 2026-01-06 or earlier: that day is open, and days are closed in order',
    );
  });

  test.each<[string[], string]>([
    [['--stack', 'Plain'], 'stack "Plain" has no analytics'],
    [['--stack', 'Orders', '--from', 'x'], '--from: got "x", expected a day'],
    [['--stack', 'Orders', '--from', '2026-01-02', '--to', '2026-01-01'], '--from: got 2026-01-02'],
  ])('%j is refused', async (args, message) => {
    await expect(rollup(args, recordedTerminal())).rejects.toThrow(message);
  });
});
