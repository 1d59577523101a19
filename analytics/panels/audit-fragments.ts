/** Parts of statements over `changes`. */

import type { Effect } from '../audit/changes';
import { integerLiteral, literal } from '../dialect';
import { NO_VALUE } from './fragments';
import type { Filter, Period } from './panel';

/** The conditions of a period and a filter on calls, joined by `and`. */
export function callsWithin(period: Period, filter: Filter, ...more: readonly string[]): string {
  return [callsDuring(period), ...callConditions(filter), ...more].join('\n  and ');
}

export function callsDuring({ from, to }: Period): string {
  return `event_time_epoch >= ${integerLiteral(from)} and event_time_epoch < ${integerLiteral(to)}`;
}

/** A customer's calls are those about keys that are called so, or that the customer used. */
function callConditions({ customer, plan, api, stage }: Filter): string[] {
  return [
    ...isOne(
      customer,
      ['api_key_name'],
      [
        `api_key_id in (select api_key_id from requests where customer_name = ${literal(customer ?? '')})`,
      ],
    ),
    ...isOne(plan, ['usage_plan_id', 'usage_plan']),
    ...isOne(api, ['api_id', 'api_name']),
    ...isOne(stage, ['stage']),
  ];
}

function isOne(
  wanted: string | undefined,
  columns: readonly string[],
  others: readonly string[] = [],
): string[] {
  if (wanted === undefined) return [];
  if (wanted === NO_VALUE) return columns.map((column) => `${column} is null`);
  const found = [...columns.map((column) => `${column} = ${literal(wanted)}`), ...others];
  return [`(${found.join(' or ')})`];
}

/** Whether a call did this, perhaps among other things. */
export function did(effect: Effect): string {
  return `strpos(coalesce(', ' || effect || ',', ''), ${literal(`, ${effect},`)}) > 0`;
}

export const changesSomething = "event_kind = 'write'";
export const succeeded = 'error_code is null';
export const isFailure = 'error_code is not null';
export const callStatus = `case when ${succeeded} then 'Success' else 'Failure' end`;

/** Neither a service of AWS nor a session that MFA has opened. */
export const lacksMfa = "coalesce(mfa, false) = false and coalesce(user_type, '') <> 'AWSService'";

export const mfaText = "case when mfa then 'yes' when mfa is null then 'unknown' else 'no' end";

export const keyName = 'coalesce(api_key_name, api_key_id)';
