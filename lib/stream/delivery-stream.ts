import { Duration, RemovalPolicy, Size, TimeZone, Token } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, LogStream, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Partitioning } from '../../lambda/core/attribution/partition';
import { oneOf } from '../../lambda/core/settings/setting-parsers';
import { deliveryPrefix, errorPrefix, logsPrefixOf, sourcePrefix } from '../bucket/log-layout';
import { acknowledgeLogEncryption } from '../nag/acknowledge';
import { checked } from '../props/checked';
import { checkDuration, checkSize, type Range } from '../props/measures';
import { streamNameOf } from '../props/pipeline-name';
import { deliveryRole } from './delivery-role';
import { endpointDestination, type HttpEndpoint } from './http-endpoint';

export const compressions = ['GZIP', 'HADOOP_SNAPPY', 'Snappy', 'UNCOMPRESSED', 'ZIP'] as const;

export type Compression = (typeof compressions)[number];

export const DEFAULT_BUFFER_INTERVAL = Duration.minutes(5);

/** How records are collected into objects, and in which folders they are stored. */
export interface DeliveryStreamOptions {
  /**
   * How much is collected for an object, before compression.
   *
   * Minimum: 1 MiB. Maximum: 128 MiB. With `partitionBy` at least 64 MiB.
   *
   * @default Size.mebibytes(64)
   */
  readonly bufferSize?: Size;

  /**
   * How long is collected for an object.
   *
   * Minimum: 0 seconds. Maximum: 900 seconds. With `partitionBy` at least 60 seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly bufferInterval?: Duration;

  /**
   * How objects are compressed.
   *
   * Athena reads all of them but ZIP.
   *
   * @default 'GZIP'
   */
  readonly compression?: Compression;

  /**
   * The time zone of the folders' hours, such as `Europe/Berlin`.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;

  /**
   * Keeps all records as they came too, under `source/`.
   *
   * Whatever the lines contain is kept, API key values included. Firehose cannot turn it off again:
   * give the pipeline another `name` for that.
   *
   * @default false
   */
  readonly sourceBackup?: boolean;

  /**
   * Delivers to an HTTP endpoint instead, and to the bucket what that one does not take.
   *
   * For a new pipeline: Firehose does not change a stream's kind of destination.
   *
   * @default - delivers to the bucket
   */
  readonly httpEndpoint?: HttpEndpoint;
}

export interface DeliveryStreamProps extends DeliveryStreamOptions {
  /**
   * The pipeline's name; the stream's is `amazon-apigateway-<name>`.
   *
   * 1 to 46 letters, digits and hyphens.
   */
  readonly name: string;

  /** Where logs are delivered, and what could not be processed, under `errors/`. */
  readonly bucket: IBucket;

  /** The function that every record goes through. */
  readonly enrichmentFunction: IFunction;

  /**
   * The folder of delivered logs.
   *
   * @default 'logs/'
   */
  readonly prefix?: string;

  /**
   * What the function's partition keys stand for.
   *
   * @default 'none'
   */
  readonly partitionBy?: Partitioning;

  /**
   * A customer's key for what the stream holds and delivers.
   *
   * @default - keys of the services
   */
  readonly encryptionKey?: IKey;

