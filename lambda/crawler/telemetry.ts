/** What the crawler reports to its operator. Counts and causes only. */

import { emitMetrics } from '../aws/emit-metrics';
import { functionLog } from '../aws/function-log';
import { metricNames } from '../core/metrics';
import type { CrawlReport } from './crawler';

export interface CrawlerTelemetry {
  /** A plan or a key could not be read this time. */
  leftOpen(error: unknown): void;
  crawled(report: CrawlReport, cost: CrawlCost): void;
  failed(error: unknown, cost: CrawlCost): void;
}

export interface CrawlCost {
  readonly tookMs: number;
  /** To API Gateway, retries included. */
  readonly calls: number;
}

export function loggedCrawlerTelemetry(pipeline: string): CrawlerTelemetry {
  const log = functionLog(pipeline);

  return {
    leftOpen(error) {
      log.warn('a plan or a key was not read, it is read again later', { error });
    },

    crawled({ refusal, rebuiltFrom, ...report }, { tookMs, calls }) {
      if (refusal) log.error('the snapshot is refused and made anew', { error: refusal });
      if (rebuiltFrom === 'nothing') {
        log.warn('there is no snapshot: what is gone from the account is not known');
      } else if (rebuiltFrom) {
        log.warn('the snapshot was lost or replaced by an older one', { rebuiltFrom });
      }
      const { left = 0, failed = 0, dropped = 0, bytes } = report;
      if (dropped > 0) {
        log.warn('too much has changed: the oldest of the past is forgotten', { dropped });
      }
      log.info('usage plans read', { ...report, calls, tookMs: Math.round(tookMs) });
      emitMetrics(pipeline, {
        [metricNames.crawls]: 1,
        [metricNames.crawlCalls]: calls,
        [metricNames.crawlLeft]: left,
        [metricNames.keyLookupFailures]: failed,
        [metricNames.snapshotsWritten]: bytes === undefined ? 0 : 1,
        [metricNames.pastDropped]: dropped,
        ...(bytes !== undefined && { [metricNames.snapshotBytes]: bytes }),
      });
    },

    failed(error, { calls }) {
      log.error('usage plans not read, the old snapshot stays', { error });
      emitMetrics(pipeline, { [metricNames.crawlFailures]: 1, [metricNames.crawlCalls]: calls });
    },
  };
}
