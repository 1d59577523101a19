/** What the function reports to its operator. Counts and causes only: no payload, no key value, ever. */

import type { BatchCounts } from '../core/batch/batch-pass';
import type { StageCounts } from '../core/batch/stage-counts';
import type { CatalogObserver } from '../core/catalog/catalog-cache';

export interface Telemetry {
  readonly catalogs: CatalogObserver;
  /** These records are marked as failed instead, and Firehose keeps them. */
  reingestFailed(error: unknown, records: number): void;
  /** @param stages those that are counted, of which there were lines */
  batchDone(
    counts: BatchCounts,
    catalog: CatalogState | undefined,
    stages?: readonly StageCounts[],
  ): void;
  batchFailed(error: unknown): void;
}

export interface CatalogState {
  readonly ageMs: number;
  readonly planCount: number;
  readonly keyCount: number;
}
