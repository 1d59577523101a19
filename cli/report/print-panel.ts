/** A panel's rows on a terminal: a table, bars, a line of blocks for what changes over time. */

import { isFull, limitedScope, OTHERS } from '../../analytics/panels/limit';
import type { Panel, ResultColumn, Scope } from '../../analytics/panels/panel';
import { bar, condensed, maximumOf, shade, sparkline } from '../../analytics/render/blocks';
import { bucketStart, bucketsOf } from '../../analytics/render/buckets';
import { carried, isRest, weekdays } from '../../analytics/render/charts/from-panel';
import { type Clock, clockOf } from '../../analytics/render/clock';
import {
  ABSENT,
  formatCell,
  formatChange,
  formatInteger,
  isAdditive,
  listEnd,
} from '../../analytics/render/format';
import { givingWay } from '../../analytics/render/giving-way';
import type { Value } from '../../analytics/result';
import { printable, widthOf } from '../terminal/printable';
import { type Cell, printTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';
import { wrap } from '../terminal/wrap';

type Row = readonly Value[];

interface Shown {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
  readonly scope: Scope;
  readonly clock: Clock;
  readonly terminal: Terminal;
}

/** The width where that of the terminal is not known. */
const ORDINARY_WIDTH = 100;
const GAP = 2;

export function printPanel(
  panel: Panel,
  scope: Scope,
  rows: readonly Row[],
  terminal: Terminal,
): void {
  const { print, paint, columns: width = ORDINARY_WIDTH } = terminal;
  print(paint(panel.title, 'bold'));
  for (const line of wrap(panel.definition, width)) print(paint(line, 'dim'));
  if (rows.length === 0) {
    print(panel.empty);
    return;
  }
  // The table of numbers has no heads: its first line is empty.
  if (panel.shape !== 'kpi') print();
  const clock = clockOf(scope.timeZone);
  const shown = shownRows(panel, scope, rows);
  printers[panel.shape](told({ columns: panel.columns, rows: shown, scope, clock, terminal }));
  const end = endOf(panel, scope, rows);
  for (const line of end === undefined ? [] : wrap(end, width)) print(paint(line, 'dim'));
}

/** A terminal has no use for more rows than the panel lists, where more were asked for. */
function shownRows({ shape, limit }: Panel, scope: Scope, rows: readonly Row[]): readonly Row[] {
  return shape === 'series' || scope.limit === undefined ? rows : rows.slice(0, limit);
}

/** What stands below a list that is cut, or may be. */
function endOf(panel: Panel, scope: Scope, rows: readonly Row[]): string | undefined {
  const shown = shownRows(panel, scope, rows).length;
  const [some, all] = [shown, rows.length].map(formatInteger);
  const isEnd = isFull({ ...panel, limit: limitedScope(panel, scope).limit }, rows);
  if (shown === rows.length) return isEnd ? listEnd(shown) : undefined;
  return isEnd
    ? `The first ${some} of at least ${all} are shown; --csv and --json have the first ${all}.`
    : `The first ${some} of ${all} are shown; --csv and --json have all.`;
}

const printers: Readonly<Record<Panel['shape'], (shown: Shown) => void>> = {
  kpi: printNumbers,
  series: printSeries,
  bars: printBars,
  map: printBars,
  heat: printHeat,
  table: printRecords,
};

/** Without the columns that have no value in any row. */
function told(shown: Shown): Shown {
  const { columns, rows } = shown;
  const kept = columns.map((_, place) => rows.some((row) => (row[place] ?? null) !== null));
  return {
    ...shown,
    columns: columns.filter((_, place) => kept[place]),
    rows: rows.map((row) => row.filter((_, place) => kept[place])),
  };
}

const isMeasure = ({ unit }: ResultColumn) => unit !== undefined;
const isNumeric = ({ type }: ResultColumn) => type === 'integer' || type === 'number';
const asNumber = (value: Value | undefined) => (typeof value === 'number' ? value : null);

function textOf(value: Value | undefined, column: ResultColumn, clock: Clock): string {
  // A status is a name, no amount.
  if (typeof value === 'number' && isNumeric(column) && !isMeasure(column)) return String(value);
  return printable(formatCell(value, column, clock));
}

/** A number a line, with what it is compared with beside it. */
function printNumbers({ columns, rows, clock, terminal }: Shown): void {
  const [row = []] = rows;
  const cellOf = (column: ResultColumn) => row[columns.indexOf(column)] ?? null;
  const lines = columns
    .filter(({ comparedWith }) => comparedWith === undefined)
    .map((column): Cell[] => {
      const now = asNumber(cellOf(column));
      const before = columns
        .filter(({ comparedWith }) => comparedWith === column.name)
        .map((earlier) => comparisonOf(now, asNumber(cellOf(earlier)), earlier, clock));
      return [
        { text: column.title, colors: ['dim'] },
        { text: textOf(cellOf(column), column, clock), colors: ['bold'] },
        { text: before.filter((text) => text !== '').join(', '), colors: ['dim'] },
      ];
    });
  printTable(terminal, { head: ['', '', ''], rows: lines, numbers: [1] });
}

function comparisonOf(
  now: number | null,
  before: number | null,
  column: ResultColumn,
  clock: Clock,
): string {
  if (now === null || before === null) return '';
  const change = formatChange(now, before, column.unit);
  const what = column.name.startsWith('weekday_') ? 'same weekdays before' : 'previous period';
  return `${change} (${what}: ${textOf(before, column, clock)})`;
}

/** A line of blocks for each measure, or for each group. */
function printSeries({ columns, rows, scope, clock, terminal }: Shown): void {
  const width = terminal.columns ?? ORDINARY_WIDTH;
  const places = columns.map((_, place) => place);
  const time = columns.findIndex(({ type }) => type === 'timestamp');
  const measures = places.filter((place) => isMeasure(columns[place] as ResultColumn));
  const groups = places.filter((place) => place !== time && !measures.includes(place));
  const starts = bucketsOf(scope);
  const isOthers = (own: readonly Row[]) => isRest({ columns }, own[0] ?? []);
  const grouped = groupedBy(rows, groups);
  grouped.sort((one, other) => Number(isOthers(one.rows)) - Number(isOthers(other.rows)));
  const lines = grouped.flatMap(({ key, rows: own }) =>
    measures.map((place) => {
      const column = columns[place] as ResultColumn;
      const byTime = new Map(
        own.map((row) => [
          bucketStart(Number(row[time]), scope.timeZone, scope.bucket),
          asNumber(row[place]),
        ]),
      );
      const nothing = isAdditive(column) && column.comparedWith === undefined ? 0 : null;
      const found = starts.map((start) => byTime.get(start) ?? nothing);
      const values = column.isRunning ? carried(found, starts) : found;
      const names = key.map((value, index) =>
        textOf(value, columns[groups[index] as number] as ResultColumn, clock),
      );
      const group = isOthers(own) ? [OTHERS] : names;
      const name = [...group, ...(measures.length > 1 ? [column.title] : [])].join(' · ');
      return { name, column, values };
    }),
  );
  const most = (values: readonly (number | null)[], column: ResultColumn) =>
    textOf(maximumOf(values), column, clock);
  const nameWidth = Math.min(
    Math.max(...lines.map(({ name }) => widthOf(name))),
    Math.floor(width / 3),
  );
  const mostWidth = Math.max(
    ...lines.map(({ values, column }) => widthOf(most(values, column))),
    4,
  );
  const room = Math.max(10, width - nameWidth - mostWidth - 2 * GAP);
  printTable(terminal, {
    head: ['', 'Most', spanOf(scope, clock)],
    numbers: [1],
    rows: lines.map(({ name, column, values }) => [
      { text: name },
      { text: most(values, column) },
      {
        text: sparkline(condensed(values, room, { additive: isAdditive(column) })),
        colors: ['cyan'],
      },
    ]),
  });
}

function spanOf({ from, to, timeZone }: Scope, clock: Clock): string {
  return `${clock.moment(from)} to ${clock.moment(to)} (${timeZone})`;
}

/** A bar for each row, as long as its first measure. */
function printBars({ columns, rows, clock, terminal }: Shown): void {
  const width = terminal.columns ?? ORDINARY_WIDTH;
  const measure = columns.findIndex(isMeasure);
  const most = maximumOf(rows.map((row) => asNumber(row[measure])));
  const cells = rows.map((row) =>
    columns.map((column, place) => textOf(row[place], column, clock)),
  );
  const used = columns.reduce(
    (sum, { title }, place) =>
      sum + GAP + Math.max(...[title, ...cells.map((row) => row[place] ?? '')].map(widthOf)),
    0,
  );
  const room = Math.max(8, Math.min(40, width - used));
  printTable(terminal, {
    head: [...columns.map(({ title }) => title), ''],
    numbers: columns.flatMap((column, place) => (isMeasure(column) ? [place] : [])),
    rows: cells.map((row, place) => [
      ...row.map((text) => ({ text })),
      {
        text: bar(most > 0 ? (asNumber(rows[place]?.[measure]) ?? 0) / most : 0, room),
        colors: ['cyan'],
      },
    ]),
  });
}

/** A shade for each cell: rows by the first column, cells by the second. */
function printHeat({ columns, rows, clock, terminal }: Shown): void {
  const [down, across] = columns;
  const measure = columns.findLastIndex(isMeasure);
  const column = columns[measure];
  if (!down || !across || !column) return;
  const most = maximumOf(rows.map((row) => asNumber(row[measure])));
  const last = maximumOf(rows.map((row) => asNumber(row[1])));
  const first = Math.min(...rows.map((row) => asNumber(row[1]) ?? 0));
  printTable(terminal, {
    // Days have names here.
    head: [down.title.split(',')[0] ?? '', `${across.title}, ${first} to ${last}`, 'Most'],
    numbers: [2],
    rows: groupedBy(rows, [0]).map(({ key, rows: own }) => {
      const byPlace = new Map(own.map((row) => [row[1], asNumber(row[measure]) ?? 0]));
      const cells = Array.from({ length: last - first + 1 }, (_, place) => {
        const value = byPlace.get(first + place) ?? 0;
        return shade(most > 0 ? value / most : 0).repeat(2);
      });
      return [
        { text: nameOf(key[0], down, clock) },
        { text: cells.join(''), colors: ['cyan'] },
        { text: textOf(maximumOf([...byPlace.values()]), column, clock) },
      ];
    }),
  });
}

function nameOf(value: Value | undefined, column: ResultColumn, clock: Clock): string {
  const day = column.name === 'weekday' ? weekdays[Number(value) - 1] : undefined;
  return day ?? textOf(value, column, clock);
}

/** Longer, the text of a column may be shortened. */
const ENOUGH = 24;
/** So few rows are printed in full. */
const FEW = 3;

/**
 * A table, where it is too wide one of the most important columns, with changes in place of earlier periods.
 * What does not fit even so, and a few rows, have a line for each value.
 */
function printRecords({ columns, rows, clock, terminal }: Shown): void {
  const room = terminal.columns ?? Number.POSITIVE_INFINITY;
  const cells = rows.map((row) =>
    columns.map((column, place) => textOf(row[place], column, clock)),
  );
  const sized = columns.map(({ name, title }, place) => {
    const texts = [title, ...cells.map((row) => row[place] ?? '')];
    return { name, width: Math.min(ENOUGH, Math.max(...texts.map(widthOf))) + GAP };
  });
  const changes = columns.map((column) => changesOf(column, columns, rows));
  const plain = (place: number) => sized[place]?.width ?? 0;
  const folded = (place: number) => {
    const its = changes[place];
    return plain(place) + (its ? Math.max(0, ...its.map(widthOf)) + GAP : 0);
  };
  const all = columns.map((_, place) => place);
  const own = all.filter((place) => columns[place]?.comparedWith === undefined);
  const fitting = (widthAt: (place: number) => number) => {
    const sizes = own.map((place) => ({ name: sized[place]?.name ?? '', width: widthAt(place) }));
    const gone = givingWay(sizes, room + GAP);
    return own.filter((_, index) => !gone.has(index));
  };
  const choice = [
    { shown: all, widthAt: plain, isFolded: false },
    { shown: fitting(folded), widthAt: folded, isFolded: true },
    { shown: fitting(plain), widthAt: plain, isFolded: false },
  ].find(({ shown, widthAt, isFolded }) => {
    const width = shown.reduce((sum, place) => sum + widthAt(place), -GAP);
    const isWhole = shown === all || (isFolded && shown.length === own.length);
    return width <= room && (isWhole || rows.length > FEW);
  });
  if (choice) {
    const { shown, isFolded } = choice;
    const parts = shown.flatMap((place) => {
      const column = columns[place] as ResultColumn;
      const texts = cells.map((row) => row[place] ?? '');
      const its = isFolded ? changes[place] : undefined;
      return [
        { title: column.title, texts, isNumber: isNumeric(column), isChange: false },
        ...(its ? [{ title: '', texts: its, isNumber: true, isChange: true }] : []),
      ];
    });
    printTable(terminal, {
      head: parts.map(({ title }) => title),
      numbers: parts.flatMap(({ isNumber }, index) => (isNumber ? [index] : [])),
      rows: rows.map((_, row) =>
        parts.map(({ texts, isChange }): Cell => {
          const text = texts[row] ?? '';
          return isChange ? { text, colors: ['dim'] } : { text };
        }),
      ),
    });
    const notes = parts.some(({ isChange }) => isChange)
      ? ['Beside numbers: how they changed from the previous period; --csv and --json have both.']
      : [];
    const left = (isFolded ? own : all).filter((place) => !shown.includes(place));
    if (left.length > 0) {
      const titles = left.map((place) => columns[place]?.title).join(' · ');
      notes.push(`Too narrow for ${titles}: a wider terminal, --csv and --json have them.`);
    }
    for (const line of notes.flatMap((note) => wrap(note, room))) {
      terminal.print(terminal.paint(line, 'dim'));
    }
    return;
  }
  for (const [place, row] of cells.entries()) {
    if (place > 0) terminal.print();
    const filled = columns.flatMap(({ title }, column): Cell[][] => {
      const text = row[column] ?? ABSENT;
      return text === ABSENT ? [] : [[{ text: title, colors: ['dim'] }, { text }]];
    });
    printTable(terminal, { head: [`${place + 1}`, ''], rows: filled });
  }
}

/** How the numbers of a column changed from the previous period; undefined where nothing tells that. */
function changesOf(
  column: ResultColumn,
  columns: readonly ResultColumn[],
  rows: readonly Row[],
): string[] | undefined {
  const place = columns.indexOf(column);
  const earlier = columns.findIndex(
    ({ name, comparedWith }) => comparedWith === column.name && name.startsWith('previous_'),
  );
  if (earlier < 0) return undefined;
  return rows.map((row) => {
    const [now, before] = [asNumber(row[place]), asNumber(row[earlier])];
    return now === null || before === null ? '' : formatChange(now, before, column.unit);
  });
}

function groupedBy(rows: readonly Row[], places: readonly number[]): { key: Row; rows: Row[] }[] {
  const groups = new Map<string, { key: Row; rows: Row[] }>();
  for (const row of rows) {
    const key = places.map((place) => row[place] ?? null);
    const id = JSON.stringify(key);
    const group = groups.get(id) ?? { key, rows: [] };
    group.rows.push(row);
    groups.set(id, group);
  }
  return [...groups.values()];
}
