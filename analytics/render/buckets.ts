import type { Bucket } from '../panels/panel';
import { addDays, DAY, HOUR, MINUTE, offsetAt, startOfDay } from '../time-zone';

export const bucketLength: Readonly<Record<Bucket, number>> = {
  minute: MINUTE,
  hour: HOUR,
  day: DAY,
};

interface Range {
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  readonly bucket: Bucket;
}

/** The starts of all buckets that a period touches, in order: those without requests too. */
export function bucketsOf({ from, to, timeZone, bucket }: Range): number[] {
  const starts: number[] = [];
  let start = bucketStart(from, timeZone, bucket);
  while (start < to) {
    starts.push(start);
    start = bucket === 'day' ? addDays(start, 1, timeZone) : start + bucketLength[bucket];
  }
  return starts;
}

/** The start of the bucket that a moment lies in, as the statements of panels compute it. */
export function bucketStart(ms: number, timeZone: string, bucket: Bucket): number {
  if (bucket === 'day') return startOfDay(ms, timeZone);
  if (bucket === 'minute') return ms - (((ms % MINUTE) + MINUTE) % MINUTE);
  const offset = offsetAt(ms, timeZone) % HOUR;
  return ms - ((((ms + offset) % HOUR) + HOUR) % HOUR);
}
