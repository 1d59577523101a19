/** How much of the truth a report has, in a line, and what should make its reader careful. */

import type { Attribution } from '../live/lines';
import type { Completeness } from '../result';
import { formatInteger, formatPercent } from './format';
import type { ReportPanel } from './report';
import { visible } from './visible';

export function completenessLine(found: Completeness | undefined): string {
  if (!found) return 'Only requests of this customer are in this report.';
  return [
    `${counted(found.lines, 'line')} read`,
    counted(found.requests, 'request'),
    `${counted(found.duplicates, 'duplicate')} removed`,
    counted(found.unparsed, 'unreadable line'),
    `${formatInteger(found.unattributed)} with a key but no plan`,
    `${counted(found.emptyHours, 'hour')} without requests`,
  ].join(' · ');
}

const MAX_NAMED_FILES = 10;

export function completenessWarnings(found: Completeness | undefined): string[] {
  if (!found) return [];
  const warnings: string[] = [];
  const add = (count: number, text: string) => count > 0 && warnings.push(text);
  const named = found.unreadFiles
    .slice(0, MAX_NAMED_FILES)
    .map(({ name, reason }) => `${visible(name)} (${visible(reason)})`);
  if (named.length > 0) {
    const others = found.unreadFiles.length - named.length;
    const more = others === 0 ? '' : `, and ${formatInteger(others)} more`;
    warnings.push(`Not read: ${named.join(', ')}${more}.`);
  }
  const { failedRecords, unparsed, untimed, conflicts } = found;
  add(
    failedRecords,
    `Lines of ${counted(failedRecords, 'record')} that Firehose kept as failed were read.`,
  );
  add(unparsed, `${counted(unparsed, 'line')} could not be read, which no panel counts.`);
  add(untimed, `${counted(untimed, 'line')} without a time, which no panel counts.`);
  add(
    conflicts,
    `Lines of ${counted(conflicts, 'request')} say different things: one that names a plan is taken before one that names none.`,
  );
  return warnings;
}

/** Smaller shares change no number visibly; they are in the line of the whole report. */
const MIN_HINTED_PERCENT = 0.1;
/** The names of columns that have a customer or a plan. */
const ownerColumn = /customer|plan/;

/**
 * What a panel's numbers lack, as shares; undefined where that is next to nothing.
 *
 * @param shown of the requests that the panel shows, where these are not all of the report
 */
export function completenessHint(
  found: Completeness | undefined,
  { page, columns }: Pick<ReportPanel, 'page' | 'columns'>,
  shown: Attribution | undefined = found,
): string | undefined {
  // These are about nothing else, or about what is in no log line.
  if (!found || !shown || page === 'data-quality' || page === 'audit' || page === 'key-life')
    return undefined;
  const lacks: string[] = [];
  const add = (part: number, whole: number, text: string) => {
    const percent = whole === 0 ? 0 : (100 * part) / whole;
    if (percent >= MIN_HINTED_PERCENT) lacks.push(`${formatPercent(percent)} ${text}`);
  };
  add(found.unparsed + found.untimed, found.lines, 'of all lines could not be counted');
  if (columns.some(({ name }) => ownerColumn.test(name))) {
    add(shown.unattributed, shown.requests, 'of requests have a key but no plan');
  }
  return lacks.length === 0 ? undefined : `${lacks.join(', ')}.`;
}

/** A number of things in words: `1 line`, `1,200 lines`. */
function counted(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? '' : 's'}`;
}
