/** Puts the crawler together: settings, clients, store. Once per container. */

import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { accountLimits } from '../account/account-limits';
import { plansOfKey } from '../account/find-key';
import { Account, type KeyDetails } from '../account/list-usage-plans';
import { catalogLoadError } from '../account/load-error';
import { controlPlaneClient } from '../aws/control-plane-client';
import { pace, pacer } from '../aws/pacer';
import { sendToCrawler } from '../aws/send-messages';
import { signedRequests } from '../aws/signed-request';
import { templatesIn, type WantedDetails, wantedDetails } from '../core/catalog/customer';
import { StoreClock } from '../core/catalog/store-clock';
import { ABSENT_MS, LOAD_TIMEOUT_MS } from '../core/catalog/times';
import { readSettings, type Settings } from '../core/settings/settings';
import { Crawler, type CrawlerSources } from './crawler';
import { type Message, readMessage } from './message';
import { snapshotStore } from './snapshot-store';
import type { CrawlerTelemetry } from './telemetry';
import { inTurn } from './work';

/** The account's deployments get the other half. */
const PACE = { ratePerSecond: accountLimits.ratePerSecond / 2, burst: 1 };
/** In a part of a sweep: it takes five seconds. */
const CALLS_PER_PART = 24;
/** In a part of a first snapshot: the part takes half a minute, and the next one follows after a second or two. */
const CALLS_PER_FIRST_PART = 150;
/** Calls for keys that containers miss, of the account's 600 a minute. */
const KEY_CALLS_PER_MINUTE = 60;
const REWRITE_MS = 3_600_000;
const QUESTION_TIMEOUT_MS = 10_000;
const QUEUE_TIMEOUT_MS = 5_000;
const STORE_TIMEOUT_MS = 10_000;
/** What else is read of keys, beside their names, is read again after this time. */
const KEY_DETAILS_MS = 300_000;
/** What writing takes, with some patience. */
const TIME_TO_WRITE_MS = 20_000;

export interface CrawlerServices {
  readonly controlPlane: APIGatewayClient;
  readonly s3: S3Client;
}

export type CrawlHandler = (
  event: unknown,
  context?: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<SQSBatchResponse>;

export function composeCrawler(
  environment: Readonly<Record<string, string | undefined>>,
  telemetry: CrawlerTelemetry,
  services: Partial<CrawlerServices> = {},
): CrawlHandler {
  const settings = readSettings(environment);
  const { sharedCatalogLocation: location, sharedCatalogQueueUrl: queueUrl } = settings;
  if (location === '') {
    throw new Error('sharedCatalogLocation: got nothing, expected s3://bucket/key');
  }
  const { controlPlane = controlPlaneClient(), s3 = s3Client(environment) } = services;
  const turn = pacer(PACE, { now: new StoreClock(Date.now).elapsed, sleep });
  let calls = 0;
  pace(controlPlane, () => {
    calls++;
    return turn();
  });
  const send = signedRequests(controlPlane);
  const requeue = (message: object) => {
    const signal = AbortSignal.timeout(QUEUE_TIMEOUT_MS);
    return sendToCrawler({ queueUrl, send, environment, signal }, [message]);
  };
  const crawler = new Crawler({
    sources: sourcesOf(controlPlane, detailsFor(settings)),
    store: snapshotStore(s3, location, STORE_TIMEOUT_MS),
    requeue: queueUrl === '' ? undefined : requeue,
    now: Date.now,
    graceMs: settings.catalogGraceSeconds * 1000,
    absentMs: ABSENT_MS,
    callsPerPart: CALLS_PER_PART,
    callsPerFirstPart: CALLS_PER_FIRST_PART,
    callsPerMinute: KEY_CALLS_PER_MINUTE,
    rewriteMs: REWRITE_MS,
    onFailed: telemetry.leftOpen,
  });

  const runOne = async (messages: readonly Message[], until: number): Promise<void> => {
    const startedAt = performance.now();
    const before = calls;
    const cost = () => ({ tookMs: performance.now() - startedAt, calls: calls - before });
    try {
      const report = await crawler.run(messages, until);
      telemetry.crawled(report, cost());
    } catch (error) {
      telemetry.failed(error, cost());
      throw error;
    }
  };
  return async (event, context) => {
    const remainingMs = context?.getRemainingTimeInMillis() ?? Infinity;
    const until = Date.now() + remainingMs - TIME_TO_WRITE_MS;
    const failed: SQSRecord[] = [];
    for (const turn of inTurn(messagesOf(event))) {
      try {
        await runOne(
          turn.map(({ message }) => message),
          until,
        );
      } catch (error) {
        const records = turn.flatMap(({ record }) => (record?.messageId ? [record] : []));
        // The process does not hand it out again.
        if (records.length < turn.length) throw error;
        failed.push(...records);
      }
    }
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

function sourcesOf(client: APIGatewayClient, details: WantedDetails): CrawlerSources {
  const account = new Account(client, details);
  let known: { readonly names: KeyDetails; readonly at: number } | undefined;
  const namesOfKeys = async (signal: AbortSignal): Promise<KeyDetails> => {
    const names = await account.keyDetails(signal);
    known = { names, at: Date.now() };
    return names;
  };
  const within = async <T>(ms: number, read: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const signal = AbortSignal.timeout(ms);
    return read(signal).catch((error: unknown) => {
      throw catalogLoadError(error, signal);
    });
  };
  return {
    list: () =>
      within(LOAD_TIMEOUT_MS, async (signal) => {
        const names = details.isListOfKeys ? await namesOfKeys(signal) : undefined;
        return { plans: await account.plans(signal), names };
      }),
    keysOf: (planId) =>
      within(LOAD_TIMEOUT_MS, async (signal) => {
        const keys = await account.keysOf(planId, signal);
        if (!details.isListOfKeys) return keys;
        const isKnown = known && Math.abs(Date.now() - known.at) < KEY_DETAILS_MS;
        let names = isKnown ? known?.names : undefined;
        if (!names || keys.some(({ id }) => !names?.has(id))) names = await namesOfKeys(signal);
        return keys.map((key) => ({ ...key, ...names.get(key.id) }));
      }),
    ask: (keyId) =>
      plansOfKey(client, keyId, { signal: AbortSignal.timeout(QUESTION_TIMEOUT_MS), details }),
  };
}

/** The details that any pipeline needs that reads the snapshot. */
function detailsFor(settings: Settings): WantedDetails {
  return wantedDetails([...templatesIn(settings), ...settings.sharedCatalogTemplates]);
}

/** Whatever else invokes the function, a person perhaps, wants a sweep. */
function messagesOf(event: unknown): { message: Message; record?: SQSRecord }[] {
  const records = (event as Partial<SQSEvent> | null | undefined)?.Records;
  if (!Array.isArray(records)) return [{ message: { kind: 'sweep' } }];
  return records.map((record: SQSRecord) => ({ message: readMessage(record.body), record }));
}

function s3Client(environment: Readonly<Record<string, string | undefined>>): S3Client {
  // An emulator has no name for each bucket.
  const isEmulated = Boolean(environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL']);
  return new S3Client({ forcePathStyle: isEmulated });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
