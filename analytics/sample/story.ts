/** What happens in the sample's thirty days: the events that a report should make visible. */

import { HOUR } from '../time-zone';
import type { PlanMove } from './product';

const DAY = 24 * HOUR;

/** The sample's period: thirty days up to this moment. */
export const SAMPLE_DAYS = 30;
export const SAMPLE_END = Date.UTC(2026, 10, 21);
export const SAMPLE_START = SAMPLE_END - SAMPLE_DAYS * DAY;

interface Span {
  /** Milliseconds since 1970, `from` included, `to` not. */
  readonly from: number;
  readonly to: number;
}

function span(day: number, hour: number, hours: number): Span {
  const from = SAMPLE_START + day * DAY + hour * HOUR;
  return { from, to: from + hours * HOUR };
}

export function isIn({ from, to }: Span, time: number): boolean {
  return time >= from && time < to;
}

/** A version of the rates API that fails and is slow, until it is rolled back. */
export const badDeploy = { ...span(19, 14, 2), api: 'rates', failureRate: 0.38, slowdown: 6 };

/** A customer that calls far too fast at night, and is throttled. */
export const noisy = {
  customer: 'Noisy Otter Games',
  fromDay: 21,
  hours: [1, 2, 3],
  factor: 26,
  throttledRate: 0.55,
};

/** A free customer that has used up the month's requests. */
export const quotaRunsOut = { customer: 'Pixel Foundry', at: SAMPLE_START + 23.4 * DAY };

/** A customer that buys a larger plan. */
export const planMoves: readonly PlanMove[] = [
  { customer: 'Brightside Foods', to: 'Business', at: SAMPLE_START + 14 * DAY + 9 * HOUR },
];

/** The pipeline was switched off: there are no lines at all. */
export const noLines = span(11, 3, 2);

/** Delivered hours later than usual, after a fault downstream. */
export const lateDelivery = { ...span(16, 8, 1), delay: 5 * HOUR };
