/**
 * How much of its quota each usage plan's busiest key has used, as API Gateway itself counts.
 *
 * `GetUsage` returns for each key and day what it has used and what remains of the period's quota; the
 * count is half an hour late, and its days are days of UTC.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsage.html
 */

import {
  type APIGatewayClient,
  GetUsageCommand,
  GetUsagePlansCommand,
  type UsagePlan,
} from '@aws-sdk/client-api-gateway';
import { PAGE_SIZE } from '../account/list-usage-plans';

/** A usage plan's quota and the share of it that the busiest of its keys has used. */
export interface QuotaUse {
  readonly planId: string;
  readonly planName: string;
  /** Requests a period. */
  readonly limit: number;
  readonly period: string;
  /** From 0; above 100 is not possible, API Gateway refuses what goes beyond. */
  readonly percent: number;
}

export interface QuotaReading {
  readonly uses: readonly QuotaUse[];
  /** The plans whose use could not be read, each with the cause. */
  readonly failures: readonly { readonly planId: string; readonly cause: unknown }[];
}

export interface QuotaOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Waits before each call until it may be made: the account has ten a second for everything. */
  readonly pace: () => Promise<void>;
}

/** Reads every plan that has a quota; rejects where the plans themselves cannot be listed. */
export async function readQuotas(
  client: APIGatewayClient,
  { now, pace }: QuotaOptions,
): Promise<QuotaReading> {
  const day = new Date(now).toISOString().slice(0, 10);
  const uses: QuotaUse[] = [];
  const failures: { planId: string; cause: unknown }[] = [];
  for (const plan of await plansOf(client, pace)) {
    const { id: planId = '', name: planName = '', quota } = plan;
    const { limit, period } = quota ?? {};
    if (!limit || !period) continue;
    try {
      const remaining = await leastRemaining(client, planId, day, pace);
      // No key was used today: what was used before in this period is not known, and is less
      // than what would have been reported then.
      if (remaining === undefined) continue;
      const percent = Math.min(100, Math.max(0, 100 * (1 - remaining / limit)));
      uses.push({ planId, planName, limit, period, percent });
    } catch (cause) {
      failures.push({ planId, cause });
    }
  }
  return { uses, failures };
}

async function plansOf(client: APIGatewayClient, pace: () => Promise<void>): Promise<UsagePlan[]> {
  const plans: UsagePlan[] = [];
  let position: string | undefined;
  do {
    await pace();
    const page = await client.send(new GetUsagePlansCommand({ limit: PAGE_SIZE, position }));
    plans.push(...(page.items ?? []));
    position = page.position;
  } while (position);
  return plans;
}

/** What the key with the least quota has left; undefined where no key has an entry. */
async function leastRemaining(
  client: APIGatewayClient,
  usagePlanId: string,
  day: string,
  pace: () => Promise<void>,
): Promise<number | undefined> {
  let least: number | undefined;
  let position: string | undefined;
  do {
    await pace();
    const page = await client.send(
      new GetUsageCommand({
        usagePlanId,
        startDate: day,
        endDate: day,
        limit: PAGE_SIZE,
        position,
      }),
    );
    for (const days of Object.values(page.items ?? {})) {
      // The last day that is there; a day without requests may have no entry.
      const remaining = days.at(-1)?.[1];
      if (remaining === undefined) continue;
      least = least === undefined ? remaining : Math.min(least, remaining);
    }
    position = page.position;
  } while (position);
  return least;
}
