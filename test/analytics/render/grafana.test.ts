import { panels } from '../../../analytics/panels/all';
import { grafanaDashboard } from '../../../analytics/render/grafana';
import { DAY, HOUR } from '../../../analytics/time-zone';
import { type AccessDatabase, accessDatabase } from '../../support/access-table';
import { seededAccess } from '../../support/seeded-access';
import { grammarErrors } from '../../support/trino-grammar';

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

  test('has a row for each page, and every panel that is about a range alone, once', () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    const ids = drawn.map(({ title }) => panelTitled(title)?.id);

    expect(rows).toHaveLength(new Set(panels.map(({ page }) => page)).size);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(new Set(ids).size).toBe(ids.length);
    expect(panels.map(({ id }) => id).filter((id) => !ids.includes(id))).toEqual(leftOut);
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

  test('is of statements that Trino takes', () => {
    const to = Date.parse('2026-11-20T15:30:00Z');

    for (const { sql } of drawn.filter((_, place) => place % 12 === 0)) {
      expect(grammarErrors(withRange(sql, to - DAY, to))).toEqual([]);
    }
  }, 240_000);
});

/** They compare with earlier periods, look back for a history, or list the calendar. */
const leftOut = [
  'requests',
  'traffic',
  'forecast',
  'apis',
  'endpoints',
  'errors',
  'errors-by-customer',
  'customer-counts',
  'customers',
  'movers',
  'customer-movements',
  'retention',
  'anomalies',
  'customer-forecast',
  'plans',
  'quota-reached',
  'quota-burn-down',
  'latency',
  'hours-without-lines',
];

/** A line without a time counts on the day of its folder. */
const withDay =
  "select *, coalesce(cast(make_timestamp(request_time_epoch * 1000) as date), date '2026-11-20') as day";

describe('its statements, with a range put in', () => {
  let database: AccessDatabase;
  const end = Date.parse('2026-11-20T15:30:00Z');

  beforeAll(async () => {
    database = await accessDatabase(seededAccess(3, { to: end, days: 12, count: 400 }).lines);
    for (const statement of [
      'create schema orders',
      `create view orders.access as ${withDay} from main.access`,
      `create view orders.requests as ${withDay} from main.requests`,
    ])
      await database.run(statement);
  }, 60_000);
  afterAll(() => database.close());

  test.each(drawn.map(({ title, sql }) => [title, sql]))(
    '%s: gives what its panel gives',
    async (title, sql) => {
      for (const [from, to] of [
        [end - 9 * DAY, end],
        [end - 7 * HOUR, end - HOUR],
      ] as const) {
        const panel = panelTitled(title);
        if (!panel) throw new Error(`no panel ${title}`);
        const scope = { from, to, timeZone: 'UTC', bucket: 'hour', filter: {} } as const;
        const expected = (await database.rows(panel.sql(scope))).map((row) =>
          panel.columns.map(({ name }) => row[name] ?? null),
        );

        const rows = (await database.rows(withRange(sql, from, to))).map((row) =>
          panel.columns.map(({ title: column, type }) => {
            const value = row[column] ?? null;
            return type === 'timestamp' && value !== null ? momentOf(value) : value;
          }),
        );

        expect(inOrder(rows)).toEqual(inOrder(expected));
      }
    },
  );
});

function momentOf(value: unknown): number {
  return typeof value === 'number' ? value : Date.parse(`${value}`.replace(/ ?\+00$/, 'Z'));
}

/** Series are in the order of their times only. */
function inOrder(rows: readonly (readonly unknown[])[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
