/** A value for each pair of two things, shown by color and by the text that a pointer gets. */

import { type Drawing, draw } from './node';
import type { Theme } from './theme';

export interface HeatChart {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** By row, then by column; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly format: (value: number) => string;
  readonly theme: Theme;
  readonly width: number;
  /** The size of a cell up and down. */
  readonly cellHeight: number;
  readonly label: string;
}

const TOP = 20;
const FONT = 11;
const CHARACTER = 6.2;

export function drawHeat(chart: HeatChart): Drawing {
  const { rows, columns, values, theme, width, cellHeight } = chart;
  const longest = Math.min(26, Math.max(1, ...rows.map((row) => row.length)));
  const left = longest * CHARACTER + 10;
  const slot = (width - left - 2) / Math.max(1, columns.length);
  const height = TOP + rows.length * cellHeight + 2;
  const colorOf = colorScale(values.flat(), theme);
  const every = Math.max(
    1,
    Math.ceil((Math.max(1, ...columns.map((column) => column.length)) * CHARACTER + 8) / slot),
  );
  // Text fits into a cell, or the color has to do.
  const hasText = slot >= 42;
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
    ...columns.flatMap((column, at) =>
      at % every === 0
        ? [
            draw(
              'text',
              { x: left + slot * (at + 0.5), y: 13, fill: theme.muted, 'text-anchor': 'middle' },
              column,
            ),
          ]
        : [],
    ),
    ...rows.map((row, at) =>
      draw(
        'text',
        {
          x: left - 8,
          y: TOP + at * cellHeight + cellHeight / 2 + 4,
          fill: theme.muted,
          'text-anchor': 'end',
        },
        shortened(row, longest),
      ),
    ),
    ...values.flatMap((line, row) =>
      line.flatMap((value, column) => {
        const x = left + slot * column;
        const y = TOP + row * cellHeight;
        const { fill, ink } = colorOf(value);
        const cell = draw(
          'rect',
          { x: x + 1, y: y + 1, width: Math.max(1, slot - 2), height: cellHeight - 2, rx: 2, fill },
          draw(
            'title',
            {},
            `${rows[row]}, ${columns[column]}: ${value === null ? 'none' : chart.format(value)}`,
          ),
        );
        if (!hasText || value === null) return [cell];
        const text = draw(
          'text',
          {
            x: x + slot / 2,
            y: y + cellHeight / 2 + 4,
            fill: ink,
            'text-anchor': 'middle',
            'pointer-events': 'none',
          },
          chart.format(value),
        );
        return [cell, text];
      }),
    ),
  );
}

/**
 * Steps of the theme's scale by rank among the values, so that one large value does not leave all
 * others the same; with a color of text that can be read on it.
 */
export function colorScale(
  values: readonly (number | null)[],
  theme: Theme,
): (value: number | null) => { fill: string; ink: string } {
  const known = [...new Set(values.filter((value): value is number => (value ?? 0) > 0))].sort(
    (one, other) => one - other,
  );
  const steps = theme.scale.length;
  return (value) => {
    if (value === null || value <= 0 || known.length === 0) {
      return { fill: theme.vacant, ink: theme.muted };
    }
    let low = 0;
    for (let high = known.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((known[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    const step = Math.min(steps - 1, Math.floor((low / Math.max(1, known.length - 1)) * steps));
    return { fill: theme.scale[step] as string, ink: theme.inks[step] as string };
  };
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
