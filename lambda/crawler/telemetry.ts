/** What the crawler tells its operator. Counts and causes only. */

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE, metricNames } from '../core/metrics';
import type { CrawlReport } from './crawler';

export interface CrawlerTelemetry {
  /** Of a plan or a key that could not be read this time. */
  leftOpen(error: unknown): void;
  crawled(report: CrawlReport, cost: CrawlCost): void;
  failed(error: unknown, cost: CrawlCost): void;
}

export interface CrawlCost {
  readonly tookMs: number;
  /** To API Gateway, retries included. */
  readonly calls: number;
}

export function powertoolsCrawlerTelemetry(pipeline: string): CrawlerTelemetry {
  const logger = new Logger({ serviceName: pipeline });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: pipeline });
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);

  return {
    leftOpen(error) {
      logger.warn('a plan or a key was not read, it is read again later', asError(error));
    },

    crawled({ refusal, rebuiltFrom, ...report }, { tookMs, calls }) {
      if (refusal) logger.error('the snapshot is refused and made anew', asError(refusal));
      if (rebuiltFrom === 'nothing') {
        logger.warn('there is no snapshot: what is gone from the account is not known');
      } else if (rebuiltFrom) {
        logger.warn('the snapshot was lost or replaced by an older one', { rebuiltFrom });
      }
      if (report.dropped) {
        logger.warn('too much has changed: the oldest of the past is forgotten', {
          dropped: report.dropped,
        });
      }
      logger.info('usage plans read', { ...report, calls, tookMs: Math.round(tookMs) });
      count(metricNames.crawls, 1);
      count(metricNames.crawlCalls, calls);
      count(metricNames.crawlLeft, report.left ?? 0);
      count(metricNames.keyLookupFailures, report.failed ?? 0);
      count(metricNames.snapshotsWritten, report.bytes === undefined ? 0 : 1);
      count(metricNames.pastDropped, report.dropped ?? 0);
      if (report.bytes !== undefined) {
        metrics.addMetric(metricNames.snapshotBytes, MetricUnit.Bytes, report.bytes);
      }
      metrics.publishStoredMetrics();
    },

    failed(error, { calls }) {
      logger.error('usage plans not read, the old snapshot stays', asError(error));
      count(metricNames.crawlFailures, 1);
      count(metricNames.crawlCalls, calls);
      metrics.publishStoredMetrics();
    },
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
