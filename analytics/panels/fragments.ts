/** Parts of statements that panels share. */

import { integerLiteral, literal } from '../dialect';
import { addDays, DAY, HOUR, localTime, MINUTE, offsetPeriods, startOfDay } from '../time-zone';
import type { Bucket, Filter, Period, Scope } from './panel';

/** The customer of a request. Customers are distinguished by name: the name of a key is that of the customer. */
export const customer = 'customer_name';

/** Which plan a request counted against: names change and repeat, ids do not. */
export const plan = 'coalesce(usage_plan_id, usage_plan)';

/** The latest name of a group's plan, by the column that has a row's time. */
export function planName(time = 'request_time_epoch'): string {
  return `max_by(usage_plan, case when usage_plan is not null then ${time} end)`;
}

/** The filter value for "no value", as API Gateway writes it. */
export const NO_VALUE = '-';

/** The conditions of a period and a filter, joined by `and`. */
export function within(period: Period, filter: Filter): string {
  return [`${during(period)}`, ...conditionsOf(filter)].join('\n  and ');
}

export function during({ from, to }: Period): string {
  return `request_time_epoch >= ${integerLiteral(from)} and request_time_epoch < ${integerLiteral(to)}`;
}

export function conditionsOf(filter: Filter): string[] {
  const { customer: customerName, plan: wanted, api, stage } = filter;
  return [
    ...equals('customer_name', customerName),
    ...planIs(wanted),
    ...equals('api_id', api),
    ...equals('stage', stage),
  ];
}

function equals(column: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  return [value === NO_VALUE ? `${column} is null` : `${column} = ${literal(value)}`];
}

function planIs(wanted: string | undefined): string[] {
  if (wanted === undefined) return [];
  if (wanted === NO_VALUE) return [`${plan} is null`];
  return [`(usage_plan_id = ${literal(wanted)} or usage_plan = ${literal(wanted)})`];
}

/** The start of the bucket that a time in milliseconds lies in, for times of `[since, scope.to)`. */
export function bucketStart(
  time: string,
  { to, timeZone }: Pick<Scope, 'to' | 'timeZone'>,
  bucket: Bucket,
  since: number,
): string {
  if (bucket === 'minute') return `${time} - ${time} % ${MINUTE}`;
  if (bucket === 'hour') return hourStart(time, timeZone, since, to);
  return dayStart(time, timeZone, since, to);
}

function hourStart(time: string, timeZone: string, since: number, to: number): string {
  return piecewise(
    time,
    offsetPeriods(timeZone, since, to).map(({ offset, until }) => ({
      until,
      value: `${time} - ${shifted(time, offset % HOUR)} % ${HOUR}`,
    })),
  );
}

function dayStart(time: string, timeZone: string, since: number, to: number): string {
  const pieces = offsetPeriods(timeZone, since, to).flatMap(({ offset, until }) => {
    const ordinary = `${time} - ${shifted(time, offset)} % ${DAY}`;
    if (until === Number.POSITIVE_INFINITY) return [{ until, value: ordinary }];
    // The day on which the clocks change is no multiple of anything.
    const start = startOfDay(until - 1, timeZone);
    const changed = localTime(until, timeZone) % DAY === 0 ? until : start;
    const end = startOfDay(addDays(changed, 1, timeZone), timeZone);
    return [
      { until: changed, value: ordinary },
      { until: end, value: integerLiteral(changed) },
    ];
  });
  return piecewise(time, pieces);
}

/** The time that the clock on the wall shows, as milliseconds as if it were UTC. */
export function localTimeOf(
  time: string,
  { to, timeZone }: Pick<Scope, 'to' | 'timeZone'>,
  since: number,
): string {
  return piecewise(
    time,
    offsetPeriods(timeZone, since, to).map(({ offset, until }) => ({
      until,
      value: shifted(time, offset),
    })),
  );
}

function shifted(time: string, offset: number): string {
  if (offset === 0) return time;
  return offset > 0 ? `(${time} + ${offset})` : `(${time} - ${-offset})`;
}

function piecewise(time: string, pieces: readonly { until: number; value: string }[]): string {
  const last = pieces.at(-1);
  if (pieces.length === 1 && last) return last.value;
  const whens = pieces
    .slice(0, -1)
    .map(({ until, value }) => `when ${time} < ${integerLiteral(until)} then ${value}`);
  return `case ${whens.join(' ')} else ${last?.value} end`;
}

/**
 * Whether the log reaches back to a period: whether it has a request in its first tenth. Half a period
 * would look like growth.
 */
export function isLogged({ from, to }: Period): string {
  const start = { from, to: from + Math.ceil((to - from) / 10) };
  return `(select count(*) from requests where ${during(start)}) > 0`;
}

/** A number of an earlier period, or NULL where the log does not reach back to it. */
export function ifLogged(period: Period, value: string): string {
  return `case when ${isLogged(period)} then ${value} end`;
}

/** A share in percent; NULL where there are fewer than `minimum` of the whole. */
export function percent(part: string, whole: string, minimum = 1): string {
  return `case when ${whole} >= ${minimum} then 1e2 * ${part} / ${whole} end`;
}
