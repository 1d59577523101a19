/** Writes the rows of blocks to files of Parquet, which the engine queries. */

import { CanonicalRows, type RowCounts, type RowOptions } from './canonical-rows';
import { RowTable } from './row-table';

export interface RowFiles {
  /** Reads whole lines, and appends their rows to files whose names begin so: one set at a time. */
  append(block: Buffer, name: string): Promise<RowCounts>;
  /** No more rows come: the files are whole. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** In this thread. */
export class LocalRowFiles implements RowFiles {
  readonly #table = new RowTable();
  readonly #rows: CanonicalRows;
  #isOpen = false;

  constructor(options: RowOptions) {
    this.#rows = new CanonicalRows(options, this.#table);
  }

  async append(block: Buffer, name: string): Promise<RowCounts> {
    return this.appendNow(block, name);
  }

  appendNow(block: Buffer, name: string): RowCounts {
    if (!this.#isOpen) this.#table.begin(`${name}.parquet`);
    this.#isOpen = true;
    return this.#rows.read(block);
  }

  endNow(): void {
    this.#table.end();
    this.#isOpen = false;
  }

  async end(): Promise<void> {
    this.endNow();
  }

  async close(): Promise<void> {
    this.#table.close();
  }
}
