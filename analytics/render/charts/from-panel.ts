/** What a panel's rows become when they are drawn: page and SVG read them the same way. */

import { OTHERS } from '../../panels/limit';
import type { Panel, ResultColumn, Unit } from '../../panels/panel';
import type { Value } from '../../result';
import { bucketLength, bucketStart, bucketsOf } from '../buckets';
import type { Clock } from '../clock';
import { changeTitle, isAdditive } from '../format';
import type { ReportScope } from '../report';
import { visible } from '../visible';
import type { Series } from './series';
import type { Theme } from './theme';

type Rows = readonly (readonly Value[])[];
type PanelColumns = Pick<Panel, 'columns'>;

export interface SeriesData {
  readonly times: readonly number[];
  readonly step: number;
  readonly series: readonly Series[];
  readonly unit: Unit | undefined;
  readonly isStacked: boolean;
  /** Whether the values of a series can be added up. */
  readonly isAdditive: boolean;
  /** Whether the series are customers, plans and the like: which have names. */
  readonly isGrouped: boolean;
}

/** More lines or colors than this cannot be distinguished. */
const MAX_SERIES = 7;

function measuresOf({ columns }: PanelColumns): ResultColumn[] {
  return columns.filter(({ unit }) => unit !== undefined);
}

/** The columns that name what is measured. */
export function groupsOf({ columns }: PanelColumns): ResultColumn[] {
  return columns.filter(({ unit }) => unit === undefined);
}

export function seriesOf(
  panel: PanelColumns,
  rows: Rows,
  scope: ReportScope,
  theme: Theme,
): SeriesData {
  const times = bucketsOf(scope);
  const bucketAt = new Map(times.map((time, bucket) => [time, bucket]));
  const timePlace = panel.columns.findIndex(({ type }) => type === 'timestamp');
  const groupPlaces = placesOf(panel, ({ type, unit }) => !unit && type !== 'timestamp');
  const [first] = measuresOf(panel);
  const isSummed = first !== undefined && isAdditive(first);
  const isGrouped = groupPlaces.length > 0;
  const lines = isGrouped ? byGroup(groupPlaces) : byMeasure();
  return {
    times,
    step: bucketLength[scope.bucket],
    unit: first?.unit,
    isStacked: isSummed && (isGrouped || full(lines).length === 1),
    isAdditive: isSummed,
    isGrouped,
    series: lines.map((line, index) => ({ ...line, color: colorOf(line, index, theme) })),
  };

  function byMeasure(): Omit<Series, 'color'>[] {
    const places = placesOf(panel, ({ unit }) => unit !== undefined && unit === first?.unit);
    return places.flatMap((place) => {
      const column = panel.columns[place] as ResultColumn;
      const values = valuesOf(rows, place);
      const isFaint = column.comparedWith !== undefined;
      if (place !== places[0] && rows.every((row) => row[place] === null)) return [];
      const name = isFaint ? sentence(changeTitle(column)) : column.title;
      return [{ name, values, isFaint }];
    });
  }

  function byGroup(places: readonly number[]): Omit<Series, 'color'>[] {
    const measure = panel.columns.findIndex(({ unit }) => unit !== undefined);
    const groups = new Map<string, Rows[number][]>();
    const untold: Rows[number][] = [];
    for (const row of rows) {
      if (isRest(panel, row)) {
        untold.push(row);
        continue;
      }
      const name = places.map((place) => labelOf(row[place])).join(' · ');
      const known = groups.get(name);
      if (known) known.push(row);
      else groups.set(name, [row]);
    }
    const sized = [...groups].map(([name, of]) => ({ name, of, size: sum(of, measure) }));
    const isOrdered = sized.every(({ name }) => statusClass.test(name));
    sized.sort((one, other) =>
      isOrdered ? (one.name < other.name ? -1 : 1) : other.size - one.size,
    );
    const isTooMany = sized.length + Math.min(untold.length, 1) > MAX_SERIES;
    const kept = isTooMany ? sized.slice(0, MAX_SERIES - 1) : sized;
    const merged = isTooMany && isSummed ? sized.slice(MAX_SERIES - 1) : [];
    const rest = [...merged.flatMap(({ of }) => of), ...untold];
    const others = rest.length === 0 ? [] : [{ name: OTHERS, of: rest }];
    return [...kept, ...others].map(({ name, of }) => ({
      name,
      values: valuesOf(of, measure),
    }));
  }

  function valuesOf(of: Rows, place: number): (number | null)[] {
    const column = panel.columns[place] as ResultColumn;
    const isAdded = isAdditive(column);
    const values = new Array<number | null>(times.length).fill(isAdded ? 0 : null);
    for (const row of of) {
      const time = Number(row[timePlace]);
      // Days of UTC begin in the middle of others.
      const bucket =
        bucketAt.get(time) ?? bucketAt.get(bucketStart(time, scope.timeZone, scope.bucket));
      const value = row[place];
      if (bucket === undefined || typeof value !== 'number') continue;
      values[bucket] = isAdded ? (values[bucket] ?? 0) + value : value;
    }
    return column.isRunning ? carried(values, times) : values;
  }
}

