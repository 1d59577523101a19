/** What the crawler tells its operator. Counts and causes only. */

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE, metricNames } from '../core/metrics';
import type { CrawlReport } from './crawler';

export interface CrawlerTelemetry {
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
    crawled({ refusal, ...report }, { tookMs, calls }) {
      if (refusal) logger.error('the old snapshot is replaced', asError(refusal));
      logger.info('usage plans read', { ...report, calls, tookMs: Math.round(tookMs) });
      count(metricNames.crawls, 1);
      count(metricNames.crawlCalls, calls);
      count(metricNames.snapshotsWritten, report.bytes === undefined ? 0 : 1);
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
