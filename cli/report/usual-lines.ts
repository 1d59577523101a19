/**
 * The lines of a block that the fast path reads, one by one where they stand: many are copied at once to
 * where lines are read from.
 */

import { OUTPUT_START, scratch } from '../../lambda/core/bytes/scratch';
import type { Catalog } from '../../lambda/core/catalog/catalog';
import { TypedBytes } from '../../lambda/core/output/typed-bytes';

/** Longer than any line that the fast path reads, and small enough to stay in the processor's cache. */
const MAX_COPIED_BYTES = 64 * 1024;

const LINE_FEED = 0x0a;

export class UsualLines extends TypedBytes {
  #block: Buffer | undefined;
  /** Which of its bytes are copied. */
  #start = 0;
  #end = 0;

  /**
   * Writes the line that begins at `from` in a block of whole lines. Returns where the next one begins; below
   * 0 for a line that is left to the general path.
   */
  read(block: Buffer, from: number, catalog: Catalog): number {
    const isCopied = block === this.#block && from >= this.#start && from < this.#end;
    if (!isCopied && !this.#copy(block, from)) return -1;
    const length = this.#end - this.#start;
    const line = this.write(from - this.#start, length, OUTPUT_START, catalog, undefined);
    return line ? this.#start + line.shape.next : -1;
  }

  /** Must be called after other lines were read, and when a block is done. */
  forget(): void {
    this.#block = undefined;
  }

  /** False where a line begins there that is too long. */
  #copy(block: Buffer, from: number): boolean {
    let end = Math.min(from + MAX_COPIED_BYTES, block.length);
    if (end < block.length) end = block.lastIndexOf(LINE_FEED, end - 1) + 1;
    this.#block = end > from ? block : undefined;
    if (end <= from) return false;
    block.copy(scratch, 0, from, end);
    this.#start = from;
    this.#end = end;
    return true;
  }
}
