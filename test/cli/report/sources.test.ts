import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderChoice } from '../../../cli/report/source';
import { sourcesOf } from '../../../cli/report/sources';
import { type BucketServer, startBucket } from '../../support/bucket-server';
import { recordedTerminal } from '../../support/recorded-terminal';

const environment = { ...process.env };
let server: BucketServer;
let folder: string;

beforeAll(async () => {
  server = await startBucket('access-logs');
  Object.assign(process.env, server.environment);
  folder = mkdtempSync(join(tmpdir(), 'sources-'));
  mkdirSync(join(folder, '2026', '11', '20', '09'), { recursive: true });
  writeFileSync(join(folder, '2026', '11', '20', '09', 'a.json'), '{"requestId":"a"}\n');
});
afterAll(async () => {
  process.env = environment;
  rmSync(folder, { recursive: true });
  await server.close();
});

const find = (names: readonly string[], span = {}) =>
  sourcesOf(names, new FolderChoice(span), recordedTerminal());

describe('sources', () => {
  test('are found once, however often they are named', async () => {
    const found = await find([folder, join(folder, '2026', '**', '*.json')]);

    expect(found.map(({ name }) => name)).toEqual([
      join(folder, '2026', '11', '20', '09', 'a.json'),
    ]);
  });

  test('of a prefix without objects are none, which is said', async () => {
    await expect(find(['s3://access-logs/none/'])).rejects.toThrow(
      'no files in s3://access-logs/none/',
    );
  });

  test.each([
    { from: Date.UTC(2026, 10, 25), to: Date.UTC(2026, 10, 26) },
    { from: Date.UTC(2026, 10, 25) },
    { to: Date.UTC(2026, 10, 1) },
  ])('of another time (%j) are none, which is said', async (span) => {
    await expect(find([folder], span)).rejects.toThrow(
      `no lines in the time that was asked for: ${folder}`,
    );
  });
});
