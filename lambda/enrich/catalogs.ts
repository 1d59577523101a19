/** The function's catalog: its sources, each with its deadline, and the settings that concern it. */

import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { plansOfKey } from '../account/find-key';
import { listUsagePlans } from '../account/list-usage-plans';
import { anySignal } from '../aws/any-signal';
import { signedRequests } from '../aws/signed-request';
import { CatalogCache } from '../core/catalog/catalog-cache';
import { customerNaming, needsKeyDetails, parseExtraFields } from '../core/catalog/customer';
import type { Settings } from '../core/settings/settings';
import { sharedCatalog } from './snapshot-source';
import type { Telemetry } from './telemetry';

const SHARED_TIMEOUT_MS = 5_000;
/** A question takes two calls; with the retries that throttling causes, this is patient enough. */
const QUESTION_TIMEOUT_MS = 10_000;
/** The crawler is through with a part of a look in five seconds; twice what it takes all in all. */
const ANSWER_TIMEOUT_MS = 20_000;

export interface CatalogsOptions {
  readonly settings: Settings;
  readonly client: APIGatewayClient;
  readonly telemetry: Pick<Telemetry, 'catalogs'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ends whatever is under way. */
  readonly end?: AbortSignal | undefined;
}

export function catalogsOf({ settings, client, telemetry, environment, end }: CatalogsOptions) {
  const deadline = (ms: number) => anySignal(AbortSignal.timeout(ms), ...(end ? [end] : []));
  const extraFields = parseExtraFields(settings.extraFields);
  const templates = { customerName: settings.customerName, extraFields };
  const withKeyDetails = needsKeyDetails(templates);
  const { sharedCatalogLocation: location, sharedCatalogQueueUrl: queueUrl } = settings;

  return new CatalogCache({
    sources: {
      list: () => {
        const signal = deadline(settings.catalogLoadTimeoutSeconds * 1000);
        return listUsagePlans(client, { signal, withKeyDetails });
      },
      ask: (keyId) => {
        const signal = deadline(QUESTION_TIMEOUT_MS);
        return plansOfKey(client, keyId, { signal, withKeyDetails });
      },
      shared: location
        ? sharedCatalog({
            location,
            queueUrl,
            region: async () => client.config.region(),
            send: signedRequests(client),
            environment,
            timeoutMs: SHARED_TIMEOUT_MS,
          })
        : undefined,
    },
    naming: customerNaming(templates),
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    observer: telemetry.catalogs,
    callsPerMinute: settings.unknownKeyCallsPerMinute,
    ttlMs: settings.catalogTtlSeconds * 1000,
    checkMs: settings.sharedCatalogCheckSeconds * 1000,
    snapshotMaxAgeMs: settings.sharedCatalogMaxAgeSeconds * 1000,
    minLoadIntervalMs: settings.catalogMinLoadIntervalSeconds * 1000,
    graceMs: settings.catalogGraceSeconds * 1000,
    absentMs: settings.unknownKeySeconds * 1000,
    answerMs: ANSWER_TIMEOUT_MS,
  });
}
