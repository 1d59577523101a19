import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ReadWriteType, Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';

export interface AccountTrailOptions {
  /**
   * Whether the account's trail is one that an audit can rest on.
   *
   * It records changes in all Regions, its files are validated, kept for `auditRetention` in versions,
   * and encrypted with the pipeline's key where it has one. It is the trail of `createTrail`, not a
   * second one. `apigw-logs audit` and `apigw-logs report --audit` read it.
   *
   * @default false
   */
  readonly audit?: boolean;

  /**
   * Whether calls that only read are recorded too: who read the values of API keys.
   *
   * A trail has the reads of all services, which are many more than changes. Needs `audit`.
   *
   * @default false
   */
  readonly auditReads?: boolean;

  /**
   * How long the records are kept. Minimum: 1 day. Needs `audit`.
   *
   * @default Duration.days(400)
   */
  readonly auditRetention?: Duration;
}

export interface AccountTrailProps extends AccountTrailOptions {
  /**
   * Encrypts the records of an audit.
   *
   * @default - S3's own keys
   */
  readonly encryptionKey?: IKey;
}

/** Without an audit the files are a by-product. */
const BY_PRODUCT_DAYS = 90;

/**
 * A trail of management events that change something, for accounts that have none: without one,
 * EventBridge hears of no change.
 */
export class AccountTrail extends Construct {
  readonly trail: Trail;
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: AccountTrailProps = {}) {
    super(scope, id);
    const { audit = false, auditReads = false } = props;
    const key = audit ? props.encryptionKey : undefined;
    const retention = audit
      ? (props.auditRetention ?? Duration.days(400))
      : Duration.days(BY_PRODUCT_DAYS);

    this.bucket = new Bucket(this, 'Bucket', {
      encryption: key ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      ...(key ? { encryptionKey: key } : {}),
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: audit,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: [
        { expiration: retention, ...(audit ? { noncurrentVersionExpiration: retention } : {}) },
      ],
    });
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    if (key) allowTrails(key);

    this.trail = new Trail(this, 'Trail', {
      bucket: this.bucket,
      managementEvents: auditReads ? ReadWriteType.ALL : ReadWriteType.WRITE_ONLY,
      isMultiRegionTrail: audit,
      includeGlobalServiceEvents: audit,
      enableFileValidation: true,
      ...(key ? { encryptionKey: key } : {}),
    });
    this.#acknowledgeFindings(audit, key !== undefined);
  }

  #acknowledgeFindings(isAudit: boolean, hasKey: boolean): void {
    acknowledge(
      this.bucket,
      'The bucket holds logs itself: those of one trail, which alone writes them.',
      ['AwsSolutions-S1', 'NIST.800.53.R5-S3BucketLoggingEnabled'],
    );
    acknowledge(
      this.bucket,
      isAudit
        ? 'A copy elsewhere is for the owner of the account to decide; versions are kept here.'
        : `The trail is there for its events; its files are a by-product, for ${BY_PRODUCT_DAYS} days.`,
      [
        'NIST.800.53.R5-S3BucketReplicationEnabled',
        ...(isAudit ? [] : ['NIST.800.53.R5-S3BucketVersioningEnabled']),
      ],
    );
    if (!hasKey) {
      acknowledge(
        this,
        'S3 encrypts them with its own keys; they name who changed what, no secret.',
        ['NIST.800.53.R5-S3DefaultEncryptionKMS', 'NIST.800.53.R5-CloudTrailEncryptionEnabled'],
      );
    }
    acknowledge(this, 'EventBridge is told of the events, and the files are read where they are.', [
      'NIST.800.53.R5-CloudTrailCloudWatchLogsEnabled',
    ]);
  }
}

/** Trails of this account write with the key; who may use it reads. An imported key needs the same. */
function allowTrails(key: IKey): void {
  const arn = `arn:${Aws.PARTITION}:cloudtrail:*:${Aws.ACCOUNT_ID}:trail/*`;
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'EncryptTrails',
      principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
      actions: ['kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': arn } },
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'DescribeForTrails',
      principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
      actions: ['kms:DescribeKey'],
      resources: ['*'],
    }),
  );
}
