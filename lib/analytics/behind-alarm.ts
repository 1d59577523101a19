import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRIC_DIMENSION, METRIC_NAMESPACE, type MetricName } from '../../lambda/core/metrics';
import { acknowledge } from '../nag/acknowledge';
import { DEFAULT_RUNBOOK_URL } from '../props/runbook-url';

export interface BehindAlarmProps {
  /** The pipeline's name; the alarm's begins with it. */
  readonly name: string;
  /** The chapter of the runbook, and the rest of the alarm's name. */
  readonly slug: string;
  /** A sentence. */
  readonly meaning: string;
  /** Counts the days that a step has still to do. */
  readonly metricName: MetricName;
  readonly alarmActions?: readonly IAlarmAction[] | undefined;
  readonly runbookUrl?: string | undefined;
}

/** Goes off when an hourly step that does days has not done them, or has not run, for twelve hours. */
export class BehindAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: BehindAlarmProps) {
    const { name, slug, meaning, alarmActions = [], runbookUrl = DEFAULT_RUNBOOK_URL } = props;
    super(scope, id, {
      alarmName: `${name}-${slug}`,
      alarmDescription: `${meaning} ${runbookUrl}#${slug}`,
      metric: new Metric({
        namespace: METRIC_NAMESPACE,
        metricName: props.metricName,
        dimensionsMap: { [METRIC_DIMENSION]: name },
        statistic: Stats.MINIMUM,
        period: Duration.hours(6),
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 2,
      // A step that does not run reports no metric.
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.addAlarmAction(...alarmActions);
    this.addOkAction(...alarmActions);
    if (alarmActions.length > 0) return;
    acknowledge(this, 'Whom to tell is for the account to say, by the property alarmActions.', [
      'NIST.800.53.R5-CloudWatchAlarmAction',
    ]);
  }
}
