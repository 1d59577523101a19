/** The entry of the function that takes API Gateway's records out of a trail. */

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { requiredVariable } from '../aws/required-variable';
import { METRIC_NAMESPACE, metricNames } from '../core/metrics';
import { changeDays } from './change-days';
import { extractChanges } from './extract-changes';
import { trailIn } from './trail';

/** A day of many files takes minutes; less is not begun. */
const TIME_FOR_A_DAY_MS = 300_000;

const pipeline = process.env['POWERTOOLS_SERVICE_NAME'] ?? 'access-logs';
const s3 = new S3Client();
const days = changeDays(s3, requiredVariable('CHANGE_DAYS'), requiredVariable('CHECKPOINT'));

export async function handler(_event: unknown, context: Context): Promise<void> {
  const logger = new Logger({ serviceName: pipeline });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: pipeline });
  const report = await extractChanges(
    {
      ...days,
      trail: trailIn(s3, requiredVariable('TRAIL')),
      unreadable: (key, cause) => logger.warn('a file is left out', { key, cause: String(cause) }),
      now: Date.now,
      hasTime: () => context.getRemainingTimeInMillis() > TIME_FOR_A_DAY_MS,
    },
    requiredVariable('SINCE'),
  );
  logger.info('changes extracted', { ...report });
  metrics.addMetric(metricNames.changeDaysExtracted, MetricUnit.Count, report.days.length);
  metrics.addMetric(metricNames.changeDaysBehind, MetricUnit.Count, report.behind);
  metrics.publishStoredMetrics();
}
