/** A delivered line as one row: when, what was asked for, how it ended, and whose request it was. */

import { isNoValue } from '../../lambda/core/fields';
import { printable, shorten, widthOf } from '../terminal/printable';
import type { Terminal } from '../terminal/terminal';
import type { DeliveredLine } from './delivered-line';

const METHOD_WIDTH = 7;
const STATUS_WIDTH = 3;

/** Time, method, status, and what stands between the columns. */
const FIXED_WIDTH = 8 + 1 + METHOD_WIDTH + 1 + 1 + STATUS_WIDTH + 3;

export function lineRow(
  line: DeliveredLine,
  { paint }: Pick<Terminal, 'paint'>,
  room: number,
): string {
  if (line.isUnparsed) return paint('unreadable, delivered as it came', 'yellow');
  const { usagePlan, customer } = line;
  const shared = Math.max(0, room - FIXED_WIDTH - (line.masked.length > 0 ? 2 : 0));
  const who = shorten(
    `${printable(usagePlan)} · ${printable(customer)}`,
    Math.floor(shared * 0.55),
  );
  const path = shorten(printable(line.path), Math.max(0, shared - widthOf(who)));
  const isKnown = !isNoValue(usagePlan) || !isNoValue(customer);
  return [
    paint(line.time.padEnd(8), 'dim'),
    padded(shorten(printable(line.method), METHOD_WIDTH), METHOD_WIDTH),
    padded(path, Math.min(PATH_WIDTH, shared - widthOf(who))),
    printable(line.status).padStart(STATUS_WIDTH),
    `→ ${paint(who, ...(isKnown ? (['bold', 'green'] as const) : (['yellow'] as const)))}`,
    ...(line.masked.length > 0 ? [paint(MASKED, 'dim')] : []),
  ].join(' ');
}

/** Paths of rows that follow one another end in the same column while there is room. */
const PATH_WIDTH = 24;

/** What was done to the fields of lines, in a few words. */
export function fieldChanges(lines: readonly DeliveredLine[]): string {
  const added = new Set(lines.flatMap((line) => line.added));
  const masked = new Set(lines.flatMap((line) => line.masked));
  const parts = [
    added.size > 0 ? `added ${[...added].join(', ')}` : '',
    masked.size > 0 ? `${MASKED} masked ${[...masked].join(', ')}` : '',
  ];
  return printable(parts.filter((part) => part !== '').join('; '));
}

/** Marks a row whose line has a masked value. */
const MASKED = '*';

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}
