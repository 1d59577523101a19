import { AthenaClient } from '@aws-sdk/client-athena';
import { QueryError, runQuery, runStatement } from '../../../lambda/aws/run-query';
import { type AthenaServer, startAthena } from '../../support/athena-server';
import { type BucketServer, startBucket } from '../../support/bucket-server';

const place = { workgroup: 'orders', database: 'orders' };
const options = () => ({ signal: AbortSignal.timeout(30_000), wait: async () => {} });

let bucket: BucketServer;
let athena: AthenaServer;
let client: AthenaClient;
let operations: string[];

beforeEach(async () => {
  bucket = await startBucket('logs');
  athena = await startAthena(bucket, [], {}, place.database);
  operations = [];
  athena.refuses = (operation) => {
    operations.push(operation);
    return undefined;
  };
  client = new AthenaClient({
    region: 'eu-west-1',
    endpoint: athena.url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await athena.close();
  await bucket.close();
});

test('all rows of an answer that has several pages, without the row of the names', async () => {
  const statement =
    'select n, nullif(n, 2) as m from unnest(sequence(1, 120)) as numbers (n) order by n';

  const { columns, rows } = await runQuery(client, place, statement, options());

  expect(columns.map(({ name }) => name)).toEqual(['n', 'm']);
  expect(rows).toHaveLength(120);
  expect(rows.slice(0, 2)).toEqual([
    ['1', '1'],
    ['2', null],
  ]);
  expect(rows.at(-1)).toEqual(['120', '120']);
});

test('no rows where the answer has none', async () => {
  const { rows } = await runQuery(client, place, 'select 1 as n where 1 = 2', options());

  expect(rows).toEqual([]);
});

test('a statement that Athena cannot run rejects with what Athena says of it', async () => {
  const run = runQuery(client, place, 'select lines from nowhere', options());

  await expect(run).rejects.toThrow(QueryError);
  await expect(run).rejects.toThrow('nowhere');
});

test('a call that is refused rejects with its code, and nothing is read', async () => {
  athena.refuses = () => ({ status: 400, code: 'AccessDeniedException' });

  const run = runQuery(client, place, 'select 1 as n', options());

  await expect(run).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(athena.statements).toEqual([]);
});

test('a query that takes too long is stopped at Athena, where it would go on to cost', async () => {
  const abort = new AbortController();
  const wait = async () => abort.abort(new Error('out of time'));

  const run = runQuery(client, place, 'select 1 as n', { signal: abort.signal, wait });

  await expect(run).rejects.toThrow('out of time');
  expect(operations).toEqual(['StartQueryExecution', 'GetQueryExecution', 'StopQueryExecution']);
});

test('a query that failed by itself is not stopped', async () => {
  await runQuery(client, place, 'select lines from nowhere', options()).catch(() => undefined);

  expect(operations).not.toContain('StopQueryExecution');
});

test('a token starts a statement once, and says when that was', async () => {
  const token = 'a-token-of-at-least-32-characters';
  athena.now = () => Date.parse('2026-11-26T00:00:00Z');
  await runStatement(client, place, 'select 1 as n', { ...options(), token });
  athena.now = Date.now;

  const { submittedAt } = await runStatement(client, place, 'select 1 as n', {
    ...options(),
    token,
  });

  expect(athena.statements).toHaveLength(1);
  expect(submittedAt).toBe(Date.parse('2026-11-26T00:00:00Z'));
});
