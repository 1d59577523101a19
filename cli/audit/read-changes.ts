/** Reads records of CloudTrail from whatever holds them into rows of `changes`. */

import type { Change } from '../../analytics/audit/changes';
import { recordsIn } from '../../analytics/audit/event-records';
import { historyOf } from '../../analytics/audit/history';
import { type AuditEvent, EVENT_SOURCE, readEvent } from '../../analytics/audit/read-event';
import type { UnreadFile } from '../../analytics/result';
import { blocksOf } from '../report/blocks';
import { reasonOf } from '../report/ingest';
import type { Source, TimeSpan } from '../report/source';
import { FolderChoice } from '../report/source';
import { sourcesOf } from '../report/sources';
import { counted } from '../terminal/counted';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';

export interface ReadChanges {
  /** In the order of time. */
  readonly changes: readonly Change[];
  readonly counts: ChangeCounts;
  readonly unread: readonly UnreadFile[];
}

export interface ChangeCounts {
  readonly files: number;
  /** Records of other services. */
  readonly otherServices: number;
  /** Repeated records. */
  readonly duplicates: number;
  /** Values that are no record, or a record without a name or a time. */
  readonly unreadable: number;
}

const FILES_AT_ONCE = 8;
/** The most bytes of one file, inflated: a trail's files have some ten megabytes at most. */
const MAX_BYTES = 512 * 1024 * 1024;

export async function readChanges(
  names: readonly string[],
  span: TimeSpan,
  terminal: Terminal,
): Promise<ReadChanges> {
  const all = await sourcesOf(names, new FolderChoice(span), terminal);
  const sources = all.filter(({ name }) => !isNoTrail(name));
  const counts = { files: 0, otherServices: 0, unreadable: 0 };
  const events: AuditEvent[] = [];
  const unread: UnreadFile[] = [];
  let hasTrail = false;
  const waiting = [...sources].reverse();
  const work = async () => {
    for (let source = waiting.pop(); source; source = waiting.pop()) {
      const { text, fault } = await textOf(source);
      if (fault !== undefined) unread.push({ name: source.name, reason: fault });
      hasTrail = read(text, events, counts) || hasTrail;
      counts.files++;
      terminal.progress.show(`reading: ${counts.files} of ${counted(sources.length, 'file')}`);
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  terminal.progress.clear();
  if (!hasTrail && unread.length === 0 && sources.length > 0) {
    throw new UsageError(
      `no record of CloudTrail in ${names.join(', ')}: expected files of a trail, events of EventBridge, or what \`aws cloudtrail lookup-events\` prints`,
    );
  }
  // Earlier records have what was there before, and the names of things.
  const { changes, duplicates } = historyOf(events);
  return {
    changes: changes.filter((change) => isWithin(change, span)),
    counts: { ...counts, duplicates },
    unread,
  };
}

/** What a trail keeps beside its records. */
function isNoTrail(name: string): boolean {
  return /(?:^|\/)CloudTrail-(?:Digest|Insight|Aggregated|NetworkActivity)\//.test(name);
}

function isWithin(
  { event_time_epoch: time }: Change,
  { from = -Infinity, to = Infinity }: TimeSpan,
): boolean {
  return time >= from && time < to;
}

/** What could be read, and why that is not all. */
async function textOf(source: Source): Promise<{ text: string; fault?: string }> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const block of blocksOf(await source.open())) {
      bytes += block.length;
      if (bytes > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES} bytes`);
      blocks.push(block);
    }
  } catch (error) {
    return {
      text: Buffer.concat(blocks).toString(),
      fault: reasonOf(error as Error, blocks.length === 0),
    };
  }
  return { text: Buffer.concat(blocks).toString() };
}

/** Whether that is what CloudTrail writes, if only an empty list of it. */
function read(
  text: string,
  events: AuditEvent[],
  counts: { otherServices: number; unreadable: number },
): boolean {
  // Most files of a trail have no call to API Gateway in them.
  const isTrail = text.startsWith('{"Records":[') && text.endsWith('}');
  if (isTrail && !text.includes(EVENT_SOURCE)) return true;
  const { records, strangers } = recordsIn(text);
  let unreadable = strangers;
  for (const record of records) {
    const reading = readEvent(record);
    if (reading.kind === 'event') events.push(reading.event);
    else if (reading.kind === 'other service') counts.otherServices++;
    else unreadable++;
  }
  counts.unreadable += unreadable;
  const found = records.length + strangers;
  return unreadable < found || (found === 0 && text.trim() !== '');
}
