import { type Drawing, draw } from './node';

/** The course of a number, as small as a word and without text: the number stands beside it. */
export function drawSparkline(
  values: readonly (number | null)[],
  { width, height, color }: { width: number; height: number; color: string },
): Drawing {
  const known = values.filter((value) => value !== null);
  const max = Math.max(...known, 0);
  const min = Math.min(...known, max);
  const floor = min > max * 0.6 ? min - (max - min) * 0.5 : 0;
  const xOf = (index: number) => 1 + (index / Math.max(1, values.length - 1)) * (width - 2);
  const yOf = (value: number) =>
    height - 2 - (max > floor ? (value - floor) / (max - floor) : 0) * (height - 4);
  let line = '';
  let isOpen = false;
  let area = '';
  let start = 0;
  values.forEach((value, index) => {
    if (value === null) {
      if (isOpen) area += `L${x1(xOf(index - 1))},${height}L${x1(xOf(start))},${height}Z`;
      isOpen = false;
      return;
    }
    if (!isOpen) start = index;
    const point = `${isOpen ? 'L' : 'M'}${x1(xOf(index))},${x1(yOf(value))}`;
    line += point;
    area += point;
    isOpen = true;
  });
  if (isOpen) area += `L${x1(xOf(values.length - 1))},${height}L${x1(xOf(start))},${height}Z`;
  return draw(
    'svg',
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    draw('path', { d: area || 'M0,0', fill: color, 'fill-opacity': '0.12' }),
    draw('path', {
      d: line || 'M0,0',
      fill: 'none',
      stroke: color,
      'stroke-width': 1.5,
      'vector-effect': 'non-scaling-stroke',
      'stroke-linejoin': 'round',
    }),
  );
}

function x1(pixels: number): string {
  return String(Math.round(pixels * 10) / 10);
}
