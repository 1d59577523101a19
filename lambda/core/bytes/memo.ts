/**
 * Results by the bytes of the values that they were made from, which stand in `scratch`. There are few
 * different statuses, seconds or protocols, and finding one again costs a fraction of reading it. Where
 * nearly all values are new it stops remembering.
 */

import { ByteTable } from './byte-table';
import { BYTES_AT_ONCE, isInScratch, scratch, scratchWords, wordsOf } from './scratch';

const MAX_KNOWN = 1024;
/** Longer values hardly ever come again. */
const MAX_BYTES = 64;

/** It stops after so many new values, if more than this share of all values was new. */
const TRIALS = 512;
const MAX_SHARE_NEW = 0.75;

interface Known<T> {
  /** Undefined where the value could not be read. */
  readonly result: T | undefined;
}

export class Memo<T> {
  /** By a value's bytes: the index of its result, as two characters. */
  #indexes: ByteTable | undefined;
  #results: Known<T>[] = [];
  readonly #span = new Int32Array(2);
  /** Lines that stand next to each other have the same second, for instance. */
  #last: Known<T> | undefined;
  #lastLength = -1;
  readonly #lastBytes = new Uint8Array(MAX_BYTES + BYTES_AT_ONCE);
  readonly #lastWords = wordsOf(this.#lastBytes);
  #found = 0;
  #missed = 0;

  find(start: number, end: number): Known<T> | undefined {
    if (this.#isLast(start, end)) return this.#last;
    if (this.#indexes === undefined) return undefined;
    this.#span[0] = start;
    this.#span[1] = end;
    const found = this.#indexes.find(scratchWords, this.#span);
    if (found < 0) return undefined;
    const { bytes } = this.#indexes;
    const known = this.#results[((bytes[found] as number) << 7) + (bytes[found + 1] as number)];
    this.#found++;
    if (known) this.#keep(start, end, known);
    return known;
  }

  /** Expects a value that `find` does not find. */
  add(start: number, end: number, result: T | undefined): void {
    if (end - start > MAX_BYTES) return;
    const known = { result };
    this.#keep(start, end, known);
    if (this.#hasGivenUp()) return;
    this.#indexes ??= new ByteTable(MAX_KNOWN * 2 * MAX_BYTES);
    if (this.#results.length === MAX_KNOWN) this.#forget();
    this.#span[0] = start;
    this.#span[1] = end;
    const index = this.#results.length;
    const characters = String.fromCharCode(index >> 7, index & 0x7f);
    if (this.#indexes.add(scratchWords, this.#span, characters) >= 0) this.#results.push(known);
  }

  #isLast(start: number, end: number): boolean {
    const length = end - start;
    return length === this.#lastLength && isInScratch(this.#lastWords, 0, length, start);
  }

  #keep(start: number, end: number, known: Known<T>): void {
    this.#last = known;
    this.#lastLength = end - start;
    for (let at = start; at < end; at++) this.#lastBytes[at - start] = scratch[at] as number;
  }

  #hasGivenUp(): boolean {
    this.#missed++;
    if (this.#missed < TRIALS) return false;
    if (this.#found > (1 - MAX_SHARE_NEW) * (this.#found + this.#missed)) return false;
    this.#indexes = undefined;
    return true;
  }

  #forget(): void {
    this.#indexes?.clear();
    this.#results = [];
  }
}
