import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, LogStream, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge-wildcard';
import { streamNameOf } from './pipeline-name';

/** Hive's `key=value` folders, which Athena and Glue take for partitions. */
const HOUR_FOLDERS =
  'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/';

export interface DeliveryStreamProps {
  /**
   * The pipeline's name; the stream's is `amazon-apigateway-<name>`.
   *
   * 1 to 46 letters, digits and hyphens.
   */
  readonly name: string;

  /** Where logs are delivered, under `logs/` and, what could not be processed, under `errors/`. */
  readonly bucket: IBucket;

  /** The function that every record goes through. */
  readonly enrichmentFunction: IFunction;

  /**
   * How long the stream's own error logs are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/**
 * The Firehose stream that stages deliver to.
 *
 * Firehose's L2 is not used: its role may read and delete everything in the bucket, and it takes
 * transformation buffers in whole MiB only and no `retries: 0`.
 */
export class DeliveryStream extends Construct {
  readonly stream: CfnDeliveryStream;
  /** What Firehose may do on the stream's behalf. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: DeliveryStreamProps) {
    super(scope, id);
    const { bucket, enrichmentFunction } = props;

    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logStream = new LogStream(this, 'DeliveryErrors', {
      logGroup,
      logStreamName: 'DestinationDelivery',
      removalPolicy: RemovalPolicy.DESTROY,
    });

    this.role = new Role(this, 'Role', {
      // The external id is how Firehose says for which account it asks, so that nobody else's
      // stream can be pointed at this role.
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
      }),
    });
    allowDelivery(this.role, bucket);
    allowTransformation(this.role, enrichmentFunction);
    allowLogging(this.role, logGroup, logStream);

    this.stream = new CfnDeliveryStream(this, 'Resource', {
      deliveryStreamName: streamNameOf(props.name),
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn: bucket.bucketArn,
        roleArn: this.role.roleArn,
        prefix: `logs/${HOUR_FOLDERS}`,
        errorOutputPrefix: `errors/!{firehose:error-output-type}/${HOUR_FOLDERS}`,
        compressionFormat: 'GZIP',
        // Few and large objects are what queries want; after 5 minutes any size goes.
        bufferingHints: { sizeInMBs: 64, intervalInSeconds: 300 },
        processingConfiguration: {
          enabled: true,
          processors: [lambdaProcessor(enrichmentFunction, this.role)],
        },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: logGroup.logGroupName,
          logStreamName: logStream.logStreamName,
        },
      },
    });
    // Firehose tries the role out when the stream is created: its policy has to be there before.
    this.stream.node.addDependency(this.role);
  }
}

function lambdaProcessor(
  enrichmentFunction: IFunction,
  role: Role,
): CfnDeliveryStream.ProcessorProperty {
  const parameters = {
    LambdaArn: enrichmentFunction.functionArn,
    RoleArn: role.roleArn,
    // A response has to stay under 6 MB. Base64 and the appended fields make at most 3 MB of 1 MiB.
    BufferSizeInMBs: '1',
    BufferIntervalInSeconds: '60',
    NumberOfRetries: '3',
  };
  return {
    type: 'Lambda',
    parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
      parameterName,
      parameterValue,
    })),
  };
}

/** https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3 */
function allowDelivery(role: Role, bucket: IBucket): void {
  const everyObject = bucket.arnForObjects('*');
  role.addToPolicy(
    new PolicyStatement({
      sid: 'DeliverObjects',
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      resources: [everyObject],
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      sid: 'FindBucket',
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucket.bucketArn],
    }),
  );
  acknowledgeWildcard(
    role,
    everyObject,
    'Firehose names the objects that it delivers; it may write and read them, and delete none.',
  );
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

function allowLogging(role: Role, logGroup: LogGroup, logStream: LogStream): void {
  const resource = `${logGroup.logGroupName}:log-stream:${logStream.logStreamName}`;
  role.addToPolicy(
    new PolicyStatement({
      sid: 'LogErrors',
      actions: ['logs:PutLogEvents'],
      resources: [
        `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${resource}`,
      ],
    }),
  );
}
