/** Puts the crawler together: settings, clients, store. Once per container. */

import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { S3Client } from '@aws-sdk/client-s3';
import type { SQSEvent } from 'aws-lambda';
import { plansOfKey } from '../account/find-key';
import { listUsagePlans } from '../account/list-usage-plans';
import { controlPlaneClient } from '../aws/control-plane-client';
import { tellCrawler } from '../aws/send-messages';
import { signedRequests } from '../aws/signed-request';
import { needsKeyDetails, parseExtraFields } from '../core/catalog/customer';
import { readSettings } from '../core/settings/settings';
import { Crawler, type CrawlReport } from './crawler';
import { type Message, readMessage } from './message';
import { paced } from './pace';
import { snapshotStore } from './snapshot-store';
import type { Look } from './sweep';
import type { CrawlerTelemetry } from './telemetry';
import { inTurn } from './work';

/** Half of what the account has: its deployments get the other half. */
const CALLS_PER_SECOND = 5;
/** In a part of a look, for keys: with the list of plans it takes five seconds. */
const CALLS_PER_PART = 24;
/** Of the account's 600, for keys that containers miss. */
const KEY_CALLS_PER_MINUTE = 60;
const REWRITE_MS = 3_600_000;
const QUESTION_TIMEOUT_MS = 10_000;
const QUEUE_TIMEOUT_MS = 5_000;

export interface CrawlerServices {
  readonly controlPlane: APIGatewayClient;
  readonly s3: S3Client;
}

export function composeCrawler(
  environment: Readonly<Record<string, string | undefined>>,
  telemetry: CrawlerTelemetry,
  services: Partial<CrawlerServices> = {},
): (event: unknown) => Promise<readonly CrawlReport[]> {
  const settings = readSettings(environment);
  if (settings.sharedCatalogLocation === '') {
    throw new Error('sharedCatalogLocation: got nothing, expected s3://bucket/key');
  }
  const { controlPlane = controlPlaneClient(), s3 = s3Client(environment) } = services;
  const withKeyDetails = needsKeyDetails({
    customerName: settings.customerName,
    extraFields: parseExtraFields(settings.extraFields),
  });
  const send = signedRequests(controlPlane);
  let calls = 0;
  countAttempts(controlPlane, () => {
    calls++;
  });
  const putBack = (look: Look) => {
    const signal = AbortSignal.timeout(QUEUE_TIMEOUT_MS);
    const queueUrl = settings.sharedCatalogQueueUrl;
    return tellCrawler({ queueUrl, send, environment, signal }, [{ look }]);
  };
  const pace = paced(CALLS_PER_SECOND, Date.now, sleep);
  const crawler = new Crawler({
    sources: {
      list: ({ knownKeys, isUrgent }) => {
        const signal = AbortSignal.timeout(settings.catalogLoadTimeoutSeconds * 1000);
        const pacing = isUrgent ? {} : { pace };
        return listUsagePlans(controlPlane, { signal, withKeyDetails, knownKeys, ...pacing });
      },
      ask: (keyId) => {
        const signal = AbortSignal.timeout(QUESTION_TIMEOUT_MS);
        return plansOfKey(controlPlane, keyId, { signal, withKeyDetails });
      },
    },
    store: snapshotStore(s3, settings.sharedCatalogLocation),
    putBack: settings.sharedCatalogQueueUrl === '' ? undefined : putBack,
    now: Date.now,
    graceMs: settings.catalogGraceSeconds * 1000,
    absentMs: settings.unknownKeySeconds * 1000,
    callsPerPart: CALLS_PER_PART,
    callsPerMinute: KEY_CALLS_PER_MINUTE,
    rewriteMs: REWRITE_MS,
  });

  const runOne = async (messages: readonly Message[]): Promise<CrawlReport> => {
    const startedAt = performance.now();
    const before = calls;
    const cost = () => ({ tookMs: performance.now() - startedAt, calls: calls - before });
    try {
      const report = await crawler.run(messages);
      telemetry.crawled(report, cost());
      return report;
    } catch (error) {
      telemetry.failed(error, cost());
      throw error;
    }
  };
  return async (event) => {
    const reports: CrawlReport[] = [];
    for (const messages of inTurn(messagesOf(event))) reports.push(await runOne(messages));
    return reports;
  };
}

/** Whatever else invokes the function, a person perhaps, wants it to look. */
function messagesOf(event: unknown): Message[] {
  const records = (event as Partial<SQSEvent> | null | undefined)?.Records;
  if (!Array.isArray(records)) return [{ kind: 'look' }];
  return records.map(({ body }) => readMessage(body));
}

function s3Client(environment: Readonly<Record<string, string | undefined>>): S3Client {
  // An emulator has no name for each bucket.
  const isEmulated = Boolean(environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL']);
  return new S3Client({ forcePathStyle: isEmulated });
}

function countAttempts(client: APIGatewayClient, onAttempt: () => void): void {
  client.middlewareStack.add(
    (next) => (args) => {
      onAttempt();
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
