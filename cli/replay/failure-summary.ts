/** Counts failed records by why they failed. */

import { printable } from '../terminal/printable';
import { printTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';
import type { FailedRecord } from './failed-records';

/** A message that differs from record to record must not fill the memory. */
const MAX_REASONS = 1_000;
const SHOWN_REASONS = 10;

interface FailureGroup {
  readonly code: string;
  readonly message: string;
  count: number;
  firstAt: number;
  lastAt: number;
  mostAttempts: number;
}

export class FailureSummary {
  readonly #reasons = new Map<string, FailureGroup>();
  count = 0;

  add({ errorCode, errorMessage, attemptsMade, arrivedAt }: Omit<FailedRecord, 'line'>): void {
    const times = { firstAt: arrivedAt, lastAt: arrivedAt };
    this.#count({
      code: errorCode,
      message: errorMessage,
      count: 1,
      mostAttempts: attemptsMade,
      ...times,
    });
  }

  addAll(other: FailureSummary): void {
    for (const reason of other.#reasons.values()) this.#count(reason);
  }

  countOf(code: string): number {
    const reasons = [...this.#reasons.values()].filter((reason) => reason.code === code);
    return reasons.reduce((sum, { count }) => sum + count, 0);
  }

  byCode(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { code, count } of this.#reasons.values()) {
      counts.set(code, (counts.get(code) ?? 0) + count);
    }
    return counts;
  }

  byCount(): FailureGroup[] {
    return [...this.#reasons.values()].sort((a, b) => b.count - a.count);
  }

  print(terminal: Terminal): void {
    const reasons = this.byCount();
    printTable(terminal, {
      head: ['RECORDS', 'FIRST', 'LAST', 'TRIES', 'ERROR'],
      below: reasons.slice(0, SHOWN_REASONS).map(({ message }) => printable(message)),
      numbers: [0, 3],
      rows: reasons
        .slice(0, SHOWN_REASONS)
        .map((reason) => [
          { text: reason.count.toLocaleString('en-US'), colors: ['bold'] },
          { text: minuteOf(reason.firstAt) },
          { text: lastOf(reason) },
          { text: String(reason.mostAttempts || '-') },
          { text: printable(reason.code), colors: ['red'] },
        ]),
    });
    const more = reasons.length - SHOWN_REASONS;
    if (more > 0) terminal.print(`and ${more} more kinds of failure`);
  }

  #count(more: FailureGroup): void {
    const reason = this.#reasonOf(more.code, more.message);
    reason.count += more.count;
    reason.firstAt = Math.min(reason.firstAt, more.firstAt);
    reason.lastAt = Math.max(reason.lastAt, more.lastAt);
    reason.mostAttempts = Math.max(reason.mostAttempts, more.mostAttempts);
    this.count += more.count;
  }

  #reasonOf(code: string, message: string): FailureGroup {
    const key = `${code}\n${message}`;
    const existing = this.#reasons.get(key);
    if (existing) return existing;
    if (this.#reasons.size >= MAX_REASONS && message !== '') return this.#reasonOf(code, '');
    const times = { firstAt: Number.POSITIVE_INFINITY, lastAt: 0 };
    const reason = { code, message, count: 0, mostAttempts: 0, ...times };
    this.#reasons.set(key, reason);
    return reason;
  }
}

/** Only what the first does not say already. */
function lastOf({ firstAt, lastAt }: FailureGroup): string {
  const [first, last] = [minuteOf(firstAt), minuteOf(lastAt)];
  if (first === last) return '';
  const [day, time = last] = last.split(' ');
  return first.startsWith(day ?? last) ? time : last;
}

/** In UTC, as the prefixes of objects are. */
function minuteOf(ms: number): string {
  return ms > 0 ? new Date(ms).toISOString().slice(0, 16).replace('T', ' ') : '-';
}
