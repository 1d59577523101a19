/** The answer to a query on a terminal, and how complete it is. */

import { completenessLine, completenessWarnings } from '../../analytics/render/completeness';
import type { Completeness, Value } from '../../analytics/result';
import { printable } from '../terminal/printable';
import { printTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';

export function printRows(
  head: readonly string[],
  rows: readonly (readonly Value[])[],
  terminal: Terminal,
): void {
  const numbers = head
    .map((_, index) => index)
    .filter((index) => rows.some((row) => typeof row[index] === 'number'));
  printTable(terminal, {
    head,
    numbers,
    rows: rows.map((row) =>
      row.map((value) => ({ text: value === null ? '-' : printable(String(value)) })),
    ),
  });
}

/** What EXPLAIN answers, in its lines: a table has one a row. */
export function printPlan(rows: readonly (readonly Value[])[], terminal: Terminal): void {
  for (const row of rows) {
    for (const line of String(row.at(-1) ?? '')
      .trimEnd()
      .split('\n')) {
      terminal.print(printable(line).trimEnd());
    }
  }
}

/** To standard error: what is printed on standard output is the answer alone. */
export function tellCompleteness(completeness: Completeness, terminal: Terminal): void {
  terminal.warn(completenessLine(completeness));
  for (const warning of completenessWarnings(completeness)) terminal.warn(warning);
}
