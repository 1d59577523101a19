import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { panelOf, panels } from '../../analytics/panels/all';
import type { Scope } from '../../analytics/panels/panel';
import { formatShortly } from '../../analytics/render/format';
import { DAY, HOUR } from '../../analytics/time-zone';
import { type AccessDatabase, type AccessRow, accessDatabase } from '../support/access-table';
import { openPage, startBrowser } from '../support/browser';
import { shortHostileValues } from '../support/hostile-values';
import { pageOf, sampleScope } from '../support/sample-page';
import { sampleRows } from '../support/sample-rows';

jest.setTimeout(240_000);

const folder = mkdtempSync(join(tmpdir(), 'report-page-'));
const file = join(folder, 'report.html');
/** Where pictures go for who wants to look at them. */
const pictures = process.env['SCREENSHOTS'] ?? join(folder, 'pictures');
const tabs = ['overview', 'errors', 'customers', 'plans', 'latency', 'security', 'data-quality'];

let browser: Browser;
let database: AccessDatabase;

beforeAll(async () => {
  database = await accessDatabase(sampleRows(3000));
  writeFileSync(file, await pageOf(database));
  mkdirSync(pictures, { recursive: true });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  database.close();
});

/** Waits for what a page shows after it has been asked for something else. */
async function eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    if ((await read()) === expected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await read()).toBe(expected);
}

/** What the first tile of a panel says. */
function figure(page: Page, panel = 'requests', place = 0): Promise<string | null> {
  return page.locator(`#panel-${panel} .figure`).nth(place).textContent();
}

/** What a panel's statement gives for its first column, as a tile says it. */
async function expectedFigure(scope: Scope, panel = 'requests', column = 'requests') {
  const [row] = await database.rows(panelOf(panel).sql(scope));
  const { unit } = panelOf(panel).columns.find(({ name }) => name === column) ?? {};
  return formatShortly(Number(row?.[column]), unit);
}

