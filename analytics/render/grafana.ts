/**
 * The panels as a dashboard of Grafana, for its Athena data source. A statement is about the dashboard's
 * time range: Grafana puts the milliseconds of both ends in before it asks, and all other moments, such as
 * the start of the period before, follow from these two.
 *
 * @see https://github.com/grafana/athena-datasource
 * @see https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#__from-and-__to
 */

import { boundedSql } from '../athena/bounded';
import { literal } from '../dialect';
import { panels } from '../panels/all';
import type { Page, Panel, PanelShape, ResultColumn, Scope, Unit } from '../panels/panel';
import {
  HISTORY_DAYS,
  historyFrom,
  hoursAround,
  previousPeriod,
  sameWeekdays,
} from '../panels/periods';
import { DAY, HOUR } from '../time-zone';

export interface GrafanaOptions {
  /** Glue's database. */
  readonly database: string;
  readonly title: string;
}

/** Panels that Grafana does not get, with the reason: their statements list what does not follow from two moments. */
export const notInGrafana: Readonly<Record<string, string>> = {
  forecast: 'lists the hours of the week that are left of the month',
  'customer-forecast': 'lists the hours of the week that are left of the month',
  'quota-reached': "lists the months, weeks or days of quotas, and their plans' limits",
  'quota-burn-down': "lists the months, weeks or days of quotas, and their plans' limits",
  retention: 'lists the weeks in which customers came',
  anomalies: 'lists the days of the range and four weeks before',
};

/** A range that stands for what a viewer chooses: none of the moments that follow from it is another one. */
const STAND_IN: Scope = {
  from: Date.parse('2026-10-03T07:10:00Z'),
  to: Date.parse('2026-11-05T03:20:00Z'),
  timeZone: 'UTC',
  bucket: 'hour',
  filter: {},
};

const types: Readonly<Record<PanelShape, string>> = {
  kpi: 'stat',
  series: 'timeseries',
  bars: 'barchart',
  table: 'table',
  heat: 'table',
  map: 'table',
};

const options: Readonly<Partial<Record<PanelShape, object>>> = {
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
const WEEK = 7 * DAY;

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
    const shown = panels.filter(
      ({ id, page: its }) => its === page && !Object.hasOwn(notInGrafana, id),
    );
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
        rawSQL: statementOf(panel, database),
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

function statementOf(panel: Panel, database: string): string {
  const statement = named(panel, panel.sql(STAND_IN));
  const starts = earlierStarts.filter((start) => statement.includes(String(start)));
  // A moment of its own, so that it differs from those of the statement: the earliest of them.
  const since = Math.min(STAND_IN.from, ...starts) + 1;
  const [first = FROM, ...others] = starts.map((start) => moments.get(start) ?? '');
  const start = others.reduce((least, one) => `least(${least}, ${one})`, first);
  const { to } = STAND_IN;
  return replaced(
    boundedSql(statement, { from: since, to }, database),
    new Map([...moments, [since, start]]),
    {
      since,
      start,
    },
  );
}

/** Columns under their titles, milliseconds as moments, series in the order of their time. */
function named({ columns, shape }: Panel, statement: string): string {
  const list = columns.map(({ name, title, type, restName }) => {
    const told = restName ? `coalesce("${name}", ${literal(restName)})` : `"${name}"`;
    const value = type === 'timestamp' ? `from_unixtime("${name}" / 1e3)` : told;
    return `${value} as "${title.replaceAll('"', '""')}"`;
  });
  const time = columns.findIndex(({ type }) => type === 'timestamp');
  const order = shape === 'series' && time >= 0 ? `\norder by ${time + 1}` : '';
  return `select ${list.join(', ')}\nfrom (\n${statement}\n) as panel${order}`;
}

/** What a viewer chooses, in milliseconds since 1970. */
const [FROM, TO] = ['${__from}', '${__to}'];

/** All moments and lengths of time that statements of the stand-in have, as expressions for any range. */
const moments: ReadonlyMap<number, string> = momentsOf(STAND_IN);

/** The starts of the periods that panels compare with, and of histories. */
const earlierStarts = [
  previousPeriod(STAND_IN).from,
  sameWeekdays(STAND_IN).from,
  historyFrom(STAND_IN),
];

function momentsOf(scope: Scope): Map<number, string> {
  const { from, to } = scope;
  const length = to - from;
  const lengthSql = `(${TO} - ${FROM})`;
  const weeksSql = `(${lengthSql} + ${WEEK - 1}) / ${WEEK} * ${WEEK}`;
  const before = previousPeriod(scope);
  const weekday = sameWeekdays(scope);
  const hours = hoursAround(scope);
  const tenth = Math.ceil(length / 10);
  const tenthSql = `(${lengthSql} + 9) / 10`;
  return new Map([
    [from, FROM],
    [to, TO],
    [length, lengthSql],
    [before.from, `(${FROM} - ${lengthSql})`],
    [before.from + tenth, `(${FROM} - ${lengthSql} + ${tenthSql})`],
    [from - weekday.from, `(${weeksSql})`],
    [weekday.from, `(${FROM} - ${weeksSql})`],
    [weekday.to, `(${TO} - ${weeksSql})`],
    [weekday.from + tenth, `(${FROM} - ${weeksSql} + ${tenthSql})`],
    [historyFrom(scope), `(${TO} - ${TO} % ${DAY} - ${HISTORY_DAYS * DAY})`],
    [hours.before, `(${FROM} - 1 - (${FROM} - 1) % ${HOUR})`],
    [hours.after, `(${TO} - ${TO} % ${HOUR})`],
  ]);
}

/** Expressions instead of moments, and instead of days that follow from the first and the last one. */
function replaced(
  statement: string,
  expressions: ReadonlyMap<number, string>,
  { since, start }: { readonly since: number; readonly start: string },
): string {
  const [first, last] = [startOfDay(since), startOfDay(STAND_IN.to - 1)];
  return statement
    .replace(/\b\d{8,13}\b/g, (number) => expressions.get(Number(number)) ?? number)
    .replace(/\bdate '(\d{4}-\d\d-\d\d)'/g, (_, text: string) => {
      const day = Date.parse(text);
      const isOfEnd = day - first > last - day;
      const days = Math.round((day - (isOfEnd ? last : first)) / DAY);
      return dayOf(isOfEnd ? `(${TO} - 1)` : start, days);
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
