/** Rows under one another: every column as wide as its widest cell, the last one takes what is left. */

import { shorten, widthOf } from './printable';
import type { Color, Terminal } from './terminal';

export interface Cell {
  readonly text: string;
  readonly colors?: readonly Color[];
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Columns of numbers, which stand to the right. */
  readonly numbers?: readonly number[];
}

const GAP = '  ';

export function printTable(
  { print, paint, columns }: Terminal,
  { head, rows, numbers = [] }: Table,
): void {
  const titles = head.map((text): Cell => ({ text, colors: ['dim'] }));
  const lines = [titles, ...rows];
  const widths = head.map((_, column) =>
    Math.max(...lines.map((cells) => widthOf(cells[column]?.text ?? ''))),
  );
  const last = head.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
  const lastRoom = columns ? Math.max(12, columns - before) : Number.POSITIVE_INFINITY;
  for (const cells of lines) {
    const texts = cells.map(({ text, colors = [] }, column) => {
      const shown = column === last ? shorten(text, lastRoom) : text;
      const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(shown)));
      const painted = colors.length > 0 ? paint(shown, ...colors) : shown;
      if (numbers.includes(column)) return padding + painted;
      return column === last ? painted : painted + padding;
    });
    print(texts.join(GAP).trimEnd());
  }
}
