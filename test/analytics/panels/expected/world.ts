/**
 * What panels should show, worked out from rows in plain TypeScript: no SQL, and no code shared with
 * the panels, times included.
 */

import type { Scope } from '../../../../analytics/panels/panel';
import type { AccessRow } from '../../../support/access-table';

export interface World {
  /** One row a line. */
  readonly lines: readonly AccessRow[];
  /** One row a request. */
  readonly requests: readonly AccessRow[];
  readonly scope: Scope;
}

export type Cell = string | number | boolean | null | Percentile;

/** A percentile of values, which SQL may approximate. */
export interface Percentile {
  readonly percentile: number;
  readonly of: readonly number[];
}

export type Row = readonly Cell[];
export type Expected = (world: World) => readonly Row[];

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

// Values of rows.

export const text = (row: AccessRow, name: string) => (row[name] ?? null) as string | null;
export const integer = (row: AccessRow, name: string) => (row[name] ?? null) as number | null;
export const timeOf = (row: AccessRow) => row['request_time_epoch'] as number;
export const planKey = (row: AccessRow) => text(row, 'usage_plan_id') ?? text(row, 'usage_plan');
export const statusIn = (from: number, to: number) => (row: AccessRow) => {
  const status = integer(row, 'status');
  return status !== null && status >= from && status <= to;
};
export const hasFailed = statusIn(400, 999);
export const has = (name: string) => (row: AccessRow) => (row[name] ?? null) !== null;

// Rows of periods.

export interface Span {
  readonly from: number;
  readonly to: number;
}

export function matches({ scope: { filter } }: World) {
  const same = (value: string | null, wanted: string | undefined) =>
    wanted === undefined || (wanted === '-' ? value === null : value === wanted);
  return (row: AccessRow) =>
    same(text(row, 'customer_name'), filter.customer) &&
    isOfPlan(row, filter.plan) &&
    same(text(row, 'api_id'), filter.api) &&
    same(text(row, 'stage'), filter.stage);
}

function isOfPlan(row: AccessRow, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  if (wanted === '-') return planKey(row) === null;
  return text(row, 'usage_plan_id') === wanted || text(row, 'usage_plan') === wanted;
}

export function rowsOf(world: World, span: Span = world.scope): AccessRow[] {
  const { from, to } = span;
  return world.requests.filter(
    (row) =>
      has('request_time_epoch')(row) &&
      timeOf(row) >= from &&
      timeOf(row) < to &&
      matches(world)(row),
  );
}

/** Whether the log, whoever it is about, has a request in the first tenth of a span. */
export function isLogged({ requests }: World, { from, to }: Span): boolean {
  const tenth = Math.ceil((to - from) / 10);
  return requests.some((row) => timeOf(row) >= from && timeOf(row) < from + tenth);
}

// Times on the wall.

const formats = new Map<string, Intl.DateTimeFormat>();

const walls = new Map<string, string>();

/** `2026-11-25 22:40` */
function wall(instant: number, timeZone: string): string {
  const minute = Math.floor(instant / MINUTE) * MINUTE;
  const key = `${minute} ${timeZone}`;
  const known = walls.get(key);
  if (known !== undefined) return known;
  const text = formatted(minute, timeZone);
  walls.set(key, text);
  return text;
}

function formatted(instant: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    formats.set(timeZone, format);
  }
  return format.format(instant);
}

export const dateOf = (instant: number, timeZone: string) => wall(instant, timeZone).slice(0, 10);
export const hourOf = (instant: number, timeZone: string) =>
  Number(wall(instant, timeZone).slice(11, 13));

/** Monday is 1. */
export function weekdayOf(instant: number, timeZone: string): number {
  return new Date(`${dateOf(instant, timeZone)}T00:00:00Z`).getUTCDay() || 7;
}

const starts = new Map<string, number>();

