/** The page: reads the report that is in it, and shows of it what the address asks for. */

import { dimensionOf, measureOf } from '../../cubes/cube';
import { liveRows } from '../../live/all';
import { coursesOf } from '../../live/courses';
import { type Attribution, attributionIn } from '../../live/lines';
import { Look, type Selections } from '../../live/look';
import { selectRows } from '../../live/select';
import type { Filter, Page, Scope } from '../../panels/panel';
import { bucketsOf } from '../buckets';
import { clockOf } from '../clock';
import { completenessHint, completenessLine, completenessWarnings } from '../completeness';
import { filteredNote } from '../filtered-note';
import { isTouched, type Mark } from '../marks';
import type { ReportPanel } from '../report';
import { visible } from '../visible';
import { element } from './dom';
import { DrawingQueue } from './drawing-queue';
import { FilterBar, type FilterValues } from './filter-bar';
import { PanelCard, type Shown } from './panel-card';
import { readPayload } from './payload';
import { drawNow } from './series-view';
import { initialState, isWhole, pages, readState, type State, writeState } from './state';
import { tabs } from './tabs';
import { installTooltip } from './tooltip';

const DAY = 86_400_000;

/** What the filters choose, and what panels share of it. */
interface View {
  readonly wanted: Scope;
  readonly selections: Selections;
  /** Undefined where nothing is filtered, or nothing can be counted. */
  readonly attribution: Attribution | undefined;
}

