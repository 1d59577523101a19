/** How much of the truth a report has, in a line, and what should make its reader careful. */

import type { Completeness } from '../result';
import { formatInteger } from './format';
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

export function completenessWarnings(found: Completeness | undefined): string[] {
  if (!found) return [];
  const warnings: string[] = [];
  const add = (count: number, text: string) => count > 0 && warnings.push(text);
  const [first, ...others] = found.unreadFiles;
  if (first) {
    const more = others.length === 0 ? '' : ` and ${formatInteger(others.length)} more`;
    warnings.push(`Not read: ${visible(first.name)} (${visible(first.reason)})${more}.`);
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

/** So many of a thing, in words: `1 line`, `1,200 lines`. */
function counted(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? '' : 's'}`;
}