  /**
   * How long the stream's own error logs are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

type S3Destination = CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty;

/**
 * The Firehose stream that stages deliver to.
 *
 * Firehose's L2 is not used: its role may read and delete everything in the bucket, and it takes
 * transformation buffers in whole MiB only and no `retries: 0`.
 */
export class DeliveryStream extends Construct {
  readonly stream: CfnDeliveryStream;
  /** Why deliveries failed. */
  readonly logGroup: LogGroup;
  /** What Firehose may do on the stream's behalf. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: DeliveryStreamProps) {
    super(scope, id);
    const { enrichmentFunction, encryptionKey, httpEndpoint } = props;
    refuseContradictions(props);

    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.logGroup = logGroup;
    acknowledgeLogEncryption(logGroup, 'Of deliveries that failed it says why, not what.');
    const logStreamOf = (id: string, logStreamName: string) =>
      new LogStream(this, id, { logGroup, logStreamName, removalPolicy: RemovalPolicy.DESTROY });
    const deliveryErrors = logStreamOf('DeliveryErrors', 'DestinationDelivery');
    const hasBackup = httpEndpoint !== undefined || (props.sourceBackup ?? false);
    const backupErrors = hasBackup ? [logStreamOf('BackupErrors', 'BackupDelivery')] : [];
    const loggingTo = ({ logStreamName }: LogStream) => ({
      enabled: true,
      logGroupName: logGroup.logGroupName,
      logStreamName,
    });

    this.role = deliveryRole(this, 'Role', {
      ...props,
      prefix: logsPrefixOf(props.prefix),
      logGroup,
      logStreams: [deliveryErrors, ...backupErrors],
      accessKey: httpEndpoint?.accessKey,
    });

    const s3 = s3Destination(props, this.role.roleArn);
    const transformation = {
      roleArn: this.role.roleArn,
      processingConfiguration: {
        enabled: true,
        processors: [lambdaProcessor(enrichmentFunction, this.role)],
      },
      cloudWatchLoggingOptions: loggingTo(deliveryErrors),
    };
    // What goes to the bucket beside the destination fails for reasons of its own.
    const [backupLog] = backupErrors.map(loggingTo);
    const backup = { ...s3, cloudWatchLoggingOptions: backupLog };
    this.stream = new CfnDeliveryStream(this, 'Resource', {
      deliveryStreamName: streamNameOf(props.name),
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: encryptionKey
        ? { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: encryptionKey.keyArn }
        : { keyType: 'AWS_OWNED_CMK' },
      ...(httpEndpoint
        ? {
            httpEndpointDestinationConfiguration: {
              ...endpointDestination(httpEndpoint, this.role.roleArn),
              ...transformation,
              s3Configuration: backup,
            },
          }
        : {
            extendedS3DestinationConfiguration: {
              ...s3,
              ...transformation,
              ...partitioning(props),
              ...timeZone(props),
              ...sourceBackup(props, backup),
            },
          }),
    });
    // Firehose tries the role out when the stream is created: its policy has to be there before.
    this.stream.node.addDependency(this.role);
  }
}

function refuseContradictions(props: DeliveryStreamProps): void {
  const { httpEndpoint, partitionBy = 'none', sourceBackup, timeZone } = props;
  if (!httpEndpoint) return;
  const refuse = (property: string, value: unknown, expected: string) =>
    checked(property, value, () => {
      throw new Error(`${expected} with httpEndpoint`);
    });
  if (partitionBy !== 'none') refuse('partitionBy', partitionBy, 'none');
  if (sourceBackup) refuse('sourceBackup', sourceBackup, 'httpEndpoint.backup: "all" instead');
  if (timeZone !== undefined && timeZone !== 'UTC') refuse('timeZone', timeZone, 'UTC');
}

/** Properties of objects in the bucket, whichever records go there. */
function s3Destination(
  props: DeliveryStreamProps,
  roleArn: string,
): CfnDeliveryStream.S3DestinationConfigurationProperty {
  const { bucket, encryptionKey, partitionBy = 'none', compression = 'GZIP' } = props;
  const { bufferSize = Size.mebibytes(64), bufferInterval = DEFAULT_BUFFER_INTERVAL } = props;
  checked('compression', compression, oneOf(compressions));
  const { size, seconds } = bufferRanges(partitionBy);
  return {
    bucketArn: bucket.bucketArn,
    roleArn,
    prefix: deliveryPrefix(logsPrefixOf(props.prefix), partitionBy),
    errorOutputPrefix: errorPrefix,
    compressionFormat: compression,
    // Few and large objects are what queries want; after 5 minutes any size goes.
    bufferingHints: {
      sizeInMBs: checkSize('bufferSize', bufferSize, size),
      intervalInSeconds: checkDuration('bufferInterval', bufferInterval, seconds),
    },
    encryptionConfiguration: encryptionKey && {
      kmsEncryptionConfig: { awskmsKeyArn: encryptionKey.keyArn },
    },
  };
}

/** With dynamic partitioning Firehose refuses less, but at deployment only. */
function bufferRanges(partitionBy: Partitioning): { size: Range; seconds: Range } {
  if (partitionBy === 'none') return { size: { min: 1, max: 128 }, seconds: { min: 0, max: 900 } };
  const note = 'with partitionBy';
  return { size: { min: 64, max: 128, note }, seconds: { min: 60, max: 900, note } };
}

function partitioning({ partitionBy = 'none' }: DeliveryStreamProps): Partial<S3Destination> {
  if (partitionBy === 'none') return {};
  return {
    dynamicPartitioningConfiguration: { enabled: true, retryOptions: { durationInSeconds: 300 } },
  };
}

function timeZone({ timeZone }: DeliveryStreamProps): Partial<S3Destination> {
  if (timeZone === undefined) return {};
  if (!Token.isUnresolved(timeZone)) checked('timeZone', timeZone, parseTimeZone);
  return { customTimeZone: TimeZone.of(timeZone).timezoneName };
}

function sourceBackup(
  { sourceBackup }: DeliveryStreamProps,
  s3: CfnDeliveryStream.S3DestinationConfigurationProperty,
): Partial<S3Destination> {
  if (!sourceBackup) return {};
  return {
    s3BackupMode: 'Enabled',
    s3BackupConfiguration: { ...s3, prefix: sourcePrefix },
  };
}

/** As the time zone database names them; Firehose takes no offsets. */
export function parseTimeZone(text: string): string {
  if (!/^(UTC|[A-Z]\w+(\/[\w+-]+)+)$/.test(text) || !isKnownTimeZone(text)) {
    throw new Error('UTC, or a time zone such as Europe/Berlin');
  }
  return text;
}

function isKnownTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
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
