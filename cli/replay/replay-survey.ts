/** Looks at what failed before any of it is replayed: how much, why, and whether for the second time. */

import { createHash } from 'node:crypto';
import { mapInFlight } from '../../lambda/aws/in-flight';
import type { Progress } from '../terminal/progress';
import {
  type FailedObject,
  type FailedObjects,
  LEFT_OUT_FOLDER,
  replayedKey,
} from './failed-objects';
import { FailureSummary } from './failure-summary';

const OBJECTS_IN_FLIGHT = 8;

export interface SurveyedObject {
  readonly object: FailedObject;
  readonly records: number;
  /** How many of its records failed with which code. */
  readonly byCode: ReadonlyMap<string, number>;
  /** Its records were accepted before, and it was copied, but not removed. */
  readonly isCopied: boolean;
  /** How many of its records were replayed before, and failed again. */
  readonly failedAgain: number;
  /** Why it cannot be read. */
  readonly problem: string | undefined;
}

export interface Survey {
  readonly objects: readonly SurveyedObject[];
  readonly summary: FailureSummary;
}

export async function survey(
  failed: FailedObjects,
  candidates: readonly FailedObject[],
  { replayed, progress }: { replayed: readonly FailedObject[]; progress: Progress },
): Promise<Survey> {
  const copies = new Map(replayed.map((copy) => [copy.key, copy]));
  const summary = new FailureSummary();
  let started = 0;
  const read = await mapInFlight(candidates, OBJECTS_IN_FLIGHT, async (object) => {
    progress.show(`reading ${++started}/${candidates.length} objects`);
    const copy = copies.get(replayedKey(object.key));
    return readObject(failed, { object, copy, summary, isFirst: replayed.length === 0 });
  });
  const before = await replayedDigests(failed, replayed, read);
  progress.clear();
  return {
    summary,
    objects: read.map(({ digests, firstAt: _, ...surveyed }) => ({
      ...surveyed,
      failedAgain: digests.filter((digest) => before.has(digest)).length,
    })),
  };
}

interface Read extends Omit<SurveyedObject, 'failedAgain'> {
  readonly digests: readonly string[];
  readonly firstAt: number;
}

async function readObject(
  failed: FailedObjects,
  given: {
    object: FailedObject;
    copy: FailedObject | undefined;
    summary: FailureSummary;
    /** Nothing was ever replayed: nothing to compare with. */
    isFirst: boolean;
  },
): Promise<Read> {
  const { object, copy, summary, isFirst } = given;
  const nothing = {
    object,
    records: 0,
    byCode: new Map(),
    digests: [],
    firstAt: Number.POSITIVE_INFINITY,
  };
  if (copy) {
    const problem = copy.size === object.size ? undefined : `${copy.key} is there, and differs`;
    return { ...nothing, isCopied: true, problem };
  }
  const ownSummary = new FailureSummary();
  const digests: string[] = [];
  let firstAt = Number.POSITIVE_INFINITY;
  try {
    for await (const record of failed.records(object)) {
      ownSummary.add(record);
      firstAt = Math.min(firstAt, record.arrivedAt);
      if (!isFirst) digests.push(digestOf(record.rawData));
    }
  } catch (error) {
    return { ...nothing, isCopied: false, problem: (error as Error).message };
  }
  summary.addAll(ownSummary);
  return {
    object,
    records: ownSummary.count,
    byCode: ownSummary.byCode(),
    isCopied: false,
    problem: undefined,
    digests,
    firstAt,
  };
}

/**
 * What was replayed after the first of the failed records arrived: only such a record can be one of
 * them once more.
 */
async function replayedDigests(
  failed: FailedObjects,
  replayed: readonly FailedObject[],
  read: readonly Read[],
): Promise<Set<string>> {
  const firstAt = Math.min(Number.POSITIVE_INFINITY, ...read.map((each) => each.firstAt));
  const digests = new Set<string>();
  const leftOut = new Set<string>();
  for (const object of replayed) {
    if (object.modifiedAt.getTime() < firstAt) continue;
    // They stand in the object that they were left out of, too, and were not replayed.
    const of = object.key.startsWith(LEFT_OUT_FOLDER) ? leftOut : digests;
    for await (const { rawData } of failed.records(object)) of.add(digestOf(rawData));
  }
  return new Set([...digests].filter((digest) => !leftOut.has(digest)));
}

function digestOf(rawData: string): string {
  return createHash('sha256').update(rawData).digest('base64').slice(0, 22);
}
