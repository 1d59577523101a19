/** Spreads calls over time, so that others who share a limit get their turn. */

import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds from any start. */
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

const realClock: Clock = { now: () => performance.now(), sleep: (ms) => sleep(ms) };

export interface Pace {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Gives out turns: `burst` at once, then `ratePerSecond`. A turn may weigh more than one. */
export function pacer({ ratePerSecond, burst }: Pace, clock: Clock = realClock) {
  const msPerUnit = 1000 / ratePerSecond;
  let paidUntil = Number.NEGATIVE_INFINITY;
  return async (weight = 1): Promise<void> => {
    const now = clock.now();
    paidUntil = Math.max(paidUntil, now - burst * msPerUnit) + weight * msPerUnit;
    if (paidUntil > now) await clock.sleep(paidUntil - now);
  };
}

/** What is asked of an SDK client: each of its attempts takes a turn, retries too. */
interface PacedClient {
  readonly middlewareStack: {
    addRelativeTo(
      // biome-ignore lint/suspicious/noExplicitAny: every client has its own types of input and output
      middleware: any,
      options: { relation: 'after'; toMiddleware: string; name: string },
    ): void;
  };
}

export function pace(client: PacedClient, turn: () => Promise<void>): void {
  const wait = <A, R>(next: (args: A) => Promise<R>) => {
    return async (args: A): Promise<R> => {
      await turn();
      return next(args);
    };
  };
  client.middlewareStack.addRelativeTo(wait, {
    relation: 'after',
    toMiddleware: 'retryMiddleware',
    name: 'paceMiddleware',
  });
}
