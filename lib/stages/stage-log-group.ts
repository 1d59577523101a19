import { Aws, Names, RemovalPolicy } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  CfnSubscriptionFilter,
  type ILogGroup,
  LogGroup,
  RetentionDays,
} from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeLogEncryption } from '../nag/acknowledge';

export interface StageLogGroupProps {
  /** The ARN of the stream that the log group is subscribed to. */
  readonly streamArn: string;

  /** The stream's name, which the subscription is called by: an alarm watches all of that name. */
  readonly streamName: string;

  /** What CloudWatch Logs puts into the stream with. */
  readonly subscriptionRole: IRole;

  /**
   * How long CloudWatch Logs keeps its copy of the lines.
   *
   * @default RetentionDays.ONE_WEEK
   */
  readonly retention?: RetentionDays;

  /**
   * Encrypts the log group.
   *
   * The policy of a key of the same app is extended; any other has to let CloudWatch Logs use it.
   *
   * @default - a key of CloudWatch Logs
   */
  readonly encryptionKey?: IKey;
}

/** The way from an HTTP or WebSocket stage, which logs to log groups only, into the stream. */
export class StageLogGroup extends Construct {
  readonly logGroup: LogGroup;
  /** Its name as a text, no reference: another stack may use it. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: StageLogGroupProps) {
    super(scope, id);

    const { encryptionKey } = props;
    if (encryptionKey) allowEncryptingLogs(encryptionKey);
    // API Gateway lets itself write to each log group through the account's one policy for log
    // delivery, which is full after some ten of them; below this name one entry serves all.
    this.name = `/aws/vendedlogs/apigateway/${uniqueNameOf(this)}`;
    this.logGroup = new LogGroup(this, 'LogGroup', {
      logGroupName: this.name,
      retention: props.retention ?? RetentionDays.ONE_WEEK,
      encryptionKey,
      // The lines themselves are delivered: this is a copy in transit.
      removalPolicy: RemovalPolicy.DESTROY,
    });

    if (!encryptionKey) {
      acknowledgeLogEncryption(this.logGroup, "A customer's key is the property encryptionKey.");
    }

    const subscription = new CfnSubscriptionFilter(this, 'Subscription', {
      logGroupName: this.logGroup.logGroupName,
      filterName: props.streamName,
      destinationArn: props.streamArn,
      roleArn: props.subscriptionRole.roleArn,
      // Everything.
      filterPattern: '',
    });
    // CloudWatch Logs tries the role out at once: its policy has to be there before.
    subscription.node.addDependency(props.subscriptionRole);
  }
}

/** API Gateway wants it without the `:*` that CloudFormation's attribute ends with. */
export function logGroupArnOf({ logGroupName }: Pick<ILogGroup, 'logGroupName'>): string {
  return `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroupName}`;
}

/** Stack and path are in it, so that neither two stages nor two stacks ask for the same. */
function uniqueNameOf(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' });
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function allowEncryptingLogs(key: IKey): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'EncryptLogs',
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*'],
      principals: [new ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`)],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`,
        },
      },
    }),
  );
}
