import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Call, type ControlPlane, startControlPlane } from '../../../emulator/control-plane';
import { keyValue } from '../../../emulator/usage-plans-api';
import { encodeSnapshot } from '../../../lambda/core/catalog/snapshot';
import { METRIC_NAMESPACE } from '../../../lambda/core/metrics';
import { type Output, outputs } from '../../../lambda/core/settings/settings';
import { composeHandler } from '../../../lambda/enrich/compose';
import { loggedTelemetry } from '../../../lambda/enrich/logged-telemetry';
import { bundlePageClient } from '../../../lambda/page/bundle-client';
import { readPageClient } from '../../../lambda/page/client-files';
import { bundleFunction, packageRoot } from '../../../lib/functions/bundling';
import { clientFor } from '../../support/account';
import { startBucket } from '../../support/bucket-server';
import { type BundleProcess, startBundle } from '../../support/bundle-process';
import { startCrawlerQueue } from '../../support/crawler-queue';
import { envelopeOf, firehoseEvent, textOf } from '../../support/firehose';
import { startFirehose } from '../../support/firehose-server';
import { hostileRecord } from '../../support/hostile-records';
import { startLoopback } from '../../support/loopback';

const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

const gold = () => ({
  id: 'p1',
  name: 'Gold',
  apiStages: [{ apiId: 'a1', stage: 'prod' }],
  keys: [{ id: 'k1', name: 'Acme' }],
});

const lineOf = (apiKeyId: string, more = {}) =>
  JSON.stringify({ requestId: 'r1', apiId: 'a1', stage: 'prod', apiKeyId, ...more });

let folder: string;
let bundle: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  bundle = bundleFunction('enrich', folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the bundle', () => {
  test('is one file, the same anywhere, so that nothing is deployed without a change', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'bundle-'));
    const again = bundleFunction('enrich', elsewhere);

    expect(bundle).toBe(join(folder, 'index.js'));
    expect(readFileSync(again).equals(readFileSync(bundle))).toBe(true);
    rmSync(elsewhere, { recursive: true });
  });

  test('leaves out what the function does not call', () => {
    const text = readFileSync(bundle, 'utf8');

    expect(text).toContain('GetUsagePlanKeys');
    expect(/GetSdkType|PutRecordBatchCommand|EventStreamCodec|powertools/.exec(text)).toBeNull();
    expect(text.length).toBeLessThan(300 * 1024);
  });
});

test('the function that makes pages brings their code along, and no engine', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'bundle-'));
  const text = readFileSync(bundleFunction('analytics', elsewhere), 'utf8');
  const client = readPageClient(elsewhere);
  rmSync(elsewhere, { recursive: true });

  expect(client).toEqual(bundlePageClient(packageRoot));
  expect(/DuckDBInstance|esbuild/.exec(text)).toBeNull();
});

