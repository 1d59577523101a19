/** Logs that are ready to be asked, on a laptop or in the account. */

import type { Completeness } from '../../analytics/result';
import type { Engine } from './duckdb';
import type { TimeSpan } from './source';

/** What was computed of the same rows under the same name before, else now. */
export type Remember = (name: unknown, compute: () => Promise<Uint8Array>) => Promise<Uint8Array>;

export interface OpenLogs {
  readonly engine: Engine;
  readonly span: TimeSpan;
  readonly completeness: Completeness;
  readonly remember: Remember;
  /** The day of the data that countries are from; left out where lines have none. */
  readonly countriesDate?: string;
  /** Also tells what it cost, where it did. */
  close(): void;
}