/** Whether a row has what all groups together have that are not told apart. */
export function isRest({ columns }: PanelColumns, row: Rows[number]): boolean {
  return columns.some(
    ({ restName }, place) => restName !== undefined && (row[place] ?? null) === null,
  );
}

/** What a total of the month (UTC) stays at until it grows. */
export function carried(
  values: readonly (number | null)[],
  times: readonly number[],
): (number | null)[] {
  let last: number | null = null;
  return values.map((value, bucket) => {
    const [before = 0, now = 0] = [times[bucket - 1], times[bucket]];
    if (last !== null && monthOf(before) !== monthOf(now)) last = 0;
    last = value ?? last;
    return last;
  });
}

function monthOf(time: number): number {
  return new Date(time).getUTCMonth();
}

export interface HeatData {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: readonly (readonly (number | null)[])[];
  readonly unit: Unit | undefined;
}

/** Rows and columns in the order in which they first come; moments in their own. */
export function heatOf(panel: PanelColumns, rows: Rows, clock: Clock): HeatData {
  const [down, across] = [panel.columns[0], panel.columns[1]];
  const place = panel.columns.findIndex(({ unit }, index) => unit !== undefined && index > 1);
  const names = (at: 0 | 1) => {
    const values = [...new Set(rows.map((row) => row[at] ?? null))];
    if (values.every((value) => typeof value === 'number')) values.sort((a, b) => a - b);
    return values;
  };
  const rowValues = names(0);
  const columnValues = names(1);
  const rowAt = new Map(rowValues.map((value, index) => [value, index]));
  const columnAt = new Map(columnValues.map((value, index) => [value, index]));
  const values = rowValues.map(() => new Array<number | null>(columnValues.length).fill(null));
  for (const row of rows) {
    const line = values[rowAt.get(row[0] ?? null) ?? -1];
    const value = row[place];
    if (line && typeof value === 'number') line[columnAt.get(row[1] ?? null) ?? 0] = value;
  }
  const write = (column: ResultColumn | undefined) => (value: Value) => {
    if (column?.type === 'timestamp' && typeof value === 'number') return clock.shortDay(value);
    if (column?.name === 'weekday') return weekdays[Number(value) - 1] ?? labelOf(value);
    return labelOf(value);
  };
  return {
    rows: rowValues.map(write(down)),
    columns: columnValues.map(write(across)),
    values,
    unit: panel.columns[place]?.unit,
  };
}

export interface MapData {
  readonly values: ReadonlyMap<string, number>;
  readonly unit: Unit | undefined;
}

export function mapOf(panel: PanelColumns, rows: Rows): MapData {
  const country = panel.columns.findIndex(({ unit }) => unit === undefined);
  const place = panel.columns.findIndex(({ unit }) => unit !== undefined);
  const values = new Map<string, number>();
  for (const row of rows) {
    const [code, value] = [row[country], row[place]];
    if (typeof code === 'string' && typeof value === 'number') values.set(code, value);
  }
  return { values, unit: panel.columns[place]?.unit };
}

/** The text of a value that names what is measured. */
function labelOf(value: Value | undefined): string {
  return value === null || value === undefined ? '(none)' : visible(String(value));
}

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const statusClass = /^[1-5](xx|\d\d)$/;

function colorOf({ name, isFaint }: Omit<Series, 'color'>, index: number, theme: Theme): string {
  if (isFaint) return theme.muted;
  const kind = /^[2-5]xx$/.test(name) ? (name as '2xx' | '3xx' | '4xx' | '5xx') : undefined;
  if (kind) return theme.classes[kind];
  if (name === OTHERS || name === '(none)') return theme.classes.none;
  return theme.categories[index % theme.categories.length] as string;
}

function full<T extends { isFaint?: boolean }>(lines: readonly T[]): T[] {
  return lines.filter(({ isFaint }) => !isFaint);
}

function placesOf({ columns }: PanelColumns, is: (column: ResultColumn) => boolean): number[] {
  return columns.flatMap((column, place) => (is(column) ? [place] : []));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sum(rows: Rows, place: number): number {
  return rows.reduce((total, row) => total + Number(row[place] ?? 0), 0);
}
