/** Moments as people in the report's time zone read them. */

import type { Bucket } from '../panels/panel';
import { instantOf, localTime } from '../time-zone';

export interface Clock {
  /** 2026-11-03 */
  day(ms: number): string;
  /** 3 Nov */
  shortDay(ms: number): string;
  /** Nov 2026 */
  month(ms: number): string;
  /** 3 Nov 2026, 14:05 */
  moment(ms: number): string;
  /** 3 Nov 2026, 14:05:09.123 */
  exactly(ms: number): string;
  /** 14:05 */
  time(ms: number): string;
  /** What a whole bucket is called: Tue 3 Nov 2026, or with its time of day. */
  bucket(ms: number, bucket: Bucket): string;
  /** The moment of a wall clock, such as `2026-11-03T14:05`; undefined where it is none. */
  parse(text: string): number | undefined;
  /** What `parse` reads. */
  local(ms: number): string;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const weekdays = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

/** Moments that are remembered: a chart of a month by hours asks for each of its 744 several times. */
const MEMO_SIZE = 20_000;

export function clockOf(timeZone: string): Clock {
  const memo = new Map<number, string>();
  /** ISO 8601 of the clock on the wall. */
  const wall = (ms: number): string => {
    const known = memo.get(ms);
    if (known !== undefined) return known;
    const text = new Date(localTime(ms, timeZone)).toISOString();
    if (memo.size >= MEMO_SIZE) memo.clear();
    memo.set(ms, text);
    return text;
  };
  const day = (ms: number) => wall(ms).slice(0, 10);
  const time = (ms: number) => wall(ms).slice(11, 16);
  const shortDay = (ms: number) => `${Number(wall(ms).slice(8, 10))} ${monthOf(wall(ms))}`;
  const longDay = (ms: number) => `${shortDay(ms)} ${wall(ms).slice(0, 4)}`;
  const moment = (ms: number) => `${longDay(ms)}, ${time(ms)}`;
  return {
    day,
    time,
    shortDay,
    month: (ms) => `${monthOf(wall(ms))} ${wall(ms).slice(0, 4)}`,
    moment,
    exactly: (ms) => `${longDay(ms)}, ${wall(ms).slice(11, 23)}`,
    bucket(ms, bucket) {
      const weekday = weekdays[new Date(`${day(ms)}T00:00Z`).getUTCDay()];
      return bucket === 'day' ? `${weekday} ${longDay(ms)}` : `${weekday} ${moment(ms)}`;
    },
    parse(text) {
      const local = Date.parse(`${text}Z`);
      return Number.isNaN(local) ? undefined : instantOf(local, timeZone);
    },
    local: (ms) => wall(ms).slice(0, 16),
  };
}

function monthOf(iso: string): string {
  return months[Number(iso.slice(5, 7)) - 1] ?? '';
}
