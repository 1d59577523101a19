/** Rows under one another: every column as wide as its widest cell, and the widest shrink to fit. */

import { shorten, widthOf } from './printable';
import type { Color, Terminal } from './terminal';
import { wrap } from './wrap';

export interface Cell {
  readonly text: string;
  readonly colors?: readonly Color[];
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** A text below each row, for what must stay readable; none where empty. */
  readonly below?: readonly string[];
  /** Columns of numbers, which stand to the right. */
  readonly numbers?: readonly number[];
}

const GAP = '  ';

/** Narrower, a column is of no use any more. */
const MIN_COLUMNS = 6;

export function printTable(
  { print, paint, columns }: Terminal,
  { head, rows, below = [], numbers = [] }: Table,
): void {
  const titles = head.map((text): Cell => ({ text, colors: ['dim'] }));
  const lines = [titles, ...rows];
  const wanted = head.map((_, column) =>
    Math.max(...lines.map((cells) => widthOf(cells[column]?.text ?? ''))),
  );
  const widths = columns ? shrunk(wanted, columns - (head.length - 1) * GAP.length) : wanted;
  for (const [index, cells] of lines.entries()) {
    const texts = cells.map(({ text, colors = [] }, column) => {
      const width = widths[column] ?? 0;
      const shown = shorten(text, width);
      const padding = ' '.repeat(Math.max(0, width - widthOf(shown)));
      const painted = colors.length > 0 ? paint(shown, ...colors) : shown;
      if (numbers.includes(column)) return padding + painted;
      return column === head.length - 1 ? painted : painted + padding;
    });
    print(texts.join(GAP).trimEnd());
    const note = below[index - 1] ?? '';
    const room = columns ? columns - INDENT.length : Number.POSITIVE_INFINITY;
    for (const line of wrap(note, room)) print(paint(INDENT + shorten(line, room), 'dim'));
  }
}

const INDENT = '    ';

/** The widest column gives way first. */
function shrunk(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted];
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= MIN_COLUMNS) break;
    widths[widths.indexOf(widest)] = widest - 1;
    excess--;
  }
  return widths;
}
