import { Aws, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  METRIC_DIMENSION,
  METRIC_NAMESPACE,
  PIPELINE_NAME_VARIABLE,
  QUOTA_METRIC,
  USAGE_PLAN_DIMENSION,
} from '../../lambda/core/metrics';
import { SmallFunction } from '../functions/small-function';
import { acknowledge } from '../nag/acknowledge';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';
import { checkDuration } from '../props/measures';
import { DEFAULT_RUNBOOK_URL } from '../props/runbook-url';

export interface QuotaMonitorProps {
  /**
   * The dimension `service` of the metric, and what the alarms' names begin with.
   *
   * @default 'api-gateway'
   */
  readonly name?: string;

  /**
   * How often the use is read.
   *
   * Minimum: 15 minutes. Maximum: 1 hour, since an alarm over all plans looks at an hour.
   *
   * @default Duration.hours(1)
   */
  readonly interval?: Duration;

  /**
   * The shares of a quota at which an alarm goes off, in percent.
   *
   * @default [80, 100]
   */
  readonly thresholds?: readonly number[];

  /**
   * What happens when an alarm goes off, and when all is well again.
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

/**
 * Reads how much of its quota each usage plan's busiest key has used, as API Gateway counts, and goes
 * off when a customer is about to be refused and when he is. API Gateway's own metrics do not have it.
 */
export class QuotaMonitor extends Construct {
  /** One for each threshold, for all plans together; it names the plan. */
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: QuotaMonitorProps = {}) {
    super(scope, id);
    const { name = 'api-gateway', interval = Duration.hours(1), thresholds = [80, 100] } = props;
    checkDuration('interval', interval, { min: 900, max: 3600 });
    const usageOfAnyPlan = `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::/usageplans/*/usage`;
    const { function: reader, role } = new SmallFunction(this, 'Reader', {
      name: 'quota',
      description: `Reads how much of their quotas usage plans have used (${name})`,
      reason: 'It runs by a schedule: what fails is read again an hour later, and is late by then.',
      timeout: Duration.minutes(15),
      environment: { [PIPELINE_NAME_VARIABLE]: name },
      policies: [
        new PolicyStatement({
          sid: 'ReadUsage',
          actions: ['apigateway:GET'],
          resources: [`arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::/usageplans`, usageOfAnyPlan],
        }),
      ],
    });
    acknowledgeWildcard(role, usageOfAnyPlan, 'Usage plans come and go without a deployment.');
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(interval),
      targets: [new LambdaTarget(reader)],
    });
    acknowledge(this, 'The next run an hour later reads what one that failed would have read.', [
      'Serverless-EventBusDLQ',
    ]);

    this.alarms = thresholds.map((threshold) => this.#alarm(name, threshold, props));
    if (props.alarmActions?.length) return;
    acknowledge(this, 'Whom to tell is for the account to say, by the property alarmActions.', [
      'NIST.800.53.R5-CloudWatchAlarmAction',
    ]);
  }

  #alarm(name: string, threshold: number, props: QuotaMonitorProps): Alarm {
    const { alarmActions = [], runbookUrl = DEFAULT_RUNBOOK_URL } = props;
    const dimensions = `${METRIC_DIMENSION}, ${USAGE_PLAN_DIMENSION}`;
    const alarm = new Alarm(this, `Used${threshold}`, {
      alarmName: `${name}-quota-used-${threshold}`,
      alarmDescription: `A key of a usage plan has used ${threshold} % of its quota. ${runbookUrl}#quota-used`,
      metric: new MathExpression({
        label: '% of the quota used, by usage plan',
        expression:
          `SELECT MAX("${QUOTA_METRIC}") FROM SCHEMA("${METRIC_NAMESPACE}", ${dimensions}) ` +
          `WHERE ${METRIC_DIMENSION} = '${name}' GROUP BY ${USAGE_PLAN_DIMENSION} ORDER BY MAX() DESC`,
        usingMetrics: {},
        period: Duration.hours(1),
      }),
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(...alarmActions);
    alarm.addOkAction(...alarmActions);
    return alarm;
  }
}
