import type { Filter, ResultColumn } from '../../panels/panel';
import type { Value } from '../../result';
import { countryName } from '../charts/country-codes';
import type { Clock } from '../clock';
import { formatCell, formatChange, listEnd } from '../format';
import { givingWay } from '../giving-way';
import { element } from './dom';
import { observe } from './series-view';

/** Columns whose values are filters too, and of what. */
const filterOf: Readonly<Record<string, keyof Filter>> = {
  customer: 'customer',
  customer_name: 'customer',
  plan: 'plan',
  usage_plan: 'plan',
  usage_plan_id: 'plan',
  api: 'api',
  api_id: 'api',
  stage: 'stage',
};

/** A customer's page is not to be filtered by customer: there is one. */
export interface TableOptions {
  readonly caption: string;
  readonly clock: Clock;
  readonly onFilter: ((filter: Partial<Filter>) => void) | undefined;
  /** The rows that are shown at first. */
  readonly first: number;
  /** A bar behind the first measure. */
  readonly hasBars?: boolean;
  /** Columns of earlier periods are shown as changes of the numbers that they are compared with. */
  readonly isFolded?: boolean;
  readonly empty: string;
  /** Whether more rows may have been left out of a list. */
  readonly isFull?: boolean;
}

/** The width of what opens a row, in pixels. */
const OPENER_WIDTH = 28;

