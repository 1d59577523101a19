/** Asks API Gateway for one key: two calls, where a listing of the account takes one for each plan. */

import {
  type APIGatewayClient,
  GetApiKeyCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { tagsNamed, type WantedDetails } from '../core/catalog/customer';
import type { UsagePlan, UsagePlanKey } from '../core/catalog/usage-plan';
import { allPages, usagePlanOf } from './list-usage-plans';
import { catalogLoadError } from './load-error';

export interface AskOptions {
  readonly signal: AbortSignal;
  /** The details of the key that are wanted beside its name; some take another permission. */
  readonly details: WantedDetails;
}

/** The plans that have the key, each with this key alone; none where there is no such key. */
export async function plansOfKey(
  client: APIGatewayClient,
  keyId: string,
  { signal, details }: AskOptions,
): Promise<UsagePlan[]> {
  try {
    const plans = await allPages((position) => {
      const command = new GetUsagePlansCommand({ keyId, limit: 500, position });
      return client.send(command, { abortSignal: signal });
    });
    if (plans.length === 0) return [];
    const key = details.isListOfKeys
      ? await keyWithDetails(client, keyId, details, signal)
      : await keyInPlans(client, keyId, plans, signal);
    return key ? plans.map((plan) => ({ ...usagePlanOf(plan, details), keys: [key] })) : [];
  } catch (error) {
    // No id that a key could have.
    if (isAboutTheKey(error)) return [];
    throw catalogLoadError(error, signal);
  }
}

/** The key's name from any of its plans: a plan that it has left meanwhile does not have it. */
async function keyInPlans(
  client: APIGatewayClient,
  keyId: string,
  plans: readonly { readonly id?: string | undefined }[],
  abortSignal: AbortSignal,
): Promise<UsagePlanKey | undefined> {
  for (const { id: usagePlanId } of plans) {
    try {
      const command = new GetUsagePlanKeyCommand({ keyId, usagePlanId });
      const { name } = await client.send(command, { abortSignal });
      return { id: keyId, name };
    } catch (error) {
      if (!isAboutTheKey(error)) throw error;
    }
  }
  return undefined;
}

async function keyWithDetails(
  client: APIGatewayClient,
  keyId: string,
  { keyTags }: WantedDetails,
  abortSignal: AbortSignal,
): Promise<UsagePlanKey> {
  const command = new GetApiKeyCommand({ apiKey: keyId, includeValue: false });
  const { name, tags, customerId } = await client.send(command, { abortSignal });
  return { id: keyId, name, tags: tagsNamed(tags, keyTags), customerId };
}

/** Deleted since, or nothing that a key could be called. */
function isAboutTheKey(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode === 404 || $metadata?.httpStatusCode === 400;
}
