import { Annotations, Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ERRORS_FOLDER, REPLAYED_FOLDER, SOURCE_FOLDER } from '../../lambda/core/folders';
import type { SecretTreatment } from '../../lambda/core/values/secrets';
import { acknowledge } from '../nag/acknowledge';
import { checked } from '../props/checked';
import { logsPrefixOf } from './log-layout';
import { isOfAccount, type LogReader, principalOf, readPrefixOf } from './log-reader';

/** In whole days, as S3 counts. */
export interface LogBucketOptions {
  /**
   * A bucket that is there already, such as a central log archive's.
   *
   * It stays as it is: retention, encryption and TLS are up to its owner, and so are
   * `readers` of a bucket that another stack defines. Nothing counts its objects under `errors/`, so there
   * is no alarm `errors-stored`. Several pipelines may share it, each with a `prefix` of its own.
   *
   * @default - a new bucket
   */
  readonly bucket?: IBucket;

  /**
   * The folder of delivered logs, such as `logs/` or `logs/orders/`.
   *
   * Letters, digits and `_ . = -`; not below `errors/`, `replayed/` or `source/`, and no `_` in front.
   *
   * @default 'logs/'
   */
  readonly prefix?: string;

  /**
   * How long delivered logs are kept.
   *
   * @default - for ever
   */
  readonly expireLogsAfter?: Duration;

  /**
   * When delivered logs move to the Standard-IA storage class.
   *
   * Minimum: 30 days.
   *
   * @default - never
   */
  readonly infrequentAccessAfter?: Duration;

  /**
   * When delivered logs move to the Glacier Flexible Retrieval storage class, where Athena no longer
   * reads them.
   *
   * At least 30 days after `infrequentAccessAfter`.
   *
   * @default - never
   */
  readonly archiveAfter?: Duration;

  /**
   * How long records are kept that could not be processed or delivered, and those replayed since.
   *
   * They are lost then: leave time to replay them.
   *
   * @default - for ever
   */
  readonly expireErrorsAfter?: Duration;

  /**
   * How long the source backup is kept, where there is one.
   *
   * @default Duration.days(30)
   */
  readonly expireSourceAfter?: Duration;

  /**
   * Who may list and read delivered logs beside the account itself.
   *
   * They get no other permission, and no other folder of the bucket.
   *
   * @default - nobody
   */
  readonly readers?: readonly LogReader[];

  /**
   * A customer's key that encrypts the bucket, the stream and the log groups of stages.
   *
   * Its policy is extended for a key that is defined in the same app; any other has to let Firehose's
   * role, CloudWatch Logs and the readers use it already.
   *
   * @default - keys of the services
   */
  readonly encryptionKey?: IKey;
}

export interface LogBucketProps extends LogBucketOptions {
  /**
   * What becomes of API key values in delivered lines; a warning where foreign readers see them.
   *
   * @default 'mask'
   */
  readonly apiKeyValues?: SecretTreatment;
}

/** A deployment that fails takes the bucket that it made away again. */
const removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** Where delivered logs live: private, encrypted, reached over TLS only, kept when the stack goes. */
export class LogBucket extends Construct {
  readonly bucket: IBucket;
  readonly #props: LogBucketProps;

  constructor(scope: Construct, id: string, props: LogBucketProps = {}) {
    super(scope, id);
    this.#props = props;

    if (props.bucket) refuseRetention(props);
    this.bucket = props.bucket ?? this.#create();
    for (const reader of props.readers ?? []) this.#allowReading(reader);
  }

  #create(): Bucket {
    const { encryptionKey } = this.#props;
    const bucket = new Bucket(this, 'Bucket', {
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      encryptionKey,
      bucketKeyEnabled: encryptionKey ? true : undefined,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // Nothing writes an object twice: versions would only keep what a retention rule deletes.
      versioned: false,
      removalPolicy,
      lifecycleRules: lifecycleRules(this.#props),
    });
    // A bucket that outlives the stack outlives it with TLS enforced.
    bucket.policy?.applyRemovalPolicy(removalPolicy);
    acknowledgeLogBucket(bucket, encryptionKey !== undefined);
    return bucket;
  }

  /** `GetObject` is of objects, `ListBucket` of the bucket: each reads nothing without the other. */
  #allowReading(reader: LogReader): void {
    const principal = principalOf(reader);
    const prefix = readPrefixOf(reader, logsPrefixOf(this.#props.prefix));
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        actions: ['s3:GetObject'],
        principals: [principal],
        resources: [this.bucket.arnForObjects(`${prefix}*`)],
      }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        principals: [principal],
        resources: [this.bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
      }),
    );
    if (this.#props.encryptionKey) allowDecryption(this.#props.encryptionKey, principal);
    this.#warnOfSecrets(reader);
  }

  #warnOfSecrets(reader: LogReader): void {
    if (this.#props.apiKeyValues !== 'keep') return;
    if (isOfAccount(reader, Stack.of(this).account)) return;
    Annotations.of(this).addWarningV2(
      'apigateway-access-logs:foreignReaderOfSecrets',
      `readers: ${reader.principal} may be of another account and reads API key values, which are ` +
        'live credentials, since apiKeyValues is "keep"; expected mask, hash, remove',
    );
  }
}

