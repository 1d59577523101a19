/** What a pipeline takes as objects, by the ARNs and texts that a command line can give. */

import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AccessLogPipelineProps } from '../access-log-pipeline';
import type { EndpointPreset, HttpEndpoint } from '../stream/http-endpoint';

export interface PipelineReferences {
  /**
   * The ARN of a customer's key, see `encryptionKey`.
   *
   * @default - keys of the services
   */
  readonly encryptionKeyArn?: string;

  /**
   * The name of a bucket that is there already, see `bucket`.
   *
   * @default - a new bucket
   */
  readonly bucketName?: string;

  /**
   * The bucket of a trail that is there already, see `auditTrail`.
   *
   * @default - a trail is made, where `audit` is asked for
   */
  readonly auditTrailBucket?: string;

  /**
   * The folder of that trail's files, such as `AWSLogs/123456789012/CloudTrail/eu-west-1/`.
   *
   * @default 'AWSLogs/'
   */
  readonly auditTrailPrefix?: string;

  /**
   * The ARN of the customer's key that that trail's files are encrypted with.
   *
   * @default - a key of S3
   */
  readonly auditTrailKeyArn?: string;

  /**
   * The ARN of an SNS topic that alarms go to.
   *
   * @default - none
   */
  readonly alarmTopicArn?: string;

  /**
   * Delivers to this URL instead of to the bucket, see `httpEndpoint`.
   *
   * @default - delivers to the bucket
   */
  readonly httpEndpointUrl?: string;

  /**
   * Sets what a vendor expects of its endpoint.
   *
   * @default - none
   */
  readonly httpEndpointPreset?: EndpointPreset;

  /**
   * The whole ARN of the secret with the endpoint's access key, `{"api_key": "…"}`.
   *
   * @default - none
   */
  readonly httpEndpointAccessKeyArn?: string;

  /**
   * The ARN of the customer's key that the secret is encrypted with, where it is.
   *
   * @default - the secret has the key of Secrets Manager
   */
  readonly httpEndpointAccessKeyKmsArn?: string;

  /**
   * What also goes to the bucket: `failed` records only, or `all`.
   *
   * @default 'failed'
   */
  readonly httpEndpointBackup?: NonNullable<HttpEndpoint['backup']>;
}

/** The objects that these references stand for. */
export function resolveReferences(
  scope: Construct,
  references: PipelineReferences,
): Pick<
  AccessLogPipelineProps,
  'auditTrail' | 'bucket' | 'encryptionKey' | 'alarmActions' | 'httpEndpoint'
> {
  const { bucketName, encryptionKeyArn, alarmTopicArn, httpEndpointUrl, httpEndpointAccessKeyArn } =
    references;
  if (!httpEndpointUrl) refuseWithout('httpEndpointUrl', endpointReferences, references);
  const { auditTrailBucket, auditTrailPrefix, auditTrailKeyArn } = references;
  if (!auditTrailBucket) refuseWithout('auditTrailBucket', trailReferences, references);
  return {
    ...(auditTrailBucket && {
      auditTrail: {
        bucket: trailBucketOf(scope, auditTrailBucket, auditTrailKeyArn),
        ...(auditTrailPrefix && { prefix: auditTrailPrefix }),
      },
    }),
    ...(bucketName && { bucket: Bucket.fromBucketName(scope, 'LogBucket', bucketName) }),
    ...(encryptionKeyArn && {
      encryptionKey: Key.fromKeyArn(scope, 'EncryptionKey', encryptionKeyArn),
    }),
    ...(alarmTopicArn && {
      alarmActions: [new SnsAction(Topic.fromTopicArn(scope, 'AlarmTopic', alarmTopicArn))],
    }),
    ...(httpEndpointUrl && {
      httpEndpoint: {
        url: httpEndpointUrl,
        preset: references.httpEndpointPreset,
        backup: references.httpEndpointBackup,
        accessKey: httpEndpointAccessKeyArn
          ? accessKeyOf(scope, httpEndpointAccessKeyArn, references.httpEndpointAccessKeyKmsArn)
          : undefined,
      },
    }),
  };
}

function accessKeyOf(scope: Construct, secretCompleteArn: string, keyArn?: string): ISecret {
  const encryptionKey = keyArn ? Key.fromKeyArn(scope, 'AccessKeyKey', keyArn) : undefined;
  return Secret.fromSecretAttributes(scope, 'AccessKey', { secretCompleteArn, encryptionKey });
}

function trailBucketOf(scope: Construct, bucketName: string, keyArn?: string): IBucket {
  const encryptionKey = keyArn ? Key.fromKeyArn(scope, 'TrailKey', keyArn) : undefined;
  return Bucket.fromBucketAttributes(scope, 'TrailBucket', { bucketName, encryptionKey });
}

const trailReferences = ['auditTrailPrefix', 'auditTrailKeyArn'] as const;

const endpointReferences = [
  'httpEndpointPreset',
  'httpEndpointAccessKeyArn',
  'httpEndpointAccessKeyKmsArn',
  'httpEndpointBackup',
] as const;

function refuseWithout(
  wanted: keyof PipelineReferences,
  names: readonly (keyof PipelineReferences)[],
  references: PipelineReferences,
): void {
  for (const name of names) {
    const value = references[name];
    if (value) throw new Error(`${name}: got "${value}", expected ${wanted} beside it`);
  }
}
