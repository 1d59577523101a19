/**
 * Looks at a call to API Gateway's control plane as EventBridge delivers it: what was there before, and
 * whether it raises an alarm.
 */

import { type Alarming, alarmingIn } from '../../analytics/audit/alarming';
import type { Change } from '../../analytics/audit/changes';
import { recordsOf } from '../../analytics/audit/event-records';
import { historyOf, type Known, NOTHING_KNOWN, resourceOf } from '../../analytics/audit/history';
import { readEvent } from '../../analytics/audit/read-event';

/** What is known from earlier calls about one resource. */
export interface ChangeMemory {
  recall(resource: string): Promise<Recalled>;
  /** Rejects where it has been written since. */
  keep(resource: string, recalled: Recalled, known: Known): Promise<void>;
}

export interface Recalled {
  readonly known: Known | undefined;
  /** Identifies the state that was read; undefined where there was none. */
  readonly tag: string | undefined;
}

export interface WatchedChange {
  readonly change: Change;
  /** Empty where no reading is due. */
  readonly alarming: readonly Alarming[];
}

export interface WatchEdges {
  readonly memory: ChangeMemory;
  /** Whether a destination of access logs is the pipeline's. */
  readonly isOwn: (destinationArn: string) => boolean;
  /** Called with a change before it is remembered: twice is better than never. */
  readonly report: (watched: WatchedChange) => void;
}

/** Rejects what is not a record: it must not count as examined. */
export async function watchChange(event: unknown, edges: WatchEdges): Promise<void> {
  const { records, strangers } = recordsOf([event]);
  if (strangers > 0 || records.length === 0) throw new Error('got no record of CloudTrail');
  for (const record of records) {
    const reading = readEvent(record);
    if (reading.kind === 'other service') continue;
    if (reading.kind === 'unreadable') {
      throw new Error('got a record of CloudTrail without a name or a time');
    }
    const { event: call } = reading;
    const resource = call.change.event_kind === 'write' ? resourceOf(call) : undefined;
    const recalled = resource === undefined ? undefined : await edges.memory.recall(resource);
    const { changes, known } = historyOf([call], recalled?.known ?? NOTHING_KNOWN);
    for (const change of changes) {
      edges.report({ change, alarming: alarmingIn(change, call, edges.isOwn) });
    }
    const isNews = changes.length > 0 && call.change.error_code === null;
    if (resource !== undefined && recalled !== undefined && isNews) {
      await edges.memory.keep(resource, recalled, known);
    }
  }
}

/**
 * Recognizes the pipeline's destinations by its list of ARNs, with blanks between: an API's stage sets that
 * of a log group with or without the `:*` that its ARN ends with.
 */
export function isOwnDestination(list: string): (destinationArn: string) => boolean {
  const own = new Set(list.split(' ').filter(Boolean));
  return (arn) => own.has(arn.replace(/:\*$/, ''));
}
