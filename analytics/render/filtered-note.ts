import { type LiveRows, momentColumn, percentileColumn } from '../live/all';
import type { ReportPanel } from './report';

/** In what rows that follow the filters are less exact than those of the whole report, if in anything. */
export function filteredNote(
  { columns, isOfLog }: Pick<ReportPanel, 'columns' | 'isOfLog'>,
  { isWidened, slot }: Pick<LiveRows, 'isWidened' | 'slot'>,
): string | undefined {
  const has = (name: RegExp) => columns.some((column) => name.test(column.name));
  const sentences = [
    ...(isOfLog ? ['Of the whole log: no filter but the period applies.'] : []),
    ...(isWidened ? ['Counted by whole days.'] : []),
    ...(has(momentColumn) ? [`First and last times are rounded down to the ${slot}.`] : []),
    ...(has(percentileColumn) ? ['Percentiles are within 5%.'] : []),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}
