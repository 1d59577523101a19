import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunction } from '../../../lib/functions/bundling';
import { type BucketServer, startBucket } from '../../support/bucket-server';
import { type BundleProcess, startBundle } from '../../support/bundle-process';
import { trailRecord } from '../../support/trail-records';

const STREAM = 'arn:aws:firehose:eu-west-1:1:deliverystream/amazon-apigateway-orders';

let folder: string;
let bundle: string;
let bucket: BucketServer;
let container: BundleProcess;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  bundle = bundleFunction('change-watch', folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  bucket = await startBucket('logs');
  container = startBundle(bundle, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    // A host name would become part of the bucket's.
    AWS_ENDPOINT_URL_S3: bucket.url,
    CHANGE_MEMORY: 's3://logs/_changes/resources/',
    OWN_DESTINATIONS: STREAM,
  });
});

afterEach(async () => {
  container.kill();
  await bucket.close();
});

/** The metrics that its log has, as CloudWatch reads them. */
function metricsIn(log: string): Record<string, unknown>[] {
  return log
    .split('\n')
    .filter((line) => line.includes('"CloudWatchMetrics"'))
    .map((line) => {
      const { _aws, ...values } = JSON.parse(line);
      return values;
    });
}

test('what somebody is to be woken for is a metric of the pipeline and a line that names no customer', async () => {
  const event = (detail: object) => ({
    source: 'aws.apigateway',
    'detail-type': 'AWS API Call via CloudTrail',
    detail,
  });
  await container.invoke(
    event(
      trailRecord('UpdateUsagePlan', {
        request: {
          usagePlanId: 'p1',
          patchOperations: [{ op: 'remove', path: '/quota' }],
        },
        response: { id: 'p1', name: 'Gold' },
      }),
    ),
  );
  await container.invoke(
    event(trailRecord('GetApiKey', { request: { apiKey: 'abcdef1234', includeValue: true } })),
  );
  await container.invoke(
    event(trailRecord('UpdateStage', { request: { restApiId: 'a1', stageName: 's' } })),
  );
  const log = await container.end();

  expect(metricsIn(log)).toMatchObject([
    { service: 'orders', AuditLimitsRaised: 1 },
    { service: 'orders', AuditKeyValuesRead: 1 },
  ]);
  expect(log).toContain('"usage_plan":"Gold"');
  expect(log).not.toContain('api_key_name');
  expect([...bucket.objects.keys()].every((key) => key.startsWith('_changes/resources/'))).toBe(
    true,
  );
});
