/** Which keys were asked for and are not there: for a while, asking again is not worth a call. */

/** Enough for every key that an account can have; a bound on memory, whatever clients send. */
const MAX_KEYS = 10_000;

export class AbsentKeys {
  readonly #now: () => number;
  /** In the order in which they expire, nearly. */
  readonly #until = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  add(keyId: string, forMs: number): void {
    this.#until.delete(keyId);
    this.#until.set(keyId, this.#now() + forMs);
    const oldest = this.#until.keys().next();
    if (this.#until.size > MAX_KEYS && !oldest.done) this.#until.delete(oldest.value);
  }

  has(keyId: string): boolean {
    const until = this.#until.get(keyId);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    this.#until.delete(keyId);
    return false;
  }
}