/**
 * Through S3 only. Not for this bucket alone: the bucket refers to the key, and a key that referred to
 * the bucket could not be created before it. So the key should be the pipeline's own.
 */
function allowDecryption(key: IKey, principal: IPrincipal): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      principals: [principal],
      resources: ['*'],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    }),
  );
}

/** A pipeline sets no lifecycle for a bucket that it does not own. */
function refuseRetention(props: LogBucketOptions): void {
  const names = [
    'expireLogsAfter',
    'infrequentAccessAfter',
    'archiveAfter',
    'expireErrorsAfter',
    'expireSourceAfter',
  ] as const;
  for (const name of names) {
    const value = props[name];
    if (value) throw new Error(`${name}: got "${days(value)} days", expected none with bucket`);
  }
}

function lifecycleRules(props: LogBucketProps): LifecycleRule[] {
  const { expireLogsAfter, infrequentAccessAfter, archiveAfter, expireErrorsAfter } = props;
  const { expireSourceAfter = Duration.days(30) } = props;
  atLeast('infrequentAccessAfter', infrequentAccessAfter, 30);
  atLeast(
    'archiveAfter',
    archiveAfter,
    infrequentAccessAfter ? days(infrequentAccessAfter) + 30 : 1,
  );
  const lastMove = archiveAfter ?? infrequentAccessAfter;
  atLeast('expireLogsAfter', expireLogsAfter, lastMove ? days(lastMove) + 1 : 1);
  atLeast('expireErrorsAfter', expireErrorsAfter, 1);
  atLeast('expireSourceAfter', expireSourceAfter, 1);

  const rules: LifecycleRule[] = [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }];
  const transitions = [
    ...move(StorageClass.INFREQUENT_ACCESS, infrequentAccessAfter),
    ...move(StorageClass.GLACIER, archiveAfter),
  ];
  if (expireLogsAfter || transitions.length > 0) {
    rules.push({
      prefix: logsPrefixOf(props.prefix),
      expiration: expireLogsAfter,
      transitions: transitions.length > 0 ? transitions : undefined,
    });
  }
  if (expireErrorsAfter) {
    rules.push({ prefix: ERRORS_FOLDER, expiration: expireErrorsAfter });
    rules.push({ prefix: REPLAYED_FOLDER, expiration: expireErrorsAfter });
  }
  // Always: Firehose goes on with a backup that the stack no longer asks for.
  rules.push({ prefix: SOURCE_FOLDER, expiration: expireSourceAfter });
  return rules;
}

function move(storageClass: StorageClass, transitionAfter: Duration | undefined) {
  return transitionAfter ? [{ storageClass, transitionAfter }] : [];
}

function atLeast(property: string, value: Duration | undefined, minDays: number): void {
  if (!value || value.isUnresolved()) return;
  checked(property, `${value.toDays({ integral: false })} days`, (text) => {
    const count = Number.parseFloat(text);
    if (!Number.isInteger(count) || count < minDays) {
      throw new Error(`whole days, at least ${minDays}`);
    }
  });
}

function days(duration: Duration): number {
  return duration.isUnresolved() ? 0 : duration.toDays({ integral: false });
}

function acknowledgeLogBucket(bucket: Bucket, hasCustomerKey: boolean): void {
  acknowledge(
    bucket,
    'The bucket holds logs itself. Server access logs would record mostly the deliveries of one ' +
      'stream; who needs to know the readers turns on CloudTrail data events for the bucket.',
    ['AwsSolutions-S1', 'NIST.800.53.R5-S3BucketLoggingEnabled'],
  );
  acknowledge(
    bucket,
    'Firehose writes each object once and nothing overwrites or deletes it but the retention rules: ' +
      'versions would keep what they delete. Replication is for whoever needs a second Region.',
    ['NIST.800.53.R5-S3BucketReplicationEnabled', 'NIST.800.53.R5-S3BucketVersioningEnabled'],
  );
  if (hasCustomerKey) return;
  acknowledge(
    bucket,
    "Objects are encrypted with S3's own keys; a customer's key is the property encryptionKey.",
    ['NIST.800.53.R5-S3DefaultEncryptionKMS'],
  );
}
