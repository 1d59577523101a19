/** Structured logs and metrics: no calls, nothing to wait for. */

import { emitMetrics, MOST_VALUES } from '../aws/emit-metrics';
import { functionLog } from '../aws/function-log';
import { type StageCounts, sampleOf, stageCountKinds } from '../core/batch/stage-counts';
import type { CatalogSource } from '../core/catalog/catalog-cache';
import { metricNames, stageDimensions, stageMetrics } from '../core/metrics';
import type { Telemetry } from './telemetry';

const failures: Readonly<Record<CatalogSource, { message: string; metric: string }>> = {
  snapshot: {
    message: 'shared usage plans not read',
    metric: metricNames.snapshotFailures,
  },
  listing: {
    message: 'usage plans not reloaded, the old ones stay in use',
    metric: metricNames.catalogReloadFailures,
  },
  question: {
    message: 'cannot look up a key: its plan is unknown',
    metric: metricNames.keyLookupFailures,
  },
};

export function loggedTelemetry(pipeline: string): Telemetry {
  const log = functionLog(pipeline);
  /** What happens between two batches is reported with the next batch. */
  const counted: Record<string, number> = {};
  const count = (name: string, value: number) => {
    counted[name] = (counted[name] ?? 0) + value;
  };
  const emit = (more: Readonly<Record<string, number>>) => {
    const values = { ...counted, ...more };
    for (const name of Object.keys(counted)) delete counted[name];
    if (Object.keys(values).length > 0) emitMetrics(pipeline, values);
  };

  return {
    catalogs: {
      loaded(source, catalog, tookMs) {
        log.info('usage plans loaded', {
          source,
          plans: catalog.planCount,
          keys: catalog.keyCount,
          tookMs: Math.round(tookMs),
        });
      },

      failed(source, error) {
        log.error(failures[source].message, { error });
        count(failures[source].metric, 1);
      },

      asked(keys, refused) {
        log.info('unknown keys', { askedFor: keys, overTheLimit: refused });
        count(metricNames.keysAskedFor, keys);
        count(metricNames.keysNotAskedFor, refused);
      },
    },

    reingestFailed(error, records) {
      log.error('records not re-ingested', { error, records });
    },

    batchDone({ lines, records, failures }, catalog, stages = []) {
      if (records.ProcessingFailed > 0) log.warn('records failed', { failures });
      emit({
        [metricNames.linesEnriched]: lines.enriched,
        [metricNames.linesWithoutKey]: lines.withoutKey,
        [metricNames.linesUnknownKey]: lines.unknownKey,
        [metricNames.linesNoPlanForStage]: lines.noPlanForStage,
        [metricNames.linesUnparsed]: lines.unparsed,
        [metricNames.recordsFailed]: records.ProcessingFailed,
        [metricNames.recordsDropped]: records.Dropped,
        [metricNames.recordsPutBack]: records.Reingested,
        ...(catalog && {
          [metricNames.catalogAgeSeconds]: catalog.ageMs / 1000,
          [metricNames.catalogPlans]: catalog.planCount,
          [metricNames.catalogKeys]: catalog.keyCount,
        }),
      });
      for (const each of stages) emitStage(pipeline, each);
    },

    batchFailed(error) {
      log.error('batch failed', { error });
      emit({});
    },
  };
}

function emitStage(pipeline: string, { apiId, stage, wafLatencies, ...counts }: StageCounts): void {
  const latencies = sampleOf(wafLatencies, MOST_VALUES);
  emitMetrics(
    pipeline,
    {
      ...Object.fromEntries(stageCountKinds.map((kind) => [stageMetrics[kind], counts[kind]])),
      ...(latencies.length > 0 && { [stageMetrics.wafLatency]: latencies }),
    },
    { [stageDimensions.apiId]: apiId, [stageDimensions.stage]: stage },
  );
}
