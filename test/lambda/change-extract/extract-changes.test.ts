import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { addDays } from '../../../analytics/athena/closed-days';
import { recordedColumns } from '../../../analytics/audit/changes';
import { changeDays } from '../../../lambda/change-extract/change-days';
import {
  type ExtractEdges,
  type ExtractReport,
  extractChanges,
} from '../../../lambda/change-extract/extract-changes';
import { trailIn } from '../../../lambda/change-extract/trail';
import { bucketClient } from '../../support/bucket-client';
import { type BucketServer, startBucket } from '../../support/bucket-server';
import { KEY_VALUE, trailRecord } from '../../support/trail-records';

const FIRST = '2026-11-20';
const DAYS = 'analytics/changes/';
const TRAIL = 'AWSLogs/';
const REGION = `${TRAIL}123456789012/CloudTrail/eu-central-1/`;

let bucket: BucketServer;
let s3: S3Client;
let leftOut: string[];

beforeEach(async () => {
  leftOut = [];
  bucket = await startBucket('all');
  s3 = bucketClient(bucket);
});

afterEach(async () => {
  s3.destroy();
  await bucket.close();
});

/** A run of the step on a day, at a time of it. */
function extract(
  day: string,
  {
    at = '03:00',
    since = '2026-01-01',
    folder = TRAIL,
    ...edges
  }: Partial<ExtractEdges> & {
    at?: string;
    since?: string;
    folder?: string;
  } = {},
): Promise<ExtractReport> {
  return extractChanges(
    {
      ...changeDays(s3, `s3://all/${DAYS}`, 's3://all/_changes/extracted.json.gz'),
      trail: trailIn(s3, `s3://all/${folder}`),
      unreadable: (key) => leftOut.push(key),
      now: () => Date.parse(`${day}T${at}:00Z`),
      hasTime: () => true,
      ...edges,
    },
    since,
  );
}

let files = 0;
function put(day: string, content: string | object, folder = REGION): string {
  const key = `${folder}${day.replaceAll('-', '/')}/${files++}.json.gz`;
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  bucket.objects.set(key, { body: gzipSync(body), lastModified: new Date() });
  return key;
}

const deliver = (day: string, ...Records: object[]) => put(day, { Records });
const time = (day: string, hour = 10) => `${day}T${String(hour).padStart(2, '0')}:00:00Z`;

const makePlan = (day: string, limit: number) =>
  trailRecord('CreateUsagePlan', {
    time: time(day),
    request: { name: 'Gold', quota: { limit, period: 'DAY' } },
    response: { id: 'p1', name: 'Gold', quota: { limit, period: 'DAY' } },
  });
const setQuota = (day: string, value: string, hour = 10) =>
  trailRecord('UpdateUsagePlan', {
    time: time(day, hour),
    request: {
      usagePlanId: 'p1',
      patchOperations: [{ op: 'replace', path: '/quota/limit', value }],
    },
  });
const otherService = { ...trailRecord('RunInstances', {}), eventSource: 'ec2.amazonaws.com' };

/** Rows of the days as another reader of Parquet sees them. */
async function rows(statement = 'select * from changes order by event_time_epoch') {
  const folder = mkdtempSync(join(tmpdir(), 'changes-'));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const names = [...bucket.objects.keys()].filter((key) => key.startsWith(DAYS));
    const found = names.map((key, index) => {
      const file = join(folder, `${index}.parquet`);
      writeFileSync(file, bucket.objects.get(key)?.body as Buffer);
      return `'${file}'`;
    });
    await connection.run(`create view changes as select * from read_parquet([${found}])`);
    return (await connection.runAndReadAll(statement)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true });
  }
}

const dayKeys = () => [...bucket.objects.keys()].filter((key) => key.startsWith(DAYS)).sort();

