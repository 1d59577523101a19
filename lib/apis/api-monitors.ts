import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { API_METRICS_NAMESPACE, apiTypeNames, apiTypes } from '../../lambda/core/api-metrics';
import type { ApiType } from '../../lambda/core/format/known/log-format';
import {
  METRIC_DIMENSION,
  METRIC_NAMESPACE,
  stageDimensions,
  stageMetrics,
} from '../../lambda/core/metrics';
import { integerBetween, oneOf } from '../../lambda/core/settings/setting-parsers';
import { acknowledge } from '../nag/acknowledge';
import { checked } from '../props/checked';
import { DEFAULT_PIPELINE_NAME } from '../props/pipeline-name';
import { DEFAULT_RUNBOOK_URL } from '../props/runbook-url';
import { type MonitorId, monitorIds, monitorSlug, monitorTable } from './monitor-table';

/** A stage that gets alarms of its own. */
export interface MonitoredStage {
  readonly type: ApiType;
  /** What CloudWatch knows the API by: a REST API's name, the id of an HTTP or WebSocket API. */
  readonly api: string;
  readonly stage: string;
}

/** A stage whose access log is counted. */
export interface CountedStage {
  /** The API's id, of whatever type it is. */
  readonly apiId: string;
  readonly stage: string;
}

/** By the monitor's id: another threshold than its default, or `false` for none. */
export type MonitorThresholds = { readonly [Id in MonitorId]?: number | false };

export interface ApiMonitorsProps {
  /**
   * What the alarms' names begin with.
   *
   * @default 'api-gateway'
   */
  readonly name?: string;

  /**
   * Stages with alarms of their own, which know percentiles, a minimum of requests and silence.
   *
   * @default - none: all APIs are watched together
   */
  readonly stages?: readonly MonitoredStage[];

  /**
   * Stages that a pipeline counts from their access log (`apiMetrics`), with alarms of what only that log has:
   * authorizers, integrations, AWS WAF, and the two kinds of 429.
   *
   * @default - none
   */
  readonly countedStages?: readonly CountedStage[];

  /**
   * The name of the pipeline that counts them.
   *
   * @default 'access-logs'
   */
  readonly pipelineName?: string;

  /**
   * The types of APIs that are watched together, one alarm for each kind of trouble: any API of the
   * account and Region sets it off, and the alarm says which. They know no minimum of requests.
   *
   * @default - all three
   */
  readonly types?: readonly ApiType[];

  /**
   * Other thresholds than the defaults, or `false` to leave a monitor out. Rates are from 0 to 1,
   * latencies in milliseconds.
   *
   * @default - all, with the thresholds of docs/runbook.md
   */
  readonly thresholds?: MonitorThresholds;

  /**
   * With fewer requests in five minutes a stage's rates and latencies set nothing off.
   *
   * Minimum: 1. Maximum: 1000000.
   *
   * @default 20
   */
  readonly minimumRequests?: number;

  /**
   * What happens when an alarm goes off, and when all is well again; an SNS topic usually.
   *
   * @default - nothing: the console shows it
   */
  readonly alarmActions?: readonly IAlarmAction[];

  /**
   * Where the alarms' descriptions find the runbook.
   *
   * @default - the runbook of this package
   */
  readonly runbookUrl?: string;
}

/** Alarms over API Gateway's own metrics, for single stages and for all APIs of the account. */
export class ApiMonitors extends Construct {
  /** The alarms of single stages first, in the order in which they were given. */
  readonly alarms: readonly Alarm[];

  readonly #props: ApiMonitorsProps;

