import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ReadWriteType, Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';

/**
 * A trail of the Region's management events that change something, for accounts that have none:
 * without one, EventBridge hears of no change.
 */
export class AccountTrail extends Construct {
  readonly trail: Trail;

  constructor(scope: Construct, id: string) {
    super(scope, id);

    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: [{ expiration: Duration.days(90) }],
    });
    bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    acknowledge(
      bucket,
      'The bucket holds logs itself: those of one trail, which alone writes them.',
      ['AwsSolutions-S1', 'NIST.800.53.R5-S3BucketLoggingEnabled'],
    );
    acknowledge(
      bucket,
      'The trail is there for its events; its files are a by-product, for 90 days.',
      ['NIST.800.53.R5-S3BucketReplicationEnabled', 'NIST.800.53.R5-S3BucketVersioningEnabled'],
    );
    acknowledge(
      this,
      'S3 encrypts them with its own keys; they name who changed what, no secret.',
      ['NIST.800.53.R5-S3DefaultEncryptionKMS', 'NIST.800.53.R5-CloudTrailEncryptionEnabled'],
    );
    acknowledge(
      this,
      'EventBridge is told of the events, which is all that they are recorded for.',
      ['NIST.800.53.R5-CloudTrailCloudWatchLogsEnabled'],
    );

    this.trail = new Trail(this, 'Trail', {
      bucket,
      managementEvents: ReadWriteType.WRITE_ONLY,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
      enableFileValidation: true,
    });
  }
}
