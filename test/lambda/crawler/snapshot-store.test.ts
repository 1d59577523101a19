import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Snapshot } from '../../../lambda/core/catalog/snapshot';
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
function store() {
  const key = `_catalog/${++count}.gz`;
  return { key, store: snapshotStore(client, `s3://logs/${key}`) };
}

function snapshot(generation: number): Snapshot {
  return {
    generation,
    writtenAt: 2,
    usagePlans: [{ id: 'p1', apiStages: [], keys: [] }],
    absentKeys: new Map(),
  };
}

test('reads what it has written', async () => {
  const { store: it } = store();
  const empty = await it.read();

  const bytes = await it.replace(empty, snapshot(7));

  expect(empty).toEqual({ snapshot: undefined, tag: undefined });
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

test('fails with the service’s word for it', async () => {
  const { store: it } = store();
  server.fault = { status: 403, code: 'AccessDenied' };

  await expect(it.read()).rejects.toThrow('AccessDenied');
  await expect(it.replace({ snapshot: undefined, tag: undefined }, snapshot(1))).rejects.toThrow(
    /cannot write s3:\/\/logs\/.*: AccessDenied/,
  );
});
