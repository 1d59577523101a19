/**
 * Hours in seconds: timers and the clock are those of a simulation, which goes on to the next timer as
 * soon as nothing is left to do before it. What runs in it is the real code, retries and all.
 */

interface Timer {
  readonly id: number;
  at: number;
  readonly run: () => void;
  /** Set where it comes again. */
  readonly everyMs?: number;
}

const START = Date.UTC(2026, 10, 20, 10);

export class VirtualTime {
  now = START;
  readonly #timers = new Map<number, Timer>();
  #nextId = 1;

  /** Puts the process's own timers and clock aside; returns what restores them. */
  install(): () => void {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    const { now: realNow } = Date;
    const { timeout: realTimeout } = AbortSignal;
    const timerThat =
      (isRepeated: boolean) =>
      (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
        const id = this.#nextId++;
        // Whole milliseconds, and at least one, as Node's own timers.
        const waitMs = Math.max(1, Math.ceil(ms));
        const everyMs = isRepeated ? { everyMs: waitMs } : {};
        this.#timers.set(id, { id, at: this.now + waitMs, run: () => run(...args), ...everyMs });
        const timer = { unref: () => timer, ref: () => timer, [Symbol.toPrimitive]: () => id };
        return timer;
      };
    const setTimer = timerThat(false);
    const clearTimer = (timer: unknown) => {
      if (timer !== undefined && timer !== null) this.#timers.delete(Number(timer));
    };
    Object.assign(globalThis, { setTimeout: setTimer, clearTimeout: clearTimer });
    Object.assign(globalThis, { setInterval: timerThat(true), clearInterval: clearTimer });
    Date.now = () => this.now;
    AbortSignal.timeout = (ms) => {
      const controller = new AbortController();
      setTimer(() => controller.abort(new DOMException('timed out', 'TimeoutError')), ms);
      return controller.signal;
    };
    return () => {
      Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
      Date.now = realNow;
      AbortSignal.timeout = realTimeout;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** Lets time pass until the work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const settled = work.finally(() => {
      isDone = true;
    });
    settled.catch(() => {});
    for (;;) {
      await idle();
      if (isDone) return settled;
      this.#runNext();
    }
  }

  #runNext(): void {
    let next: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (!next || timer.at < next.at || (timer.at === next.at && timer.id < next.id)) next = timer;
    }
    if (!next) throw new Error('everything waits, and for nothing');
    this.now = Math.max(this.now, next.at);
    if (next.everyMs === undefined) this.#timers.delete(next.id);
    else next.at = this.now + next.everyMs;
    next.run();
  }

  /** Forgets what still waits, so that the next simulation starts with nothing, and at the same time. */
  clear(): void {
    this.#timers.clear();
    this.now = START;
  }
}

/** When all promises, streams and reads of files have gone as far as they can without a timer. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    // The clients look for their configuration when they are first used: no hours go by for that.
    if (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) turn = 0;
  }
}
