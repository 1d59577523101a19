/** The function's catalog: its sources, each with its deadline, and the settings that concern it. */

import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { plansOfKey } from '../account/find-key';
import { listUsagePlans } from '../account/list-usage-plans';
import { onAnswerTime } from '../aws/answer-time';
import { anySignal } from '../aws/any-signal';
import { signedRequests } from '../aws/signed-request';
import { CatalogCache, type CatalogTimes } from '../core/catalog/catalog-cache';
import {
  customerNaming,
  parseExtraFields,
  templatesIn,
  wantedDetails,
} from '../core/catalog/customer';
import { StoreClock } from '../core/catalog/store-clock';
import {
  ABSENT_MS,
  LOAD_TIMEOUT_MS,
  MIN_LOAD_INTERVAL_MS,
  SNAPSHOT_CHECK_MS,
  SNAPSHOT_MAX_AGE_MS,
} from '../core/catalog/times';
import type { Settings } from '../core/settings/settings';
import { sharedCatalog } from './snapshot-source';
import type { Telemetry } from './telemetry';

const SHARED_TIMEOUT_MS = 5_000;
/** A question takes two calls; with the retries that throttling causes, this is patient enough. */
const QUESTION_TIMEOUT_MS = 10_000;
/** The crawler is through with a part of a sweep in five seconds; twice what it takes all in all. */
const ANSWER_TIMEOUT_MS = 20_000;

/** The times of the catalog that are no settings. */
export type CatalogWaits = Omit<CatalogTimes, 'ttlMs' | 'graceMs'> & {
  readonly loadTimeoutMs: number;
};

const waits: CatalogWaits = {
  checkMs: SNAPSHOT_CHECK_MS,
  snapshotMaxAgeMs: SNAPSHOT_MAX_AGE_MS,
  minLoadIntervalMs: MIN_LOAD_INTERVAL_MS,
  absentMs: ABSENT_MS,
  answerMs: ANSWER_TIMEOUT_MS,
  // Firehose waits five minutes for a batch: in time to report what it waited for.
  firstSnapshotMs: LOAD_TIMEOUT_MS,
  loadTimeoutMs: LOAD_TIMEOUT_MS,
};

export interface CatalogsOptions {
  readonly settings: Settings;
  readonly client: APIGatewayClient;
  readonly telemetry: Pick<Telemetry, 'catalogs'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ends whatever is under way. */
  readonly end?: AbortSignal | undefined;
  /** What is to be waited for longer or less. */
  readonly waits?: Partial<CatalogWaits> | undefined;
}

export function catalogsOf(options: CatalogsOptions): CatalogCache {
  const { settings, client, telemetry, environment, end } = options;
  const { loadTimeoutMs, ...times } = { ...waits, ...options.waits };
  const deadline = (ms: number) => anySignal(AbortSignal.timeout(ms), ...(end ? [end] : []));
  const extraFields = parseExtraFields(settings.extraFields);
  const templates = { customerName: settings.customerName, extraFields };
  const details = wantedDetails(templatesIn(settings));
  const { sharedCatalogLocation: location, sharedCatalogQueueUrl: queueUrl } = settings;
  const clock = new StoreClock(Date.now);
  // What is read while S3 fails is joined to the content of the snapshot, and dated by the same clock.
  if (location) onAnswerTime(client, clock.learn);

  return new CatalogCache({
    sources: {
      list: () => listUsagePlans(client, { signal: deadline(loadTimeoutMs), details }),
      ask: (keyId) => plansOfKey(client, keyId, { signal: deadline(QUESTION_TIMEOUT_MS), details }),
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
    clock,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    observer: telemetry.catalogs,
    callsPerMinute: settings.unknownKeyCallsPerMinute,
    ttlMs: settings.catalogTtlSeconds * 1000,
    graceMs: settings.catalogGraceSeconds * 1000,
    ...times,
  });
}
