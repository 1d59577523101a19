/**
 * Times that are no settings: each follows from what the services do, and a wrong one only costs calls
 * or makes batches wait.
 */

/** Containers read the snapshot again after this time: two conditional reads a minute cost next to nothing. */
export const SNAPSHOT_CHECK_MS = 30_000;

/** The snapshot is written once an hour at least: one that is three hours old has no writer any more. */
export const SNAPSHOT_MAX_AGE_MS = 3 * 3_600_000;

/** A load that failed is tried again after this time: by then the account's burst of calls is there again. */
export const MIN_LOAD_INTERVAL_MS = 30_000;

/** Firehose waits five minutes for a batch: a slow load is to fail in time to say so. */
export const LOAD_TIMEOUT_MS = 240_000;

/** A key that is in no plan is not asked for again in this time: about what an event takes at most. */
export const ABSENT_MS = 300_000;