async function start(): Promise<void> {
  const { report, cubes } = await readPayload();
  const { scope } = report;
  const clock = clockOf(scope.timeZone);
  const traffic = cubes['traffic'];
  const slots = bucketsOf({ ...scope, bucket: traffic?.slot ?? 'hour' });
  let state = readState(location.hash, scope);

  const go = (next: State, isStep: boolean) => {
    const address = writeState(next, scope);
    if (isStep) location.hash = address;
    else location.replace(address);
  };
  const onFilter = (filter: Partial<Filter>) =>
    go({ ...state, filter: cleaned({ ...state.filter, ...filter }) }, true);

  const bar =
    traffic &&
    new FilterBar(
      { options: optionsOf(), times: slots, from: scope.from, to: scope.to },
      clock,
      report.customer === undefined ? [] : ['customer'],
      ({ filter, ...change }) =>
        go({ ...state, ...change, filter: cleaned({ ...state.filter, ...filter }) }, true),
      () => go({ ...initialState(scope), page: state.page }, true),
    );
  const cards = new Map<string, PanelCard>();
  const queue = new DrawingQueue();
  const known = pages.filter(({ id }) => report.panels.some(({ page }) => page === id));
  const menu = tabs(known, (page) => go({ ...state, page }, true));
  const main = element('main', { id: 'panels', tabindex: -1, role: 'tabpanel' });

  document
    .getElementById('page')
    ?.replaceChildren(
      element('a', { class: 'skip', href: '#panels', onclick: skip }, 'Skip to the panels'),
      element(
        'header',
        { class: 'top' },
        element(
          'div',
          { class: 'title' },
          element('h1', {}, visible(report.title)),
          element(
            'p',
            {},
            `${clock.moment(scope.from)} – ${clock.moment(scope.to)}, ${scope.timeZone}`,
          ),
        ),
        element('div', { class: 'actions' }, themeButton(), printButton()),
      ),
      menu.root,
      bar ? bar.root : '',
      ...completenessWarnings(report.completeness).map((text) =>
        element('p', { class: 'warning', role: 'note' }, text),
      ),
      main,
      element(
        'footer',
        {},
        element('p', {}, completenessLine(report.completeness)),
        element(
          'p',
          {},
          `Made ${clock.moment(report.madeAt)}. This file asks nothing of any server. Map: Natural Earth, by world-atlas (ISC).`,
        ),
      ),
    );
  installTooltip();

  const cardsOf = (page: Page): PanelCard[] => {
    const shown = report.panels.filter((panel) => panel.page === page);
    return shown.map((panel) => cardOf(panel, shown));
  };

  /** Paper has no tabs: all pages one after another. */
  const showAll = () => {
    const view = viewOf(scopeOf(state));
    const all = known.map(({ id, title }) => ({ title, cards: cardsOf(id) }));
    main.replaceChildren(
      ...all.flatMap(({ title, cards }) => [
        element('h2', { class: 'page-title' }, title),
        ...cards.map(({ root }) => root),
      ]),
    );
    queue.fillNow(
      all.flatMap(({ cards }) => cards),
      (card) => card.show(shownOf(card.panel, view)),
    );
    drawNow(main);
  };

  const render = () => {
    state = readState(location.hash, scope);
    const page = known.find(({ id }) => id === state.page)?.id ?? known[0]?.id ?? 'overview';
    menu.show(page);
    main.setAttribute('aria-labelledby', menu.idOf(page));
    document.title = `${known.find(({ id }) => id === page)?.title} · ${report.title}`;
    const wanted = scopeOf(state);
    bar?.show(state, trafficBySlot(wanted), isWhole(state, scope));
    const view = viewOf(wanted);
    const all = cardsOf(page);
    const roots = all.map(({ root }) => root);
    const isShown = main.childElementCount === roots.length;
    if (!isShown || roots.some((root, place) => main.children[place] !== root)) {
      main.replaceChildren(...roots);
    }
    queue.fill(all, (card) => card.show(shownOf(card.panel, view)));
  };

  const cardOf = (panel: ReportPanel, all: readonly ReportPanel[]): PanelCard => {
    const found = cards.get(panel.id);
    if (found) return found;
    const made = new PanelCard(panel, sizeOf(panel, all), {
      clock,
      onFilter,
      completeness: `${report.completeness ? 'In the whole report: ' : ''}${completenessLine(report.completeness)}`,
    });
    cards.set(panel.id, made);
    return made;
  };

  const viewOf = (wanted: Scope): View => {
    const selections: Selections = new Map();
    const isCounted = traffic && !isWhole(state, scope);
    const look = isCounted ? new Look(cubes, wanted, selections) : undefined;
    return { wanted, selections, attribution: look && attributionIn(look) };
  };

  const shownOf = (panel: ReportPanel, view: View): Shown => {
    const shown = rowsOf(panel, view);
    return { ...shown, marks: marksOf(panel, shown.scope.filter) };
  };

  /** Changes are marked in charts of requests. */
  const marksOf = ({ shape, columns }: ReportPanel, filter: Filter): readonly Mark[] => {
    if (!report.marks || shape !== 'series') return [];
    if (!columns.some(({ unit }) => unit === 'requests')) return [];
    const plans = plansOf(filter.customer);
    return report.marks.filter((mark) => isTouched(mark, filter, plans));
  };

  /** The plans that a customer uses, by id and by name. */
  const plansOf = (customer: string | undefined): ReadonlySet<string> => {
    const found = new Set<string>();
    if (!traffic || customer === undefined) return found;
    const columns = ['usage_plan_id', 'usage_plan'].map((name) => dimensionOf(traffic, name));
    for (const row of selectRows(traffic, scope, { customer })) {
      for (const { values, indexes } of columns) {
        const value = values[indexes[row] as number];
        if (value !== null && value !== undefined) found.add(String(value));
      }
    }
    return found;
  };

  /** The rows of the report where nothing is filtered, else those of the cubes. */
  const rowsOf = (
    panel: ReportPanel,
    { wanted, selections, attribution }: View,
  ): Omit<Shown, 'marks'> => {
    const ofWhole = completenessHint(report.completeness, panel);
    if (isWhole(state, scope)) {
      const courses = coursesOf(panel.id, cubes, scope, selections);
      return { rows: panel.rows, scope, courses, hint: ofWhole };
    }
    // Cubes that a filter made do not have the whole log.
    const isUnknown = panel.isOfLog && Object.keys(scope.filter).length > 0;
    const live = isUnknown ? undefined : liveRows(panel, cubes, wanted, selections);
    if (!live) {
      const note = 'Shows the whole report: this panel does not follow the filters.';
      return { rows: panel.rows, scope, courses: {}, note, hint: ofWhole };
    }
    const courses = coursesOf(panel.id, cubes, wanted, selections);
    return {
      rows: live.rows,
      scope: { ...wanted, bucket: live.bucket },
      courses,
      note: filteredNote(panel, live),
      hint: attribution && completenessHint(report.completeness, panel, attribution),
    };
  };

  const scopeOf = ({ from, to, filter }: State): Scope => ({
    from,
    to,
    filter,
    timeZone: scope.timeZone,
    bucket: to - from > 4 * DAY ? 'day' : 'hour',
  });

  /** Requests in each slot of the whole report, by all filters but the period. */
  function trafficBySlot({ filter }: Scope): number[] {
    const sums = new Array<number>(slots.length).fill(0);
    if (!traffic) return sums;
    const slotAt = new Map(slots.map((time, slot) => [time, slot]));
    const time = dimensionOf(traffic, 'time');
    const slotOf = time.values.map((value) => slotAt.get(Number(value)) ?? -1);
    const requests = measureOf(traffic, 'requests');
    for (const row of selectRows(traffic, scope, filter)) {
      const slot = slotOf[time.indexes[row] as number] as number;
      if (slot >= 0) sums[slot] = (sums[slot] as number) + (requests[row] as number);
    }
    return sums;
  }

  function optionsOf(): FilterValues['options'] {
    return {
      customer: valuesOf('customer_name'),
      plan: valuesOf('usage_plan_id', 'usage_plan'),
      api: valuesOf('api_id'),
      stage: valuesOf('stage'),
    };
  }

  /** The values of a dimension with their names, the most used first. */
  function valuesOf(name: string, label = name): { value: string; label: string }[] {
    if (!traffic) return [];
    const values = dimensionOf(traffic, name);
    const labels = dimensionOf(traffic, label);
    const requests = measureOf(traffic, 'requests');
    const found = new Map<string, { value: string; label: string; requests: number }>();
    for (let row = 0; row < traffic.rowCount; row++) {
      const title = labels.values[labels.indexes[row] as number];
      const value = values.values[values.indexes[row] as number] ?? title;
      const key = value === null || value === undefined ? '-' : String(value);
      const entry = found.get(key);
      if (entry) entry.requests += requests[row] as number;
      else {
        const text = key === '-' ? '(none)' : visible(String(title ?? value));
        found.set(key, { value: key, label: text, requests: requests[row] as number });
      }
    }
    const inOrder = [...found.values()].sort((one, other) => other.requests - one.requests);
    // Several plans may have one name.
    return inOrder.map(({ value, label: text }) => {
      const isTold = inOrder.every((other) => other.value === value || other.label !== text);
      return { value, label: isTold ? text : `${text} (${visible(value)})` };
    });
  }

  addEventListener('hashchange', render);
  const root = document.documentElement;
  addEventListener('beforeprint', () => {
    root.classList.add('printed');
    showAll();
  });
  addEventListener('afterprint', () => {
    root.classList.remove('printed');
    render();
  });
  render();
}