describe('the page', () => {
  test.each(tabs)('shows %s without a word in the console and without a request', async (tab) => {
    const { page, said, asked } = await openPage(browser, file, { hash: `#tab=${tab}` });

    await page.waitForFunction(() => !document.querySelector('main .panel .body:empty'));
    await page.locator(`#tab-${tab}[aria-selected=true]`).waitFor();

    expect(await page.locator('main .panel').count()).toBeGreaterThan(1);
    expect({ said, asked }).toEqual({ said: [], asked: [] });
    await page.close();
  });

  test('shows the numbers of the statements', async () => {
    const { page } = await openPage(browser, file);

    expect(await figure(page)).toBe(await expectedFigure(sampleScope));
    await page.close();
  });

  test('filters by what is chosen, and keeps it in the address', async () => {
    const { page } = await openPage(browser, file);
    await page.getByLabel('Customer', { exact: true }).selectOption('Alder & Finch Books');
    await page.getByLabel('API', { exact: true }).selectOption('pa4rc3ls0a');
    const filter = { customer: 'Alder & Finch Books', api: 'pa4rc3ls0a' };
    const expected = await expectedFigure({ ...sampleScope, filter });

    await eventually(() => figure(page), expected);
    await page.reload();
    await page.waitForSelector('main .panel .figure');
    expect(await figure(page)).toBe(expected);
    expect(new URL(page.url()).hash).toContain('customer=Alder');

    await page.getByRole('button', { name: 'Reset' }).click();
    await eventually(() => figure(page), await expectedFigure(sampleScope));
    await page.close();
  });

  test('filters all by a customer that is clicked, and goes back', async () => {
    const { page } = await openPage(browser, file, { hash: '#tab=customers' });
    await page.locator('#panel-customers').getByRole('button', { name: 'Nordlys Outdoor' }).click();

    await eventually(() => page.locator('#panel-customers tbody tr').count(), 1);
    await page.getByRole('tab', { name: 'Errors' }).click();
    await eventually(
      () => figure(page, 'errors'),
      await expectedFigure(
        { ...sampleScope, filter: { customer: 'Nordlys Outdoor' } },
        'errors',
        'failed_requests',
      ),
    );
    await page.goBack();
    await page.goBack();
    await eventually(() => page.locator('#panel-customers tbody tr').count(), 10);
    await page.close();
  });

  test('tells plans of one name apart', async () => {
    const rows = sampleRows(3000).map((row) => ({
      ...row,
      usage_plan: row['usage_plan'] === 'Starter' ? 'Free' : (row['usage_plan'] ?? null),
    }));
    const sameNames = await accessDatabase(rows);
    const itsFile = join(folder, 'same-names.html');
    writeFileSync(itsFile, await pageOf(sameNames));
    sameNames.close();

    const { page } = await openPage(browser, itsFile, { hash: '#tab=plans' });
    const select = page.getByLabel('Plan', { exact: true });
    expect(await select.locator('option').allTextContents()).toEqual(
      expect.arrayContaining(['Free (fr33pl)', 'Free (st4rtr)', 'Business']),
    );
    const row = page.locator('#panel-plans tbody tr').filter({ hasText: 'st4rtr' });
    await row.getByRole('button', { name: 'Free' }).click();

    await eventually(() => page.locator('#panel-plans tbody tr').count(), 1);
    expect(await select.inputValue()).toBe('st4rtr');
    await page.close();
  });

  test('narrows the period with the keyboard', async () => {
    const { page } = await openPage(browser, file);
    const start = page.getByRole('slider', { name: 'Start of the period' });
    await start.focus();
    for (const key of ['PageUp', 'PageUp', 'ArrowRight', 'ArrowRight', 'ArrowLeft']) {
      await page.keyboard.press(key);
    }

    const scope = { ...sampleScope, from: sampleScope.from + 2 * DAY + HOUR };
    await eventually(() => figure(page), await expectedFigure(scope));
    expect(await start.getAttribute('aria-valuetext')).toBe('9 Nov 2026, 01:00');
    await page.close();
  });

  test('narrows the period by dragging, and shows all again by a double click', async () => {
    const { page } = await openPage(browser, file);
    const brush = page.locator('.brush');
    const box = await brush.boundingBox();
    if (!box) throw new Error('the brush is not shown');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 });
    await page.mouse.up();

    const [from, to] = await page
      .locator('.fields input')
      .evaluateAll((inputs) =>
        inputs.map((input) => Date.parse(`${(input as HTMLInputElement).value}Z`)),
      );
    expect((to as number) - (from as number)).toBeGreaterThan(3 * DAY);
    expect((to as number) - (from as number)).toBeLessThan(4 * DAY);
    const scope = { ...sampleScope, from: from as number, to: to as number };
    await eventually(() => figure(page), await expectedFigure(scope));
    await brush.dblclick({ position: { x: 5, y: 20 } });
    await eventually(() => figure(page), await expectedFigure(sampleScope));
    await page.close();
  });

  test('says which panels do not follow the filters', async () => {
    const { page } = await openPage(browser, file, { hash: '#customer=Nordlys+Outdoor' });
    const note = page.locator('#panel-forecast .note').first();

    await note.waitFor();
    expect(await note.textContent()).toContain('does not follow the filters');
    expect(await page.locator('#panel-requests > .note').isHidden()).toBe(true);
    await page.close();
  });

  test('says on a card what its numbers lack', async () => {
    const { page } = await openPage(browser, file);

    // 12 of 4,000 requests, and 3 of 4,120 lines, which is next to nothing.
    expect(await page.locator('#panel-apis .hint').allTextContents()).toEqual([
      '0.30% of requests have a key but no plan.',
    ]);
    expect(await page.locator('#panel-traffic > .hint').isHidden()).toBe(true);
    await page.close();
  });

  test('says what the numbers of the filters lack, not those of all', async () => {
    const filter = { plan: 'Free' };
    const { page } = await openPage(browser, file, { hash: '#plan=Free' });
    await eventually(() => figure(page), await expectedFigure({ ...sampleScope, filter }));

    expect(await page.locator('#panel-apis > .hint').isHidden()).toBe(true);
    await page.close();
  });

  test('says that first and last times are told to the hour when it is filtered', async () => {
    const { page } = await openPage(browser, file, { hash: '#tab=customers' });
    const note = page.locator('#panel-customers > .note');

    await page.locator('#panel-customers table').waitFor();
    expect(await note.isHidden()).toBe(true);
    await page.evaluate(() => {
      location.hash = '#tab=customers&plan=Free';
    });
    await note.waitFor();
    expect(await note.textContent()).toBe('First and last times are rounded down to the hour.');
    await page.close();
  });

  test('prints all pages, drawn, and goes back to the one that was open', async () => {
    const { page } = await openPage(browser, file, { hash: '#tab=plans' });
    await page.waitForFunction(() => !document.querySelector('main .panel .body:empty'));
    const open = await page.locator('main .panel').count();

    const printed = await page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'));
      const charts = [...document.querySelectorAll('main .chart')];
      return {
        pages: document.querySelectorAll('main .page-title').length,
        panels: document.querySelectorAll('main .panel').length,
        empty: document.querySelectorAll('main .panel .body:empty').length,
        undrawn: charts.filter((chart) => !chart.querySelector('svg')).length,
        tooWide: charts.filter((chart) => chart.scrollWidth > chart.clientWidth + 1).length,
      };
    });
    expect(printed).toEqual({
      pages: tabs.length,
      panels: panels.length,
      empty: 0,
      undrawn: 0,
      tooWide: 0,
    });

    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await page.locator('main .panel').count()).toBe(open);
    writeFileSync(join(pictures, 'printed.pdf'), await page.pdf({ format: 'A4' }));
    await page.close();
  });

  test('shows what has no room in a wide table below the row that is opened', async () => {
    const { page } = await openPage(browser, file, { hash: '#tab=overview' });
    const panel = page.locator('#panel-find-request');
    const opener = panel.locator('.opener button').first();
    await opener.waitFor();
    const details = panel.locator('tr.details').first();

    expect(await panel.locator('.scroll').evaluate((it) => it.scrollWidth - it.clientWidth)).toBe(
      0,
    );
    expect(await details.isVisible()).toBe(false);
    await opener.click();
    expect(await opener.getAttribute('aria-expanded')).toBe('true');
    expect(await details.locator('dt', { hasText: /^Request id$/ }).isVisible()).toBe(true);
    await page.close();
  });

  test('says where a list ends that may go on', async () => {
    const { page } = await openPage(browser, file, { hash: '#tab=overview' });
    const panel = page.locator('#panel-recent-successes');
    const more = panel.locator('.more');
    await more.waitFor();
    const end = panel.locator('.table .note');

    expect(await more.textContent()).toBe('Show the first 100');
    expect(await end.isVisible()).toBe(false);
    await more.click();
    expect(await panel.locator('tbody tr:not(.details)').count()).toBe(100);
    expect(await end.textContent()).toBe('The first 100 are shown; there may be more.');
    expect(await end.isVisible()).toBe(true);
    expect(await page.locator('#panel-endpoints .table .note').isVisible()).toBe(false);
    await page.close();
  });

  test('has a table behind a chart, and its rows as CSV', async () => {
    const { page } = await openPage(browser, file);
    const panel = page.locator('#panel-traffic');
    await panel.getByRole('button', { name: 'Table' }).click();
    expect(await panel.locator('tbody tr').count()).toBe(10);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('button', { name: /CSV/ }).click(),
    ]);
    const csv = readFileSync(await download.path(), 'utf8');
    expect(download.suggestedFilename()).toBe('traffic.csv');
    expect(csv).toMatch(/^time,requests,previous_requests,weekday_requests\r\n2026-11-07T00:00:00/);
    expect(csv.trim().split('\r\n')).toHaveLength(15);
    await page.close();
  });

  test('defines each number, with its statement', async () => {
    const { page } = await openPage(browser, file);
    await page.getByRole('button', { name: 'About Requests', exact: true }).click();
    const dialog = page.getByRole('dialog');

    const text = await dialog.textContent();
    expect(text).toContain(panelOf('requests').definition);
    expect(await dialog.locator('code').textContent()).toBe(panelOf('requests').sql(sampleScope));
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.close();
  });

  test('is read with the keyboard alone', async () => {
    const { page } = await openPage(browser, file);
    await page.locator('#tab-overview').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#tab-errors').getAttribute('aria-selected')).toBe('true');

    const chart = page.locator('#panel-error-rate-over-time .chart');
    await chart.focus();
    await page.keyboard.press('Home');
    const spoken = page.locator('#panel-error-rate-over-time [aria-live]');
    expect(await spoken.textContent()).toMatch(/^Sat 7 Nov 2026: Failed/);
    await page.close();
  });

  for (const dark of [false, true]) {
    for (const width of [1280, 390]) {
      const name = `${dark ? 'dark' : 'light'} ${width}`;
      test(`has nothing serious against it in axe, and fits (${name})`, async () => {
        const { page } = await openPage(browser, file, { width, dark });
        for (const tab of tabs) {
          await page.locator(`#tab-${tab}`).click();
          await page.locator(`#tab-${tab}[aria-selected=true]`).waitFor();
          await page.waitForFunction(() => !document.querySelector('main .panel .body:empty'));
          await page.screenshot({
            path: join(pictures, `${tab}-${name.replace(' ', '-')}.png`),
            fullPage: true,
          });
          await page.evaluate(axe.source);
          const violations = await page.evaluate(async () => {
            const run = (globalThis as unknown as { axe: typeof axe }).axe;
            const { violations } = await run.run(document, { resultTypes: ['violations'] });
            return violations
              .filter(({ impact }) => impact === 'serious' || impact === 'critical')
              .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
          });
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - innerWidth,
          );
          expect({ tab, violations, overflow: Math.max(0, overflow) }).toEqual({
            tab,
            violations: [],
            overflow: 0,
          });
        }
        await page.close();
      });
    }
  }
});

