/** How much of the truth a report has, in a line, and what should make its reader careful. */

import type { Completeness } from '../result';
import { formatInteger } from './format';
import { visible } from './visible';

export function completenessLine(found: Completeness | undefined): string {
  if (!found) return 'Only requests of this customer are in this report.';
  const counts = [
    [found.lines, 'lines read'],
    [found.requests, 'requests'],
    [found.duplicates, 'duplicates removed'],
    [found.unparsed, 'unreadable lines'],
    [found.unattributed, 'with a key but no plan'],
    [found.emptyHours, 'hours without requests'],
  ] as const;
  return counts.map(([count, what]) => `${formatInteger(count)} ${what}`).join(' · ');
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
  add(
    found.failedRecords,
    `${formatInteger(found.failedRecords)} records were kept by Firehose as failed; their lines were read.`,
  );
  add(
    found.unparsed,
    `${formatInteger(found.unparsed)} lines could not be read; no panel counts them.`,
  );
  add(found.untimed, `${formatInteger(found.untimed)} lines have no time; no panel counts them.`);
  add(
    found.conflicts,
    `${formatInteger(found.conflicts)} requests were told differently by several lines; the attributed one was taken.`,
  );
  return warnings;
}
