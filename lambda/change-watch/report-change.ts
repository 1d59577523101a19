/** A change as metrics, which alarms watch, and as a line of the log, which the runbook asks for. */

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Alarming } from '../../analytics/audit/alarming';
import { METRIC_NAMESPACE, type MetricName, metricNames } from '../core/metrics';
import type { WatchedChange } from './watch-change';

const metricOf: { readonly [About in Alarming]: MetricName } = {
  'access log lost': metricNames.accessLogsLost,
  'limit raised': metricNames.limitsRaised,
  'key values read': metricNames.keyValuesRead,
};

/** Other changes are for the trail. Names of keys, which are those of customers, stay out of the log. */
export function reportChange(pipeline: string, { change, alarming }: WatchedChange): void {
  if (alarming.length === 0) return;
  const logger = new Logger({ serviceName: pipeline });
  const { api_key_name: _, ...told } = change;
  logger.info('change', { ...withoutNulls(told), alarming });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: pipeline });
  for (const about of alarming) metrics.addMetric(metricOf[about], MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}

function withoutNulls(change: object): object {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));
}
