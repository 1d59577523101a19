import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { CfnMetricStream } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogGroup, LogStream, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { API_METRICS_NAMESPACE } from '../../lambda/core/api-metrics';
import { acknowledgeInlinePolicy, acknowledgeLogEncryption } from '../nag/acknowledge';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';
import { type EndpointPreset, endpointDestination } from '../stream/http-endpoint';

/** What vendors document for metric streams. */
const outputFormats = {
  // Sumo Logic's source "AWS Kinesis Firehose for Metrics" takes either; JSON can be read by a person.
  sumologic: 'json',
  elastic: 'json',
} as const satisfies Record<EndpointPreset, MetricFormat>;

export type MetricFormat = 'json' | 'opentelemetry0.7' | 'opentelemetry1.0';

export interface VendorMetricsProps {
  /** Where metrics are posted to; another endpoint than that of the logs. Begins with `https://`. */
  readonly url: string;

  /**
   * The access key that Firehose sends along, in a secret `{"api_key": "…"}`.
   *
   * @default - none
   */
  readonly accessKey?: ISecret;

  /**
   * Sets the format to what a vendor expects.
   *
   * @default - none: JSON
   */
  readonly preset?: EndpointPreset;

  /**
   * How CloudWatch writes the metrics.
   *
   * @default - the preset's, 'json' without one
   */
  readonly format?: MetricFormat;

  /** Keeps what the endpoint does not take, under `vendor-metrics/`. */
  readonly bucket: IBucket;
}

/**
 * The metrics of API Gateway, and no others, to a vendor: a CloudWatch metric stream through a Firehose
 * stream of its own. CloudWatch charges for each metric update that it streams.
 */
export class VendorMetrics extends Construct {
  /** Posts the metrics to the vendor. */
  readonly stream: CfnDeliveryStream;
  /** Writes the metrics of `AWS/ApiGateway` into the stream. */
  readonly metricStream: CfnMetricStream;

  constructor(scope: Construct, id: string, props: VendorMetricsProps) {
    super(scope, id);
    const { bucket, accessKey, url, preset } = props;
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledgeLogEncryption(logGroup, 'Of deliveries that failed it says why, not what.');
    const [endpointErrors, backupErrors] = ['EndpointDelivery', 'BackupDelivery'].map(
      (logStreamName) =>
        new LogStream(this, logStreamName, {
          logGroup,
          logStreamName,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
    ) as [LogStream, LogStream];
    const logging = ({ logStreamName }: LogStream) => ({
      enabled: true,
      logGroupName: logGroup.logGroupName,
      logStreamName,
    });

    const kept = bucket.arnForObjects(`${KEPT_PREFIX}*`);
    const role = roleOf(this, 'Role', 'firehose.amazonaws.com', [
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
        resources: [kept],
      }),
      new PolicyStatement({
        actions: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
        resources: [bucket.bucketArn],
      }),
      new PolicyStatement({
        actions: ['logs:PutLogEvents'],
        resources: [`${logGroup.logGroupArn}`],
      }),
    ]);
    acknowledgeWildcard(
      role,
      kept,
      'It names the objects that Firehose writes: their names end in a random part.',
    );
    bucket.encryptionKey?.grantEncrypt(role);
    accessKey?.grantRead(role);

    this.stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
      httpEndpointDestinationConfiguration: {
        ...endpointDestination({ url, accessKey, preset, attributes: {} }, role.roleArn),
        // Attributes of logs are not those of metrics.
        requestConfiguration: { contentEncoding: 'GZIP' },
        roleArn: role.roleArn,
        cloudWatchLoggingOptions: logging(endpointErrors),
        s3Configuration: {
          bucketArn: bucket.bucketArn,
          roleArn: role.roleArn,
          errorOutputPrefix: KEPT_PREFIX,
          prefix: KEPT_PREFIX,
          compressionFormat: 'GZIP',
          bufferingHints: {
            sizeInMBs: Size.mebibytes(5).toMebibytes(),
            intervalInSeconds: Duration.minutes(5).toSeconds(),
          },
          cloudWatchLoggingOptions: logging(backupErrors),
        },
      },
    });
    this.stream.node.addDependency(role);

    const writer = roleOf(this, 'Writer', 'streams.metrics.cloudwatch.amazonaws.com', [
      new PolicyStatement({
        actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
        resources: [this.stream.attrArn],
      }),
    ]);
    this.metricStream = new CfnMetricStream(this, 'MetricStream', {
      firehoseArn: this.stream.attrArn,
      roleArn: writer.roleArn,
      outputFormat: props.format ?? (preset ? outputFormats[preset] : 'json'),
      includeFilters: [{ namespace: API_METRICS_NAMESPACE }],
    });
    this.metricStream.node.addDependency(writer);
  }
}

const KEPT_PREFIX = 'vendor-metrics/';

function roleOf(scope: Construct, id: string, service: string, policies: PolicyStatement[]): Role {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal(service) });
  for (const policy of policies) role.addToPolicy(policy);
  acknowledgeInlinePolicy(role);
  return role;
}
