/**
 * Two clocks made of one that may be wrong. `elapsed` is for intervals: it never goes back. `time` is for
 * what others compare with: where the store's clock tells otherwise, it goes by that.
 */

/** The store tells its time to the second, and the answer has been under way. */
const TOLERANCE_MS = 2000;

export class StoreClock {
  readonly #now: () => number;
  #last: number;
  #stepsBack = 0;
  #behindStore = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#last = now();
  }

  /** In milliseconds; of no meaning but against another one of its own. */
  readonly elapsed = (): number => {
    const now = this.#now();
    if (now < this.#last) this.#stepsBack += this.#last - now;
    this.#last = now;
    return now + this.#stepsBack;
  };

  /** Milliseconds since 1970. */
  readonly time = (): number => this.elapsed() + this.#behindStore;

  /** Undefined where the store does not tell its time. */
  learn(storeTime: number | undefined): void {
    if (storeTime === undefined) return;
    const behind = storeTime - this.elapsed();
    if (Math.abs(behind - this.#behindStore) > TOLERANCE_MS) this.#behindStore = behind;
  }
}
