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
import type { UsagePlan, UsagePlanKey } from '../core/catalog/catalog';
import { catalogLoadError } from './load-error';

/** The largest page that the service gives. */
export const PAGE_SIZE = 500;
const CALLS_IN_FLIGHT = 5;

export interface ListOptions {
  /** Ends a load that takes too long. */
  readonly signal: AbortSignal;
  /** Whether tags and customer ids of keys are wanted, which takes a list of the API keys too. */
  readonly withKeyDetails: boolean;
  /** The keys of a plan where they need no asking. */
  readonly knownKeys?: (planId: string) => readonly UsagePlanKey[] | undefined;
  /** Waits before each call until it may be made. */
  readonly pace?: () => Promise<void>;
}

type KeyDetails = ReadonlyMap<string, Pick<UsagePlanKey, 'name' | 'tags' | 'customerId'>>;

/**
 * All of it or nothing: rejects with a `CatalogLoadError` where any page fails, since half a catalog
 * would name half the customers wrong.
 */
export async function listUsagePlans(
  client: APIGatewayClient,
  options: ListOptions,
): Promise<UsagePlan[]> {
  const abort = new AbortController();
  const signal = anySignal(options.signal, abort.signal);
  const listing = new Listing(client, signal, options.pace);
  try {
    const details = options.withKeyDetails ? await listing.keyDetails() : undefined;
    const plans = await listing.plans();
    return await mapInFlight(plans, CALLS_IN_FLIGHT, async (plan) => {
      const id = plan.id ?? '';
      const keys = options.knownKeys?.(id) ?? (await listing.keysOf(id));
      return usagePlanOf(
        plan,
        details ? keys.map((key) => ({ ...key, ...details.get(key.id) })) : keys,
      );
    });
  } catch (error) {
    throw catalogLoadError(error, options.signal);
  } finally {
    // Calls still in flight when another has failed are not worth waiting for.
    abort.abort();
  }
}

/** A plan as the service gives it. */
export function usagePlanOf(plan: AccountPlan, keys: readonly UsagePlanKey[]): UsagePlan {
  const { id = '', name, apiStages = [], tags } = plan;
  const stages = apiStages.map(({ apiId = '', stage = '' }) => ({ apiId, stage }));
  return { id, name, apiStages: stages, keys, tags };
}

class Listing {
  readonly #client: APIGatewayClient;
  readonly #abortSignal: AbortSignal;
  readonly #pace: () => Promise<void>;

  constructor(client: APIGatewayClient, abortSignal: AbortSignal, pace = async () => {}) {
    this.#client = client;
    this.#abortSignal = abortSignal;
    this.#pace = pace;
  }

  plans(): Promise<AccountPlan[]> {
    return allPages(async (position) => {
      await this.#pace();
      const command = new GetUsagePlansCommand({ limit: PAGE_SIZE, position });
      return this.#client.send(command, { abortSignal: this.#abortSignal });
    });
  }

  async keysOf(usagePlanId: string): Promise<UsagePlanKey[]> {
    try {
      const keys = await allPages(async (position) => {
        await this.#pace();
        const command = new GetUsagePlanKeysCommand({ usagePlanId, limit: PAGE_SIZE, position });
        return this.#client.send(command, { abortSignal: this.#abortSignal });
      });
      // The service sends the key's value along; it stops here.
      return keys.map(({ id = '', name }): UsagePlanKey => ({ id, name }));
    } catch (error) {
      // Deleted since it was listed.
      if (error instanceof NotFoundException) return [];
      throw error;
    }
  }

  async keyDetails(): Promise<KeyDetails> {
    const keys = await allPages(async (position) => {
      await this.#pace();
      const command = new GetApiKeysCommand({ limit: PAGE_SIZE, position, includeValues: false });
      return this.#client.send(command, { abortSignal: this.#abortSignal });
    });
    return new Map(
      keys.map(({ id = '', name, tags, customerId }) => [id, { name, tags, customerId }]),
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
