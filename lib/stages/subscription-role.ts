import { Aws, Token } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeInlinePolicy } from '../nag/acknowledge';

export interface SubscriptionRoleProps {
  /** The ARN of the stream that log groups are subscribed to. */
  readonly streamArn: string;

  /**
   * The pipeline's name.
   *
   * Another name makes another role: log groups keep the one that they have until they are subscribed
   * to the new stream. CloudWatch Logs does not try again what it is denied.
   *
   * @default - one role, whatever the stream
   */
  readonly name?: string;
}

/**
 * What CloudWatch Logs may do for the pipeline: put the events of subscribed log groups of this
 * account and Region into its stream. One role for all of them.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#FirehoseExample
 */
export class SubscriptionRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: SubscriptionRoleProps) {
    super(scope, id);

    const { name } = props;
    const roleId = name === undefined || Token.isUnresolved(name) ? 'Role' : `Role-${name}`;
    this.role = new Role(this, roleId, {
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        // So that no log group of another account can use this role.
        conditions: {
          StringLike: {
            'aws:SourceArn': `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`,
          },
        },
      }),
    });
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'PutLogs',
        actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
        resources: [props.streamArn],
      }),
    );
    acknowledgeInlinePolicy(this.role);
  }
}
