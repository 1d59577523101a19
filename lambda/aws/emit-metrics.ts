import { METRIC_DIMENSION, METRIC_NAMESPACE, unitOf } from '../core/metrics';
import { writeLogLine } from './write-log-line';

/** The most values of one metric that a line can have. */
export const MOST_VALUES = 100;

/**
 * Writes values to the log in CloudWatch's embedded metric format: no call, nothing to wait for.
 *
 * @param dimensions what distinguishes the time series, beside the pipeline
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emitMetrics(
  pipeline: string,
  values: Readonly<Record<string, number | readonly number[]>>,
  dimensions: Readonly<Record<string, string>> = {},
): void {
  const all = { [METRIC_DIMENSION]: pipeline, ...dimensions };
  const metrics = Object.keys(values).map((name) => ({ Name: name, Unit: unitOf(name) }));
  const directive = {
    Namespace: METRIC_NAMESPACE,
    Dimensions: [Object.keys(all)],
    Metrics: metrics,
  };
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [directive] };
  writeLogLine({ _aws, ...all, ...values });
}