test('each day that is over becomes one file, told against the days before', async () => {
  deliver(FIRST, makePlan(FIRST, 100), otherService);
  deliver(addDays(FIRST, 1), setQuota(addDays(FIRST, 1), '500'));
  deliver(addDays(FIRST, 2), setQuota(addDays(FIRST, 2), '7'));

  const report = await extract(addDays(FIRST, 2));

  expect(report).toEqual({
    days: [FIRST, addDays(FIRST, 1)],
    changes: 2,
    files: 2,
    unreadable: 0,
    behind: 0,
  });
  expect(dayKeys()).toEqual([
    `${DAYS}day=2026-11-20/changes.parquet`,
    `${DAYS}day=2026-11-21/changes.parquet`,
  ]);
  await extract(addDays(FIRST, 3));
  expect(await rows('select usage_plan, effect, change from changes order by event_time')).toEqual([
    {
      usage_plan: 'Gold',
      effect: 'plan created',
      change: 'name: Gold; quota.limit: 100; quota.period: DAY',
    },
    { usage_plan: 'Gold', effect: 'quota raised', change: 'quota.limit: 100 → 500' },
    { usage_plan: 'Gold', effect: 'quota lowered', change: 'quota.limit: 500 → 7' },
  ]);
});

test('a row has the types and the values that the table has', async () => {
  deliver(FIRST, makePlan(FIRST, 100));
  await extract(addDays(FIRST, 1));

  const types = await rows(
    'select column_name as name, column_type as type from (describe changes)',
  );
  const duckdb = {
    string: 'VARCHAR',
    bigint: 'BIGINT',
    timestamp: 'TIMESTAMP',
    boolean: 'BOOLEAN',
    double: 'DOUBLE',
  };
  expect(types).toEqual(recordedColumns.map(({ name, type }) => ({ name, type: duckdb[type] })));
  expect(
    await rows('select epoch_ms(event_time) as time, event_time_epoch, mfa, stage from changes'),
  ).toEqual([
    {
      time: String(Date.parse(time(FIRST))),
      event_time_epoch: String(Date.parse(time(FIRST))),
      mfa: false,
      stage: null,
    },
  ]);
});

test('a day is not taken before its last files have come', async () => {
  deliver(FIRST, makePlan(FIRST, 100));

  expect((await extract(FIRST, { at: '23:59' })).days).toEqual([]);
  expect((await extract(addDays(FIRST, 1), { at: '00:59' })).days).toEqual([]);
  expect((await extract(addDays(FIRST, 1), { at: '01:00' })).days).toEqual([FIRST]);
});

test('a second run changes nothing', async () => {
  deliver(FIRST, makePlan(FIRST, 100));
  await extract(addDays(FIRST, 1));
  const before = new Map(bucket.objects);

  expect(await extract(addDays(FIRST, 1))).toMatchObject({ days: [], behind: 0 });
  expect(new Map(bucket.objects)).toEqual(before);
});

test('an outage is caught up with, days without changes included', async () => {
  deliver(FIRST, makePlan(FIRST, 100));
  deliver(addDays(FIRST, 4), setQuota(addDays(FIRST, 4), '500'));

  const { days } = await extract(addDays(FIRST, 6));

  expect(days).toHaveLength(6);
  expect(dayKeys()).toHaveLength(2);
  expect(await rows("select change from changes where event_name like 'Update%'")).toEqual([
    { change: 'quota.limit: 100 → 500' },
  ]);
});

test('days that there is no time for are left to the next run', async () => {
  deliver(FIRST, makePlan(FIRST, 100));
  deliver(addDays(FIRST, 1), setQuota(addDays(FIRST, 1), '500'));
  let left = 1;

  expect(await extract(addDays(FIRST, 2), { hasTime: () => left-- > 0 })).toMatchObject({
    days: [FIRST],
    behind: 1,
  });
  expect(await extract(addDays(FIRST, 2))).toMatchObject({ days: [addDays(FIRST, 1)], behind: 0 });
});

test('a day that is written is never written over, whatever became of its files', async () => {
  const key = deliver(FIRST, makePlan(FIRST, 100));
  await extract(addDays(FIRST, 1));
  const [day = ''] = dayKeys();
  const written = bucket.objects.get(day);
  // What is known is lost, and somebody has changed the trail.
  bucket.objects.delete('_changes/extracted.json.gz');
  bucket.objects.set(key, { body: gzipSync('{"Records":[]}'), lastModified: new Date() });
  deliver(FIRST, setQuota(FIRST, '7', 11));

  expect(await extract(addDays(FIRST, 1))).toMatchObject({ days: [FIRST] });
  expect(bucket.objects.get(day)).toBe(written);
});

