/**
 * The panels as a dashboard of Grafana, for its Athena data source. A statement is about the dashboard's
 * time range: Grafana puts the milliseconds of both ends in before it asks.
 *
 * Panels that compare with earlier periods, look back for a history or list the calendar are left out:
 * their moments do not follow from the two ends by themselves.
 *
 * @see https://github.com/grafana/athena-datasource
 * @see https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#__from-and-__to
 */

import { boundedSql } from '../athena/bounded';
import { panels } from '../panels/all';
import type { Page, Panel, Period, ResultColumn, Shape, Unit } from '../panels/panel';
import { DAY } from '../time-zone';

export interface GrafanaOptions {
  /** Glue's database. */
  readonly database: string;
  readonly title: string;
}

/**
 * Two ranges that stand for what a viewer chooses. A statement that is the same for both, once Grafana's
 * variables are in the places of their ends, is right for any.
 */
const standIns: readonly [Period, Period] = [
  { from: Date.parse('2026-11-08T00:00:00Z'), to: Date.parse('2026-11-20T00:00:00Z') },
  { from: Date.parse('2026-10-03T07:00:00Z'), to: Date.parse('2026-11-05T03:00:00Z') },
];

const types: Readonly<Record<Shape, string>> = {
  kpi: 'stat',
  series: 'timeseries',
  bars: 'barchart',
  table: 'table',
  heat: 'table',
  map: 'table',
};

const options: Readonly<Partial<Record<Shape, object>>> = {
  kpi: { reduceOptions: { calcs: ['lastNotNull'], fields: '/.*/', values: false } },
  bars: { orientation: 'horizontal' },
};

/** Grafana's names of units; any other is a number. */
const units: Readonly<Partial<Record<Unit, string>>> = {
  bytes: 'decbytes',
  ms: 'ms',
  percent: 'percent',
  hours: 'h',
};

/** The data source's formats of an answer. */
const [TIME_SERIES, TABLE] = [0, 1];
const DATA_SOURCE = { type: 'grafana-athena-datasource', uid: '${datasource}' } as const;
/** What the data source is configured with. */
const DEFAULT = '__default';
const [COLUMNS, HEIGHT] = [24, 9];

export interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly { readonly refId: string; readonly rawSQL: string }[];
}

/** A dashboard to be imported, as JSON can carry it. */
export function grafanaDashboard({ database, title }: GrafanaOptions) {
  return {
    title,
    tags: ['api-gateway', 'access-logs'],
    timezone: 'utc',
    time: { from: 'now-24h', to: 'now' },
    // Every refresh asks, and pays for, all panels that are in sight.
    refresh: '',
    schemaVersion: 39,
    editable: true,
    templating: {
      list: [
        {
          name: 'datasource',
          label: 'Data source',
          type: 'datasource',
          query: DATA_SOURCE.type,
          current: {},
        },
      ],
    },
    panels: placedPanels(database),
  };
}

/** A row for each page, with its panels below it, two beside each other. */
function placedPanels(database: string): GrafanaPanel[] {
  const placed: GrafanaPanel[] = [];
  let y = 0;
  for (const page of new Set(panels.map((panel) => panel.page))) {
    placed.push({ ...rowOf(page), id: placed.length + 1, gridPos: { x: 0, y, w: COLUMNS, h: 1 } });
    y++;
    const shown = panels.filter((panel) => panel.page === page && isOfRangeAlone(panel, database));
    for (const [place, panel] of shown.entries()) {
      placed.push({
        ...panelJson(panel, database),
        id: placed.length + 1,
        gridPos: {
          x: (place % 2) * (COLUMNS / 2),
          y: y + Math.floor(place / 2) * HEIGHT,
          w: COLUMNS / 2,
          h: HEIGHT,
        },
      });
    }
    y += Math.ceil(shown.length / 2) * HEIGHT;
  }
  return placed;
}

function rowOf(page: Page) {
  const title = `${page.charAt(0).toUpperCase()}${page.slice(1).replace('-', ' ')}`;
  return { type: 'row', title, collapsed: false, panels: [] };
}

function panelJson(panel: Panel, database: string) {
  return {
    type: types[panel.shape],
    title: panel.title,
    description: `${panel.question}\n\n${panel.definition}`,
    datasource: DATA_SOURCE,
    fieldConfig: { defaults: {}, overrides: panel.columns.flatMap(unitOf) },
    options: options[panel.shape] ?? {},
    targets: [
      {
        refId: 'A',
        datasource: DATA_SOURCE,
        format: panel.shape === 'series' ? TIME_SERIES : TABLE,
        rawSQL: statementOf(panel, database, standIns[0]),
        connectionArgs: { region: DEFAULT, catalog: DEFAULT, database: DEFAULT },
      },
    ],
  };
}

function unitOf({ title, unit }: ResultColumn): object[] {
  const value = unit && units[unit];
  return value
    ? [{ matcher: { id: 'byName', options: title }, properties: [{ id: 'unit', value }] }]
    : [];
}

function isOfRangeAlone(panel: Panel, database: string): boolean {
  const [one, other] = standIns.map((period) => statementOf(panel, database, period));
  return one === other && !/\d{13}|date '/.test(one ?? '');
}

function statementOf(panel: Panel, database: string, period: Period): string {
  const statement = panel.sql({ ...period, timeZone: 'UTC', bucket: 'hour', filter: {} });
  return ofRange(boundedSql(named(panel, statement), period, database), period);
}

/** Columns under their titles, milliseconds as moments, series in the order of their time. */
function named({ columns, shape }: Panel, statement: string): string {
  const list = columns.map(({ name, title, type }) => {
    const value = type === 'timestamp' ? `from_unixtime("${name}" / 1e3)` : `"${name}"`;
    return `${value} as "${title.replaceAll('"', '""')}"`;
  });
  const time = columns.findIndex(({ type }) => type === 'timestamp');
  const order = shape === 'series' && time >= 0 ? `\norder by ${time + 1}` : '';
  return `select ${list.join(', ')}\nfrom (\n${statement}\n) as panel${order}`;
}

/** Grafana's variables in the places of the ends, and of the days that are told by them. */
function ofRange(statement: string, { from, to }: Period): string {
  const [first, last] = [startOfDay(from), startOfDay(to - 1)];
  return statement
    .replaceAll(String(from), '${__from}')
    .replaceAll(String(to), '${__to}')
    .replace(/\bdate '(\d{4}-\d\d-\d\d)'/g, (_, text: string) => {
      const day = Date.parse(text);
      const isOfEnd = day - first > last - day;
      const days = Math.round((day - (isOfEnd ? last : first)) / DAY);
      const moment = isOfEnd ? '(${__to} - 1)' : '${__from}';
      return dayOf(moment, days);
    });
}

function startOfDay(moment: number): number {
  return moment - (moment % DAY);
}

function dayOf(moment: string, days: number): string {
  const day = `cast(from_unixtime(${moment} / 1e3) as date)`;
  if (days === 0) return day;
  return `(${day} ${days < 0 ? '-' : '+'} interval '${Math.abs(days)}' day)`;
}
