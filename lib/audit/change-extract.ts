import { Aws, Duration } from 'aws-cdk-lib';
import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { changeTableColumns, changeTableParameters } from '../../analytics/athena/change-table';
import { storedAuditQueries } from '../../analytics/athena/stored-queries';
import { CHANGES } from '../../analytics/audit/changes';
import { CHANGE_MEMORY_FOLDER } from '../../lambda/core/folders';
import { metricNames, PIPELINE_NAME_VARIABLE } from '../../lambda/core/metrics';
import { BehindAlarm } from '../analytics/behind-alarm';
import { ANALYTICS_FOLDER, type LogAnalytics } from '../analytics/log-analytics';
import { PARQUET } from '../analytics/tables';
import { SmallFunction } from '../functions/small-function';
import { acknowledge } from '../nag/acknowledge';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';
import { DEFAULT_TRAIL_PREFIX, type ExistingTrail } from './audit-options';

export interface ChangeExtractProps {
  /** The pipeline's name. */
  readonly name: string;
  /** Where the records are. */
  readonly trail: ExistingTrail;
  /** The bucket of the pipeline: days go to `analytics/changes/` in it. */
  readonly bucket: IBucket;
  /** The database and the workgroup that the table and its queries belong to. */
  readonly analytics: LogAnalytics;
  readonly alarmActions?: readonly IAlarmAction[] | undefined;
  readonly runbookUrl?: string | undefined;
}

/**
 * API Gateway's records of a trail as the table `changes`, each day once it is over: a question about who
 * changed a plan reads kilobytes, not the records of all services of the account.
 */
export class ChangeExtract extends Construct {
  /** Goes off when days are not taken. */
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: ChangeExtractProps) {
    super(scope, id);
    const { bucket, analytics } = props;
    const folder = `${ANALYTICS_FOLDER}${CHANGES}/`;
    const location = `s3://${bucket.bucketName}/${folder}`;
    const table = new CfnTable(this, 'Changes', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: analytics.tables.database.ref,
      tableInput: {
        name: CHANGES,
        description: 'Calls to the control plane of API Gateway',
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          EXTERNAL: 'TRUE',
          classification: 'parquet',
          ...changeTableParameters(location, analytics.since),
        },
        partitionKeys: [{ name: 'day', type: 'date' }],
        storageDescriptor: { columns: [...changeTableColumns], location, ...PARQUET },
      },
    });
    table.node.addDependency(analytics.tables.database);
    analytics.addQueries(storedAuditQueries(analytics.databaseName));

    this.#extractor(props, folder);
    this.alarm = new BehindAlarm(this, 'Behind', {
      ...props,
      slug: 'changes-behind',
      meaning: 'Days of the trail are not extracted: changes are missing from queries.',
      metricName: metricNames.changeDaysBehind,
    });
  }

  #extractor({ name, trail, bucket, analytics }: ChangeExtractProps, folder: string): void {
    const { bucket: trailBucket, prefix = DEFAULT_TRAIL_PREFIX } = trail;
    const checkpoint = `${CHANGE_MEMORY_FOLDER}extracted.json.gz`;
    const [records, days] = [
      trailBucket.arnForObjects(`${prefix}*`),
      bucket.arnForObjects(`${folder}*`),
    ];
    const { function: extractor, role } = new SmallFunction(this, 'Extractor', {
      name: 'change-extract',
      description: `Takes changes of API Gateway out of the trail (${name})`,
      reason:
        'It runs by a schedule: what fails is done an hour later, and an alarm says when it is not.',
      timeout: Duration.minutes(15),
      // A whole processor: what takes time is unzipping the records of all services.
      memorySize: 1769,
      environment: {
        [PIPELINE_NAME_VARIABLE]: name,
        TRAIL: `s3://${trailBucket.bucketName}/${prefix}`,
        CHANGE_DAYS: `s3://${bucket.bucketName}/${folder}`,
        CHECKPOINT: `s3://${bucket.bucketName}/${checkpoint}`,
        SINCE: analytics.since,
      },
      policies: [
        new PolicyStatement({ sid: 'ReadTrail', actions: ['s3:GetObject'], resources: [records] }),
        new PolicyStatement({
          sid: 'ListTrail',
          actions: ['s3:ListBucket'],
          resources: [trailBucket.bucketArn],
          conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
        }),
        new PolicyStatement({ sid: 'WriteDays', actions: ['s3:PutObject'], resources: [days] }),
        new PolicyStatement({
          sid: 'KeepCheckpoint',
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: [bucket.arnForObjects(checkpoint)],
        }),
        // To a role that may not list the bucket, S3 answers "denied" for an object that is not there.
        new PolicyStatement({
          sid: 'TellMissingFromDenied',
          actions: ['s3:ListBucket'],
          resources: [bucket.bucketArn],
        }),
      ],
    });
    bucket.encryptionKey?.grantEncryptDecrypt(role);
    trailBucket.encryptionKey?.grantDecrypt(role);
    for (const resource of [records, days]) {
      acknowledgeWildcard(role, resource, 'Days and their objects are named as they come.');
    }
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaTarget(extractor)],
    });
    acknowledge(this, 'The next run an hour later does what one that failed would have done.', [
      'Serverless-EventBusDLQ',
    ]);
  }
}
