/**
 * Reads the account's usage plans from API Gateway: every plan, every key of each, every page.
 *
 * The control plane admits 10 requests a second and a burst of 40 for the whole account, shared with
 * its deployments (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html), so a
 * load is patient, and a few calls in flight are enough.
 */

import {
  type UsagePlan as AccountPlan,
  type APIGatewayClient,
  GetApiKeysCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  NotFoundException,
} from '@aws-sdk/client-api-gateway';
import { anySignal } from '../aws/any-signal';
import { mapInFlight } from '../aws/in-flight';
import { tagsNamed, type WantedDetails } from '../core/catalog/customer';
import type { UsagePlan, UsagePlanKey } from '../core/catalog/usage-plan';
import { catalogLoadError } from './load-error';

/** The largest page that the service returns. */
export const PAGE_SIZE = 500;
const CALLS_IN_FLIGHT = 5;

export interface ListOptions {
  /** Ends a load that takes too long. */
  readonly signal: AbortSignal;
  /** The details of keys and plans that are wanted beside their names. */
  readonly details: WantedDetails;
}

export type KeyDetails = ReadonlyMap<string, Pick<UsagePlanKey, 'name' | 'tags' | 'customerId'>>;

/** A plan without its keys. */
export type ListedPlan = Omit<UsagePlan, 'keys'>;

/**
 * All of it or nothing: rejects with a `CatalogLoadError` where any page fails, since half a catalog
 * would name half the customers wrong.
 */
export async function listUsagePlans(
  client: APIGatewayClient,
  { signal: deadline, details }: ListOptions,
): Promise<UsagePlan[]> {
  const abort = new AbortController();
  const signal = anySignal(deadline, abort.signal);
  const account = new Account(client, details);
  try {
    const facts = details.isListOfKeys ? await account.keyDetails(signal) : undefined;
    const plans = await account.plans(signal);
    return await mapInFlight(plans, CALLS_IN_FLIGHT, async (plan) => {
      const keys = await account.keysOf(plan.id, signal);
      return {
        ...plan,
        keys: facts ? keys.map((key) => ({ ...key, ...facts.get(key.id) })) : keys,
      };
    });
  } catch (error) {
    throw catalogLoadError(error, deadline);
  } finally {
    // Calls still in flight when another has failed are not worth waiting for.
    abort.abort();
  }
}

/** A plan as the service returns it, with the tags that are wanted of it. */
export function usagePlanOf(plan: AccountPlan, { planTags }: WantedDetails): ListedPlan {
  const { id = '', name, apiStages = [], tags } = plan;
  const stages = apiStages.map(({ apiId = '', stage = '' }) => ({ apiId, stage }));
  return { id, name, apiStages: stages, tags: tagsNamed(tags, planTags) };
}

/** What is read of an account, in single readings. */
export class Account {
  readonly #client: APIGatewayClient;
  readonly #details: WantedDetails;

  constructor(client: APIGatewayClient, details: WantedDetails) {
    this.#client = client;
    this.#details = details;
  }

  /** All plans, each once: a plan that is made meanwhile may move another one to the next page. */
  async plans(abortSignal: AbortSignal): Promise<ListedPlan[]> {
    const plans = await allPages((position) => {
      const command = new GetUsagePlansCommand({ limit: PAGE_SIZE, position });
      return this.#client.send(command, { abortSignal });
    });
    const byId = new Map(plans.map((plan) => [plan.id ?? '', plan]));
    return [...byId.values()].map((plan) => usagePlanOf(plan, this.#details));
  }

  async keysOf(usagePlanId: string, abortSignal: AbortSignal): Promise<UsagePlanKey[]> {
    try {
      const keys = await allPages((position) => {
        const command = new GetUsagePlanKeysCommand({ usagePlanId, limit: PAGE_SIZE, position });
        return this.#client.send(command, { abortSignal });
      });
      // The service sends the key's value along; it stops here.
      return keys.map(({ id = '', name }): UsagePlanKey => ({ id, name }));
    } catch (error) {
      // Deleted since it was listed.
      if (error instanceof NotFoundException) return [];
      throw error;
    }
  }

  async keyDetails(abortSignal: AbortSignal): Promise<KeyDetails> {
    const keys = await allPages((position) => {
      const command = new GetApiKeysCommand({ limit: PAGE_SIZE, position, includeValues: false });
      return this.#client.send(command, { abortSignal });
    });
    return new Map(
      keys.map(({ id = '', name, tags, customerId }) => [
        id,
        { name, tags: tagsNamed(tags, this.#details.keyTags), customerId },
      ]),
    );
  }
}

interface Page<T> {
  readonly items?: T[] | undefined;
  readonly position?: string | undefined;
}

export async function allPages<T>(getPage: (position?: string) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  const seen = new Set<string>();
  let position: string | undefined;
  do {
    const page = await getPage(position);
    all.push(...(page.items ?? []));
    position = page.position;
    if (position && seen.has(position)) {
      throw new Error('the service gave the same page position twice');
    }
    if (position) seen.add(position);
  } while (position);
  return all;
}
