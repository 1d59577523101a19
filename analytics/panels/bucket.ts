/** How long the time slots of a chart are, by the time that it shows. */

import { DAY, HOUR } from '../time-zone';
import type { Bucket } from './panel';

/** A longer time is shown by the hour. */
const MOST_BY_MINUTE = 3 * HOUR;
/** A longer time is shown by the day. */
export const MOST_BY_HOUR = 8 * DAY;

/** @param duration milliseconds */
export function bucketFor(duration: number): Bucket {
  if (duration <= MOST_BY_MINUTE) return 'minute';
  return duration <= MOST_BY_HOUR ? 'hour' : 'day';
}
