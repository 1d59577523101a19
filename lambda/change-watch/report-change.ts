/** A change as metrics, which alarms watch, and as a line of the log, which the runbook asks for. */

import type { Alarming } from '../../analytics/audit/alarming';
import { emitMetrics } from '../aws/emit-metrics';
import { functionLog } from '../aws/function-log';
import { type MetricName, metricNames } from '../core/metrics';
import type { WatchedChange } from './watch-change';

const metricOf: { readonly [About in Alarming]: MetricName } = {
  'access log lost': metricNames.accessLogsLost,
  'limit raised': metricNames.limitsRaised,
  'key values read': metricNames.keyValuesRead,
};

/** Other changes are for the trail. Names of keys, which are those of customers, stay out of the log. */
export function reportChange(pipeline: string, { change, alarming }: WatchedChange): void {
  if (alarming.length === 0) return;
  const { api_key_name: _, ...told } = change;
  functionLog(pipeline).info('change', { ...withoutNulls(told), alarming });
  emitMetrics(pipeline, Object.fromEntries(alarming.map((about) => [metricOf[about], 1])));
}

function withoutNulls(change: object): object {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));
}
