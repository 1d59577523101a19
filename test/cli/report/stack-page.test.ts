/** The page that a stack writes by itself, fetched. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from '../../../cli/report/report';
import { type BucketServer, startBucket } from '../../support/bucket-server';
import type { Loopback } from '../../support/loopback';
import { recordedTerminal } from '../../support/recorded-terminal';
import { startStacks } from '../../support/stack-server';

const KEY = 'analytics/page/report.html';
const environment = { ...process.env };
let bucket: BucketServer;
let stacks: Loopback;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stack-page-'));
  bucket = await startBucket('logs-bucket');
  stacks = await startStacks({
    outputs: {
      Orders: { AnalyticsPage: `s3://logs-bucket/${KEY}` },
      Plain: { BucketName: 'b' },
    },
  });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_S3: bucket.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: stacks.url,
  });
});

afterAll(async () => {
  process.env = environment;
  rmSync(folder, { recursive: true });
  await Promise.all([stacks.close(), bucket.close()]);
});

beforeEach(() => {
  bucket.failsWith = undefined;
  bucket.objects.set(KEY, {
    body: Buffer.from('<!doctype html>the page'),
    lastModified: new Date(),
    metadata: { 'closed-until': '2026-11-24' },
  });
});

async function run(...args: string[]) {
  const terminal = recordedTerminal();
  const path = join(folder, 'page.html');
  const exitCode = await report([...args, '-o', path], terminal);
  return { exitCode, page: readFileSync(path, 'utf8'), terminal };
}

describe('report --stack', () => {
  test('fetches the page that the stack wrote, and says until when it tells', async () => {
    const { exitCode, page, terminal } = await run('--stack', 'Orders');

    expect(exitCode).toBe(0);
    expect(page).toBe('<!doctype html>the page');
    expect(terminal.printed).toEqual([join(folder, 'page.html')]);
    expect(terminal.warned.join('\n')).toContain('closed days, the last one 2026-11-24');
  });

  test.each([
    ['--fresh'],
    ['--from', '7d'],
    ['--customer', 'Acme'],
    ['--time-zone', 'Europe/Berlin'],
  ])('has Athena make one with %s', async (...more) => {
    // This stack has nothing but a page.
    await expect(run('--stack', 'Orders', ...more)).rejects.toThrow(
      'stack "Orders" has no analytics',
    );
  });

  test.each([
    ['writes none', 'Plain', 'stack "Plain" writes no page (analyticsPage=true lets it)'],
    ['has none yet', 'Orders', `no page yet in s3://logs-bucket/${KEY}`],
  ])('asks Athena where the stack %s, and says so', async (_, stack, note) => {
    bucket.objects.clear();
    const terminal = recordedTerminal();

    await expect(report(['--stack', stack], terminal)).rejects.toThrow('has no analytics');
    expect(terminal.warned.join('\n')).toContain(note);
  });

  test('says what it takes where the page is denied', async () => {
    bucket.failsWith = () => 403;

    await expect(run('--stack', 'Orders')).rejects.toThrow(
      `access denied: s3://logs-bucket/${KEY}; it takes s3:GetObject on it`,
    );
  });

  test('--fresh is for stacks', async () => {
    await expect(run('--fresh', 'logs/')).rejects.toThrow('expected --stack NAME');
  });
});
