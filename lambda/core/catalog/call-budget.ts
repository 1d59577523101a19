/** A bound on calls in any minute: what exceeds it is not made. */

const WINDOW_MS = 60_000;

export class CallBudget {
  readonly #limit: number;
  readonly #now: () => number;
  #spent: { readonly at: number; readonly calls: number }[] = [];

  constructor(callsPerMinute: number, now: () => number) {
    this.#limit = callsPerMinute;
    this.#now = now;
  }

  get left(): number {
    const since = this.#now() - WINDOW_MS;
    this.#spent = this.#spent.filter(({ at }) => at > since);
    return this.#limit - this.#spent.reduce((sum, { calls }) => sum + calls, 0);
  }

  /** Takes that many calls, all of them or none. */
  take(calls: number): boolean {
    if (calls > this.left) return false;
    this.#spent.push({ at: this.#now(), calls });
    return true;
  }
}
