import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { byLetters } from '../../analytics/audit/event-records';
import { historyOf } from '../../analytics/audit/history';
import { readEvent } from '../../analytics/audit/read-event';
import { customers } from '../../analytics/sample/product';
import { DAY } from '../../analytics/time-zone';
import { type AccessDatabase, type AccessRow, accessDatabase } from '../support/access-table';
import { openPage, startBrowser } from '../support/browser';
import { pageOf, sampleScope } from '../support/sample-page';
import { sampleRows } from '../support/sample-rows';
import { trailRecord } from '../support/trail-records';

jest.setTimeout(240_000);

const folder = mkdtempSync(join(tmpdir(), 'audit-page-'));
const file = join(folder, 'report.html');
const pictures = process.env['SCREENSHOTS'] ?? join(folder, 'pictures');
const [one, other] = customers;
const time = (days: number) => new Date(sampleScope.from + days * DAY).toISOString();

const records = [
  trailRecord('CreateApiKey', {
    time: time(1.5),
    request: { name: one?.name },
    response: { id: one?.keyId },
  }),
  trailRecord('UpdateApiKey', {
    time: time(4.5),
    request: {
      apiKey: other?.keyId,
      patchOperations: [{ op: 'replace', path: '/enabled', value: '<img src=x onerror=alert(1)>' }],
    },
  }),
];

let browser: Browser;
let database: AccessDatabase;
beforeAll(async () => {
  const events = records.flatMap((record) => {
    const reading = readEvent(byLetters(record));
    return reading.kind === 'event' ? [reading.event] : [];
  });
  const { changes } = historyOf(events);
  database = await accessDatabase(sampleRows(1500), changes as unknown as AccessRow[]);
  writeFileSync(file, await pageOf(database, sampleScope, undefined, true));
  mkdirSync(pictures, { recursive: true });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  database.close();
});

test('changes are marked in the traffic, and in that of a customer only those that touched it', async () => {
  const { page, said, asked } = await openPage(browser, file);
  const marks = page.locator('#panel-traffic svg path:has(title)');
  await page.locator('#panel-traffic svg').waitFor();
  expect(await marks.count()).toBe(2);
  await page.screenshot({ path: join(pictures, 'marks.png') });

  await page.evaluate((name) => {
    location.hash = `#customer=${encodeURIComponent(name)}`;
  }, one?.name ?? '');
  await page.waitForFunction(
    () => document.querySelectorAll('#panel-traffic svg path title').length === 1,
  );

  expect(await marks.locator('title').textContent()).toBe(
    `key created: ${one?.name}, name: ${one?.name}, by Deploy/pipeline-7`,
  );
  expect(said).toEqual([]);
  expect(asked).toEqual([]);
  await page.close();
});

test('the pages of the audit are there, and what a record says is shown as text', async () => {
  const { page, said } = await openPage(browser, file, { hash: '#tab=audit' });
  await page.locator('#panel-audit-changes table').waitFor();

  expect(await page.locator('#panel-audit-calls .figure').first().textContent()).toBe('2');
  expect(await page.locator('#panel-audit-changes').textContent()).toContain('<img src=x');
  await page.screenshot({ path: join(pictures, 'audit.png'), fullPage: true });

  await page.getByRole('tab', { name: 'Life of a key' }).click();
  await page.locator('#panel-key-life table').waitFor();
  expect(await page.locator('#panel-key-life').textContent()).toContain(one?.keyId);
  expect(said).toEqual([]);
  await page.close();
});
