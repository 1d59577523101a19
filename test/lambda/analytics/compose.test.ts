/** The step that closes days as Lambda runs it, with the page that it writes. */

import { addDays } from '../../../analytics/athena/closed-days';
import { panels } from '../../../analytics/panels/all';
import { computeReport } from '../../../analytics/report/compute-report';
import { composeStep, type PageSettings } from '../../../lambda/analytics/compose';
import { type AnalyticsAccount, startAnalytics } from '../../support/analytics-account';
import { deliveredSample, withUnreadLineLast } from '../../support/delivered-sample';
import { openLaptop, roughly } from '../../support/laptop';
import { shownIn } from '../../support/shown-page';

const DAY = 86_400_000;
const KEY = 'analytics/page/report.html';
const delivered = withUnreadLineLast(deliveredSample(3));
const days = [...delivered.keys()];
const last = days.at(-1) ?? '';
const end = Date.parse(addDays(last, 1));

const page: PageSettings = {
  url: `s3://logs-bucket/${KEY}`,
  days: 1,
  client: () => ({ script: 'draw()', style: 'p{}' }),
};

let account: AnalyticsAccount;
let now = 0;

beforeAll(async () => {
  account = await startAnalytics();
  for (const [day, text] of delivered) account.deliver(day, text);
}, 240_000);

afterAll(() => account.end());

afterEach(() => {
  account.athena.fails = undefined;
});

function run({ hasPage = true, remaining = 900_000 } = {}) {
  const settings = hasPage ? page : undefined;
  const step = composeStep({ ...account.step, page: settings, now: () => now });
  return step({ getRemainingTimeInMillis: () => remaining });
}

function pageText(): string | undefined {
  return account.bucket.objects.get(KEY)?.body.toString();
}

describe('the page of a stack', () => {
  test('is written when days have been closed, and counts as behind until it is', async () => {
    now = end + DAY + 3_600_000;
    const { objects } = account.bucket;

    expect(await run({ hasPage: false })).toMatchObject({ closed: days, behind: 0 });
    expect(pageText()).toBeUndefined();

    // No time for it.
    expect(await run({ remaining: 300_000 })).toMatchObject({ page: false, behind: days.length });
    account.athena.fails = (statement) =>
      statement.includes('user_agent') ? { reason: 'out of resources', isDone: false } : undefined;
    expect(await run()).toMatchObject({
      page: false,
      behind: days.length,
      pageError: expect.objectContaining({ message: 'out of resources' }),
    });
    account.athena.fails = undefined;
    expect(pageText()).toBeUndefined();

    expect(await run()).toEqual({ closed: [], rolledUp: [], behind: 0, page: true });
    expect(objects.get(KEY)?.metadata).toEqual({ 'closed-until': last });
    expect(pageText()).toMatch(/^<!doctype html>/);
  }, 540_000);

  test('is left as it is until another day is closed', async () => {
    const before = pageText();
    const asked = account.athena.statements.length;

    expect(await run()).toEqual({ closed: [], rolledUp: [], behind: 0, page: false });

    expect(pageText()).toBe(before);
    expect(account.athena.statements.slice(asked).every((it) => it.startsWith('show '))).toBe(true);
  });

  test('tells of the last closed days what a laptop tells of their lines', async () => {
    const laptop = await openLaptop(delivered);
    try {
      const { report, cubes } = shownIn(pageText() ?? '');
      const { from, to } = report.scope;
      expect([from, to]).toEqual([end - DAY, end]);

      const expected = await computeReport((sql) => laptop.engine.query(sql), report.scope);
      expect(report.panels.map(({ id }) => id)).toEqual(panels.map(({ id }) => id));
      for (const { id, rows } of report.panels) {
        expect({ [id]: rows }).toEqual({
          [id]: (expected.rows[id] ?? []).map((row) => row.map(roughly)),
        });
      }
      expect(Object.keys(cubes)).toEqual(Object.keys(expected.cubes));
      for (const [name, cube] of Object.entries(expected.cubes)) {
        expect(cubes[name]?.rowCount).toBe(cube.rowCount);
        expect(cubes[name]?.measures).toEqual(cube.measures);
      }
      expect(report.completeness).toEqual(await laptop.completeness({ from, to }));
    } finally {
      laptop.close();
    }
  }, 540_000);

  test('reads no lines for requests of closed days', () => {
    const statements = account.athena.statements.filter((it) => it.startsWith('with access as'));

    expect(statements.length).toBeGreaterThan(20);
    expect(statements.filter((it) => /"orders"\.requests\b/.test(it))).toEqual([]);
  });

  test('looks for the history of customers in roll-ups', () => {
    const { statements } = account.athena;
    const histories = statements.filter((it) => /first_week|earlier_requests/.test(it));

    expect(histories).toHaveLength(2);
    for (const statement of histories) {
      const [, first] = /closed_requests where day between date '([\d-]+)'/.exec(statement) ?? [];
      expect(statement).toContain('"orders".rollup_traffic');
      expect(Date.parse(first ?? '')).toBeGreaterThanOrEqual(end - 3 * DAY);
    }
  });
});