/** The first quarter of an hour with a date of `date` or later. */
export function startOfDate(date: string, timeZone: string): number {
  const key = `${date} ${timeZone}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  let instant = Date.parse(`${date}T00:00:00Z`) - 15 * HOUR;
  while (dateOf(instant, timeZone) < date) instant += 15 * MINUTE;
  starts.set(key, instant);
  return instant;
}

export function moveDate(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

const buckets = new Map<string, number>();

export function bucketOf(
  instant: number,
  { bucket, timeZone }: Pick<Scope, 'bucket' | 'timeZone'>,
): number {
  if (bucket === 'minute') return Math.floor(instant / MINUTE) * MINUTE;
  const quarter = Math.floor(instant / (15 * MINUTE)) * 15 * MINUTE;
  const key = `${quarter} ${bucket} ${timeZone}`;
  const known = buckets.get(key);
  if (known !== undefined) return known;
  const start =
    bucket === 'day'
      ? startOfDate(dateOf(quarter, timeZone), timeZone)
      : fullHour(quarter, timeZone);
  buckets.set(key, start);
  return start;
}

/** The latest quarter at which the clock on the wall shows a full hour. */
function fullHour(quarter: number, timeZone: string): number {
  let start = quarter;
  while (wall(start, timeZone).slice(14, 16) !== '00') start -= 15 * MINUTE;
  return start;
}

const isMidnight = (instant: number, timeZone: string) =>
  startOfDate(dateOf(instant, timeZone), timeZone) === instant;

export function previousOf({ scope: { from, to, timeZone } }: World): Span {
  if (!isMidnight(from, timeZone) || !isMidnight(to, timeZone)) {
    return { from: 2 * from - to, to: from };
  }
  const [first, after] = [dateOf(from, timeZone), dateOf(to, timeZone)];
  const days = (Date.parse(after) - Date.parse(first)) / DAY;
  return { from: startOfDate(moveDate(first, -days), timeZone), to: from };
}

/** The same weekdays before, for scopes that start and end at midnight, or in UTC. */
export function weekdaysOf({ scope: { from, to, timeZone } }: World): Span {
  const days = 7 * Math.ceil((to - from) / (7 * DAY));
  const moved = (instant: number) =>
    isMidnight(instant, timeZone)
      ? startOfDate(moveDate(dateOf(instant, timeZone), -days), timeZone)
      : instant - days * DAY;
  return { from: moved(from), to: moved(to) };
}

// Groups and order.

export interface Group<Key extends readonly Cell[]> {
  readonly key: Key;
  readonly rows: readonly AccessRow[];
}

export function groupsOf<const Key extends readonly Cell[]>(
  rows: readonly AccessRow[],
  keyOf: (row: AccessRow) => Key,
): Group<Key>[] {
  const groups = new Map<string, { key: Key; rows: AccessRow[] }>();
  for (const row of rows) {
    const key = keyOf(row);
    const id = JSON.stringify(key);
    const group = groups.get(id) ?? { key, rows: [] };
    group.rows.push(row);
    groups.set(id, group);
  }
  return [...groups.values()];
}

/** Text by its bytes, nothing last. */
export function compare(a: Cell, b: Cell): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

/** Descending where a column's number is negative: `-3` is the third column, the largest first. */
export function sorted(rows: readonly Row[], ...columns: readonly number[]): Row[] {
  return rows.toSorted((a, b) => {
    for (const column of columns) {
      const place = Math.abs(column) - 1;
      const [left, right] = [a[place] as Cell, b[place] as Cell];
      const order = compare(left, right);
      if (order === 0) continue;
      if (left === null || right === null) return order;
      return column < 0 ? -order : order;
    }
    return 0;
  });
}

// Measures.

export const distinct = (rows: readonly AccessRow[], name: string) =>
  new Set(rows.map((row) => text(row, name)).filter((value) => value !== null)).size;

export const earliest = (rows: readonly AccessRow[]) =>
  rows.length === 0 ? null : Math.min(...rows.map(timeOf));
export const latest = (rows: readonly AccessRow[]) =>
  rows.length === 0 ? null : Math.max(...rows.map(timeOf));

export function share(part: number, whole: number, minimum = 1): number | null {
  return whole < minimum || whole === 0 ? null : (100 * part) / whole;
}

export function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

export function average(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : (sum(known) ?? 0) / known.length;
}

/** p50, p95 and p99; nothing under the minimum. */
export function percentiles(
  values: readonly (number | null)[],
  minimum = 20,
): (Percentile | null)[] {
  const known = values.filter((value) => value !== null);
  return [0.5, 0.95, 0.99].map((percentile) =>
    known.length < minimum ? null : { percentile, of: known },
  );
}

/** Groups with their requests and share, the largest first: most panels are such. */
export function counted(
  world: World,
  columns: readonly ((row: AccessRow) => Cell)[],
  {
    where = () => true,
    measures = () => [],
    limit = 100,
  }: {
    where?: (row: AccessRow) => boolean;
    measures?: (rows: readonly AccessRow[]) => Row;
    /** Null where all groups are listed, for there are few. */
    limit?: number | null;
  } = {},
): Row[] {
  const rows = rowsOf(world).filter(where);
  const groups = groupsOf(rows, (row) => columns.map((column) => column(row)));
  const all = groups.map(({ key, rows: own }) => [
    ...key,
    own.length,
    share(own.length, rows.length),
    ...measures(own),
  ]);
  const order = columns.map((_, place) => place + 1);
  return sorted(all, -(columns.length + 1), ...order).slice(
    0,
    limit === null ? undefined : (world.scope.limit ?? limit),
  );
}

export const column = (name: string) => (row: AccessRow) => (row[name] ?? null) as Cell;

/** Requests by bucket and group; those of all but the top groups without one. */
export function series(
  world: World,
  group: (row: AccessRow) => Cell,
  { where = () => true, top }: { where?: (row: AccessRow) => boolean; top?: number } = {},
): Row[] {
  const rows = rowsOf(world).filter(where);
  const largest = sorted(
    groupsOf(
      rows.filter((row) => group(row) !== null),
      (row) => [group(row)],
    ).map(({ key, rows: own }) => [key[0] as Cell, own.length]),
    -2,
    1,
  ).slice(0, world.scope.limit ?? top);
  const isApart = (name: Cell) => top === undefined || largest.some(([it]) => it === name);
  const counted = rows.filter((row) => top === undefined || group(row) !== null);
  return sorted(
    groupsOf(counted, (row) => [
      bucketOf(timeOf(row), world.scope),
      isApart(group(row)) ? group(row) : null,
    ]).map(({ key, rows: own }) => [...key, own.length]),
    1,
    2,
  );
}

/** The named columns of the latest requests. */
export function listed(
  world: World,
  names: readonly string[],
  {
    where = () => true,
    first,
    limit = 100,
  }: { where?: (row: AccessRow) => boolean; first?: string; limit?: number } = {},
): Row[] {
  const { find } = world.scope;
  const findable = [
    'request_id',
    'extended_request_id',
    'xray_trace_id',
    'integration_request_id',
    'connection_id',
    'api_key_id',
    'source_ip',
  ];
  const rows = rowsOf(world)
    .filter(where)
    .filter((row) => find === undefined || findable.some((name) => row[name] === find));
  const keyed = rows.map((row): [Row, AccessRow] => [
    [
      first === undefined ? 0 : integer(row, first),
      timeOf(row),
      text(row, 'extended_request_id') ?? '',
      text(row, 'request_id') ?? '',
      text(row, 'path') ?? '',
    ],
    row,
  ]);
  const byKey = new Map(keyed);
  return sorted([...byKey.keys()], -1, -2, 3, 4, 5)
    .slice(0, world.scope.limit ?? limit)
    .map((key) => {
      const row = byKey.get(key) as AccessRow;
      return names.map((name) => (name === 'time' ? timeOf(row) : ((row[name] ?? null) as Cell)));
    });
}
