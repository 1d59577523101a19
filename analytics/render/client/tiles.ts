import type { ResultColumn } from '../../panels/panel';
import type { Value } from '../../result';
import { drawSparkline } from '../charts/sparkline';
import type { Clock } from '../clock';
import {
  ABSENT,
  changeTitle,
  formatCell,
  formatChange,
  formatExactly,
  formatShortly,
} from '../format';
import { element, mount } from './dom';

/** Numbers of which more is worse. */
const worse =
  /fail|error|latency|p50|p95|p99|throttl|quota|denied|block|duplicate|unparsed|unattributed|silent|affected|[45]xx/i;

/** One number a tile, with what it was before and, where that is known, its course. */
export function tiles(
  columns: readonly ResultColumn[],
  row: readonly Value[],
  clock: Clock,
  courses: Readonly<Record<string, readonly (number | null)[]>>,
): HTMLElement[] {
  return columns.flatMap((column, place) => {
    if (column.comparedWith !== undefined) return [];
    const value = row[place] ?? null;
    const isNumber = typeof value === 'number' && column.type !== 'timestamp';
    const text = isNumber ? formatShortly(value, column.unit) : formatCell(value, column, clock);
    const exact = isNumber ? formatExactly(value, column.unit) : text;
    const course = courses[column.name];
    return [
      element(
        'div',
        { class: 'tile' },
        element('h3', {}, titleOf(columns, column)),
        element(
          'p',
          { class: value === null ? 'figure absent' : 'figure', title: exact },
          value === null ? ABSENT : text,
        ),
        element('div', { class: 'changes' }, ...changes(columns, row, place)),
        course &&
          course.length > 2 &&
          element(
            'div',
            { class: 'course' },
            mount(drawSparkline(course, { width: 120, height: 34, color: 'var(--accent)' })),
          ),
      ),
    ];
  });
}

/** Two numbers of one title differ by their unit. */
function titleOf(columns: readonly ResultColumn[], column: ResultColumn): string {
  const isDouble = columns.some((it) => it !== column && it.title === column.title);
  return isDouble && column.unit === 'percent' ? `${column.title}, share` : column.title;
}

function changes(
  columns: readonly ResultColumn[],
  row: readonly Value[],
  place: number,
): HTMLElement[] {
  const column = columns[place] as ResultColumn;
  const now = row[place];
  const others = columns.flatMap((other, at) =>
    other.comparedWith === column.name ? [{ other, before: row[at] }] : [],
  );
  const told = others.flatMap(({ other, before }) =>
    typeof now === 'number' && typeof before === 'number'
      ? [changeOf(column, now, other, before)]
      : [],
  );
  if (told.length > 0 || others.length === 0) return told;
  return [element('p', { class: 'change' }, 'no earlier period')];
}

function changeOf(
  column: ResultColumn,
  now: number,
  other: ResultColumn,
  before: number,
): HTMLElement {
  const change = formatChange(now, before, column.unit);
  const isSame = change.startsWith('±');
  const isWorse = worse.test(`${column.name} ${column.title}`);
  const direction = isSame ? 'same' : now > before === isWorse ? 'bad' : 'good';
  const arrow = isSame ? '' : now > before ? '▲ ' : '▼ ';
  return element(
    'p',
    { class: 'change', title: `${other.title}: ${formatExactly(before, other.unit)}` },
    element('b', { class: direction }, `${arrow}${change}`),
    ` ${shortTitle(other)}`,
  );
}

/** A tile has no room for more; the whole title is what the pointer gets. */
function shortTitle(column: ResultColumn): string {
  return changeTitle(column)
    .replace('previous', 'prev.')
    .replace('same weekdays before', 'weekdays');
}
