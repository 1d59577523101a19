import { Duration, Lazy } from 'aws-cdk-lib';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ACCOUNT_EVENT_SOURCE, ACCOUNT_EVENT_TYPE } from '../../lambda/core/catalog/account-events';
import { CHANGE_MEMORY_FOLDER } from '../../lambda/core/folders';
import { PIPELINE_NAME_VARIABLE } from '../../lambda/core/metrics';
import { SmallFunction } from '../functions/small-function';
import { acknowledge } from '../nag/acknowledge';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';

export interface ChangeWatchProps {
  /** The pipeline's name. */
  readonly name: string;
  /** Where it is kept what is known of plans and stages, under `_changes/`. */
  readonly bucket: IBucket;
  /** Whether the trail records reads. */
  readonly hasReads: boolean;
  /** ARNs of roles whose calls set nothing off; asked for when the app is synthesized. */
  readonly trustedRoles: () => readonly string[];
  /** ARNs of what stages of this pipeline log to; asked for when the app is synthesized. */
  readonly ownDestinations: () => readonly string[];
}

/** What can switch a log off, raise a limit, or is needed to know what was there before. */
const writes = [
  'CreateUsagePlan',
  'UpdateUsagePlan',
  'DeleteUsagePlan',
  'CreateStage',
  'UpdateStage',
  'DeleteStage',
  'DeleteAccessLogSettings',
];

/** What answers with values of keys, whether or not it was asked for them. */
const reads = ['GetApiKey', 'GetApiKeys', 'GetUsagePlanKey', 'GetUsagePlanKeys'];

/** Looks at each change of the account and Region as it is made, and counts those that alarms are for. */
export class ChangeWatch extends Construct {
  /** How often a change could not be looked at. */
  readonly errors: Metric;
  /** Has a line for each call that an alarm is for. */
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: ChangeWatchProps) {
    super(scope, id);
    const { name, bucket, hasReads } = props;
    const memory = `${CHANGE_MEMORY_FOLDER}resources/`;
    const objects = bucket.arnForObjects(`${memory}*`);
    const { function: watcher, role } = new SmallFunction(this, 'Watcher', {
      name: 'change-watch',
      description: `Looks at changes of API Gateway for alarms (${name})`,
      reason: 'Lambda tries a change three times, and an alarm reports when all three failed.',
      timeout: Duration.seconds(30),
      environment: {
        [PIPELINE_NAME_VARIABLE]: name,
        CHANGE_MEMORY: `s3://${bucket.bucketName}/${memory}`,
        OWN_DESTINATIONS: Lazy.string({ produce: () => props.ownDestinations().join(' ') }),
      },
      policies: [
        new PolicyStatement({
          sid: 'RememberChanges',
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: [objects],
        }),
        // To a role that may not list the bucket, S3 answers "denied" for an object that is not there.
        new PolicyStatement({
          sid: 'TellMissingFromDenied',
          actions: ['s3:ListBucket'],
          resources: [bucket.bucketArn],
        }),
      ],
    });
    bucket.encryptionKey?.grantEncryptDecrypt(role);
    acknowledgeWildcard(role, objects, 'Plans and stages come and go without a deployment.');
    this.logGroup = watcher.logGroup;
    this.errors = watcher.metricErrors({ statistic: Stats.SUM, period: Duration.minutes(5) });

    const trusted = Lazy.list({ produce: () => [...props.trustedRoles()] });
    const rule = new Rule(this, 'Calls', {
      description: 'Calls that alarms are for, which a trail has to record',
      eventPattern: {
        source: [ACCOUNT_EVENT_SOURCE],
        detailType: [ACCOUNT_EVENT_TYPE],
        detail: {
          eventSource: ['apigateway.amazonaws.com'],
          eventName: [...writes, ...(hasReads ? reads : [])],
          userIdentity: {
            // Users have no issuer.
            sessionContext: {
              sessionIssuer: { arn: [{ exists: false }, { 'anything-but': trusted }] },
            },
          },
        },
      },
      targets: [new LambdaTarget(watcher)],
    });
    if (hasReads) {
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
      const resource = rule.node.defaultChild as CfnRule;
      resource.state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    }
    acknowledge(this, 'EventBridge tries for a day; an alarm says when the function fails.', [
      'Serverless-EventBusDLQ',
    ]);
  }
}
