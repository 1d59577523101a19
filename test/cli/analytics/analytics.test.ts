/** What is done by hand with a stack's analytics: asking whether all works, and closing days. */

import { accessViewSql } from '../../../analytics/athena/access-view';
import {
  CLOSED_TABLE,
  closedColumns,
  requestsViewSql,
} from '../../../analytics/athena/closed-days';
import { LINE_TABLE, lineTable } from '../../../analytics/athena/line-table';
import { rollups } from '../../../analytics/athena/rollups';
import { analytics } from '../../../cli/analytics/analytics';
import { rollup } from '../../../cli/analytics/rollup';
import { type AthenaServer, startAthena } from '../../support/athena-server';
import { type BucketServer, startBucket } from '../../support/bucket-server';
import { startLambda } from '../../support/lambda-server';
import type { Loopback } from '../../support/loopback';
import { recordedTerminal } from '../../support/recorded-terminal';
import { startStacks } from '../../support/stack-server';

let bucket: BucketServer;
let athena: AthenaServer;
let others: Loopback[];
const environment = { ...process.env };

beforeAll(async () => {
  bucket = await startBucket('logs-bucket');
  const location = 's3://logs-bucket/logs/';
  const parquet = { format: 'parquet', location: 's3://logs-bucket/analytics/' } as const;
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
      { name: CLOSED_TABLE, columns: closedColumns, ...parquet },
      ...rollups.map((it) => ({ name: it.table, columns: it.columns, ...parquet })),
    ],
    { access: accessViewSql({ output: 'canonical' }), requests: requestsViewSql(undefined) },
    'orders',
  );
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
    LINES: location,
    LATE_DAYS: '1',
  });
  others = [stacks, lambda];
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_ATHENA: athena.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: stacks.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  });
});

afterAll(async () => {
  process.env = environment;
  await Promise.all([athena, bucket, ...others].map((it) => it.close()));
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
    const line = { api_id: 'a1', stage: 'prod', extended_request_id: 'x', status: 200 };
    const time = Date.parse('2026-01-05T10:00:00Z');
    const text = { ...line, request_time: new Date(time).toISOString(), request_time_epoch: time };
    bucket.objects.set('logs/day=2026-01-05/hour=10/object', {
      body: Buffer.from(`${JSON.stringify(text)}\n`),
      lastModified: new Date(),
    });
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

  test.each<[string[], string]>([
    [['--stack', 'Plain'], 'stack "Plain" has no analytics'],
    [['--stack', 'Orders', '--from', 'x'], '--from: got "x", expected a day'],
    [['--stack', 'Orders', '--from', '2026-01-02', '--to', '2026-01-01'], '--from: got 2026-01-02'],
  ])('%j is refused', async (args, message) => {
    await expect(rollup(args, recordedTerminal())).rejects.toThrow(message);
  });
});