describe('the page of hostile logs', () => {
  test('shows every value as text, runs none and asks nobody', async () => {
    const hostile = await accessDatabase(
      shortHostileValues.map(({ value }, index): AccessRow => {
        // What cannot be written into the test's own database is tried elsewhere.
        const text = value.toWellFormed().replaceAll('\0', '');
        return {
          request_time_epoch: sampleScope.from + index * HOUR,
          extended_request_id: `id-${index}`,
          api_id: text,
          stage: text,
          customer_name: text,
          usage_plan: text,
          usage_plan_id: text,
          api_key_id: text,
          user_agent: text,
          path: text,
          endpoint: text,
          http_method: text,
          domain_name: text,
          error_message: text,
          error_response_type: text,
          authorizer_error: text,
          integration_error: text,
          source_ip: text,
          country: text,
          network: text,
          request_id: text,
          status: index % 2 === 0 ? 200 : 500,
          response_latency: index,
        };
      }),
    );
    const hostileFile = join(folder, 'hostile.html');
    writeFileSync(hostileFile, await pageOf(hostile));
    hostile.close();

    const { page, said, asked } = await openPage(browser, hostileFile);
    for (const tab of tabs) {
      await page.locator(`#tab-${tab}`).click();
      await page.waitForFunction(() => !document.querySelector('main .panel .body:empty'));
      await page.evaluate(() => {
        for (const more of document.querySelectorAll<HTMLElement>('.more')) more.click();
      });
    }
    const strays = await page.evaluate(() => {
      const foreign = 'img,iframe,object,embed,use,foreignObject,cwdb-action,link,base,b b';
      const marked = [...document.querySelectorAll('*')].filter((it) =>
        it.getAttributeNames().some((name) => name.startsWith('on')),
      );
      return document.querySelectorAll(foreign).length + marked.length;
    });

    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect({ strays, said, asked }).toEqual({ strays: 0, said: [], asked: [] });
    await page.close();
  });
});