  constructor(scope: Construct, id: string, props: ApiMonitorsProps = {}) {
    super(scope, id);
    this.#props = props;
    check(props);
    const ids = monitorIds.filter((monitor) => props.thresholds?.[monitor] !== false);

    this.alarms = [
      ...(props.stages ?? []).flatMap((stage) =>
        ids.flatMap((monitor) => this.#ofStage(monitor, stage)),
      ),
      ...(props.countedStages ?? []).flatMap((stage) =>
        ids.flatMap((monitor) => this.#ofLog(monitor, stage)),
      ),
      ...(props.types ?? apiTypeNames).flatMap((type) =>
        ids.flatMap((monitor) => this.#ofAll(monitor, type)),
      ),
    ];

    if (props.alarmActions?.length) return;
    acknowledge(this, 'Whom to tell is for the account to say, by the property alarmActions.', [
      'NIST.800.53.R5-CloudWatchAlarmAction',
    ]);
  }

  #ofStage(monitor: MonitorId, stage: MonitoredStage): Alarm[] {
    const row = monitorTable[monitor];
    const metricName = row.metric(stage.type);
    if (metricName === undefined) return [];
    const period = Duration.seconds(row.period);
    const { apiDimension, requests } = apiTypes[stage.type];
    const dimensionsMap = { [apiDimension]: stage.api, Stage: stage.stage };
    const metric = (name: string, statistic: string) =>
      new Metric({
        namespace: API_METRICS_NAMESPACE,
        metricName: name,
        dimensionsMap,
        statistic,
        period,
      });
    const watched: IMetric =
      row.unit === 'requests'
        ? metric(metricName, row.statistic)
        : new MathExpression({
            label: `${metricName} ${row.statistic}`,
            // No requests, nothing wrong; with too few of them there is no result.
            expression: `IF(FILL(requests, 0) >= ${this.#props.minimumRequests ?? 20}, watched, 0)`,
            usingMetrics: {
              requests: metric(requests, 'SampleCount'),
              watched: metric(metricName, row.statistic),
            },
            period,
          });
    return [this.#alarm(monitor, `${stage.type}-${stage.api}-${stage.stage}`, watched)];
  }

  #ofLog(monitor: MonitorId, { apiId, stage }: CountedStage): Alarm[] {
    const { logged, statistic, unit, ...row } = monitorTable[monitor];
    if (logged === undefined) return [];
    const period = Duration.seconds(row.period);
    const metric = (metricName: string, wanted: string) =>
      new Metric({
        namespace: METRIC_NAMESPACE,
        metricName,
        dimensionsMap: {
          [METRIC_DIMENSION]: this.#props.pipelineName ?? DEFAULT_PIPELINE_NAME,
          [stageDimensions.apiId]: apiId,
          [stageDimensions.stage]: stage,
        },
        statistic: wanted,
        period,
      });
    const watched = unit === 'share' ? 'watched / requests' : 'watched';
    const expression = new MathExpression({
      label: `${logged} ${unit === 'share' ? 'of all requests' : statistic}`,
      expression: `IF(FILL(requests, 0) >= ${this.#props.minimumRequests ?? 20}, ${watched}, 0)`,
      usingMetrics: {
        requests: metric(stageMetrics.requests, 'Sum'),
        watched: metric(logged, statistic),
      },
      period,
    });
    return [this.#alarm(monitor, `${apiId}-${stage}`, expression)];
  }

  #ofAll(monitor: MonitorId, type: ApiType): Alarm[] {
    const row = monitorTable[monitor];
    const metricName = row.metric(type);
    if (metricName === undefined || row.insights === undefined) return [];
    const { apiDimension } = apiTypes[type];
    const watched = new MathExpression({
      label: `${metricName} of any of the ${apiTypes[type].title}`,
      expression:
        `SELECT ${row.insights}("${metricName}") FROM SCHEMA("${API_METRICS_NAMESPACE}", ${apiDimension}, Stage) ` +
        `GROUP BY ${apiDimension}, Stage ORDER BY ${row.insights}() DESC`,
      usingMetrics: {},
      period: Duration.seconds(row.period),
    });
    return [this.#alarm(monitor, `all-${type}`, watched)];
  }

  #alarm(monitor: MonitorId, what: string, metric: IMetric): Alarm {
    const { name = 'api-gateway', thresholds, alarmActions = [], runbookUrl } = this.#props;
    const row = monitorTable[monitor];
    const slug = monitorSlug(monitor);
    const given = thresholds?.[monitor];
    const isLow = row.breaches === 'down to';
    const alarm = new Alarm(this, `${monitor}-${what}`, {
      alarmName: `${name}-${slug}-${what}`,
      alarmDescription: `${row.meaning} ${runbookUrl ?? DEFAULT_RUNBOOK_URL}#${slug}`,
      metric,
      threshold: typeof given === 'number' ? given : row.threshold,
      comparisonOperator: isLow
        ? ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      // Without requests there is no value: that is what the one monitor is about, and nothing else.
      treatMissingData: isLow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(...alarmActions);
    alarm.addOkAction(...alarmActions);
    return alarm;
  }
}

/** Rejects an unknown monitor or a wrong threshold; the message names the property. */
export function checkThresholds(property: string, thresholds: MonitorThresholds = {}): void {
  for (const [id, threshold] of Object.entries(thresholds)) {
    checked(property, id, oneOf(monitorIds));
    checked(`${property}.${id}`, threshold, () => {
      if (threshold !== false && !Number.isFinite(threshold)) throw new Error('a number or false');
    });
  }
}

function check({ thresholds, minimumRequests, stages = [] }: ApiMonitorsProps): void {
  checkThresholds('thresholds', thresholds);
  if (minimumRequests !== undefined) {
    checked('minimumRequests', minimumRequests, integerBetween(1, 1_000_000));
  }
  for (const { type } of stages) checked('stages', type, oneOf(apiTypeNames));
}