export function dataTable(
  columns: readonly ResultColumn[],
  rows: readonly (readonly Value[])[],
  options: TableOptions,
): HTMLElement {
  // What a number is compared with stands beside it, as a change; all columns are in the CSV.
  const isCompared = (column: ResultColumn) =>
    columns.some(({ name }) => options.isFolded && name === column.comparedWith);
  const shownPlaces = columns.flatMap((column, place) => (isCompared(column) ? [] : [place]));
  const planKeyPlace = columns.findIndex(({ name }) => name === 'plan_key');
  const barPlace = options.hasBars ? columns.findIndex(({ unit }) => unit !== undefined) : -1;
  const max = Math.max(0, ...rows.map((row) => Number(row[barPlace] ?? 0)));
  let sortedBy: { place: number; isDescending: boolean } | undefined;
  let shown = options.first;

  /** Columns without room, which a row shows below itself when it is opened. */
  let hidden: ReadonlySet<number> = new Set();
  const opened = new Set<readonly Value[]>();

  const body = element('tbody');
  const more = element('button', { type: 'button', class: 'more' });
  const end = element('p', { class: 'note' }, listEnd(rows.length));
  const heads = shownPlaces.map((place) => {
    const column = columns[place] as ResultColumn;
    const isDouble = columns.some((it) => it !== column && it.title === column.title);
    const title = isDouble && column.unit === 'percent' ? `${column.title}, %` : column.title;
    const button = element('button', { type: 'button' }, title);
    button.addEventListener('click', () => {
      const isDescending = sortedBy?.place === place ? !sortedBy.isDescending : isNumeric(column);
      sortedBy = { place, isDescending };
      layOut();
    });
    return element('th', { scope: 'col', class: isNumeric(column) ? 'number' : undefined }, button);
  });

  // Without a name: a heading for screen readers would be read before every row.
  const openers = element('td', { class: 'opener' });
  const fill = () => {
    if (hidden.size === 0) openers.remove();
    else heads[0]?.before(openers);
    heads.forEach((head, index) => {
      head.hidden = hidden.has(shownPlaces[index] ?? -1);
      const isSorted = sortedBy?.place === shownPlaces[index];
      if (isSorted)
        head.setAttribute('aria-sort', sortedBy?.isDescending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    const ordered = sortedBy ? rows.toSorted(by(sortedBy.place, sortedBy.isDescending)) : rows;
    body.replaceChildren(...ordered.slice(0, shown).flatMap(linesOf));
    more.hidden = rows.length <= options.first;
    more.textContent =
      shown < rows.length
        ? `Show ${options.isFull ? 'the first' : 'all'} ${rows.length.toLocaleString('en-US')}`
        : 'Show fewer';
    end.hidden = !options.isFull || shown < rows.length;
  };
  more.addEventListener('click', () => {
    shown = shown < rows.length ? rows.length : options.first;
    layOut();
  });

  const linesOf = (row: readonly Value[]) => {
    const staying = shownPlaces.filter((place) => !hidden.has(place));
    const cells = staying.map((place) => cellOf(row, place));
    if (hidden.size === 0) return [element('tr', {}, ...cells)];
    const isOpen = opened.has(row);
    const opener = element(
      'button',
      { type: 'button', 'aria-expanded': String(isOpen), 'aria-label': 'All columns of this row' },
      '›',
    );
    const line = element('tr', {}, element('td', { class: 'opener' }, opener), ...cells);
    const details = detailsOf(row, staying.length + 1);
    details.hidden = !isOpen;
    opener.addEventListener('click', () => {
      if (!opened.delete(row)) opened.add(row);
      opener.setAttribute('aria-expanded', String(opened.has(row)));
      details.hidden = !opened.has(row);
    });
    return [line, details];
  };

  const detailsOf = (row: readonly Value[], width: number) => {
    const told = shownPlaces.filter((place) => hidden.has(place) && row[place] !== null);
    const facts = told.map((place) =>
      element(
        'div',
        {},
        element('dt', {}, columns[place]?.title ?? ''),
        element('dd', {}, ...cellOf(row, place).childNodes),
      ),
    );
    const content =
      facts.length === 0 ? 'No other column has a value.' : element('dl', {}, ...facts);
    return element('tr', { class: 'details' }, element('td', { colspan: width }, content));
  };

  const cellOf = (row: readonly Value[], place: number) => {
    const column = columns[place] as ResultColumn;
    const value = row[place] ?? null;
    const text = textOf(value, column, options.clock);
    const name = filterOf[column.name];
    if (name && options.onFilter && (value !== null || (name !== 'stage' && !column.restName))) {
      const link = element(
        'button',
        { type: 'button', class: 'link', title: `Only ${text}` },
        text,
      );
      // Names of plans repeat, ids do not.
      const wanted = (name === 'plan' ? row[planKeyPlace] : undefined) ?? value;
      link.addEventListener('click', () =>
        options.onFilter?.({ [name]: wanted === null ? '-' : String(wanted) }),
      );
      return element('td', {}, link);
    }
    if (!isNumeric(column)) {
      return element('td', { class: 'words', title: text.length > 30 ? text : undefined }, text);
    }
    if (place === barPlace && typeof value === 'number' && max > 0) {
      const bar = element('i', { class: 'bar', 'aria-hidden': 'true' });
      bar.style.setProperty('--share', `${(100 * Math.max(0, value)) / max}%`);
      return element(
        'td',
        { class: 'number barred' },
        bar,
        element('span', {}, text),
        changeOf(row, column),
      );
    }
    return element('td', { class: 'number' }, text, options.isFolded && changeOf(row, column));
  };

  const changeOf = (row: readonly Value[], column: ResultColumn) => {
    const place = columns.findIndex(({ comparedWith }) => comparedWith === column.name);
    if (place < 0) return undefined;
    const [now, before] = [row[columns.indexOf(column)], row[place]];
    if (typeof now !== 'number' || typeof before !== 'number') return undefined;
    const title = `${columns[place]?.title}: ${textOf(before, column, options.clock)}`;
    return element('small', { class: 'change', title }, formatChange(now, before, column.unit));
  };

  fill();
  if (rows.length === 0) return element('p', { class: 'empty' }, options.empty);
  const scroll = element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${options.caption}: table` },
    element(
      'table',
      {},
      element('caption', { class: 'unseen' }, options.caption),
      element('thead', {}, element('tr', {}, ...heads)),
      body,
    ),
  );
  const layOut = () => {
    hidden = new Set();
    fill();
    if (scroll.scrollWidth <= scroll.clientWidth) return;
    const { paddingLeft, paddingRight } = getComputedStyle(scroll);
    const room =
      scroll.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
    const widths = shownPlaces.map((place, index) => ({
      name: columns[place]?.name ?? '',
      width: heads[index]?.offsetWidth ?? 0,
    }));
    const gone = givingWay(widths, room - OPENER_WIDTH);
    hidden = new Set(shownPlaces.filter((_, index) => gone.has(index)));
    fill();
  };
  observe(scroll, layOut);
  return element('div', { class: 'table' }, scroll, end, more);
}

function textOf(value: Value, column: ResultColumn, clock: Clock): string {
  if (column.name === 'country' && typeof value === 'string') {
    const name = countryName(value);
    return name === value ? formatCell(value, column, clock) : name;
  }
  return formatCell(value, column, clock);
}

function isNumeric(column: ResultColumn): boolean {
  return column.type === 'integer' || column.type === 'number';
}

/** Rows without a value come last, whichever the order is. */
function by(place: number, isDescending: boolean) {
  return (one: readonly Value[], other: readonly Value[]): number => {
    const [a, b] = [one[place] ?? null, other[place] ?? null];
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    const order = a < b ? -1 : a > b ? 1 : 0;
    return isDescending ? -order : order;
  };
}
