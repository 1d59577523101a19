/** Numbers, bars and tables where there is no page to put them in: as many as there is room for. */

import type { ResultColumn } from '../../panels/panel';
import type { Value } from '../../result';
import type { Clock } from '../clock';
import { changeTitle, formatCell, formatChange, formatShortly } from '../format';
import { givingWay } from '../giving-way';
import { type Drawing, draw } from './node';
import { CHARACTER, drawText, FONT, fitted } from './text';
import type { Theme } from './theme';

export interface Figure {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Value[])[];
  readonly clock: Clock;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}

const LINE = 20;
const TILE = 132;

/** The numbers of the first row, each with how it changed. */
export function drawTiles({ columns, rows, clock, theme, width, height }: Figure): Drawing[] {
  const row = rows[0] ?? [];
  const across = Math.max(1, Math.floor(width / TILE));
  const own = columns.flatMap((column, place) => (column.comparedWith ? [] : [{ column, place }]));
  const slot = width / Math.min(across, own.length);
  const changes = own.map(({ column }) => changeOf(columns, row, column));
  const textOf = ({ by, than }: { by: string; than: string }) => `${by} vs ${than}`;
  // The same words in all tiles, and all of them.
  const isShort = changes.some((it) => it && fitted(textOf(it), slot - 10) !== textOf(it));
  return own.flatMap(({ column, place }, index) => {
    const x = (index % across) * slot;
    const y = Math.floor(index / across) * 64;
    if (y + 56 > height) return [];
    const value = row[place] ?? null;
    const isNumber = typeof value === 'number' && column.type !== 'timestamp';
    const text = isNumber ? formatShortly(value, column.unit) : formatCell(value, column, clock);
    const room = { width: slot - 10 };
    const change = changes[index];
    const told = change && textOf(isShort ? { ...change, than: 'before' } : change);
    return [
      drawText(column.title, { x, y: y + 12, fill: theme.muted, ...room }),
      drawText(text, { x, y: y + 36, fill: theme.text, size: 22, weight: 600, ...room }),
      drawText(told ?? '', { x, y: y + 52, fill: theme.muted, ...room }),
    ];
  });
}

/** A bar a row, by the first measure. */
export function drawBars({ columns, rows, clock, theme, width, height }: Figure): Drawing[] {
  const place = columns.findIndex(({ unit }) => unit !== undefined);
  const labels = columns.flatMap(({ unit }, index) => (unit === undefined ? [index] : []));
  const shown = rows.slice(0, Math.max(1, Math.floor(height / LINE)));
  const max = Math.max(1, ...shown.map((row) => Number(row[place] ?? 0)));
  const left = Math.min(width * 0.45, 220);
  const right = 64;
  return shown.flatMap((row, index) => {
    const y = index * LINE;
    const label = labels
      .map((at) => formatCell(row[at], columns[at] as ResultColumn, clock))
      .join(' · ');
    const length = ((width - left - right) * Math.max(0, Number(row[place] ?? 0))) / max;
    return [
      drawText(label, { x: 0, y: y + 14, fill: theme.text, width: left - 10 }),
      draw('rect', {
        x: left,
        y: y + 3,
        width: Math.max(1, length),
        height: LINE - 6,
        rx: 2,
        fill: theme.categories[0],
      }),
      drawText(formatCell(row[place], columns[place] as ResultColumn, clock), {
        x: width,
        y: y + 14,
        fill: theme.text,
        anchor: 'end',
        width: right - 6,
      }),
    ];
  });
}

/** The first rows that there is room for, of the most important columns; numbers with how they changed. */
export function drawTable({ columns, rows, clock, theme, width, height }: Figure): Drawing[] {
  const shown = rows.slice(0, Math.max(0, Math.floor(height / LINE) - 1));
  const own = columns.flatMap((column, place) => {
    if (column.comparedWith !== undefined) return [];
    const texts = shown.map((row) => cellOf(row, place));
    const most = Math.max(column.title.length, ...texts.map(({ length }) => length));
    return [
      { name: column.name, column, texts, width: Math.ceil(Math.min(30, most) * CHARACTER) + 14 },
    ];
  });
  const gone = givingWay(own, width);
  let x = 0;
  return own.flatMap(({ column, texts, width: room }, index) => {
    const start = x;
    if (gone.has(index)) return [];
    if (start + room > width && start > 0) {
      x = Number.POSITIVE_INFINITY;
      return [];
    }
    x += room;
    const isNumber = column.type === 'integer' || column.type === 'number';
    const at = isNumber
      ? { x: start + room - 14, anchor: 'end' as const, width: room - 14 }
      : { x: start, width: room - 10 };
    return [
      drawText(column.title, { ...at, y: 13, fill: theme.muted }),
      ...texts.map((text, line) =>
        drawText(text, { ...at, y: (line + 1) * LINE + 14, fill: theme.text }),
      ),
    ];
  });

  function cellOf(row: readonly Value[], place: number): string {
    const column = columns[place] as ResultColumn;
    const change = changeOf(columns, row, column);
    return [formatCell(row[place], column, clock), ...(change ? [change.by] : [])].join('  ');
  }
}

/** By how much a number differs from the first that it is compared with, and which one that is. */
function changeOf(
  columns: readonly ResultColumn[],
  row: readonly Value[],
  column: ResultColumn,
): { readonly by: string; readonly than: string } | undefined {
  const other = columns.find(({ comparedWith }) => comparedWith === column.name);
  if (!other) return undefined;
  const [value, before] = [row[columns.indexOf(column)], row[columns.indexOf(other)]];
  if (typeof value !== 'number' || typeof before !== 'number') return undefined;
  return { by: formatChange(value, before, column.unit), than: changeTitle(other) };
}

/** Names and colors of series in a line, those that fit. */
export function drawLegend(
  series: readonly { readonly name: string; readonly color: string }[],
  theme: Theme,
  width: number,
): Drawing[] {
  let x = 0;
  return series.flatMap(({ name, color }) => {
    const text = fitted(name, 150);
    const room = text.length * CHARACTER + 30;
    if (x + room > width && x > 0) return [];
    const start = x;
    x += room;
    return [
      draw('rect', { x: start, y: 2, width: 10, height: 10, rx: 2, fill: color }),
      draw('text', { x: start + 15, y: 11, fill: theme.muted, 'font-size': FONT }, text),
    ];
  });
}
