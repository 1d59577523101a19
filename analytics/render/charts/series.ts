/** Values over time: stacked where they add up to a whole, lines where they do not. */

import type { Clock } from '../clock';
import { type Drawing, draw } from './node';
import { ticksUpTo } from './scale';
import type { Theme } from './theme';

export interface Series {
  readonly name: string;
  readonly color: string;
  /** One a bucket; null where there is no value. */
  readonly values: readonly (number | null)[];
  /** What is only there to compare with. */
  readonly isFaint?: boolean;
}

/** Something that happened at a moment, beside the values. */
export interface MomentMark {
  readonly time: number;
  readonly text: string;
}

export interface SeriesChart {
  /** Starts of the buckets, in order. */
  readonly times: readonly number[];
  /** Length of a bucket in milliseconds. */
  readonly step: number;
  readonly series: readonly Series[];
  /** @default - none */
  readonly marks?: readonly MomentMark[];
  readonly isStacked: boolean;
  readonly isWhole: boolean;
  readonly format: (value: number) => string;
  readonly clock: Clock;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
  /** The text for a screen reader. */
  readonly label: string;
}

/** Where the values are drawn, for what is laid over them. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const FONT = 11;
/** Wider than this a column is a block; narrower than two pixels it is a hair. */
const MAX_COLUMN = 36;
const MIN_COLUMN = 3;

export function plotOf({ width, height }: Pick<SeriesChart, 'width' | 'height'>): Plot {
  return { left: 56, right: width - 10, top: 10, bottom: height - 24 };
}

export function drawSeries(chart: SeriesChart): Drawing {
  const { width, height, theme, series, times, isStacked } = chart;
  const plot = plotOf(chart);
  const max = highest(chart);
  const ticks = ticksUpTo(
    max,
    Math.max(2, Math.floor((plot.bottom - plot.top) / 44)),
    chart.isWhole,
  );
  const top = ticks[ticks.length - 1] ?? 1;
  const yOf = (value: number) => plot.bottom - (value / top) * (plot.bottom - plot.top);
  const slot = (plot.right - plot.left) / Math.max(1, times.length);
  const full = series.filter(({ isFaint }) => !isFaint);
  const faint = series.filter(({ isFaint }) => isFaint);
  return draw(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': chart.label,
      'font-family': 'system-ui, sans-serif',
      'font-size': FONT,
    },
    ...ticks.map((tick) =>
      draw('line', {
        x1: plot.left,
        x2: plot.right,
        y1: crisp(yOf(tick)),
        y2: crisp(yOf(tick)),
        stroke: theme.grid,
      }),
    ),
    ...ticks.map((tick) =>
      draw(
        'text',
        { x: plot.left - 8, y: yOf(tick) + 4, fill: theme.muted, 'text-anchor': 'end' },
        chart.format(tick),
      ),
    ),
    ...timeTicks(chart, plot, slot),
    ...(isStacked
      ? drawStack(full, plot, slot, yOf)
      : full.map((it) => drawLine(it, plot, slot, yOf))),
    ...faint.map((it, index) => drawLine(it, plot, slot, yOf, index === 0 ? '5 3' : '1 3')),
    ...drawMarks(chart, plot, slot),
  );
}

/** The marks of a bucket, by its index: those outside of all buckets are in none. */
export function marksByBucket<M extends MomentMark>(
  marks: readonly M[],
  times: readonly number[],
  step: number,
): ReadonlyMap<number, readonly M[]> {
  const found = new Map<number, M[]>();
  for (const mark of marks) {
    const bucket = times.findLastIndex((time) => time <= mark.time);
    const start = times[bucket];
    // A day on which the clocks change is an hour longer.
    const end = times[bucket + 1] ?? (start ?? 0) + step;
    if (start === undefined || mark.time >= end) continue;
    const known = found.get(bucket);
    if (known) known.push(mark);
    else found.set(bucket, [mark]);
  }
  return found;
}

/** One line for all marks of a bucket, with a flag that lists them. */
function drawMarks(
  { marks = [], times, step, theme }: SeriesChart,
  plot: Plot,
  slot: number,
): Drawing[] {
  return [...marksByBucket(marks, times, step)].flatMap(([bucket, own]) => {
    const x = crisp(plot.left + slot * (bucket + 0.5));
    const flag = `M${x - 4},${plot.top - 8}h8v5l-4,4l-4,-4Z`;
    const title = own.map(({ text }) => text).join('\n');
    return [
      draw('line', {
        x1: x,
        x2: x,
        y1: plot.top,
        y2: plot.bottom,
        stroke: theme.text,
        'stroke-dasharray': '2 3',
      }),
      draw('path', { d: flag, fill: theme.text }, draw('title', {}, title)),
    ];
  });
}

