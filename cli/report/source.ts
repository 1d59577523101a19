/** What a report is made from: files and objects that hold log lines. */

import { HOUR } from '../../analytics/time-zone';

export interface Source {
  readonly name: string;
  readonly bytes: number;
  /** Changes when the content does: an ETag, or the time of the last change. Left out: read every time. */
  readonly version?: string | undefined;
  /** Rejects where it cannot be read. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** A span of time, in milliseconds since 1970; open where an end is left out. */
export interface TimeSpan {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const folders = [
  // Each part that is missing widens the span.
  /(?:^|\/)day=(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)\/(?:hour=(?<hour>\d\d)\/)?/,
  /(?:^|\/)year=(?<year>\d{4})\/(?:month=(?<month>\d\d)\/(?:day=(?<day>\d\d)\/(?:hour=(?<hour>\d\d)\/)?)?)?/,
  /(?:^|\/)(?<year>20\d\d)\/(?<month>\d\d)\/(?<day>\d\d)\/(?:(?<hour>\d\d)\/)?/,
];

/**
 * Takes the folders and files that may hold lines of a time, by the folders of their paths: Firehose's time is
 * when the lines arrived, so an hour on each side belongs to it too.
 */
export class FolderChoice {
  readonly span: TimeSpan;
  /** Whether some were left out that are earlier: then nothing is known of that time. */
  hasLeftEarlier = false;

  constructor(span: TimeSpan) {
    this.span = span;
  }

  takes(path: string): boolean {
    const { from = -Infinity, to = Infinity } = this.span;
    const its = spanOf(path);
    if (!its) return true;
    const isEarlier = its.to <= from - HOUR;
    this.hasLeftEarlier ||= isEarlier;
    return !isEarlier && its.from < to + HOUR;
  }
}

/** The time that a path's folders name. */
export function spanOf(path: string): { from: number; to: number } | undefined {
  for (const pattern of folders) {
    const groups = pattern.exec(path)?.groups;
    if (!groups) continue;
    const { month, day, hour } = groups;
    const [y, m, d, h] = [groups['year'], month ?? 1, day ?? 1, hour ?? 0].map(Number) as [
      number,
      number,
      number,
      number,
    ];
    const from = Date.UTC(y, m - 1, d, h);
    if (hour !== undefined) return { from, to: from + HOUR };
    if (day !== undefined) return { from, to: from + 24 * HOUR };
    return { from, to: month === undefined ? Date.UTC(y + 1, 0) : Date.UTC(y, m, 1) };
  }
  return undefined;
}

const NO_LOGS = /(?:^|\/)(?:[._][^/]*|replayed|source)\//;

/** Hidden files, what the pipeline keeps beside its logs, and what it has in another folder as well. */
export function isNoLog(path: string): boolean {
  return NO_LOGS.test(path) || /(?:^|\/)[._][^/]*$/.test(path);
}
