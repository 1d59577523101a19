import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { MAX_SNAPSHOT_BYTES, type Snapshot } from '../../../lambda/core/catalog/snapshot';
import { SnapshotConflict, snapshotStore } from '../../../lambda/crawler/snapshot-store';
import { type S3Server, s3Credentials, startS3 } from '../../support/s3-server';

let server: S3Server;
let client: S3Client;
let count = 0;

beforeAll(async () => {
  server = await startS3('logs');
  client = new S3Client({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: s3Credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

afterEach(() => {
  server.fault = undefined;
});

/** A store of its own object. */
function store(timeoutMs = 5000) {
  const key = `_catalog/${++count}.gz`;
  return { key, store: snapshotStore(client, `s3://logs/${key}`, timeoutMs) };
}

function snapshot(generation: number, writtenAt = Date.now()): Snapshot {
  return {
    generation,
    writtenAt,
    listedAt: 2,
    knownSince: 2,
    unread: [],
    usagePlans: [{ id: 'p1', apiStages: [], keys: [] }],
    absentKeys: new Map(),
  };
}

test('reads what it has written', async () => {
  const { store: it } = store();
  const empty = await it.read();

  const { bytes, dropped } = await it.replace(empty, snapshot(7));

  expect(empty).toMatchObject({ snapshot: undefined, tag: undefined });
  expect(dropped).toBe(0);
  expect(bytes).toBeGreaterThan(100);
  expect((await it.read()).snapshot?.generation).toBe(7);
});

test('refuses to make an object that somebody else has made meanwhile', async () => {
  const { store: it } = store();
  const empty = await it.read();
  await it.replace(empty, snapshot(1));

  await expect(it.replace(empty, snapshot(2))).rejects.toThrow(SnapshotConflict);
});

test('refuses to replace what it has not read', async () => {
  const { store: it } = store();
  await it.replace(await it.read(), snapshot(1));
  const held = await it.read();
  await it.replace(held, snapshot(2));

  await expect(it.replace(held, snapshot(3))).rejects.toThrow(SnapshotConflict);
  expect((await it.read()).snapshot?.generation).toBe(2);
});

test('says why it refuses an object, and replaces it', async () => {
  const { key, store: it } = store();
  await client.send(new PutObjectCommand({ Bucket: 'logs', Key: key, Body: 'garbage' }));

  const held = await it.read();
  await it.replace(held, snapshot(1));

  expect(String(held.refusal)).toContain('no whole gzip');
  expect((await it.read()).snapshot?.generation).toBe(1);
});

test('tells the store’s time, whether or not there is an object', async () => {
  const { store: it } = store();
  const empty = await it.read();
  await it.replace(empty, snapshot(1));

  for (const { storeTime = 0 } of [empty, await it.read()]) {
    expect(Math.abs(storeTime - Date.now())).toBeLessThan(5000);
  }
});

test('tells that an object was put in the place of a newer one', async () => {
  const { store: it } = store();
  await it.replace(await it.read(), snapshot(1, Date.now() - 3_600_000));

  expect((await it.read()).isRestored).toBe(true);
});

test('refuses an object that is larger than a snapshot can be', async () => {
  const { key, store: it } = store();
  const Body = Buffer.alloc(MAX_SNAPSHOT_BYTES + 1);
  await client.send(new PutObjectCommand({ Bucket: 'logs', Key: key, Body }));

  expect(String((await it.read()).refusal)).toContain('more than');
});

test('waits no longer than it may', async () => {
  server.latencyMs = 2000;
  const { store: it } = store(100);

  await expect(it.read()).rejects.toThrow('cannot read');
  await expect(it.replace({ snapshot: undefined, tag: undefined }, snapshot(1))).rejects.toThrow(
    'cannot write',
  );
  server.latencyMs = 0;
});

test('fails with the service’s word for it', async () => {
  const { store: it } = store();
  server.fault = { status: 403, code: 'AccessDenied' };

  await expect(it.read()).rejects.toThrow('AccessDenied');
  await expect(it.replace({ snapshot: undefined, tag: undefined }, snapshot(1))).rejects.toThrow(
    /cannot write s3:\/\/logs\/.*: AccessDenied/,
  );
});
