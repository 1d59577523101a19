/**
 * What values gave when they were read before, by where they stand in `scratch`: of statuses, seconds
 * or protocols there are few, and finding their bytes costs a fraction of reading them. Where values
 * hardly ever come again it gives up.
 */

import { ByteTable } from './byte-table';
import { scratch, scratchWords, wordsOf } from './input';

const MAX_READINGS = 1024;
/** Longer values hardly ever come again. */
const MAX_BYTES = 64;

/** After so many values that were new, of which this part at most may have been in vain. */
const TRIALS = 512;
const MAX_SHARE_IN_VAIN = 0.75;

interface Reading<T> {
  /** Undefined where the value could not be read. */
  readonly result: T | undefined;
}

export class Readings<T> {
  /** By a value's bytes: the place of its reading, in two characters. */
  #known: ByteTable | undefined;
  #readings: Reading<T>[] = [];
  readonly #span = new Int32Array(2);
  /** Lines that stand next to each other have the same second, for instance. */
  #last: Reading<T> | undefined;
  #lastLength = -1;
  readonly #lastBytes = new Uint8Array(MAX_BYTES);
  readonly #lastWords = wordsOf(this.#lastBytes);
  #found = 0;
  #missed = 0;

  find(start: number, end: number): Reading<T> | undefined {
    if (this.#isLast(start, end)) return this.#last;
    if (this.#known === undefined) return undefined;
    this.#span[0] = start;
    this.#span[1] = end;
    const place = this.#known.find(scratch, this.#span);
    if (place < 0) return undefined;
    const { bytes } = this.#known;
    const reading = this.#readings[((bytes[place] as number) << 7) + (bytes[place + 1] as number)];
    this.#found++;
    if (reading) this.#keep(start, end, reading);
    return reading;
  }

  /** Expects a value that `find` does not find. */
  add(start: number, end: number, result: T | undefined): void {
    if (end - start > MAX_BYTES) return;
    const reading = { result };
    this.#keep(start, end, reading);
    if (this.#hasGivenUp()) return;
    this.#known ??= new ByteTable(MAX_READINGS * 2 * MAX_BYTES);
    if (this.#readings.length === MAX_READINGS) this.#forget();
    this.#span[0] = start;
    this.#span[1] = end;
    const place = this.#readings.length;
    const characters = String.fromCharCode(place >> 7, place & 0x7f);
    if (this.#known.add(scratch, this.#span, characters) >= 0) this.#readings.push(reading);
  }

  #isLast(start: number, end: number): boolean {
    const length = end - start;
    if (length !== this.#lastLength) return false;
    let at = 0;
    for (; at + 4 <= length; at += 4) {
      if (scratchWords.getInt32(start + at) !== this.#lastWords.getInt32(at)) return false;
    }
    for (; at < length; at++) if (scratch[start + at] !== this.#lastBytes[at]) return false;
    return true;
  }

  #keep(start: number, end: number, reading: Reading<T>): void {
    this.#last = reading;
    this.#lastLength = end - start;
    for (let at = start; at < end; at++) this.#lastBytes[at - start] = scratch[at] as number;
  }

  #hasGivenUp(): boolean {
    this.#missed++;
    if (this.#missed < TRIALS) return false;
    if (this.#found > (1 - MAX_SHARE_IN_VAIN) * (this.#found + this.#missed)) return false;
    this.#known = undefined;
    return true;
  }

  #forget(): void {
    this.#known?.clear();
    this.#readings = [];
  }
}
