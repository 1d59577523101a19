/** The time that a report is about, as a user writes it. */

import { addDays, instantOf, startOfDay } from '../../analytics/time-zone';
import { UsageError } from '../usage-error';
import type { TimeSpan } from './source';

const agoMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export interface RangeValues {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timeZone: string;
  /** What the option for `from` is called. @default --from */
  readonly fromOption?: string;
}

/** A day given as the end belongs to the range; any other moment given as the end does not. */
export function timeRange(
  { from, to, timeZone, fromOption = '--from' }: RangeValues,
  now: number,
): TimeSpan {
  checkTimeZone(timeZone);
  const span = {
    from:
      from === undefined ? undefined : momentOf(fromOption, from, { timeZone, now, isEnd: false }),
    to: to === undefined ? undefined : momentOf('--to', to, { timeZone, now, isEnd: true }),
  };
  if (span.from !== undefined && span.to !== undefined && span.from >= span.to) {
    throw new UsageError(`${fromOption}: got ${from}, expected a time before --to ${to}`);
  }
  return span;
}

interface MomentOptions {
  readonly timeZone: string;
  readonly now: number;
  readonly isEnd: boolean;
}

function momentOf(option: string, text: string, { timeZone, now, isEnd }: MomentOptions): number {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (amount && unit) return now - Number(amount) * agoMs[unit as keyof typeof agoMs];
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const hasZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const hasNoZone = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?$/.test(text);
  const time = hasZone
    ? Date.parse(text)
    : Date.parse(`${text.replace(' ', 'T')}${isDay ? '' : 'Z'}`);
  if (!(isDay || hasZone || hasNoZone) || Number.isNaN(time)) {
    const expected = '2026-11-20, 2026-11-20T08:00, 2026-11-20T08:00:00Z, 7d, 12h or 30m (ago)';
    throw new UsageError(`${option}: got "${text}", expected such as ${expected}`);
  }
  if (hasZone) return time;
  const local = instantOf(time, timeZone);
  if (!isDay) return local;
  const day = startOfDay(local, timeZone);
  return isEnd ? addDays(day, 1, timeZone) : day;
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new UsageError(`--time-zone: got "${timeZone}", expected a name such as Europe/Berlin`);
  }
}
