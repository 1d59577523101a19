/** Logs that are ready to be asked, on a laptop or in the account. */

import type { AccountLogs } from '../../analytics/athena/account-logs';
import type { Rows } from '../../analytics/cubes/from-rows';
import type { Remember } from '../../analytics/report/build-page';
import type { Completeness } from '../../analytics/result';
import type { Engine } from './duckdb';
import type { TimeSpan } from './source';

export interface OpenLogs {
  readonly engine: Engine;
  /** Set where counts have been made already. */
  readonly rollups?: Pick<AccountLogs<Rows>, 'cubes' | 'rolledUp'>;
  readonly span: TimeSpan;
  readonly completeness: Completeness;
  /** Left out where nothing is. */
  readonly remember?: Remember;
  /** The day of the data that countries are from; left out where lines have none. */
  readonly countriesDate?: string;
  /** Closes it, and prints what it cost where it cost something. */
  close(): void;
}
