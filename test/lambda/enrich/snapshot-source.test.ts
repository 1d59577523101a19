import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { controlPlaneClient } from '../../../lambda/aws/control-plane-client';
import { signedRequests } from '../../../lambda/aws/signed-request';
import { MAX_SNAPSHOT_BYTES, type Snapshot } from '../../../lambda/core/catalog/snapshot';
import { snapshotStore } from '../../../lambda/crawler/snapshot-store';
import { sharedCatalog } from '../../../lambda/enrich/snapshot-source';
import { type CrawlerQueue, startCrawlerQueue } from '../../support/crawler-queue';
import { type S3Server, s3Credentials, startS3 } from '../../support/s3-server';

const region = 'eu-west-1';
const handedOut: string[] = [];
let server: S3Server;
let s3: S3Client;
let queue: CrawlerQueue;
let count = 0;

beforeAll(async () => {
  server = await startS3('logs');
  queue = await startCrawlerQueue({
    invoke: async ({ Records }) => handedOut.push(...Records.map(({ body }) => body)),
  });
  s3 = new S3Client({
    endpoint: server.url,
    region,
    credentials: s3Credentials,
    forcePathStyle: true,
  });
});

afterAll(async () => {
  s3.destroy();
  await Promise.all([server.close(), queue.close()]);
});

afterEach(() => {
  server.fault = undefined;
  server.latencyMs = 0;
});

/** A snapshot's object of its own, and what reads it. */
function subject({ credentials = s3Credentials, timeoutMs = 5000 } = {}) {
  const key = `_catalog/${++count} +é.gz`;
  const location = `s3://logs/${key}`;
  const client = controlPlaneClient({ region, credentials });
  const shared = sharedCatalog({
    location,
    queueUrl: queue.url,
    region: async () => region,
    send: signedRequests(client),
    environment: { AWS_ENDPOINT_URL_S3: server.url },
    timeoutMs,
  });
  return { key, shared, store: snapshotStore(s3, location, 5000) };
}

function snapshot(generation: number, writtenAt = Date.now()): Snapshot {
  return {
    generation,
    writtenAt,
    listedAt: 2,
    knownSince: 2,
    unread: [],
    usagePlans: [{ id: 'p1', name: 'Gold', apiStages: [], keys: [{ id: 'k1', name: 'ACME' }] }],
    absentKeys: new Map(),
  };
}

test('a snapshot is missing until it is written', async () => {
  const { shared } = subject();

  expect(await shared.read(undefined)).toMatchObject({ kind: 'missing' });
});

test('a snapshot is read once, and again when it has changed', async () => {
  const { shared, store } = subject();
  await store.replace(await store.read(), snapshot(1));

  const first = await shared.read(undefined);
  const tag = first.kind === 'read' ? first.tag : '';
  const second = await shared.read(tag);
  await store.replace(await store.read(), snapshot(2));
  const third = await shared.read(tag);

  expect([first.kind, second.kind, third.kind]).toEqual(['read', 'unchanged', 'read']);
  expect(third).toMatchObject({ snapshot: { generation: 2 } });
});

test('its age is that of the object by the store’s clock', async () => {
  const { shared, store } = subject();
  await store.replace(await store.read(), snapshot(1));
  const first = await shared.read(undefined);
  await new Promise((resolve) => setTimeout(resolve, 1100));

  const second = await shared.read(first.kind === 'read' ? first.tag : '');

  expect(second.kind === 'unchanged' && second.ageMs).toBeGreaterThanOrEqual(1000);
});

test('an older one that was put in its place is as old as it was written', async () => {
  const { shared, store } = subject();
  await store.replace(await store.read(), snapshot(1, Date.now() - 3_600_000));

  const read = await shared.read(undefined);

  expect(read).toMatchObject({ kind: 'read', isRestored: true });
  expect(read.kind === 'read' && read.ageMs).toBeGreaterThan(3_590_000);
});

describe('fails, and says why, where', () => {
  test('reading is denied', async () => {
    const { shared } = subject();
    server.fault = { status: 403, code: 'AccessDenied' };

    await expect(shared.read(undefined)).rejects.toThrow(/cannot read s3:.*: 403 AccessDenied/);
  });

  test('the signature is wrong', async () => {
    const { shared, store } = subject({
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'wrong' },
    });
    await store.replace(await store.read(), snapshot(1));

    await expect(shared.read(undefined)).rejects.toThrow('SignatureDoesNotMatch');
  });

  test('the store fails, after three attempts', async () => {
    const { key, shared } = subject();
    server.fault = { status: 503, code: 'SlowDown' };

    await expect(shared.read(undefined)).rejects.toThrow('503 SlowDown');
    const attempts = server.requests.filter(({ path }) => decodeURIComponent(path).endsWith(key));
    expect(attempts).toHaveLength(3);
  });

  test('the store takes too long', async () => {
    const { shared } = subject({ timeoutMs: 50 });
    server.latencyMs = 1000;

    await expect(shared.read(undefined)).rejects.toThrow();
  });

  test('the object is larger than a snapshot can be, which is not read to its end', async () => {
    const { key, shared } = subject();
    const Body = Buffer.alloc(MAX_SNAPSHOT_BYTES + 1);
    await s3.send(new PutObjectCommand({ Bucket: 'logs', Key: key, Body }));

    await expect(shared.read(undefined)).rejects.toThrow(`more than ${MAX_SNAPSHOT_BYTES} bytes`);
  });

  test('the object is no snapshot', async () => {
    const { key, shared } = subject();
    await s3.send(new PutObjectCommand({ Bucket: 'logs', Key: key, Body: 'garbage' }));

    await expect(shared.read(undefined)).rejects.toThrow('the catalog snapshot is refused');
  });
});

test('the crawler is told that the snapshot is not right', async () => {
  await subject().shared.request([]);
  await queue.drained();

  expect(handedOut.splice(0).map((body) => Object.keys(JSON.parse(body)))).toEqual([['missing']]);
});

test('the crawler is told of each key once, however many containers miss it', async () => {
  const keyIds = Array.from({ length: 12 }, (_, n) => `k${n}`);

  await subject().shared.request(keyIds);
  await subject().shared.request(keyIds.slice(3, 5));
  await queue.drained();

  expect(handedOut.map((body) => JSON.parse(body).unknownKey)).toEqual(keyIds);
});
