import { S3Client } from '@aws-sdk/client-s3';
import { parseS3Location, s3Sources } from '../../../cli/report/s3-sources';
import { FolderChoice, type TimeSpan } from '../../../cli/report/source';
import { type BucketServer, startBucket } from '../../support/bucket-server';
import { RowReader } from '../../support/read-rows';

const bucket = 'access-logs';
const line = (id: string) => `{"request_id":"${id}","request_time_epoch":"1795166060861"}\n`;
const keys = [
  'errors/processing-failed/day=2026-11-20/hour=09/e',
  'logs/_attached/note.json',
  'logs/day=2026-11-19/hour=23/a',
  'logs/day=2026-11-20/hour=08/b',
  'logs/day=2026-11-20/hour=09/c',
  'logs/day=2026-11-20/hour=10/d',
  'logs/day=2026-11-20/hour=11/e',
  'logs/day=2026-11-21/hour=00/f',
  'replayed/day=2026-11-20/hour=09/g',
];

let server: BucketServer;
let s3: S3Client;

beforeAll(async () => {
  server = await startBucket(bucket);
  s3 = new S3Client({
    endpoint: server.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    maxAttempts: 1,
  });
  for (const key of keys) {
    server.objects.set(key, { body: Buffer.from(line(key)), lastModified: new Date(0) });
  }
});
afterAll(async () => {
  s3.destroy();
  await server.close();
});
afterEach(() => {
  server.failsWith = undefined;
  server.calls.length = 0;
});

const at = (hour: number) => Date.UTC(2026, 10, 20, hour);
const all = (location: string, span: TimeSpan = {}) =>
  s3Sources(s3, parseS3Location(location), new FolderChoice(span), () => {});
const list = async (location: string, span?: TimeSpan) =>
  (await all(location, span)).map(({ name }) => name.replace(`s3://${bucket}/`, ''));

describe('the objects of a bucket', () => {
  test('are all below a prefix but what is no log', async () => {
    expect(await list(`s3://${bucket}/logs/`)).toEqual(keys.slice(2, 8));
  });

  test('of the whole bucket include failed records, and not what was replayed from them', async () => {
    expect(await list(`s3://${bucket}`)).toEqual([keys[0], ...keys.slice(2, 8)]);
  });

  test('are those of the folders that a time needs, with an hour on each side', async () => {
    expect(await list(`s3://${bucket}/logs/`, { from: at(10), to: at(11) })).toEqual([
      'logs/day=2026-11-20/hour=09/c',
      'logs/day=2026-11-20/hour=10/d',
      'logs/day=2026-11-20/hour=11/e',
    ]);
    expect(await list(`s3://${bucket}/logs/`, { to: at(0) })).toEqual([
      'logs/day=2026-11-19/hour=23/a',
    ]);
  });

  test('are read, and not read again', async () => {
    const reader = new RowReader();
    try {
      const sources = () => all(`s3://${bucket}/logs/`);
      expect(await reader.rows(await sources())).toHaveLength(6);
      const reads = () => server.calls.filter(({ operation }) => operation === 'get').length;
      const before = reads();

      expect(await reader.rows(await sources())).toHaveLength(6);
      expect(before).toBe(6);
      expect(reads()).toBe(before);
    } finally {
      reader.close();
    }
  });

  test('cost no other object where one cannot be read', async () => {
    const reader = new RowReader();
    try {
      const sources = await all(`s3://${bucket}/logs/`);
      server.failsWith = ({ key }) => (key.endsWith('hour=09/c') ? 403 : undefined);
      const ingested = await reader.ingest(sources);

      expect(ingested.counts.rows).toBe(5);
      expect(ingested.unread).toEqual([
        {
          name: `s3://${bucket}/logs/day=2026-11-20/hour=09/c`,
          reason: expect.stringContaining('AccessDenied'),
        },
      ]);
      ingested.close();
    } finally {
      reader.close();
    }
  });
});

describe('a location', () => {
  test('without access is told in one line, with what it takes', async () => {
    server.failsWith = () => 403;

    await expect(list(`s3://${bucket}/logs/`)).rejects.toThrow(
      /no access to s3:\/\/access-logs\/logs\/: listing it takes s3:ListBucket/,
    );
  });

  test('that is not there is named', async () => {
    await expect(list('s3://no-such-bucket/')).rejects.toThrow('no such bucket: no-such-bucket');
  });

  test.each(['s3://', 's3:///x', 's3://UPPER/x'])('%s is none', (location) => {
    expect(() => parseS3Location(location)).toThrow(/expected s3:\/\/bucket/);
  });
});
