/**
 * Two clocks made of one that may be wrong. `elapsed` is for intervals: it never goes back. `time` is for
 * what others compare with: where the clock of the services that answer shows another time, it goes by that.
 */

/** Services send their time in whole seconds, and the answer took some time. */
const TOLERANCE_MS = 2000;

export class StoreClock {
  readonly #now: () => number;
  #last: number;
  #stepsBack = 0;
  #behind = 0;

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
  readonly time = (): number => this.timeAt(this.elapsed());

  /** What time it was at a moment of `elapsed`, as far as is known by now. */
  readonly timeAt = (elapsed: number): number => elapsed + this.#behind;

  /** What time it is by the service that has just answered; undefined where it does not say. */
  readonly learn = (serviceTime: number | undefined): void => {
    if (serviceTime === undefined) return;
    const behind = serviceTime - this.elapsed();
    if (Math.abs(behind - this.#behind) > TOLERANCE_MS) this.#behind = behind;
  };
}
