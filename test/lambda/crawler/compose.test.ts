import { S3Client } from '@aws-sdk/client-s3';
import { type ControlPlane, startControlPlane } from '../../../emulator/control-plane';
import { accountLimits } from '../../../lambda/account/account-limits';
import { controlPlaneClient } from '../../../lambda/aws/control-plane-client';
import { composeCrawler } from '../../../lambda/crawler/compose';
import { composeHandler } from '../../../lambda/enrich/compose';
import type { Telemetry } from '../../../lambda/enrich/telemetry';
import { accountEvent, madeUpPlans, moveKey } from '../../support/account-changes';
import { type CrawlerQueue, startCrawlerQueue } from '../../support/crawler-queue';
import { firehoseEvent, textOf } from '../../support/firehose';
import { type S3Server, s3Credentials, startS3 } from '../../support/s3-server';

let controlPlane: ControlPlane;
let server: S3Server;
let s3: S3Client;
let queue: CrawlerQueue;
let crawl: ReturnType<typeof composeCrawler>;
const failures: string[] = [];

const clientConfig = () => ({
  endpoint: controlPlane.url,
  region: 'eu-west-1',
  credentials: s3Credentials,
});

function environment(): Record<string, string> {
  return {
    SHARED_CATALOG_LOCATION: 's3://logs/_catalog/usage-plans.gz',
    SHARED_CATALOG_QUEUE_URL: queue.url,
    AWS_ENDPOINT_URL_S3: server.url,
  };
}

const silent = { crawled: () => {}, failed: () => {}, leftOpen: () => {} };
const telemetry: Telemetry = {
  catalogs: {
    loaded: () => {},
    failed: (source, error) => failures.push(`${source}: ${(error as Error).message}`),
    asked: () => {},
  },
  reingestFailed: () => {},
  batchDone: () => {},
  batchFailed: () => {},
};

/** What the SDK's clients pass on of an invocation. */
const traced = {
  AWS_LAMBDA_FUNCTION_NAME: 'crawler',
  _X_AMZN_TRACE_ID: 'Root=1-67891234-abcdef012345678912345678;Lineage=1:abcdef12:0',
};

beforeEach(async () => {
  Object.assign(process.env, traced);
  failures.length = 0;
  controlPlane = await startControlPlane({
    usagePlans: madeUpPlans(12, 2),
    throttle: accountLimits,
  });
  server = await startS3('logs');
  s3 = new S3Client({ ...clientConfig(), endpoint: server.url, forcePathStyle: true });
  queue = await startCrawlerQueue({ invoke: (event) => crawl(event) });
  crawl = composeCrawler(environment(), silent, {
    controlPlane: controlPlaneClient(clientConfig()),
    s3,
  });
});

afterEach(async () => {
  for (const name of Object.keys(traced)) delete process.env[name];
  s3.destroy();
  await Promise.all([controlPlane.close(), server.close(), queue.close()]);
});

/** A container of the enrichment function: gives the plan and the customer of a line with a key. */
function container(settings: Record<string, string> = {}) {
  const handler = composeHandler({ ...environment(), ...settings }, telemetry, {
    controlPlane: controlPlaneClient(clientConfig()),
    waits: { checkMs: 1000 },
  });
  return async (keyId: string): Promise<[string, string]> => {
    const line = JSON.stringify({ apiKeyId: keyId, apiId: 'orders', stage: 'prod' });
    const { records } = await handler(firehoseEvent(line));
    const { usage_plan, customer_name } = JSON.parse(textOf(records[0]));
    return [usage_plan, customer_name];
  };
}

test('containers that start together ask the account nothing', async () => {
  await crawl({});
  const calls = controlPlane.calls.length;

  const answers = await Promise.all(Array.from({ length: 20 }, () => container()('k3')));

  expect(new Set(answers.map(String))).toEqual(new Set(['Plan 1,Customer k3']));
  expect(calls).toBeLessThanOrEqual(13);
  expect(controlPlane.calls).toHaveLength(calls);
});

