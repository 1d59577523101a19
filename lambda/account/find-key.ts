/** Asks API Gateway for one key: two calls, where a listing of the account takes one for each plan. */

import {
  type APIGatewayClient,
  GetApiKeyCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlansCommand,
  NotFoundException,
} from '@aws-sdk/client-api-gateway';
import type { UsagePlan, UsagePlanKey } from '../core/catalog/catalog';
import { allPages, usagePlanOf } from './list-usage-plans';
import { catalogLoadError } from './load-error';

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Whether tags and the customer id of the key are wanted, which takes another permission. */
  readonly withKeyDetails: boolean;
}

/** The plans that have the key, each with this key alone; none where there is no such key. */
export async function plansOfKey(
  client: APIGatewayClient,
  keyId: string,
  { signal, withKeyDetails }: AskOptions,
): Promise<UsagePlan[]> {
  try {
    const plans = await allPages(async (position) => {
      const command = new GetUsagePlansCommand({ keyId, limit: 500, position });
      return client.send(command, { abortSignal: signal });
    });
    const planId = plans[0]?.id;
    if (planId === undefined) return [];
    const key = withKeyDetails
      ? await keyWithDetails(client, keyId, signal)
      : await keyInPlan(client, { keyId, usagePlanId: planId }, signal);
    return plans.map((plan) => usagePlanOf(plan, [key]));
  } catch (error) {
    // Deleted since, or no id that a key could have.
    if (error instanceof NotFoundException) return [];
    throw catalogLoadError(error, signal);
  }
}

async function keyInPlan(
  client: APIGatewayClient,
  ids: { readonly keyId: string; readonly usagePlanId: string },
  abortSignal: AbortSignal,
): Promise<UsagePlanKey> {
  const { name } = await client.send(new GetUsagePlanKeyCommand(ids), { abortSignal });
  return { id: ids.keyId, name };
}

async function keyWithDetails(
  client: APIGatewayClient,
  keyId: string,
  abortSignal: AbortSignal,
): Promise<UsagePlanKey> {
  const command = new GetApiKeyCommand({ apiKey: keyId, includeValue: false });
  const { name, tags, customerId } = await client.send(command, { abortSignal });
  return { id: keyId, name, tags, customerId };
}
