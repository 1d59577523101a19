/** What a widget is asked about, in the hours and days that roll-ups have. */

import { addDays } from '../../analytics/athena/closed-days';
import { MOST_BY_HOUR } from '../../analytics/panels/bucket';
import type { Bucket, Scope } from '../../analytics/panels/panel';
import { DAY, HOUR, startOfDay } from '../../analytics/time-zone';
import type { TimeRange } from '../widgets/context';

/** Longer ranges are cut: roll-ups of more days are read for comparisons. */
const MOST_DAYS = 92;

/**
 * Whole hours of UTC, of days that are rolled up; whole days of the viewer where series are by the day.
 * Undefined where no closed day is in the range.
 *
 * @param offsetMinutes of the viewer, ahead of UTC
 * @param closedUntil the last day that is rolled up, `2026-11-25`
 */
export function scopeOf(
  { start, end }: TimeRange,
  offsetMinutes: number,
  closedUntil: string,
): Scope | undefined {
  const timeZone = zoneOf(offsetMinutes);
  const bucket: Bucket = end - start > MOST_BY_HOUR ? 'day' : 'hour';
  const first = Math.max(start, end - MOST_DAYS * DAY);
  const from = bucket === 'day' ? startOfDay(first, timeZone) : Math.floor(first / HOUR) * HOUR;
  const closed = Date.parse(addDays(closedUntil, 1));
  // A last day of some hours would look like a fall.
  const limit = bucket === 'day' ? startOfDay(closed, timeZone) : closed;
  const to = Math.min(Math.ceil(end / HOUR) * HOUR, limit);
  return from < to ? { from, to, timeZone, bucket, filter: {} } : undefined;
}

/** A zone of whole hours, since roll-ups have hours of UTC; its sign is that of POSIX, the other way round. */
function zoneOf(offsetMinutes: number): string {
  const hours = Math.max(-12, Math.min(14, Math.trunc(offsetMinutes / 60)));
  return hours === 0 ? 'UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
}
