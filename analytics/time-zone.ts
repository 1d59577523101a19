/** Local days of a time zone, as instants: all times here are milliseconds since 1970. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A period with one offset from UTC, up to where the clocks change. */
export interface OffsetPeriod {
  readonly offset: number;
  /** The instant of the change; infinite for the last period. */
  readonly until: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = makeFormatter(timeZone);
  formatters.set(timeZone, made);
  return made;
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new Error(
      `no such time zone: ${JSON.stringify(timeZone)} (wanted a name like UTC or Europe/Berlin)`,
      { cause },
    );
  }
}

/** What was worked out for a time zone: panels ask for the same moments, and each takes a while. */
const MAX_KNOWN = 10_000;
let knownZone = '';
const known = new Map<number, number>();

/** What the clock on the wall shows, as if it were UTC. */
export function localTime(instant: number, timeZone: string): number {
  if (timeZone === 'UTC') return instant;
  if (timeZone !== knownZone || known.size >= MAX_KNOWN) known.clear();
  knownZone = timeZone;
  const found = known.get(instant);
  if (found !== undefined) return found;
  const local = readLocalTime(instant, timeZone);
  known.set(instant, local);
  return local;
}

function readLocalTime(instant: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(instant)) {
    part[type] = Number(value);
  }
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
  const milliseconds = ((instant % 1000) + 1000) % 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
}

export function offsetAt(instant: number, timeZone: string): number {
  return localTime(instant, timeZone) - instant;
}

/** The instant at which the clock on the wall shows a time; the earlier one of two. */
export function instantOf(local: number, timeZone: string): number {
  const before = local - offsetAt(local - DAY, timeZone);
  if (localTime(before, timeZone) === local) return before;
  return local - offsetAt(local + DAY, timeZone);
}

/** The first instant of the local day. */
export function startOfDay(instant: number, timeZone: string): number {
  const local = localTime(instant, timeZone);
  const midnight = local - (((local % DAY) + DAY) % DAY);
  const start = instantOf(midnight, timeZone);
  if (localTime(start, timeZone) === midnight) return start;
  // The clocks went forward at midnight: the day starts with the change.
  return changeWithin(start - DAY, start + DAY, timeZone);
}

/** Moved by days of the calendar, the time on the wall stays. */
export function addDays(instant: number, days: number, timeZone: string): number {
  return instantOf(localTime(instant, timeZone) + days * DAY, timeZone);
}

/** The offsets of `[from, to)` in order. */
export function offsetPeriods(timeZone: string, from: number, to: number): OffsetPeriod[] {
  const periods: OffsetPeriod[] = [];
  let start = from;
  let offset = offsetAt(from, timeZone);
  for (let next = from + 7 * DAY; start < to; next += 7 * DAY) {
    const end = Math.min(next, to);
    const later = offsetAt(end, timeZone);
    if (later !== offset) {
      const until = changeWithin(start, end, timeZone);
      periods.push({ offset, until });
      offset = offsetAt(until, timeZone);
      next = until;
      start = until;
    } else {
      start = end;
    }
  }
  return [...periods, { offset, until: Number.POSITIVE_INFINITY }];
}

/** The first instant with the offset that follows the one at `from`, to the second. */
function changeWithin(from: number, to: number, timeZone: string): number {
  const offset = offsetAt(from, timeZone);
  let [low, high] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1000, timeZone) === offset) low = middle;
    else high = middle;
  }
  return high * 1000;
}
