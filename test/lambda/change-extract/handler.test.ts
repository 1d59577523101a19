import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleFunction } from '../../../lib/functions/bundling';
import { startBucket } from '../../support/bucket-server';
import { startBundle } from '../../support/bundle-process';
import { trailRecord } from '../../support/trail-records';

test('the bundle takes a day out of the trail, and tells how many are still to come', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const bucket = await startBucket('logs');
  const Records = [trailRecord('DeleteApiKey', { request: { apiKey: 'abcdef1234' } })];
  const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
  bucket.objects.set(
    `AWSLogs/123456789012/CloudTrail/eu-west-1/${yesterday.replaceAll('-', '/')}/a.json.gz`,
    { body: gzipSync(JSON.stringify({ Records })), lastModified: new Date() },
  );
  const container = startBundle(bundleFunction('change-extract', folder), {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: bucket.url,
    TRAIL: 's3://logs/AWSLogs/',
    CHANGE_DAYS: 's3://logs/analytics/changes/',
    CHECKPOINT: 's3://logs/_changes/extracted.json.gz',
    SINCE: '2026-01-01',
  });
  try {
    await container.invoke({});
    const log = await container.end();

    expect(log).toMatch(/"AuditDaysBehind":0/);
    const day = bucket.objects.get(`analytics/changes/day=${yesterday}/changes.parquet`);
    expect(day?.body.subarray(0, 4).toString()).toBe('PAR1');
    expect(bucket.objects.has('_changes/extracted.json.gz')).toBe(true);
  } finally {
    container.kill();
    await bucket.close();
    rmSync(folder, { recursive: true });
  }
});
