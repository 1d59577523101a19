/** A panel, or the answer to a query, on a terminal. */

import type { Panel, Scope } from '../../analytics/panels/panel';
import { completenessLine, completenessWarnings } from '../../analytics/render/completeness';
import type { Completeness, Value } from '../../analytics/result';
import { printTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';

export function printPanel(
  panel: Panel,
  _scope: Scope,
  rows: readonly (readonly Value[])[],
  terminal: Terminal,
): void {
  terminal.print(terminal.paint(panel.title, 'bold'));
  terminal.print(terminal.paint(panel.definition, 'dim'));
  if (rows.length === 0) terminal.print(panel.empty);
  else {
    const isMoment = panel.columns.map(({ type }) => type === 'timestamp');
    printRows(
      panel.columns.map(({ title }) => title),
      rows.map((row) =>
        row.map((value, index) =>
          isMoment[index] && typeof value === 'number' ? new Date(value).toISOString() : value,
        ),
      ),
      terminal,
    );
  }
}

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
    rows: rows.map((row) => row.map((value) => ({ text: value === null ? '-' : String(value) }))),
  });
}

/** To standard error: what is printed on standard output is the answer alone. */
export function tellCompleteness(completeness: Completeness, terminal: Terminal): void {
  terminal.warn(completenessLine(completeness));
  for (const warning of completenessWarnings(completeness)) terminal.warn(warning);
}
