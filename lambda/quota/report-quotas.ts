/** A reading as metrics: one for each usage plan that has a quota. */

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE, QUOTA_METRIC, USAGE_PLAN_DIMENSION } from '../core/metrics';
import type { QuotaReading } from './read-quotas';

/** Emits the shares in percent, and logs what could not be read. */
export function reportQuotas(pipeline: string, { uses, failures }: QuotaReading): void {
  const logger = new Logger({ serviceName: pipeline });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: pipeline });
  for (const { planId, planName, percent } of uses) {
    const one = metrics.singleMetric();
    one.addDimension(USAGE_PLAN_DIMENSION, `${planName} (${planId})`);
    one.addMetric(QUOTA_METRIC, MetricUnit.Percent, percent);
  }
  for (const { planId, cause } of failures) {
    logger.error('the use of a usage plan could not be read', { planId, cause: String(cause) });
  }
  logger.info('quotas read', { plans: uses.length, failures: failures.length });
}
