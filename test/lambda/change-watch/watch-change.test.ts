import type { S3Client } from '@aws-sdk/client-s3';
import type { Alarming } from '../../../analytics/audit/alarming';
import { changeMemory } from '../../../lambda/change-watch/change-memory';
import {
  isOwnDestination,
  type WatchedChange,
  watchChange,
} from '../../../lambda/change-watch/watch-change';
import { bucketClient } from '../../support/bucket-client';
import { type BucketServer, startBucket } from '../../support/bucket-server';
import { KEY_VALUE, trailRecord } from '../../support/trail-records';

const STREAM = 'arn:aws:firehose:eu-west-1:1:deliverystream/amazon-apigateway-ours';
const GROUP = 'arn:aws:logs:eu-west-1:1:log-group:/aws/vendedlogs/apigateway/ours';

let bucket: BucketServer;
let s3: S3Client;
let told: WatchedChange[];

beforeEach(async () => {
  told = [];
  bucket = await startBucket('logs');
  s3 = bucketClient(bucket);
});

afterEach(async () => {
  s3.destroy();
  await bucket.close();
});

/** As EventBridge hands a call on; gives what it sets off. */
async function hear(record: object): Promise<Alarming[]> {
  const before = told.length;
  await watchChange(
    { 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.apigateway', detail: record },
    {
      memory: changeMemory(s3, 's3://logs/_changes/resources/'),
      isOwn: isOwnDestination(`${STREAM} ${GROUP}`),
      report: (watched) => told.push(watched),
    },
  );
  return told.slice(before).flatMap(({ alarming }) => alarming);
}

let minute = 0;
const quota = (value: string, usagePlanId = 'p1') =>
  trailRecord('UpdateUsagePlan', {
    time: `2026-11-20T10:${String(minute++ % 60).padStart(2, '0')}:00Z`,
    request: { usagePlanId, patchOperations: [{ op: 'replace', path: '/quota/limit', value }] },
  });
const logTo = (value: string) =>
  trailRecord('UpdateStage', {
    time: `2026-11-20T10:${String(minute++ % 60).padStart(2, '0')}:00Z`,
    request: { apiId: 'h1', stageName: '$default', accessLogSettings: { destinationArn: value } },
  });

test('a limit is compared with the one of the call before, kept between runs', async () => {
  expect(await hear(quota('100'))).toEqual(['limit raised']);
  expect(await hear(quota('90'))).toEqual([]);
  expect(await hear(quota('95'))).toEqual(['limit raised']);
  expect(await hear(quota('5', 'p2'))).toEqual(['limit raised']);
  expect(bucket.objects.size).toBe(2);
  expect(told.map(({ change }) => change.change)).toEqual([
    'quota.limit: ? → 100',
    'quota.limit: 100 → 90',
    'quota.limit: 90 → 95',
    'quota.limit: ? → 5',
  ]);
});

test('a call that is told twice counts once', async () => {
  const call = quota('100');

  expect(await hear(call)).toEqual(['limit raised']);
  expect(await hear(call)).toEqual([]);
});

test('a call is told even where it cannot be remembered, and fails, so that it comes again', async () => {
  bucket.failsWith = ({ operation }) => (operation === 'put' ? 500 : undefined);

  await expect(hear(quota('100'))).rejects.toThrow();
  expect(told.map(({ alarming }) => alarming)).toEqual([['limit raised']]);
});

test('two calls at once do not undo what the other has remembered', async () => {
  let isFirst = true;
  bucket.failsWith = ({ operation, key }) => {
    if (operation !== 'put' || !isFirst) return undefined;
    isFirst = false;
    bucket.objects.set(key, { body: Buffer.from('{}'), lastModified: new Date() });
    return undefined;
  };

  await expect(hear(quota('100'))).rejects.toMatchObject({ name: 'PreconditionFailed' });
});

test('what is remembered and cannot be read is as good as unknown', async () => {
  await hear(quota('100'));
  for (const [key, object] of bucket.objects) {
    bucket.objects.set(key, { ...object, body: Buffer.from('{"version":') });
  }

  expect(await hear(quota('90'))).toEqual(['limit raised']);
  expect(await hear(quota('80'))).toEqual([]);
});

test('a log of this pipeline is no loss, with or without the end of its ARN', async () => {
  expect(await hear(logTo(GROUP))).toEqual([]);
  expect(await hear(logTo(`${GROUP}:*`))).toEqual([]);
  expect(await hear(logTo(STREAM))).toEqual([]);
  expect(await hear(logTo(`${GROUP}-of-others`))).toEqual(['access log lost']);
});

test('reading keys is told, and nothing is remembered of it', async () => {
  expect(await hear(trailRecord('GetUsagePlanKeys', { request: { usagePlanId: 'p1' } }))).toEqual([
    'key values read',
  ]);
  expect(bucket.calls).toEqual([]);
});

test('no value of a key is told or kept', async () => {
  await hear(
    trailRecord('UpdateStage', {
      request: {
        restApiId: 'a1',
        stageName: 's',
        patchOperations: [{ op: 'replace', path: '/variables/apiKey', value: KEY_VALUE }],
      },
      response: { stageName: 's', variables: { apiKey: KEY_VALUE } },
    }),
  );

  const kept = [...bucket.objects.values()].map(({ body }) => body.toString()).join();
  expect(kept).toContain('apiKey');
  expect(kept + JSON.stringify(told)).not.toContain(KEY_VALUE);
});

test.each([[{}], [{ detail: { eventSource: 'apigateway.amazonaws.com' } }], ['x'], [null]])(
  'an event such as %j fails: it was not looked at',
  async (event) => {
    const edges = {
      memory: changeMemory(s3, 's3://logs/_changes/'),
      isOwn: () => false,
      report: () => {},
    };

    await expect(watchChange(event, edges)).rejects.toThrow('got no record of CloudTrail');
  },
);
