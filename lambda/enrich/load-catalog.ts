/**
 * Reads the account's usage plans from API Gateway: every plan, every key of each, every page.
 *
 * The control plane admits 10 requests a second and a burst of 40 for the whole account, shared with
 * its deployments (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html), so a
 * load is patient, and a few calls in flight are enough.
 */

import {
  type APIGatewayClient,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  NotFoundException,
} from '@aws-sdk/client-api-gateway';
import { Catalog, type UsagePlan, type UsagePlanKey } from '../core/catalog';
import { catalogLoadError } from './catalog-load-error';

/** The largest page that the service gives. */
const PAGE_SIZE = 500;
const CALLS_IN_FLIGHT = 5;

/**
 * All of it or nothing: rejects with a `CatalogLoadError` where any page fails, since half a catalog
 * would name half the customers wrong. The signal ends a load that takes too long.
 */
export async function loadCatalog(client: APIGatewayClient, signal: AbortSignal): Promise<Catalog> {
  const abort = new AbortController();
  const abortSignal = AbortSignal.any([signal, abort.signal]);
  try {
    const usagePlans = await allPages(async (position) => {
      const command = new GetUsagePlansCommand({ limit: PAGE_SIZE, position });
      return client.send(command, { abortSignal });
    });
    return new Catalog(
      await mapInFlight(usagePlans, CALLS_IN_FLIGHT, async ({ id = '', name, apiStages }) => ({
        id,
        name,
        apiStages: (apiStages ?? []).map(({ apiId = '', stage = '' }) => ({ apiId, stage })),
        keys: await keysOf(client, id, abortSignal),
      })),
    );
  } catch (error) {
    throw catalogLoadError(error, signal);
  } finally {
    // Calls still in flight when another has failed are not worth waiting for.
    abort.abort();
  }
}

async function keysOf(
  client: APIGatewayClient,
  usagePlanId: string,
  abortSignal: AbortSignal,
): Promise<UsagePlan['keys']> {
  try {
    const keys = await allPages(async (position) => {
      const command = new GetUsagePlanKeysCommand({ usagePlanId, limit: PAGE_SIZE, position });
      return client.send(command, { abortSignal });
    });
    // The service sends the key's value along; it stops here.
    return keys.map(({ id = '', name }): UsagePlanKey => ({ id, name }));
  } catch (error) {
    // Deleted since it was listed.
    if (error instanceof NotFoundException) return [];
    throw error;
  }
}

interface Page<T> {
  readonly items?: T[] | undefined;
  readonly position?: string | undefined;
}

async function allPages<T>(getPage: (position?: string) => Promise<Page<T>>): Promise<T[]> {
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

/** Maps with at most `limit` calls under way; rejects with the first failure. */
async function mapInFlight<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