test('a key that comes to a plan is attributed with an event and two calls', async () => {
  await crawl({});
  const attribute = container();
  await attribute('k3');
  const calls = controlPlane.calls.length;
  moveKey(controlPlane, 'new', 'p7');

  queue.put(accountEvent('CreateUsagePlanKey', { usagePlanId: 'p7', keyId: 'new' }));
  await queue.drained();

  expect(await attribute('new')).toEqual(['Plan 7', 'Customer new']);
  expect(controlPlane.calls.slice(calls).map(({ path }) => path)).toEqual([
    '/usageplans',
    '/usageplans/p7/keys',
  ]);
});

test('a key of which no event tells is looked up once for all containers', async () => {
  await crawl({});
  const containers = Array.from({ length: 8 }, () => container());
  await Promise.all(containers.map((attribute) => attribute('k3')));
  const calls = controlPlane.calls.length;
  moveKey(controlPlane, 'new', 'p7');

  const answers = await Promise.all(containers.map((attribute) => attribute('new')));

  expect(new Set(answers.map(String))).toEqual(new Set(['Plan 7,Customer new']));
  expect(controlPlane.calls).toHaveLength(calls + 2);
});

test('a key that is deleted keeps its name, in containers that start afterwards too', async () => {
  await crawl({});
  moveKey(controlPlane, 'k3');
  queue.put(accountEvent('DeleteApiKey', { apiKey: 'k3' }));
  await queue.drained();

  expect(await container()('k3')).toEqual(['Plan 1', 'Customer k3']);
});

test('a question gets through in the middle of a sweep', async () => {
  controlPlane.usagePlans.push(...madeUpPlans(100).slice(12));
  await crawl({});
  const attribute = container();
  await attribute('k3');
  const calls = controlPlane.calls.length;
  moveKey(controlPlane, 'new', 'p99');

  queue.put({ source: 'aws.events' });

  expect(await attribute('new')).toEqual(['Plan 99', 'Customer new']);
  const isKeysOf = ({ path }: { path: string }) => path.endsWith('/keys');
  expect(controlPlane.calls.slice(calls).filter(isKeysOf).length).toBeLessThan(100);
  await queue.drained();
  expect(controlPlane.calls.slice(calls).filter(isKeysOf)).toHaveLength(100);
  expect(queue.failures).toEqual([]);
}, 90_000);

test('without a snapshot all containers wait for the crawler, which they wake', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => container()('k3')));
  await queue.drained();

  expect(new Set(answers.map(String))).toEqual(new Set(['Plan 1,Customer k3']));
  expect(controlPlane.calls).toHaveLength(13);
  expect(failures.filter((failure) => failure.startsWith('listing'))).toEqual([]);
});

test('a message that it fails at is the only one that comes again', async () => {
  await crawl({});
  moveKey(controlPlane, 'new', 'p7');
  controlPlane.fault = ({ path }) =>
    path === '/usageplans' ? { status: 403, errorType: 'AccessDeniedException' } : undefined;
  const Records = [
    { messageId: 'm1', body: JSON.stringify(accountEvent('CreateUsagePlan', { name: 'x' })) },
    { messageId: 'm2', body: '{"unread":1}' },
  ];

  const { batchItemFailures } = await crawl({ Records });

  expect(batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
});

test('with a snapshot that cannot be read each container reads the account by itself, and says so', async () => {
  await crawl({});
  server.fault = { status: 403, code: 'AccessDenied' };

  expect(await container()('k3')).toEqual(['Plan 1', 'Customer k3']);
  expect(failures[0]).toContain('snapshot: cannot read s3://logs/_catalog/usage-plans.gz: 403');
});

test('customers come from tags of keys by way of the snapshot', async () => {
  controlPlane.apiKeys.push({ id: 'k3', tags: { customer: 'Umbrella' } });
  const settings = {
    CUSTOMER_NAME: '{key.tags.customer|key.name}',
    EXTRA_FIELDS: 'usage_plan_id={plan.id}',
  };
  const crawlWithDetails = composeCrawler({ ...environment(), ...settings }, silent, {
    controlPlane: controlPlaneClient(clientConfig()),
    s3,
  });
  await crawlWithDetails({});

  const attribute = container(settings);

  expect(await attribute('k3')).toEqual(['Plan 1', 'Umbrella']);
  expect(await attribute('k2')).toEqual(['Plan 1', 'Customer k2']);
});

test('says what it lacks where it is told of no snapshot', () => {
  expect(() => composeCrawler({}, silent)).toThrow('sharedCatalogLocation: got nothing');
});
