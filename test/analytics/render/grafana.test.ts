import { panels } from '../../../analytics/panels/all';
import { grafanaDashboard, notInGrafana } from '../../../analytics/render/grafana';
import type { Value } from '../../../analytics/result';
import { DAY, HOUR } from '../../../analytics/time-zone';
import { type AnalyticsAccount, startAnalytics } from '../../support/analytics-account';
import { deliveredSample, withUnreadLineLast } from '../../support/delivered-sample';
import { type Laptop, openLaptop } from '../../support/laptop';

const dashboard = grafanaDashboard({ database: 'orders', title: 'Logs' });
const drawn = dashboard.panels.flatMap(({ targets: [target] = [], ...panel }) =>
  target ? [{ ...panel, sql: target.rawSQL }] : [],
);
const panelTitled = (title: string) => panels.find((panel) => panel.title === title);
const withRange = (sql: string, from: number, to: number) =>
  sql.replaceAll('${__from}', String(from)).replaceAll('${__to}', String(to));

describe('a dashboard for Grafana', () => {
  test('is what Grafana imports: with the data source as a variable', () => {
    expect(dashboard).toMatchObject({
      schemaVersion: 39,
      refresh: '',
      templating: {
        list: [{ name: 'datasource', type: 'datasource', query: 'grafana-athena-datasource' }],
      },
    });
    expect(JSON.parse(JSON.stringify(dashboard))).toEqual(dashboard);
    for (const panel of dashboard.panels) {
      if (panel.type === 'row') continue;
      expect(panel).toMatchObject({
        type: expect.stringMatching(/^(stat|timeseries|barchart|table)$/),
        datasource: { type: 'grafana-athena-datasource', uid: '${datasource}' },
        targets: [{ refId: 'A', connectionArgs: { database: '__default' } }],
      });
    }
  });

  test('has a row for each page, and every panel that is not left out for a reason, once', () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    const ids = drawn.map(({ title }) => panelTitled(title)?.id);

    expect(rows).toHaveLength(new Set(panels.map(({ page }) => page)).size);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(panels.map(({ id }) => id).filter((id) => !ids.includes(id)))).toEqual(
      new Set(Object.keys(notInGrafana)),
    );
  });

  test('puts no panel over another', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );

    expect(new Set(cells).size).toBe(cells.length);
  });

  test('asks about the range that a viewer chooses, and about no other moment', () => {
    for (const { sql } of drawn) {
      expect(sql).toContain('${__from}');
      expect(sql).not.toMatch(/\d{13}|date '/);
      expect(sql.match(/\$\{(?!__from\}|__to\})/)).toBeNull();
    }
  });

  test('names units, which Grafana writes', () => {
    const latency = dashboard.panels.find(
      ({ title }) => title === panelTitled('Latency by API')?.title,
    );
    expect(JSON.stringify(latency ?? dashboard.panels)).toContain('{"id":"unit","value":"ms"}');
  });
});

/** What Athena answers to a dashboard: its grammar is Trino's. */
describe('its statements, with a range put in', () => {
  const delivered = withUnreadLineLast(deliveredSample(5));
  const days = [...delivered.keys()];
  const end = Date.parse(days.at(-1) ?? '') + DAY;
  const ranges = [
    { from: end - 2 * DAY, to: end },
    { from: end - 31 * HOUR - 600_000, to: end - 4 * HOUR - 60_000 },
  ];
  let account: AnalyticsAccount;
  let laptop: Laptop;

  beforeAll(async () => {
    account = await startAnalytics();
    account.athena.looks = 0;
    for (const [day, text] of delivered) account.deliver(day, text);
    await account.close(days[0] ?? '', days[2] ?? '');
    laptop = await openLaptop(delivered);
  }, 120_000);
  afterAll(async () => {
    laptop.close();
    await account.end();
  });

  test.each(drawn.map(({ title, sql }) => [title, sql]))(
    '%s: Athena takes it, and gives what the panel gives on a laptop',
    async (title, sql) => {
      const panel = panelTitled(title);
      if (!panel) throw new Error(`no panel ${title}`);
      for (const { from, to } of ranges) {
        const scope = { from, to, timeZone: 'UTC', bucket: 'hour', filter: {} } as const;
        const expected = (await laptop.engine.query(panel.sql(scope))).rows;

        const answer = await account.answer(withRange(sql, from, to));

        expect(answer.columns).toEqual(panel.columns.map(({ title: column }) => column));
        const rows = answer.rows.map((row) =>
          row.map((value, place) =>
            panel.columns[place]?.type === 'timestamp' && value !== null ? momentOf(value) : value,
          ),
        );
        // A series of Grafana has a name always.
        const named = expected.map((row) =>
          row.map((value, place) => value ?? panel.columns[place]?.restName ?? null),
        );
        expect(inOrder(rows)).toEqual(inOrder(named));
      }
    },
    60_000,
  );
});

function momentOf(value: Value): number {
  return Date.parse(`${value}`.replace(/( ?\+00| UTC)?$/, 'Z'));
}

/** Series are in the order of their times only. */
function inOrder(rows: readonly (readonly Value[])[]): string[] {
  const rounded = (value: Value) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value;
  return rows.map((row) => JSON.stringify(row.map(rounded))).sort();
}
