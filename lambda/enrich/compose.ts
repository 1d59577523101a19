/** Puts the function together: settings, client, catalog, transformation. Once per container. */

import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import type { FirehoseTransformationResult } from 'aws-lambda';
import { controlPlaneClient } from '../aws/control-plane-client';
import { signedRequests } from '../aws/signed-request';
import { partitionerFor } from '../core/attribution/partition';
import { CountedStages, type StageCounter } from '../core/batch/stage-counts';
import { type Reingest, transform } from '../core/batch/transform';
import type { CatalogCache } from '../core/catalog/catalog-cache';
import { namesIn } from '../core/format/configured-names';
import { lineReader } from '../core/format/line-reader';
import { rendererFor } from '../core/output/renderer-for';
import { readSettings } from '../core/settings/settings';
import { type CatalogWaits, catalogsOf } from './catalogs';
import { putRecordsBy } from './put-records';
import { reingestInto } from './reingest';
import type { CatalogState, Telemetry } from './telemetry';
import { warmUp } from './warm-up';

const WARM_UP_EVERY_MS = 20;
/** Records that are not re-ingested fail: worth some patience. */
const PUT_ATTEMPTS = 5;

export type EnrichHandler = (event: unknown) => Promise<FirehoseTransformationResult>;

/** What the function talks to; a local run replaces them. */
export interface Services {
  readonly controlPlane: APIGatewayClient;
  readonly reingest: Reingest;
  /** Ends what is under way when a local run is over; a container is ended by Lambda. */
  readonly end: AbortSignal;
  readonly waits: Partial<CatalogWaits>;
}

export function composeHandler(
  environment: Readonly<Record<string, string | undefined>>,
  telemetry: Telemetry,
  services: Partial<Services> = {},
): EnrichHandler {
  const { controlPlane = controlPlaneClient(), end, waits } = services;
  const { reingest = reingestBy(controlPlane, telemetry, environment) } = services;
  const settings = readSettings(environment);
  const catalogs = catalogsOf({
    settings,
    client: controlPlane,
    telemetry,
    environment,
    end,
    waits,
  });
  catalogs.warm();

  // One for all: what is worked out of a line's names is the same for each of them.
  const names = namesIn(settings.logFormats);
  const options = {
    catalogs,
    renderer: rendererFor(settings, { region: environment['AWS_REGION'] }, names),
    readOther: lineReader(settings.logFormats),
    names,
    partitionOf: partitionerFor(settings, names),
    maxInflatedBytes: settings.maxInflatedBytes,
    reingest,
  };
  const counted = settings.apiMetrics.length > 0;
  const stages = counted ? new CountedStages(settings.apiMetrics, names) : undefined;
  // By then the handshake with the control plane is under way, and waits for the network.
  const runSlice = warmUp(options);
  const warming = setInterval(() => {
    if (!runSlice()) clearInterval(warming);
  }, WARM_UP_EVERY_MS).unref();
  return async (event) => {
    // A made-up batch has another catalog: after it, the attributions of real lines would have to be found again.
    clearInterval(warming);
    try {
      // Of several passes over a batch the last one counts.
      let counter: StageCounter | undefined;
      const observe = stages && (() => (counter = stages.observer()));
      const { response, counts } = await transform(event, { ...options, observe });
      telemetry.batchDone(counts, stateOf(catalogs), counter?.stages);
      return response;
    } catch (error) {
      telemetry.batchFailed(error);
      throw error;
    }
  };
}

function reingestBy(
  client: APIGatewayClient,
  telemetry: Telemetry,
  environment: Readonly<Record<string, string | undefined>>,
): Reingest {
  const send = signedRequests(client, PUT_ATTEMPTS);
  return reingestInto({
    putRecords: putRecordsBy({ send, region: async () => client.config.region(), environment }),
    onFailed: telemetry.reingestFailed,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
}

function stateOf({ latest, ageMs }: CatalogCache): CatalogState | undefined {
  if (!latest || ageMs === undefined) return undefined;
  return { ageMs, planCount: latest.planCount, keyCount: latest.keyCount };
}