describe('the bundle without node_modules', () => {
  let controlPlane: ControlPlane;
  let containers: BundleProcess[];

  const start = (environment: Record<string, string>) => {
    const container = startBundle(bundle, environment);
    containers.push(container);
    return container;
  };

  beforeEach(async () => {
    containers = [];
    controlPlane = await startControlPlane({ usagePlans: [gold()] });
  });

  afterEach(async () => {
    for (const container of containers) container.kill();
    await controlPlane.close();
  });

  const environment = () => ({ ...credentials, AWS_ENDPOINT_URL_API_GATEWAY: controlPlane.url });

  const pathsOf = ({ calls }: ControlPlane) => calls.map(({ path }: Call) => path);

  test('lists the plans and attributes a line', async () => {
    const container = start(environment());

    const { records } = await container.invoke(firehoseEvent(lineOf('k1')));

    expect(JSON.parse(textOf(records[0]))).toMatchObject({
      requestId: 'r1',
      usage_plan: 'Gold',
      customer_name: 'Acme',
    });
    expect(pathsOf(controlPlane)).toEqual(['/usageplans', '/usageplans/p1/keys']);
  });

  test('writes nothing but JSON to its log, metrics among it', async () => {
    const container = start(environment());
    await container.invoke(firehoseEvent(lineOf('k1')));
    const log = (await container.end()).trimEnd().split('\n');

    const lines = log.map((line) => JSON.parse(line));

    expect(lines.filter((line) => '_aws' in line)).toMatchObject([
      { _aws: { CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE }] }, service: 'orders' },
    ]);
    expect(lines).toContainEqual(expect.objectContaining({ message: 'usage plans loaded' }));
  });

  test('keeps key values out of log and response', async () => {
    const container = start(environment());
    const { records } = await container.invoke(firehoseEvent(lineOf('k1')));
    const log = await container.end();

    expect(log + JSON.stringify(records) + textOf(records[0])).not.toContain(keyValue('k1'));
  });

  test('reads tags, customer ids and dates of keys', async () => {
    controlPlane.apiKeys.push({ id: 'k1', name: 'Acme', customerId: 'c1', tags: { team: 'Red' } });
    const naming = { CUSTOMER_NAME: '{key.tags.team}', EXTRA_FIELDS: 'customer={key.customerId}' };
    const container = start({ ...environment(), ...naming });

    const { records } = await container.invoke(firehoseEvent(lineOf('k1')));

    expect(textOf(records[0])).toContain('"customer_name":"Red","customer":"c1"}');
  });

  test('tries again after throttling, faults and lost connections', async () => {
    const answers = [
      { status: 429, errorType: 'TooManyRequestsException' },
      { status: 503, errorType: 'ServiceUnavailableException' },
      { hangUp: 'before' },
      { hangUp: 'amid' },
    ] as const;
    controlPlane.fault = () => answers[controlPlane.calls.length - 1];
    const container = start(environment());

    const { records } = await container.invoke(firehoseEvent(lineOf('k1')));

    expect(textOf(records[0])).toContain('"usage_plan":"Gold"');
    expect(controlPlane.calls).toHaveLength(6);
  });

  test('heeds how long a throttled caller is asked to wait', async () => {
    let calls = 0;
    const throttling = await startLoopback(({ url }, response) => {
      response.setHeader('content-type', 'application/json');
      if (++calls > 1) {
        const item = url.pathname === '/usageplans' ? [gold()] : gold().keys;
        return void response.end(JSON.stringify({ item }));
      }
      response.writeHead(429, {
        'retry-after': '1',
        'x-amzn-errortype': 'TooManyRequestsException',
      });
      response.end('{"message":"Too Many Requests"}');
    });
    const container = start({
      ...credentials,
      AWS_ENDPOINT_URL_API_GATEWAY: throttling.url,
    });

    const { records } = await container.invoke(firehoseEvent(lineOf('k1')));

    expect(textOf(records[0])).toContain('"usage_plan":"Gold"');
    expect(calls).toBe(3);
    await container.end();
    await throttling.close();
  });

  test('runs where the mode of the SDK depends on where it runs', async () => {
    const container = start({ ...environment(), AWS_DEFAULTS_MODE: 'auto' });

    const { records } = await container.invoke(firehoseEvent(lineOf('k1')));

    expect(textOf(records[0])).toContain('"usage_plan":"Gold"');
  });

  test('lists on where a plan is gone since', async () => {
    controlPlane.usagePlans.unshift({ ...gold(), id: 'p0', name: 'Gone' });
    controlPlane.fault = ({ path }) =>
      path === '/usageplans/p0/keys'
        ? { status: 404, errorType: 'NotFoundException', message: 'Invalid Usage Plan' }
        : undefined;
    const container = start(environment());

    const { records } = await container.invoke(firehoseEvent(lineOf('k1')));

    expect(textOf(records[0])).toContain('"usage_plan":"Gold"');
    expect(controlPlane.calls).toHaveLength(3);
  });

  test('says why the plans cannot be listed', async () => {
    controlPlane.fault = () => ({ status: 403, errorType: 'AccessDeniedException' });
    const container = start(environment());

    await expect(container.invoke(firehoseEvent(lineOf('k1')))).rejects.toThrow(
      /cannot load the usage plans: .*AccessDenied/,
    );
  });

  test('asks for a key that is newer than its catalog', async () => {
    const container = start(environment());
    await container.invoke(firehoseEvent(lineOf('k1')));
    controlPlane.usagePlans[0]?.keys?.push({ id: 'k2', name: 'Newcomer' });

    const { records } = await container.invoke(firehoseEvent(lineOf('k2')));

    expect(textOf(records[0])).toContain('"usage_plan":"Gold","customer_name":"Newcomer"}');
    expect(pathsOf(controlPlane).slice(2)).toEqual(['/usageplans', '/usageplans/p1/keys/k2']);
  });

  test('puts back what does not fit into a response', async () => {
    const stream = await startFirehose();
    const lines = Array.from({ length: 4_000 }, (_, id) =>
      lineOf('k1', { id, fill: 'x'.repeat(1_500) }),
    );
    const container = start({
      ...environment(),
      AWS_ENDPOINT_URL_FIREHOSE: stream.url,
    });

    const { records } = await container.invoke(firehoseEvent(envelopeOf(...lines)));

    expect(records).toMatchObject([{ result: 'Dropped' }]);
    expect(stream.accepted).toHaveLength(2);
    await container.end();
    await stream.close();
  });

  test('reads a shared catalog, and asks for keys', async () => {
    const bucket = await startBucket('catalogs');
    const knownSince = Date.now() - 86_400_000;
    const write = (generation: number, keys = gold().keys) => {
      const now = Date.now();
      const usagePlans = [{ ...gold(), name: 'Shared', keys }];
      const times = { generation, writtenAt: now, listedAt: now, knownSince };
      const snapshot = { ...times, usagePlans, absentKeys: new Map(), unread: [] };
      const { bytes: body } = encodeSnapshot(snapshot);
      bucket.objects.set('catalog', { body, lastModified: new Date() });
    };
    write(1);
    const asked: unknown[] = [];
    const queue = await startCrawlerQueue({
      invoke: async ({ Records }) => {
        asked.push(...Records.map(({ body }) => JSON.parse(body)));
        write(2, [...gold().keys, { id: 'k9', name: 'Newcomer' }]);
      },
    });
    const container = start({
      ...credentials,
      AWS_ENDPOINT_URL_S3: bucket.url,
      AWS_ENDPOINT_URL_SQS: new URL(queue.url).origin,
      AWS_ENDPOINT_URL_API_GATEWAY: controlPlane.url,
      SHARED_CATALOG_LOCATION: 's3://catalogs/catalog',
      SHARED_CATALOG_QUEUE_URL: queue.url,
    });

    const { records } = await container.invoke(
      firehoseEvent(lineOf('k1'), lineOf('k9', { requestTimeEpoch: String(Date.now()) })),
    );
    await container.end();

    expect(textOf(records[0])).toContain('"usage_plan":"Shared","customer_name":"Acme"}');
    expect(textOf(records[1])).toContain('"usage_plan":"Shared","customer_name":"Newcomer"}');
    expect(asked).toEqual([{ unknownKey: 'k9' }]);
    await Promise.all([bucket.close(), queue.close()]);
  });

  for (const output of outputs) {
    test(`delivers what the sources would, whatever the records, as ${output}`, async () => {
      const settings = { OUTPUT: output satisfies Output, API_KEY_VALUES: 'hash' };
      const container = start({ ...environment(), ...settings });
      const sources = composeHandler(
        { ...settings, AWS_REGION: 'eu-west-1' },
        { ...loggedTelemetry('orders'), batchDone: () => {} },
        { controlPlane: clientFor(controlPlane.url) },
      );
      const event = firehoseEvent(lineOf('k1'));
      const hostile = fc.sample(hostileRecord, { numRuns: 1_000, seed: 7 });
      const records = hostile.map((data, index) => ({
        ...event.records[0],
        recordId: `record-${index}`,
        data,
      }));

      const bundled = await container.invoke({ ...event, records });

      expect(bundled).toEqual(await sources({ ...event, records }));
      await container.end();
    });
  }
});
