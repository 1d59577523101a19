/** What the app adds beside a pipeline: dashboards and monitors of API Gateway's own metrics. */

import { Stack } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { StageSelection } from '../../lambda/core/settings/counted-stages';
import type { AccessLogPipeline } from '../access-log-pipeline';
import { ApiDashboards } from '../apis/api-dashboards';
import {
  ApiMonitors,
  type CountedStage,
  checkThresholds,
  type MonitoredStage,
  type MonitorThresholds,
} from '../apis/api-monitors';
import { QuotaMonitor } from '../apis/quota-monitor';
import { VendorMetrics } from '../apis/vendor-metrics';
import { DEFAULT_PIPELINE_NAME } from '../props/pipeline-name';
import type { EndpointPreset } from '../stream/http-endpoint';

export interface ApiObservabilityProps {
  /**
   * Dashboards of API Gateway's own metrics, for all APIs of the account and Region.
   *
   * @default false
   */
  readonly apiDashboards?: boolean;

  /**
   * Alarms over API Gateway's own metrics, for all APIs of the account and Region.
   *
   * @default false
   */
  readonly apiMonitors?: boolean;

  /**
   * Stages that get alarms of their own, with percentiles and a minimum of requests.
   *
   * @default - none
   */
  readonly apiMonitorStages?: readonly MonitoredStage[];

  /**
   * Other thresholds of these alarms, or `false` for none.
   *
   * @default - those of docs/runbook.md
   */
  readonly apiMonitorThresholds?: MonitorThresholds;

  /**
   * Reads how much of their quotas usage plans have used, with alarms at 80 and 100 percent.
   *
   * @default false
   */
  readonly quotaMonitor?: boolean;

  /**
   * Streams API Gateway's own metrics to the vendor of the HTTP endpoint.
   *
   * @default false
   */
  readonly vendorMetrics?: boolean;

  /**
   * Where the vendor takes metrics.
   *
   * @default - the URL of `httpEndpointUrl`
   */
  readonly vendorMetricsUrl?: string;

  /**
   * The whole ARN of the secret with the access key for metrics.
   *
   * @default - the secret of `httpEndpointAccessKeyArn`
   */
  readonly vendorMetricsAccessKeyArn?: string;
}

export interface ApiObservabilityContext {
  readonly name?: string | undefined;
  readonly apiMetrics?: StageSelection | undefined;
  readonly runbookUrl?: string | undefined;
  readonly alarmActions?: readonly IAlarmAction[] | undefined;
  readonly httpEndpointUrl?: string | undefined;
  readonly httpEndpointPreset?: EndpointPreset | undefined;
  readonly httpEndpointAccessKeyArn?: string | undefined;
}

/** Adds to a stack what was asked for. */
export function addApiObservability(
  pipeline: AccessLogPipeline,
  props: ApiObservabilityProps & ApiObservabilityContext,
): void {
  const stack = Stack.of(pipeline);
  const { name = DEFAULT_PIPELINE_NAME, alarmActions, runbookUrl } = props;
  const common = { name, alarmActions, runbookUrl };
  if (props.apiDashboards) new ApiDashboards(stack, 'ApiDashboards', { name: `${name}-apis` });
  if (props.apiMonitors) {
    checkThresholds('apiMonitorThresholds', props.apiMonitorThresholds);
    new ApiMonitors(stack, 'ApiMonitors', {
      ...common,
      stages: props.apiMonitorStages,
      pipelineName: name,
      countedStages: countedStages(props.apiMetrics ?? []),
      thresholds: props.apiMonitorThresholds,
    });
  }
  if (props.quotaMonitor) new QuotaMonitor(stack, 'QuotaMonitor', common);
  addVendorMetrics(pipeline, props);
}

/** The stages that are named: those of `*` are not known at synthesis. */
function countedStages(selection: StageSelection): CountedStage[] {
  if (selection === '*') return [];
  return selection.map((name) => {
    const [apiId = '', stage = ''] = name.split('/');
    return { apiId, stage };
  });
}

function addVendorMetrics(
  pipeline: AccessLogPipeline,
  props: ApiObservabilityProps & ApiObservabilityContext,
): void {
  if (!props.vendorMetrics) return;
  const url = props.vendorMetricsUrl ?? props.httpEndpointUrl;
  if (url === undefined) {
    throw new Error(
      'vendorMetrics: got "true", expected vendorMetricsUrl or httpEndpointUrl beside it',
    );
  }
  const stack = Stack.of(pipeline);
  const accessKeyArn = props.vendorMetricsAccessKeyArn ?? props.httpEndpointAccessKeyArn;
  new VendorMetrics(stack, 'VendorMetrics', {
    url,
    preset: props.httpEndpointPreset,
    bucket: pipeline.bucket,
    accessKey:
      accessKeyArn === undefined
        ? undefined
        : Secret.fromSecretCompleteArn(stack, 'MetricsAccessKey', accessKeyArn),
  });
}
