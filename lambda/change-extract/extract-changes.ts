/**
 * Takes API Gateway's records out of a trail, a day at a time: the trail has the records of all services,
 * and a question about plan changes should not have to scan them all.
 *
 * Days are taken in order, and each is compared with what is known from those before it. A day's rows
 * are one object, written only where there is none yet, and then what is known after it: a run that
 * was stopped in between does the day again and finds its rows written.
 */

import { gunzipSync } from 'node:zlib';
import { addDays, dayOf } from '../../analytics/athena/closed-days';
import type { Change } from '../../analytics/audit/changes';
import { recordsIn } from '../../analytics/audit/event-records';
import { historyOf, type Known, NOTHING_KNOWN } from '../../analytics/audit/history';
import { type AuditEvent, EVENT_SOURCE, readEvent } from '../../analytics/audit/read-event';
import type { Trail } from './trail';

/** What is known after a day. */
export interface Checkpoint {
  /** The last day that was taken, `2026-11-25`. */
  readonly day: string;
  readonly known: Known;
}

export interface ExtractEdges {
  readonly trail: Trail;
  readonly readCheckpoint: () => Promise<Checkpoint | undefined>;
  readonly writeCheckpoint: (checkpoint: Checkpoint) => Promise<void>;
  /** Writes a day's rows where there are none yet. */
  readonly writeDay: (day: string, changes: readonly Change[]) => Promise<void>;
  /** Called with a file that cannot be read, which is left out. */
  readonly unreadable: (key: string, cause: unknown) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether there is time for another day. */
  readonly hasTime: () => boolean;
}

export interface ExtractReport {
  readonly days: readonly string[];
  readonly changes: number;
  readonly files: number;
  /** Files, and records in others, that could not be read. */
  readonly unreadable: number;
  /** Days that are over and not taken after this run. */
  readonly behind: number;
}

/** When a day's files are all there: after its end files still come into its folder for a moment. */
const WAIT_MS = 3_600_000;
const FILES_AT_ONCE = 8;
/** The most bytes of one file, inflated. */
const MAX_BYTES = 512 * 1024 * 1024;

/** @param since the first day that is wanted, `2026-11-25`: a trail may be older */
export async function extractChanges(edges: ExtractEdges, since: string): Promise<ExtractReport> {
  const checkpoint = await edges.readCheckpoint();
  const last = addDays(dayOf(edges.now() - WAIT_MS), -1);
  const due = await daysDue(edges, checkpoint, since, last);
  const report = { days: [] as string[], changes: 0, files: 0, unreadable: 0 };
  let known = checkpoint?.known ?? NOTHING_KNOWN;
  for (const day of due) {
    if (!edges.hasTime()) break;
    const read = await eventsOf(day, edges);
    const history = historyOf(read.events, known);
    known = history.known;
    if (history.changes.length > 0) await edges.writeDay(day, history.changes);
    await edges.writeCheckpoint({ day, known });
    report.days.push(day);
    report.changes += history.changes.length;
    report.files += read.files;
    report.unreadable += read.unreadable;
  }
  return { ...report, behind: due.length - report.days.length };
}

async function daysDue(
  { trail }: ExtractEdges,
  checkpoint: Checkpoint | undefined,
  since: string,
  last: string,
): Promise<string[]> {
  const first = checkpoint ? addDays(checkpoint.day, 1) : await trail.firstDay();
  if (first === undefined) return [];
  const days: string[] = [];
  for (let day = first > since ? first : since; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

interface ReadDay {
  readonly events: AuditEvent[];
  files: number;
  unreadable: number;
}

async function eventsOf(day: string, { trail, unreadable }: ExtractEdges): Promise<ReadDay> {
  const found: ReadDay = { events: [], files: 0, unreadable: 0 };
  const files = trail.filesOf(day)[Symbol.asyncIterator]();
  const work = async () => {
    for (let next = await files.next(); !next.done; next = await files.next()) {
      // A file that cannot be fetched may be there the next time; one that is no file never is.
      const bytes = await trail.read(next.value);
      found.files++;
      try {
        read(bytes, found);
      } catch (cause) {
        found.unreadable++;
        unreadable(next.value, cause);
      }
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  return found;
}

function read(bytes: Uint8Array, found: ReadDay): void {
  const content = gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  // Most files have no record of the service.
  if (!content.includes(EVENT_SOURCE)) return;
  const { records, strangers } = recordsIn(content.toString());
  found.unreadable += strangers;
  for (const record of records) {
    const reading = readEvent(record);
    if (reading.kind === 'event') found.events.push(reading.event);
    else if (reading.kind === 'unreadable') found.unreadable++;
  }
}