/** Two halves stand beside each other: the last of an odd number takes the whole width. */
function sizeOf(panel: ReportPanel, all: readonly ReportPanel[]): 'wide' | 'half' {
  const halves = all.filter((it) => it.shape !== 'kpi' && ownSizeOf(it, all) === 'half');
  const isAlone = halves.length % 2 === 1 && halves.at(-1) === panel;
  return isAlone ? 'wide' : ownSizeOf(panel, all);
}

/** The first chart of a page and wide tables take the whole width. */
function ownSizeOf(panel: ReportPanel, all: readonly ReportPanel[]): 'wide' | 'half' {
  const charts = all.filter(({ shape }) => shape !== 'kpi');
  if (charts[0] === panel) return 'wide';
  if (panel.shape === 'table') {
    const own = panel.columns.filter(({ comparedWith }) => comparedWith === undefined);
    return own.length > 5 ? 'wide' : 'half';
  }
  return panel.shape === 'heat' || panel.shape === 'map' ? 'wide' : 'half';
}

function cleaned(filter: Readonly<Record<string, string | undefined>>): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** A link to the panels would be taken for filters. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('panels')?.focus();
}

function printButton(): HTMLElement {
  return element('button', { type: 'button', class: 'quiet', onclick: () => print() }, 'Print');
}

/** As the system has it, until who reads it chooses. */
function themeButton(): HTMLElement {
  const root = document.documentElement;
  const isDark = () =>
    root.dataset['theme'] === undefined
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : root.dataset['theme'] === 'dark';
  const button = element('button', { type: 'button', class: 'quiet' });
  const name = () => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} colors`);
  };
  button.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    name();
  });
  name();
  return button;
}

start().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  document
    .getElementById('page')
    ?.replaceChildren(element('p', { class: 'waiting' }, `This report cannot be read: ${text}`));
  console.error(error);
});
