/** What the function tells its operator. Counts and causes only: no payload, no key value, ever. */

import type { Catalog } from '../core/catalog';
import type { BatchCounts } from '../core/pass';

export interface Telemetry {
  catalogLoaded(catalog: Catalog, tookMs: number): void;
  /** The old catalog stays in use. */
  catalogReloadFailed(error: unknown): void;
  /** These records are marked as failed instead, and Firehose keeps them. */
  putBackFailed(error: unknown, records: number): void;
  batchDone(counts: BatchCounts, catalog: CatalogState | undefined): void;
  batchFailed(error: unknown): void;
}

export interface CatalogState {
  readonly ageMs: number;
  readonly planCount: number;
  readonly keyCount: number;
}
