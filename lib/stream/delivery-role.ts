import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { ERRORS_FOLDER, SOURCE_FOLDER } from '../../lambda/core/folders';
import { acknowledgeInlinePolicy } from '../nag/acknowledge';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';

export interface DeliveryRoleProps {
  readonly bucket: IBucket;
  readonly enrichmentFunction: IFunction;
  /** The folder of delivered logs. */
  readonly prefix: string;
  readonly logGroup: LogGroup;
  readonly logStreams: readonly LogStream[];
  readonly encryptionKey?: IKey;
  /** An HTTP endpoint's access key. */
  readonly accessKey?: ISecret;
}

/** What Firehose may do on the stream's behalf. */
export function deliveryRole(scope: Construct, id: string, props: DeliveryRoleProps): Role {
  const role = new Role(scope, id, {
    // The external id is the account for which Firehose asks, so that no stream of
    // another account can be pointed at this role.
    assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
      conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
    }),
  });
  allowDelivery(role, props.bucket, props.prefix);
  allowTransformation(role, props.enrichmentFunction);
  allowLogging(role, props.logGroup, props.logStreams);
  if (props.encryptionKey) allowEncryption(role, props.encryptionKey);
  props.accessKey?.grantRead(role);
  acknowledgeInlinePolicy(role);
  return role;
}

/** https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3 */
function allowDelivery(role: Role, bucket: IBucket, prefix: string): void {
  // Not the whole bucket: what attached stages logged before and the shared usage plans are trusted.
  const folders = [prefix, ERRORS_FOLDER, SOURCE_FOLDER];
  const objects = folders.map((folder) => bucket.arnForObjects(`${folder}*`));
  role.addToPolicy(
    new PolicyStatement({
      sid: 'DeliverObjects',
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      resources: objects,
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      sid: 'FindBucket',
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucket.bucketArn],
    }),
  );
  for (const each of objects) {
    acknowledgeWildcard(
      role,
      each,
      'Firehose names the objects that it delivers; it may write and read them, and delete none.',
    );
  }
}

function allowTransformation(role: Role, enrichmentFunction: IFunction): void {
  const { functionArn } = enrichmentFunction;
  role.addToPolicy(
    new PolicyStatement({
      sid: 'Transform',
      actions: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'],
      resources: [functionArn, `${functionArn}:$LATEST`],
    }),
  );
}

function allowLogging(role: Role, logGroup: LogGroup, logStreams: readonly LogStream[]): void {
  const ofGroup = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroup.logGroupName}`;
  role.addToPolicy(
    new PolicyStatement({
      sid: 'LogErrors',
      actions: ['logs:PutLogEvents'],
      resources: logStreams.map(({ logStreamName }) => `${ofGroup}:log-stream:${logStreamName}`),
    }),
  );
}

function allowEncryption(role: Role, key: IKey): void {
  key.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
}
