/** A value for each country, by color. */

import { colorScale } from './heat';
import { type Drawing, draw } from './node';
import type { Theme } from './theme';
import { countries, WORLD_HEIGHT, WORLD_WIDTH } from './world';

export interface MapChart {
  /** By the two letters of the country. */
  readonly values: ReadonlyMap<string, number>;
  readonly format: (value: number) => string;
  readonly theme: Theme;
  readonly width: number;
  readonly label: string;
}

function mapHeight(width: number): number {
  return Math.round((width * WORLD_HEIGHT) / WORLD_WIDTH);
}

export function drawMap({ values, format, theme, width, label }: MapChart): Drawing {
  const colorOf = colorScale([...values.values()], theme);
  return draw(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height: mapHeight(width),
      viewBox: `0 0 ${WORLD_WIDTH} ${WORLD_HEIGHT}`,
      role: 'img',
      'aria-label': label,
    },
    ...countries().map(({ code, name, outline }) => {
      const value = code === undefined ? undefined : values.get(code);
      return draw(
        'path',
        {
          d: outline,
          fill: colorOf(value ?? null).fill,
          stroke: theme.background,
          'stroke-width': 0.6,
        },
        draw('title', {}, `${name}: ${value === undefined ? 'none' : format(value)}`),
      );
    }),
  );
}

/** Countries with a value that the map is too coarse to show. */
export function undrawn(values: ReadonlyMap<string, number>): string[] {
  const drawn = new Set(countries().map(({ code }) => code));
  return [...values.keys()].filter((code) => !drawn.has(code));
}
