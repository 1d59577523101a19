/** The periods that a period is compared with. */

import { addDays, DAY, HOUR, offsetAt, startOfDay } from '../time-zone';
import type { Comparison, Period, Scope } from './panel';

/** How far panels look back for a customer's history. */
export const HISTORY_DAYS = 400;

export function comparedPeriod(comparison: Comparison, scope: Scope): Period {
  return comparison === 'previous period' ? previousPeriod(scope) : sameWeekdays(scope);
}

/** The period of the same length before: as many days of the calendar, if it consists of whole days. */
export function previousPeriod({ from, to, timeZone }: Scope): Period {
  const wholeDays = startOfDay(from, timeZone) === from && startOfDay(to, timeZone) === to;
  if (!wholeDays) return { from: from - (to - from), to: from };
  const days = Math.round((to - from) / DAY);
  return { from: addDays(from, -days, timeZone), to: from };
}

/** The latest earlier period with the same days of the week: as many whole weeks before as needed. */
export function sameWeekdays({ from, to, timeZone }: Scope): Period {
  const weeks = Math.ceil((to - from) / (7 * DAY));
  return {
    from: addDays(from, -7 * weeks, timeZone),
    to: addDays(to, -7 * weeks, timeZone),
  };
}

/** Where the history of a scope starts. */
export function historyFrom({ to, timeZone }: Pick<Scope, 'to' | 'timeZone'>): number {
  return startOfDay(addDays(to, -HISTORY_DAYS, timeZone), timeZone);
}

/** The hours of the clock next to those that are wholly in a period. */
export function hoursAround({ from, to, timeZone }: Scope): { before: number; after: number } {
  const sinceHour = (moment: number) => (moment + offsetAt(moment, timeZone)) % HOUR;
  const beyond = sinceHour(from);
  return { before: beyond === 0 ? from - HOUR : from - beyond, after: to - sinceHour(to) };
}
