import { counted } from '../terminal/counted';
import { printable } from '../terminal/printable';
import type { Terminal } from '../terminal/terminal';
import type { ReadChanges } from './read-changes';

/** What was read, and what could not be; to standard error, like all that is not the answer. */
export function warnOfUnread({ changes, counts, unread }: ReadChanges, terminal: Terminal): void {
  const { files, otherServices, duplicates, unreadable } = counts;
  terminal.warn(
    `${counted(changes.length, 'call')} in ${counted(files, 'file')}; records of other services: ${otherServices}, duplicates: ${duplicates}, not readable: ${unreadable}`,
  );
  for (const { name, reason } of unread) terminal.warn(printable(`${name}: ${reason}`));
}
