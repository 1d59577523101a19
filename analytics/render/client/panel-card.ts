import { isFull } from '../../panels/limit';
import type { Filter } from '../../panels/panel';
import type { Value } from '../../result';
import { countryName } from '../charts/country-codes';
import { heatOf, mapOf, seriesOf } from '../charts/from-panel';
import { drawHeat } from '../charts/heat';
import { drawMap, undrawn } from '../charts/map';
import type { Clock } from '../clock';
import { csvOf } from '../csv';
import { formatExactly, formatInteger, formatShortly } from '../format';
import type { Mark } from '../marks';
import type { ReportPanel, ReportScope } from '../report';
import { pageTheme } from '../theme-style';
import { aboutButton } from './about';
import { dataTable } from './data-table';
import { element, mount, uniqueId } from './dom';
import { download } from './download';
import { observe, seriesView } from './series-view';
import { tiles } from './tiles';

/** What a card shows at the moment. */
export interface Shown {
  readonly rows: readonly (readonly Value[])[];
  readonly scope: ReportScope;
  /** Changes of the account that touched what is shown. */
  readonly marks: readonly Mark[];
  /** Why the rows are not those of the filters, or not exactly, if they are not. */
  readonly note?: string | undefined;
  /** What the numbers lack, if that is much. */
  readonly hint: string | undefined;
  /** The course of a tile's number, by the column. */
  readonly courses: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface CardOptions {
  readonly clock: Clock;
  readonly onFilter: (filter: Partial<Filter>) => void;
  /** How complete the numbers are, beside their definition. */
  readonly completeness: string;
}

/** A panel on the page: title, drawing, the table behind it, its definition, and its rows as CSV. */
export class PanelCard {
  readonly root: HTMLElement;
  readonly panel: ReportPanel;
  readonly #options: CardOptions;
  readonly #body = element('div', { class: 'body' });
  readonly #note = element('p', { class: 'note', hidden: true });
  readonly #toggle: HTMLButtonElement | undefined;
  readonly #hint = element('p', { class: 'hint', hidden: true });
  #isTable = false;
  #shown: Shown | undefined;

  constructor(panel: ReportPanel, size: 'wide' | 'half', options: CardOptions) {
    this.panel = panel;
    this.#options = options;
    const heading = uniqueId('panel');
    if (panel.shape !== 'table' && panel.shape !== 'bars' && panel.shape !== 'kpi') {
      this.#toggle = element(
        'button',
        { type: 'button', class: 'quiet', 'aria-pressed': 'false' },
        'Table',
      );
      this.#toggle.addEventListener('click', () => this.#switch());
    }
    const csv = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': `${panel.title} as CSV` },
      'CSV',
    );
    csv.addEventListener('click', () => this.#save());
    const isTiles = panel.shape === 'kpi';
    this.root = element(
      'section',
      {
        class: isTiles ? 'panel tiles-panel' : `panel ${size}`,
        'aria-labelledby': heading,
        id: `panel-${panel.id}`,
      },
      element(
        'header',
        {},
        element('h2', { id: heading }, panel.title),
        element(
          'div',
          { class: 'actions' },
          this.#toggle,
          csv,
          aboutButton(panel, options.clock, () => this.#facts()),
        ),
      ),
      this.#note,
      this.#body,
      this.#hint,
    );
  }

  show(shown: Shown): void {
    this.#shown = shown;
    this.#note.hidden = shown.note === undefined;
    this.#note.textContent = shown.note ?? '';
    // Where there is no number, none lacks anything.
    this.#hint.hidden = shown.hint === undefined || shown.rows.length === 0;
    this.#hint.textContent = shown.hint ?? '';
    this.#body.replaceChildren(this.#content(shown));
  }

  #facts(): string[] {
    const note = this.#shown?.note;
    return [...(note === undefined ? [] : [note]), this.#options.completeness];
  }

  #switch(): void {
    this.#isTable = !this.#isTable;
    this.#toggle?.setAttribute('aria-pressed', String(this.#isTable));
    if (this.#shown) this.show(this.#shown);
  }

  #save(): void {
    if (!this.#shown) return;
    download(`${this.panel.id}.csv`, csvOf(this.panel.columns, this.#shown.rows), 'text/csv');
  }

  #content(shown: Shown): HTMLElement {
    const { panel } = this;
    const { clock } = this.#options;
    const { rows } = shown;
    if (rows.length === 0) return element('p', { class: 'empty' }, panel.empty);
    if (panel.shape === 'kpi') {
      const all = tiles(panel.columns, rows[0] ?? [], clock, shown.courses);
      return element('div', { class: 'tiles' }, ...all);
    }
    if (this.#isTable || panel.shape === 'table' || panel.shape === 'bars') {
      return this.#table(rows, panel.shape === 'bars');
    }
    if (panel.shape === 'series') {
      const data = seriesOf(panel, rows, shown.scope, pageTheme);
      const height = this.root.classList.contains('wide') ? 260 : 220;
      const { bucket } = shown.scope;
      return seriesView(data, { clock, bucket, title: panel.title, height, marks: shown.marks });
    }
    return panel.shape === 'heat' ? this.#heat(rows) : this.#map(rows);
  }

  #table(rows: Shown['rows'], hasBars: boolean): HTMLElement {
    const { clock, onFilter } = this.#options;
    const { columns, title, empty, shape } = this.panel;
    // The table below a chart has everything.
    const isFolded = shape === 'table' || shape === 'bars';
    return dataTable(columns, rows, {
      caption: title,
      clock,
      onFilter,
      first: 10,
      hasBars,
      isFolded,
      empty,
      isFull: isFull(this.panel, rows),
    });
  }

  #heat(rows: Shown['rows']): HTMLElement {
    const { rows: names, columns, values, unit } = heatOf(this.panel, rows, this.#options.clock);
    const frame = element('div', { class: 'chart' });
    observe(frame, () => {
      const drawing = drawHeat({
        rows: names,
        columns,
        values,
        format: (value) => formatShortly(value, unit),
        theme: pageTheme,
        width: frame.clientWidth,
        cellHeight: 24,
        label: this.panel.title,
      });
      frame.replaceChildren(mount(drawing));
    });
    return frame;
  }

  #map(rows: Shown['rows']): HTMLElement {
    const { values, unit } = mapOf(this.panel, rows);
    const frame = element('div', { class: 'chart' });
    const label = this.panel.title;
    const format = (value: number) => formatExactly(value, unit);
    observe(frame, () => {
      const width = frame.clientWidth;
      frame.replaceChildren(mount(drawMap({ values, format, theme: pageTheme, width, label })));
    });
    const top = [...values].sort((one, other) => other[1] - one[1]).slice(0, 6);
    const small = undrawn(values);
    return element(
      'div',
      { class: 'map' },
      frame,
      element(
        'ol',
        { class: 'countries' },
        ...top.map(([code, value]) =>
          element(
            'li',
            {},
            element('span', {}, countryName(code)),
            element('b', {}, format(value)),
          ),
        ),
      ),
      small.length > 0 &&
        element(
          'p',
          { class: 'note' },
          `${formatInteger(small.length)} too small for the map, in the table: ${small.slice(0, 4).map(countryName).join(', ')}${small.length > 4 ? '…' : ''}`,
        ),
    );
  }
}
