/** How values are written for people: page, charts and SVG use the same words. */

import type { ResultColumn, Unit } from '../panels/panel';
import type { Value } from '../result';
import type { Clock } from './clock';
import { visible } from './visible';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const signs = ['', 'K', 'M', 'B', 'T'];

/** What stands where there is no value. */
export const ABSENT = '–';

/** A cell of a table: exact where a number counts something. */
export function formatCell(value: Value | undefined, column: ResultColumn, clock: Clock): string {
  if (value === null || value === undefined) return column.restName ?? ABSENT;
  if (typeof value !== 'number') return visible(String(value));
  if (column.type === 'timestamp') return formatMoment(value, column, clock);
  return formatExactly(value, column.unit);
}

/** A month and a day have no time of day, the first and the last of many requests to the minute. */
function formatMoment(ms: number, { name }: ResultColumn, clock: Clock): string {
  if (name === 'month') return clock.month(ms);
  if (name.endsWith('_seen')) return clock.moment(ms);
  if (ms % 1000 !== 0) return clock.exactly(ms);
  return clock.time(ms) === '00:00' ? clock.bucket(ms, 'day') : clock.moment(ms);
}

export function formatExactly(value: number, unit: Unit | undefined): string {
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'ms') return formatMilliseconds(value);
  if (unit === 'percent') return formatPercent(value);
  // An estimate gets no decimals of a large number.
  return Number.isInteger(value) || Math.abs(value) >= 100
    ? whole.format(value)
    : fine.format(value);
}

/** A large number, or one at an axis: three digits that count. */
export function formatShortly(value: number, unit: Unit | undefined): string {
  if (unit === 'bytes' || unit === 'ms' || unit === 'percent') return formatExactly(value, unit);
  return compact(value);
}

/** Whether values of a column add up to one of the same kind. */
export function isAdditive({ unit, isRunning }: Pick<ResultColumn, 'unit' | 'isRunning'>): boolean {
  if (isRunning) return false;
  return unit === 'requests' || unit === 'lines' || unit === 'bytes' || unit === 'count';
}

/** What stands below a list that is as long as it may be. */
export function listEnd(rows: number): string {
  return `The first ${formatInteger(rows)} are shown; there may be more.`;
}

/** What a number is compared with, without the number's own name: `previous period`. */
export function changeTitle({ title }: ResultColumn): string {
  const own = title.slice(title.lastIndexOf(', ') + 1).trim();
  return own.charAt(0).toLowerCase() + own.slice(1);
}

/** By how much a number differs from the one before, in words short enough for a tile. */
export function formatChange(now: number, before: number, unit: Unit | undefined): string {
  if (unit === 'percent') {
    const points = now - before;
    return `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(Math.abs(points) < 1 ? 2 : 1)} pp`;
  }
  if (before === 0) return now === 0 ? '±0%' : 'from 0';
  const change = (100 * (now - before)) / Math.abs(before);
  if (change > 999) return `×${compact(now / before)}`;
  const size = Math.abs(change);
  if (size < 0.05) return '±0%';
  return `${change < 0 ? '−' : '+'}${size < 10 ? size.toFixed(1) : whole.format(size)}%`;
}

export function formatInteger(value: number): string {
  return whole.format(value);
}

/** 950, 1.24K, 12.4K, 124K, 1.24M. */
function compact(value: number): string {
  const size = Math.abs(value);
  if (size < 1000) return Number.isInteger(value) ? String(value) : fine.format(value);
  let power = Math.min(Math.floor(Math.log10(size) / 3), signs.length - 1);
  if (Number((size / 1000 ** power).toPrecision(3)) >= 1000 && power < signs.length - 1) power++;
  return `${Number((value / 1000 ** power).toPrecision(3))}${signs[power]}`;
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let power = 0;
  let rest = bytes;
  while (Math.abs(rest) >= 999.5 && power < units.length - 1) {
    rest /= 1000;
    power++;
  }
  return `${Number(rest.toPrecision(3))} ${units[power]}`;
}

/** Milliseconds up to ten seconds, then seconds, then minutes. */
function formatMilliseconds(ms: number): string {
  if (ms < 100) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < 10_000) return `${whole.format(ms)} ms`;
  if (ms < 600_000) return `${Number((ms / 1000).toPrecision(3))} s`;
  return `${Number((ms / 60_000).toPrecision(3))} min`;
}

/** Small shares keep enough digits not to become 0. */
export function formatPercent(percent: number): string {
  const size = Math.abs(percent);
  if (size === 0) return '0%';
  if (size < 0.01) return percent > 0 ? '<0.01%' : '>−0.01%';
  if (size < 1) return `${percent.toFixed(2)}%`;
  if (size < 100) return `${percent.toFixed(1)}%`;
  return `${whole.format(percent)}%`;
}
