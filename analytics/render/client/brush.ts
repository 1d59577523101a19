import { draw } from '../charts/node';
import type { Clock } from '../clock';
import { element, mount, uniqueId } from './dom';
import { observe } from './series-view';

export interface BrushOptions {
  /** Starts of the slots, in order, and the end of the last. */
  readonly times: readonly number[];
  readonly end: number;
  readonly clock: Clock;
  /** Both are starts of slots, or the end. */
  readonly onSelect: (from: number, to: number) => void;
}

const HEIGHT = 44;

/**
 * The traffic of the whole report, to drag a period out of. The two handles are sliders for who has
 * no pointer.
 */
export class Brush {
  readonly root: HTMLElement;
  readonly #options: BrushOptions;
  readonly #canvas = element('div', { class: 'canvas' });
  readonly #window = element('div', { class: 'window' });
  readonly #handles: readonly [HTMLElement, HTMLElement];
  #values: readonly number[] = [];
  /** Slots: the first one, and the one after the last. */
  #selected: [number, number];

  constructor(options: BrushOptions) {
    this.#options = options;
    this.#selected = [0, options.times.length];
    const handle = (label: string) =>
      element('div', {
        class: 'handle',
        role: 'slider',
        tabindex: 0,
        'aria-label': label,
        id: uniqueId('handle'),
      });
    this.#handles = [handle('Start of the period'), handle('End of the period')];
    this.root = element(
      'div',
      { class: 'brush', title: 'Drag to select a period; double-click for all' },
      this.#canvas,
      this.#window,
      ...this.#handles,
    );
    this.#listen();
    observe(this.root, () => this.#draw());
  }

  /** What stands in the background, a number a slot, and what is selected. */
  show(values: readonly number[], from: number, to: number): void {
    this.#values = values;
    const { times } = this.#options;
    const start = times.findLastIndex((time) => time <= from);
    const end = times.findIndex((time) => time >= to);
    this.#selected = [Math.max(0, start), end < 0 ? times.length : end];
    this.#draw();
  }

  #draw(): void {
    const width = this.root.clientWidth;
    if (width === 0) return;
    const count = Math.max(1, this.#values.length);
    const max = this.#values.reduce((most, value) => Math.max(most, value), 1);
    const slot = width / count;
    let path = `M0,${HEIGHT}`;
    this.#values.forEach((value, index) => {
      const y = Math.round((HEIGHT - 3 - (value / max) * (HEIGHT - 6)) * 10) / 10;
      path += `L${Math.round(index * slot * 10) / 10},${y}L${Math.round((index + 1) * slot * 10) / 10},${y}`;
    });
    path += `L${width},${HEIGHT}Z`;
    this.#canvas.replaceChildren(
      mount(
        draw(
          'svg',
          { width, height: HEIGHT, 'aria-hidden': 'true' },
          draw('path', { d: path, fill: 'var(--accent)', 'fill-opacity': '0.45' }),
        ),
      ),
    );
    this.#place();
  }

  #place(): void {
    const { times, clock } = this.#options;
    const percent = (slot: number) => `${(100 * slot) / Math.max(1, times.length)}%`;
    const [first, last] = this.#selected;
    this.#window.style.left = percent(first);
    this.#window.style.width = percent(last - first);
    this.#handles.forEach((handle, side) => {
      const slot = this.#selected[side] as number;
      handle.style.left = percent(slot);
      handle.setAttribute('aria-valuemin', String(side === 0 ? 0 : first + 1));
      handle.setAttribute('aria-valuemax', String(side === 0 ? last - 1 : times.length));
      handle.setAttribute('aria-valuenow', String(slot));
      handle.setAttribute('aria-valuetext', clock.moment(this.#momentOf(slot)));
    });
  }

  #momentOf(slot: number): number {
    return this.#options.times[slot] ?? this.#options.end;
  }

  #listen(): void {
    const slotAt = (event: PointerEvent) => {
      const { left, width } = this.root.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
      return Math.round(share * this.#options.times.length);
    };
    this.root.addEventListener('pointerdown', (event) => {
      const side = this.#handles.indexOf(event.target as HTMLElement);
      const anchor = side < 0 ? slotAt(event) : (this.#selected[1 - side] as number);
      this.root.setPointerCapture(event.pointerId);
      const move = (to: PointerEvent) => {
        const at = slotAt(to);
        if (at === anchor) return;
        this.#selected = [Math.min(anchor, at), Math.max(anchor, at)];
        this.#place();
      };
      const up = (to: PointerEvent) => {
        this.root.removeEventListener('pointermove', move);
        this.root.removeEventListener('pointerup', up);
        if (side >= 0 || slotAt(to) !== anchor) this.#tell();
      };
      this.root.addEventListener('pointermove', move);
      this.root.addEventListener('pointerup', up);
    });
    this.root.addEventListener('dblclick', () => {
      this.#selected = [0, this.#options.times.length];
      this.#tell();
    });
    this.#handles.forEach((handle, side) => {
      handle.addEventListener('keydown', (event) => this.#onKey(event, side as 0 | 1));
    });
  }

  #onKey(event: KeyboardEvent, side: 0 | 1): void {
    const day = 24;
    const steps = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -day,
      PageUp: day,
    };
    const step = steps[event.key as keyof typeof steps];
    const limits =
      side === 0 ? [0, this.#selected[1] - 1] : [this.#selected[0] + 1, this.#options.times.length];
    const [low = 0, high = 0] = limits;
    const wanted =
      event.key === 'Home'
        ? low
        : event.key === 'End'
          ? high
          : this.#selected[side] + (step ?? Number.NaN);
    if (Number.isNaN(wanted)) return;
    event.preventDefault();
    this.#selected[side] = Math.min(high, Math.max(low, wanted));
    this.#tell();
  }

  #tell(): void {
    this.#place();
    this.#options.onSelect(this.#momentOf(this.#selected[0]), this.#momentOf(this.#selected[1]));
  }
}
