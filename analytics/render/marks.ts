/** Changes of the account in the charts of traffic: which belong into a chart, and their texts. */

import type { Filter } from '../panels/panel';
import type { Value } from '../result';
import { visible } from './visible';

export interface Mark {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
  /** What was changed; left out where it is not about one. */
  readonly customer?: string;
  readonly planId?: string;
  readonly plan?: string;
  readonly api?: string;
  readonly stage?: string;
}

/** Longer, it is no reading any more. */
const MAX_TEXT = 160;

/** The mark of a row of the statement for marks. */
export function markOf(row: Readonly<Record<string, Value | undefined>>): Mark {
  const text = (name: string) =>
    typeof row[name] === 'string' ? (row[name] as string) : undefined;
  const about = {
    customer: text('customer_name'),
    planId: text('usage_plan_id'),
    plan: text('usage_plan'),
    api: text('api_id'),
    stage: text('stage'),
  };
  const known = Object.fromEntries(
    Object.entries(about).filter(([, value]) => value !== undefined),
  );
  const what = [
    [text('effect'), nameOf(about)].filter(Boolean).join(': '),
    text('settings'),
    `by ${text('actor') ?? 'unknown'}`,
  ].filter(Boolean);
  return { time: Number(row['time']), text: shortened(what.join(', ')), ...known };
}

interface About {
  readonly customer: string | undefined;
  readonly planId: string | undefined;
  readonly plan: string | undefined;
  readonly api: string | undefined;
  readonly stage: string | undefined;
}

function nameOf({ customer, planId, plan, api, stage }: About): string {
  const place = api === undefined ? undefined : stage === undefined ? api : `${api}/${stage}`;
  return [customer, plan ?? planId, place].filter(Boolean).join(', ');
}

function shortened(text: string): string {
  return visible(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
}

/**
 * Whether a change belongs into the charts of what is looked at. A change of a plan touches the customers
 * of it. A value that a change lacks does not exclude it, but for a customer: a key whose owner is not known
 * is not this customer's.
 *
 * @param plansOfCustomer ids and names of the plans that the customer of the filter uses
 */
export function isTouched(
  mark: Mark,
  filter: Filter,
  plansOfCustomer: ReadonlySet<string> = new Set(),
): boolean {
  const { customer, plan, api, stage } = filter;
  const isOfPlan = [mark.planId, mark.plan].some((name) => name !== undefined);
  const isOfStage = mark.api !== undefined;
  if (customer !== undefined) {
    const plans = [mark.planId, mark.plan].filter((name) => name !== undefined);
    const isTheirs =
      mark.customer === undefined
        ? isOfStage || plans.some((name) => plansOfCustomer.has(name))
        : mark.customer === customer;
    if (!isTheirs) return false;
  }
  if (plan !== undefined && isOfPlan && mark.planId !== plan && mark.plan !== plan) return false;
  // A key's change is not a plan's.
  if (plan !== undefined && !isOfPlan && !isOfStage) return false;
  if (api !== undefined && mark.api !== undefined && mark.api !== api) return false;
  return stage === undefined || mark.stage === undefined || mark.stage === stage;
}