function highest({ times, series, isStacked }: SeriesChart): number {
  let max = 0;
  times.forEach((_, bucket) => {
    let sum = 0;
    for (const { values, isFaint } of series) {
      const value = values[bucket] ?? 0;
      if (isStacked && !isFaint) sum += value;
      else max = Math.max(max, value);
    }
    max = Math.max(max, sum);
  });
  return max;
}

function drawStack(
  series: readonly Series[],
  plot: Plot,
  slot: number,
  yOf: (value: number) => number,
): Drawing[] {
  const length = series[0]?.values.length ?? 0;
  const below = new Array<number>(length).fill(0);
  const width = Math.min(MAX_COLUMN, slot * 0.72);
  return series.map(({ color, values }) => {
    let path = '';
    if (width >= MIN_COLUMN) {
      values.forEach((value, bucket) => {
        const from = below[bucket] ?? 0;
        const to = from + (value ?? 0);
        below[bucket] = to;
        if (to === from) return;
        const x = plot.left + slot * (bucket + 0.5) - width / 2;
        path += `M${one(x)},${one(yOf(from))}V${one(yOf(to))}h${one(width)}V${one(yOf(from))}Z`;
      });
    } else {
      const lower = below.slice();
      values.forEach((value, bucket) => {
        below[bucket] = (below[bucket] ?? 0) + (value ?? 0);
      });
      const xOf = (bucket: number) => one(plot.left + slot * (bucket + 0.5));
      below.forEach((value, bucket) => {
        path += `${bucket === 0 ? 'M' : 'L'}${xOf(bucket)},${one(yOf(value))}`;
      });
      for (let bucket = length - 1; bucket >= 0; bucket--) {
        path += `L${xOf(bucket)},${one(yOf(lower[bucket] ?? 0))}`;
      }
      path += 'Z';
    }
    return draw('path', { d: path || 'M0,0', fill: color });
  });
}

function drawLine(
  { color, values, isFaint }: Series,
  plot: Plot,
  slot: number,
  yOf: (value: number) => number,
  dashes?: string,
): Drawing {
  let path = '';
  let isOpen = false;
  values.forEach((value, bucket) => {
    if (value === null) {
      isOpen = false;
      return;
    }
    const x = one(plot.left + slot * (bucket + 0.5));
    // A value between two gaps would be a line of no length.
    const isAlone = !isOpen && (values[bucket + 1] ?? null) === null;
    path += `${isOpen ? 'L' : 'M'}${x},${one(yOf(value))}${isAlone ? 'h0.1' : ''}`;
    isOpen = true;
  });
  return draw('path', {
    d: path || 'M0,0',
    fill: 'none',
    stroke: color,
    'stroke-width': isFaint ? 1.25 : 1.75,
    'stroke-dasharray': dashes,
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
  });
}

function timeTicks(
  { times, step, clock, theme }: SeriesChart,
  plot: Plot,
  slot: number,
): Drawing[] {
  if (times.length === 0) return [];
  const room = Math.max(1, Math.floor((plot.right - plot.left) / 76));
  return ticksOf(times, step, clock, room).map(({ bucket, label }) => {
    const x = plot.left + slot * (bucket + (step >= 86_400_000 ? 0.5 : 0));
    const isFirst = x < plot.left + 18;
    const isLast = x > plot.right - 18;
    return draw(
      'text',
      {
        x: isFirst ? plot.left : isLast ? plot.right : x,
        y: plot.bottom + 17,
        fill: theme.muted,
        'text-anchor': isFirst ? 'start' : isLast ? 'end' : 'middle',
      },
      label,
    );
  });
}

/** Midnights where the buckets span days, else full hours, at most `room` of them. */
function ticksOf(
  times: readonly number[],
  step: number,
  clock: Clock,
  room: number,
): { bucket: number; label: string }[] {
  const span = step * times.length;
  if (span > 2.5 * 86_400_000) {
    const days = times.flatMap((time, bucket) =>
      step >= 86_400_000 || clock.time(time) === '00:00'
        ? [{ bucket, label: clock.shortDay(time) }]
        : [],
    );
    return thinned(days, room);
  }
  const hours = times.flatMap((time, bucket) =>
    step >= 3_600_000 || clock.time(time).endsWith(':00')
      ? [{ bucket, label: clock.time(time) === '00:00' ? clock.shortDay(time) : clock.time(time) }]
      : [],
  );
  return thinned(
    hours.length > 0 ? hours : times.map((time, bucket) => ({ bucket, label: clock.time(time) })),
    room,
  );
}

function thinned<T>(all: readonly T[], room: number): T[] {
  const every = [1, 2, 3, 4, 6, 7, 12, 14, 24, 28].find((it) => all.length / it <= room);
  return all.filter((_, index) => index % (every ?? Math.ceil(all.length / room)) === 0);
}

function one(pixels: number): string {
  return String(Math.round(pixels * 10) / 10);
}

/** A line of one pixel in the middle of a row of pixels is not smeared over two. */
function crisp(pixels: number): number {
  return Math.round(pixels) + 0.5;
}
