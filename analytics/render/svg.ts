/**
 * A panel as SVG text, for what shows pictures: widgets of CloudWatch, mails, documents. It consists
 * of shapes and text only: no scripts, links, styles or references, and log values are text.
 */

import type { Panel } from '../panels/panel';
import type { Value } from '../result';
import { drawBars, drawLegend, drawTable, drawTiles } from './charts/figures';
import { heatOf, mapOf, seriesOf } from './charts/from-panel';
import { drawHeat } from './charts/heat';
import { drawMap } from './charts/map';
import { type Drawing, draw } from './charts/node';
import { drawSeries, marksByBucket } from './charts/series';
import { drawText } from './charts/text';
import { dark, light, type Theme } from './charts/theme';
import { type Clock, clockOf } from './clock';
import { escapeMarkup } from './escape';
import { formatExactly, formatShortly } from './format';
import { isTouched, type Mark } from './marks';
import type { ReportScope } from './report';

export interface SvgInput {
  readonly panel: Pick<Panel, 'title' | 'shape' | 'columns' | 'empty'>;
  readonly rows: readonly (readonly Value[])[];
  readonly scope: ReportScope;
  readonly theme: 'light' | 'dark';
  /** In pixels; at least 120 by 60. */
  readonly width: number;
  readonly height: number;
  /** Changes of the account, of which a chart over time shows those about what it is of. */
  readonly marks?: readonly Mark[];
  /** Ids and names of the plans that the customer of the filter uses. */
  readonly plansOfCustomer?: ReadonlySet<string> | undefined;
  /** Whether the title stands above; without it, whatever shows the picture has it. @default true */
  readonly hasTitle?: boolean;
}

const MARGIN = 12;
const TITLE = 26;
/** A line below a chart, of which there are no more than so many, and not where little is left of it. */
const NOTE = 15;
const MAX_NOTES = 4;
const LEAST_PLOT = 140;

/** One `<svg>` element. The same input results in the same text. */
export function renderSvg(input: SvgInput): string {
  const { panel, rows, hasTitle = true } = input;
  const width = Math.max(120, Math.floor(input.width));
  const height = Math.max(60, Math.floor(input.height));
  const theme = input.theme === 'dark' ? dark : light;
  const top = MARGIN + (hasTitle ? TITLE : 0);
  const room = { width: width - 2 * MARGIN, height: height - MARGIN - top };
  const content =
    rows.length === 0
      ? [drawText(panel.empty, { x: 0, y: 20, fill: theme.muted, width: room.width })]
      : contentOf(input, theme, clockOf(input.scope.timeZone), room);
  return serialized(
    draw(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        role: 'img',
        'aria-label': panel.title,
        'font-family': 'system-ui, sans-serif',
        'font-size': 11,
      },
      draw('rect', { width, height, fill: theme.background }),
      ...(hasTitle
        ? [
            drawText(panel.title, {
              x: MARGIN,
              y: MARGIN + 12,
              fill: theme.text,
              size: 13,
              weight: 600,
              width: room.width,
            }),
          ]
        : []),
      draw('g', { transform: `translate(${MARGIN} ${top})` }, ...content),
    ),
  );
}

interface Room {
  readonly width: number;
  readonly height: number;
}

function contentOf(
  { panel, rows, scope, marks = [], plansOfCustomer }: SvgInput,
  theme: Theme,
  clock: Clock,
  { width, height }: Room,
): Drawing[] {
  const { columns, title: label } = panel;
  const figure = { columns, rows, clock, theme, width, height };
  switch (panel.shape) {
    case 'kpi':
      return drawTiles(figure);
    case 'bars':
      return drawBars(figure);
    case 'table':
      return drawTable(figure);
    case 'series': {
      const data = seriesOf(panel, rows, scope, theme);
      const isWhole = data.unit !== 'percent' && data.unit !== 'ms';
      const format = (value: number) => formatShortly(value, data.unit);
      const touched = marks.filter((mark) => isTouched(mark, scope.filter, plansOfCustomer));
      const notes = notesOf(touched, data, clock, height);
      const plotHeight = height - 20 - notes.length * NOTE;
      const common = { isWhole, format, clock, theme, width, label };
      const chart = { ...data, ...common, marks: touched, height: plotHeight };
      return [
        ...drawLegend(data.series, theme, width),
        draw('g', { transform: 'translate(0 18)' }, ...drawSeries(chart).children),
        ...notes.map((text, index) =>
          drawText(text, {
            x: 0,
            y: 18 + plotHeight + (index + 1) * NOTE,
            fill: theme.muted,
            width,
          }),
        ),
      ];
    }
    case 'heat': {
      const data = heatOf(panel, rows, clock);
      const cellHeight = Math.max(8, Math.min(28, (height - 24) / Math.max(1, data.rows.length)));
      const format = (value: number) => formatShortly(value, data.unit);
      return [...drawHeat({ ...data, format, theme, width, cellHeight, label }).children].filter(
        isDrawing,
      );
    }
    case 'map': {
      const { values, unit } = mapOf(panel, rows);
      const map = drawMap({
        values,
        format: (value) => formatExactly(value, unit),
        theme,
        width,
        label,
      });
      const scale = Math.min(width / 960, height / 452);
      return [draw('g', { transform: `scale(${scale.toFixed(4)})` }, ...map.children)];
    }
  }
}

/** A picture has nothing to point at: what the first flags stand for is written below the chart. */
function notesOf(
  marks: readonly Mark[],
  { times, step }: { times: readonly number[]; step: number },
  clock: Clock,
  height: number,
): string[] {
  const room = Math.min(MAX_NOTES, Math.floor((height - LEAST_PLOT) / NOTE));
  const shown = [...marksByBucket(marks, times, step)]
    .sort(([one], [other]) => one - other)
    .flatMap(([, own]) => own.toSorted((one, other) => one.time - other.time));
  if (room <= 0 || shown.length === 0) return [];
  const notes = shown.map(({ time, text }) => `${clock.moment(time)}  ${text}`);
  if (notes.length <= room) return notes;
  return [...notes.slice(0, room - 1), `and ${notes.length - room + 1} more changes`];
}

function isDrawing(child: Drawing | string): child is Drawing {
  return typeof child !== 'string';
}

function serialized({ tag, attributes, children }: Drawing): string {
  const text = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeMarkup(String(value))}"`)
    .join('');
  if (children.length === 0) return `<${tag}${text}/>`;
  const content = children.map((child) =>
    typeof child === 'string' ? escapeMarkup(child) : serialized(child),
  );
  return `<${tag}${text}>${content.join('')}</${tag}>`;
}
