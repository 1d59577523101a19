/** A reading as metrics: one for each usage plan that has a quota. */

import { emitMetrics } from '../aws/emit-metrics';
import { functionLog } from '../aws/function-log';
import { QUOTA_METRIC, USAGE_PLAN_DIMENSION } from '../core/metrics';
import type { QuotaReading } from './read-quotas';

/** Emits the shares in percent, and logs what could not be read. */
export function reportQuotas(pipeline: string, { uses, failures }: QuotaReading): void {
  const log = functionLog(pipeline);
  for (const { planId, planName, percent } of uses) {
    const plan = `${planName} (${planId})`;
    emitMetrics(pipeline, { [QUOTA_METRIC]: percent }, { [USAGE_PLAN_DIMENSION]: plan });
  }
  for (const { planId, cause } of failures) {
    log.error('the use of a usage plan could not be read', { planId, cause: String(cause) });
  }
  log.info('quotas read', { plans: uses.length, failures: failures.length });
}
