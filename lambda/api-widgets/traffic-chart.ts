/** The requests of today, yesterday and a week ago as one SVG chart. */

import { escapeMarkup } from '../../analytics/render/escape';

/** One line of the chart: values at offsets from the range's start. */
export interface Line {
  readonly label: string;
  /** Milliseconds from the start of the range, and the requests in the period that begins there. */
  readonly points: readonly (readonly [offset: number, value: number])[];
}

export interface ChartOptions {
  /** Epoch milliseconds; the lines of earlier days are drawn over it. */
  readonly start: number;
  readonly end: number;
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
  /** The viewer's offset from UTC. */
  readonly offsetMinutes: number;
}

const themes = {
  light: { text: '#16191f', faint: '#5f6b7a', grid: '#e1e4e8' },
  dark: { text: '#d1d5db', faint: '#9ba7b6', grid: '#2f3a48' },
};

/** Now, a day before, a week before: different in dashes as well as in colour. */
function styleOf(index: number): { colour: string; width: number; dashes: string } {
  if (index === 0) return { colour: '#2074d5', width: 2, dashes: '' };
  return index === 1
    ? { colour: '#8a8f98', width: 1.5, dashes: '' }
    : { colour: '#b0784c', width: 1.5, dashes: '4 3' };
}

const MARGIN = { left: 52, right: 12, top: 34, bottom: 24 };

export function trafficChart(lines: readonly Line[], options: ChartOptions): string {
  const { start, end, width, height, theme } = options;
  const { text, faint, grid } = themes[theme];
  const plotWidth = Math.max(50, width - MARGIN.left - MARGIN.right);
  const plotHeight = Math.max(30, height - MARGIN.top - MARGIN.bottom);
  const top = niceCeiling(Math.max(1, ...lines.flatMap(({ points }) => points.map(([, y]) => y))));
  const x = (offset: number) => MARGIN.left + (offset / (end - start)) * plotWidth;
  const y = (value: number) => MARGIN.top + plotHeight - (value / top) * plotHeight;

  const horizontal = [0, 0.5, 1].map(
    (share) =>
      `<line x1="${MARGIN.left}" x2="${MARGIN.left + plotWidth}" y1="${y(top * share)}" y2="${y(top * share)}" stroke="${grid}"/>` +
      `<text x="${MARGIN.left - 6}" y="${y(top * share) + 4}" text-anchor="end" fill="${faint}">${short(top * share)}</text>`,
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = share * (end - start);
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    return `<text x="${round(x(at))}" y="${height - 8}" text-anchor="${anchor}" fill="${faint}">${clock(start + at, options)}</text>`;
  });
  const drawn = lines.map(({ points }, index) => {
    const { colour, width: stroke, dashes } = styleOf(index);
    const path = points
      .map(([offset, value]) => `${round(x(offset))},${round(y(value))}`)
      .join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${stroke}" stroke-dasharray="${dashes}"/>`;
  });
  const legend = lines.map(({ label, points }, index) => {
    const { colour } = styleOf(index);
    const total = points.reduce((sum, [, value]) => sum + value, 0);
    const at = MARGIN.left + (index * plotWidth) / lines.length;
    return (
      `<rect x="${round(at)}" y="8" width="12" height="4" fill="${colour}"/>` +
      `<text x="${round(at + 17)}" y="14" fill="${text}">${escapeMarkup(label)} ${short(total)}</text>`
    );
  });

  const title = lines.map(
    ({ label, points }) =>
      `${label}: ${points.reduce((sum, [, value]) => sum + value, 0)} requests`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" role="img" font-family="sans-serif" font-size="11">` +
    `<title>${escapeMarkup(title.join(', '))}</title>` +
    [...horizontal, ...ticks, ...drawn, ...legend].join('') +
    '</svg>'
  );
}

/** Hours within a day or two, dates beyond. */
function clock(at: number, { start, end, offsetMinutes }: ChartOptions): string {
  const local = new Date(at + offsetMinutes * 60_000).toISOString();
  return end - start <= 2 * 86_400_000 ? local.slice(11, 16) : local.slice(5, 10);
}

/** The next of 1, 2, 5, 10, 20, …: an axis that ends in a round number. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

/** 1,234,567 as 1.23M. */
export function short(value: number): string {
  for (const [limit, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value >= limit) return `${Number((value / limit).toPrecision(3))}${unit}`;
  }
  return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