test.each([
  ['before its rows were written', DAYS],
  ['after them', '_changes/'],
])('a run that ended %s does the day again, once', async (_, place) => {
  deliver(FIRST, makePlan(FIRST, 100));
  bucket.failsWith = ({ operation, key }) =>
    operation === 'put' && key.startsWith(place) ? 500 : undefined;
  await expect(extract(addDays(FIRST, 1))).rejects.toThrow();
  bucket.failsWith = undefined;

  expect(await extract(addDays(FIRST, 1))).toMatchObject({ days: [FIRST], changes: 1 });
  expect(await rows('select count(*) as changes from changes')).toEqual([{ changes: '1' }]);
});

test('a file that cannot be fetched fails the run: it may be there the next time', async () => {
  const key = deliver(FIRST, makePlan(FIRST, 100));
  bucket.failsWith = (call) => (call.operation === 'get' && call.key === key ? 500 : undefined);

  await expect(extract(addDays(FIRST, 1))).rejects.toThrow();
  expect(dayKeys()).toEqual([]);
});

test('what is no file of records is counted, told and left out', async () => {
  const broken = put(FIRST, '');
  bucket.objects.set(broken, { body: Buffer.from('no gzip'), lastModified: new Date() });
  put(FIRST, `{"Records":["apigateway.amazonaws.com", ${JSON.stringify(makePlan(FIRST, 1))}]}`);

  expect(await extract(addDays(FIRST, 1))).toMatchObject({ changes: 1, files: 2, unreadable: 2 });
  expect(leftOut).toEqual([broken]);
});

test('a record that two files tell counts once, also on two days', async () => {
  const record = makePlan(FIRST, 100);
  deliver(FIRST, record, record);
  deliver(addDays(FIRST, 1), record);

  expect(await extract(addDays(FIRST, 2))).toMatchObject({ changes: 1 });
});

test('no value of a key is written', async () => {
  deliver(
    FIRST,
    trailRecord('CreateApiKey', {
      time: time(FIRST),
      request: { createApiKeyInput: { name: 'ACME', value: KEY_VALUE } },
      response: { id: 'k1', name: 'ACME', value: KEY_VALUE },
    }),
  );
  await extract(addDays(FIRST, 1));

  expect(JSON.stringify(await rows())).toContain('ACME');
  expect(JSON.stringify(await rows())).not.toContain(KEY_VALUE);
});

test('a trail that is older than what is wanted is not gone through from its beginning', async () => {
  deliver('2020-01-01', makePlan('2020-01-01', 1));
  deliver(FIRST, makePlan(FIRST, 100));

  expect(await extract(addDays(FIRST, 1), { since: addDays(FIRST, -1) })).toMatchObject({
    days: [addDays(FIRST, -1), FIRST],
  });
});

test('without a trail there is nothing to do', async () => {
  expect(await extract(FIRST)).toMatchObject({ days: [], behind: 0 });
});

describe('the files of a trail', () => {
  const elsewhere = [
    `${TRAIL}o-a1b2c3/210987654321/CloudTrail/us-east-1/`,
    `${TRAIL}123456789012/CloudTrail/us-east-1/`,
  ];
  beforeEach(() => {
    for (const folder of [REGION, ...elsewhere]) {
      put(FIRST, { Records: [{ ...makePlan(FIRST, 1), eventID: folder }] }, folder);
    }
    put(FIRST, '{"Records":[]}', `${TRAIL}123456789012/CloudTrail-Digest/eu-central-1/`);
    put(FIRST, '{"Records":[]}', `${TRAIL}123456789012/Config/eu-central-1/`);
  });

  test.each([
    ['of all accounts and Regions', TRAIL, 3],
    ['of an account', `${TRAIL}123456789012/`, 2],
    ['of a Region', REGION, 1],
    ['of an organisation', `${TRAIL}o-a1b2c3/`, 1],
  ])('are those %s, and no others of the bucket', async (_, folder, expected) => {
    expect(await extract(addDays(FIRST, 1), { folder })).toMatchObject({
      files: expected,
      changes: expected,
    });
  });
});
