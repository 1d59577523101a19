/** Tables and bars as text that is Markdown as well. */

import { median, quantile } from './statistics';

export type Row = readonly (string | number)[];

export function table(head: readonly string[], rows: readonly Row[]): string {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const [first = '', ...rest] = cells.map(
    (row) => `| ${row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(' | ')} |`,
  );
  const rule = widths.map((width, column) => '-'.repeat(width + 1) + (column === 0 ? '-' : ':'));
  return [first, `|${rule.join('|')}|`, ...rest].join('\n');
}

/** Text to the left, numbers to the right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

/** A bar for each value, the longest 50 characters. */
export function bars(values: readonly (readonly [label: string, ms: number])[]): string {
  const labelWidth = Math.max(...values.map(([label]) => label.length));
  const longest = Math.max(...values.map(([, ms]) => ms));
  const lines = values.map(([label, ms]) => {
    const bar = '█'.repeat(Math.max(1, Math.round((50 * ms) / longest)));
    return `${label.padEnd(labelWidth)} ${bar} ${ms.toFixed(1)} ms`;
  });
  return ['```', ...lines, '```'].join('\n');
}

/** Median, and the range of the middle 80 %. */
export function spread(values: readonly number[]): string {
  const [low, high] = [quantile(values, 0.1), quantile(values, 0.9)];
  return `${median(values).toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`;
}

export function times(factor: number): string {
  return `${factor.toFixed(factor < 10 ? 2 : 1)}×`;
}

/** What was promised, and what was measured. */
export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit?: string;
  /** What keeps it from being met, where it is not in every run. */
  readonly because?: string | undefined;
}

export function isMet({
  measured,
  atLeast = 0,
  atMost = Number.POSITIVE_INFINITY,
}: Target): boolean {
  return measured >= atLeast && measured <= atMost;
}

/** By how much a target is missed. */
export function shortfall({ measured, atLeast, atMost }: Target): string {
  const [bound, word] = atLeast === undefined ? [atMost ?? 0, 'more'] : [atLeast, 'less'];
  return `${Math.abs((measured / bound - 1) * 100).toFixed(0)} % ${word}`;
}

export function targetRow(target: Target): Row {
  const { what, measured, atLeast, atMost, unit = '×' } = target;
  const bound = atLeast === undefined ? `≤ ${atMost}${unit}` : `≥ ${atLeast}${unit}`;
  const digits = measured < 10 ? 2 : measured < 100 ? 1 : 0;
  return [what, bound, `${measured.toFixed(digits)}${unit}`, isMet(target) ? 'yes' : 'no'];
}
