/** Writes the rows of blocks to files of JSON lines, which the engine loads. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { CanonicalRows, type RowCounts, type RowOptions } from './canonical-rows';

export interface RowFiles {
  /** Reads whole lines, and appends their rows to a file. */
  append(block: Buffer, file: string): Promise<RowCounts>;
  /** No more rows come for the file. */
  end(file: string): Promise<void>;
  close(): Promise<void>;
}

/** In this thread. */
export class LocalRowFiles implements RowFiles {
  readonly #rows: CanonicalRows;
  readonly #files = new Map<string, number>();

  constructor(options: RowOptions) {
    this.#rows = new CanonicalRows(options);
  }

  async append(block: Buffer, file: string): Promise<RowCounts> {
    return this.appendNow(block, file);
  }

  appendNow(block: Buffer, file: string): RowCounts {
    const { rows, counts } = this.#rows.read(block);
    let handle = this.#files.get(file);
    if (handle === undefined) {
      handle = openSync(file, 'a', 0o600);
      this.#files.set(file, handle);
    }
    for (let written = 0; written < rows.length; ) {
      written += writeSync(handle, rows, written);
    }
    return counts;
  }

  async end(file: string): Promise<void> {
    const handle = this.#files.get(file);
    if (handle !== undefined) closeSync(handle);
    this.#files.delete(file);
  }

  async close(): Promise<void> {
    for (const file of this.#files.keys()) await this.end(file);
  }
}
