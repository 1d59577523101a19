/**
 * What values gave when they were read before: of statuses, seconds or protocols there are few, and
 * finding their bytes costs a tenth of reading them. Where values hardly ever come again it gives up.
 */

import { ByteTable } from './byte-table';

/** One character of ASCII for each. */
const MAX_READINGS = 128;
/** Longer values hardly ever come again. */
const MAX_BYTES = 64;

/** After so many values that were new, of which that part at most may have been in vain. */
const TRIALS = 512;
const MAX_SHARE_IN_VAIN = 0.75;

interface Reading<T> {
  /** Undefined where the value could not be read. */
  readonly result: T | undefined;
}

export class Readings<T> {
  /** By value: the place of what it gave. */
  #known: ByteTable | undefined;
  #readings: Reading<T>[] = [];
  readonly #span = new Int32Array(2);
  #found = 0;
  #missed = 0;

  find(bytes: Uint8Array, start: number, end: number): Reading<T> | undefined {
    if (this.#known === undefined) return undefined;
    this.#span[0] = start;
    this.#span[1] = end;
    const found = this.#known.find(bytes, this.#span);
    if (found < 0) return undefined;
    this.#found++;
    return this.#readings[this.#known.bytes[found] as number];
  }

  /** Expects a value that `find` does not find. */
  add(bytes: Uint8Array, start: number, end: number, result: T | undefined): void {
    if (end - start > MAX_BYTES || this.#hasGivenUp()) return;
    this.#known ??= new ByteTable(MAX_READINGS * 2 * MAX_BYTES);
    if (this.#readings.length === MAX_READINGS) this.#forget();
    this.#span[0] = start;
    this.#span[1] = end;
    const place = String.fromCharCode(this.#readings.length);
    if (this.#known.add(bytes, this.#span, place) >= 0) this.#readings.push({ result });
  }

  #hasGivenUp(): boolean {
    this.#missed++;
    if (this.#missed < TRIALS) return false;
    if (this.#found > (1 - MAX_SHARE_IN_VAIN) * (this.#found + this.#missed)) return false;
    this.#forget();
    this.#known = undefined;
    return true;
  }

  #forget(): void {
    this.#known?.clear();
    this.#readings = [];
  }
}
