import type { Bucket } from '../../panels/panel';
import type { SeriesData } from '../charts/from-panel';
import { drawSeries, type MomentMark, marksByBucket, plotOf } from '../charts/series';
import type { Clock } from '../clock';
import { formatExactly, formatShortly } from '../format';
import { pageTheme } from '../theme-style';
import { element, mount } from './dom';
import { hideTooltip, showTooltip } from './tooltip';

export interface SeriesViewOptions {
  readonly clock: Clock;
  readonly bucket: Bucket;
  readonly title: string;
  readonly height: number;
  readonly marks: readonly MomentMark[];
}

/** Of more changes than this, the chart shows only how many there are. */
const MAX_MARKS = 8;

/** A chart over time with a legend that hides series, and a pointer that reads values. */
export function seriesView(
  data: SeriesData,
  { clock, bucket, title, height, marks }: SeriesViewOptions,
): HTMLElement {
  const marked = marksByBucket(marks, data.times, data.step);
  const hidden = new Set<string>();
  const canvas = element('div', { class: 'canvas' });
  const cursor = element('div', { class: 'cursor', hidden: true });
  const frame = element(
    'div',
    {
      class: 'chart',
      tabindex: 0,
      role: 'group',
      'aria-label': `${title}: chart over time. Arrow keys read the values.`,
    },
    canvas,
    cursor,
  );
  const spoken = element('p', { class: 'unseen', 'aria-live': 'polite' });
  const shown = () => data.series.filter(({ name }) => !hidden.has(name));
  let width = 0;
  let at = -1;

  const redraw = () => {
    width = Math.max(240, Math.floor(frame.clientWidth));
    const drawing = drawSeries({
      times: data.times,
      step: data.step,
      series: shown(),
      marks,
      isStacked: data.isStacked,
      isWhole: data.unit !== 'percent' && data.unit !== 'ms',
      format: (value) => formatShortly(value, data.unit),
      clock,
      theme: pageTheme,
      width,
      height,
      label: title,
    });
    canvas.replaceChildren(mount(drawing));
  };

  const read = (bucketAt: number, y?: number) => {
    at = Math.max(0, Math.min(data.times.length - 1, bucketAt));
    const time = data.times[at];
    if (time === undefined) return;
    const plot = plotOf({ width, height });
    const x = plot.left + ((at + 0.5) * (plot.right - plot.left)) / data.times.length;
    cursor.hidden = false;
    cursor.style.left = `${x}px`;
    const box = frame.getBoundingClientRect();
    const rows = shown().map(({ name, color, values }) => ({
      name,
      color,
      text: valueText(values[at]),
    }));
    const total = shown().reduce(
      (sum, { values, isFaint }) => sum + (isFaint ? 0 : (values[at] ?? 0)),
      0,
    );
    const content = element(
      'div',
      {},
      element('strong', {}, clock.bucket(time, bucket)),
      ...rows.map(({ name, color, text }) =>
        element(
          'div',
          { class: 'reading' },
          swatch(color),
          element('span', {}, name),
          element('b', {}, text),
        ),
      ),
      data.isStacked &&
        rows.length > 1 &&
        element(
          'div',
          { class: 'reading total' },
          swatch('transparent'),
          element('span', {}, 'Total'),
          element('b', {}, formatExactly(total, data.unit)),
        ),
      ...(marked.get(at) ?? [])
        .slice(0, MAX_MARKS)
        .map((mark) => element('div', { class: 'mark' }, `${clock.time(mark.time)} ${mark.text}`)),
    );
    showTooltip(content, box.left + x, y ?? box.top + height / 2);
  };
  const valueText = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : formatExactly(value, data.unit);
  const leave = () => {
    cursor.hidden = true;
    hideTooltip();
  };

  frame.addEventListener('pointermove', (event) => {
    const plot = plotOf({ width, height });
    const x = event.clientX - frame.getBoundingClientRect().left - plot.left;
    read(Math.floor((x / (plot.right - plot.left)) * data.times.length), event.clientY);
  });
  frame.addEventListener('pointerleave', leave);
  frame.addEventListener('blur', leave);
  frame.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7 }[event.key];
    const end = { Home: 0, End: data.times.length - 1 }[event.key];
    if (step === undefined && end === undefined) return;
    event.preventDefault();
    read(end ?? (at < 0 ? 0 : at + (step ?? 0)));
    const time = data.times[at];
    if (time === undefined) return;
    const values = shown().map(({ name, values }) => `${name} ${valueText(values[at])}`);
    const changes = (marked.get(at) ?? []).map(({ text }) => text);
    spoken.textContent = `${clock.bucket(time, bucket)}: ${[...values, ...changes].join(', ')}`;
  });
  observe(frame, redraw);
  return element('div', { class: 'series' }, frame, spoken, legend(data, hidden, redraw));
}

function legend(
  data: SeriesData,
  hidden: Set<string>,
  redraw: () => void,
): HTMLElement | undefined {
  // The title names what is drawn, but not of whom.
  if (data.series.length < 2 && !data.isGrouped) return undefined;
  return element(
    'div',
    { class: 'legend', role: 'group', 'aria-label': 'Series that are shown' },
    ...data.series.map(({ name, color, values, isFaint }) => {
      const sum = values.reduce<number>((total, value) => total + (value ?? 0), 0);
      const button = element(
        'button',
        { type: 'button', 'aria-pressed': 'true' },
        swatch(color, isFaint),
        element('span', {}, name),
        data.isAdditive && element('b', {}, formatShortly(sum, data.unit)),
      );
      button.addEventListener('click', () => {
        if (!hidden.delete(name)) hidden.add(name);
        button.setAttribute('aria-pressed', String(!hidden.has(name)));
        redraw();
      });
      return button;
    }),
  );
}

function swatch(color: string, isFaint = false): HTMLElement {
  const made = element('i', { class: isFaint ? 'swatch faint' : 'swatch', 'aria-hidden': 'true' });
  made.style.setProperty('--color', color);
  return made;
}

const DRAW = 'draw-now';

/** Draws when the element gets its size, and again with each other width. */
export function observe(target: HTMLElement, redraw: () => void): void {
  let width = -1;
  const draw = () => {
    if (target.clientWidth === width || target.clientWidth === 0) return;
    width = target.clientWidth;
    redraw();
  };
  new ResizeObserver(draw).observe(target);
  target.addEventListener(DRAW, draw);
}

/** Draws what has another size by now, without waiting for its turn: a printer does not wait. */
export function drawNow(root: HTMLElement): void {
  for (const chart of root.querySelectorAll('.chart, .scroll'))
    chart.dispatchEvent(new Event(DRAW));
}
