/**
 * Which text of a column goes with which one of the column that it is derived from, by their numbers: the
 * country of an address is looked up, and made a text, once for all rows of a group.
 */

import type { TextColumn } from '../parquet/text-column';

/** Instead of a number: nothing is known yet, or nothing is derived. */
const UNKNOWN = 0;
const NOTHING = 1;
const FIRST = 2;

const FIRST_LENGTH = 256;

export class DerivedNumbers {
  readonly #source: TextColumn;
  readonly #target: TextColumn;
  /** By the source's number: the target's number and `FIRST`. */
  #known = new Uint32Array(FIRST_LENGTH);
  #sourceNumbering = 0;
  #targetNumbering = 0;

  constructor(source: TextColumn, target: TextColumn) {
    this.#source = source;
    this.#target = target;
  }

  /** Fills the row of the target; false where what belongs there is not known. Expects that the source is filled. */
  fill(row: number): boolean {
    this.#forgetOldNumbers();
    const number = this.#numberIn(row);
    const known = number < 0 ? UNKNOWN : (this.#known[number] ?? UNKNOWN);
    if (known >= FIRST) this.#target.addNumbered(row, known - FIRST);
    return known !== UNKNOWN;
  }

  /** Remembers what the row of the target has: the source alone must have decided it. */
  learn(row: number): void {
    this.#forgetOldNumbers();
    const number = this.#numberIn(row);
    const isFilled = this.#target.present[row] === 1;
    const derived = isFilled ? this.#target.lastNumber : NOTHING - FIRST;
    if (number < 0 || (isFilled && derived < 0)) return;
    if (number >= this.#known.length) this.#growFor(number);
    this.#known[number] = derived + FIRST;
  }

  /** Below 0 where the source has no value, or no dictionary. */
  #numberIn(row: number): number {
    return this.#source.present[row] === 1 ? this.#source.lastNumber : -1;
  }

  #forgetOldNumbers(): void {
    const { numbering: source } = this.#source;
    const { numbering: target } = this.#target;
    if (source === this.#sourceNumbering && target === this.#targetNumbering) return;
    this.#known.fill(UNKNOWN);
    this.#sourceNumbering = source;
    this.#targetNumbering = target;
  }

  #growFor(number: number): void {
    const larger = new Uint32Array(Math.max(2 * this.#known.length, number + 1));
    larger.set(this.#known);
    this.#known = larger;
  }
}
