import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CatalogSource } from '../core/catalog/catalog-cache';
import { METRIC_NAMESPACE, metricNames } from '../core/metrics';
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
    message: 'a key not looked up, it stays unknown for now',
    metric: metricNames.keyLookupFailures,
  },
};

/** Structured logs, and metrics in the embedded metric format: no calls, nothing to wait for. */
export function powertoolsTelemetry(pipeline: string): Telemetry {
  const logger = new Logger({ serviceName: pipeline });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: pipeline });
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);

  return {
    catalogs: {
      loaded(source, catalog, tookMs) {
        logger.info('usage plans loaded', {
          source,
          plans: catalog.planCount,
          keys: catalog.keyCount,
          tookMs: Math.round(tookMs),
        });
      },

      failed(source, error) {
        logger.error(failures[source].message, asError(error));
        count(failures[source].metric, 1);
      },

      asked(keys, refused) {
        logger.info('unknown keys', { askedFor: keys, overTheLimit: refused });
        count(metricNames.keysAskedFor, keys);
        count(metricNames.keysNotAskedFor, refused);
      },
    },

    reingestFailed(error, records) {
      logger.error('records not put back into the stream', { error: asError(error), records });
    },

    batchDone({ lines, records, failures }, catalog) {
      if (records.ProcessingFailed > 0) logger.warn('records failed', { failures });
      count(metricNames.linesEnriched, lines.enriched);
      count(metricNames.linesWithoutKey, lines.withoutKey);
      count(metricNames.linesUnknownKey, lines.unknownKey);
      count(metricNames.linesNoPlanForStage, lines.noPlanForStage);
      count(metricNames.linesUnparsed, lines.unparsed);
      count(metricNames.recordsFailed, records.ProcessingFailed);
      count(metricNames.recordsDropped, records.Dropped);
      count(metricNames.recordsPutBack, records.Reingested);
      if (catalog) {
        const ageSeconds = catalog.ageMs / 1000;
        metrics.addMetric(metricNames.catalogAgeSeconds, MetricUnit.Seconds, ageSeconds);
        count(metricNames.catalogPlans, catalog.planCount);
        count(metricNames.catalogKeys, catalog.keyCount);
      }
      metrics.publishStoredMetrics();
    },

    batchFailed(error) {
      logger.error('batch failed', asError(error));
      // Publishing none logs a warning.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
