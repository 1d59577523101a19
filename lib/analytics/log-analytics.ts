import { Aws, Duration, Size, Stack, Token } from 'aws-cdk-lib';
import { CfnNamedQuery, type CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Grant, type IGrantable, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { LineOutput } from '../../analytics/athena/line-table';
import { storedQueries } from '../../analytics/athena/stored-queries';
import { metricNames, PIPELINE_NAME_VARIABLE } from '../../lambda/core/metrics';
import type { Output } from '../../lambda/core/settings/settings';
import { SmallFunction } from '../functions/small-function';
import { acknowledge, acknowledgeInlinePolicy } from '../nag/acknowledge';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';
import { checked } from '../props/checked';
import { BehindAlarm } from './behind-alarm';
import { LogDashboards } from './log-dashboards';
import { queryActions, readTableActions, workgroupOf } from './query-workgroup';
import { AnalyticsTables } from './tables';

/** Where closed days and roll-ups stand in the bucket. */
export const ANALYTICS_FOLDER = 'analytics/';

export interface LogAnalyticsOptions {
  /**
   * The name of Glue's database.
   *
   * Lower-case letters, digits and underscores.
   *
   * @default - the pipeline's name, with underscores for hyphens
   */
  readonly analyticsDatabase?: string;

  /**
   * The first day that there can be logs of: queries look at no earlier folder.
   *
   * @default '2026-01-01'
   */
  readonly analyticsSince?: string;

  /**
   * How many days after its end a day is closed: lines that are later count with a later day.
   *
   * Minimum: 1. Maximum: 30.
   *
   * @default 1
   */
  readonly analyticsLateDays?: number;

  /**
   * How much a query may read before Athena ends it. Athena charges by what is read.
   *
   * Minimum: 10 MB, which is also the least that Athena charges a query for.
   *
   * @default Size.gibibytes(100)
   */
  readonly analyticsQueryLimit?: Size;

  /**
   * ARNs of roles of this account that may run queries in the workgroup, over all delivered lines.
   *
   * What `grantQuery` grants to a role of the same app.
   *
   * @default - none
   */
  readonly analyticsReaders?: readonly string[];

  /**
   * Whether CloudWatch gets dashboards of the access log: overview, errors, customers and plans.
   *
   * A viewer has to allow custom widgets once, and needs `lambda:InvokeFunction` on the function that
   * draws them.
   *
   * @default false
   */
  readonly analyticsDashboards?: boolean;

  /**
   * Whether the page of `apigw-logs report`, about the last closed days, is written to the bucket when a
   * day has been closed: `analytics/page/report.html`.
   *
   * @default false
   */
  readonly analyticsPage?: boolean;

  /**
   * How many closed days the page is about.
   *
   * Minimum: 1. Maximum: 31. What it costs grows with them.
   *
   * @default 7
   */
  readonly analyticsPageDays?: number;
}

export interface LogAnalyticsProps extends LogAnalyticsOptions {
  /** The pipeline's name. */
  readonly name: string;
  /** Where the lines are; closed days and roll-ups go to `analytics/` in it. */
  readonly bucket: IBucket;
  /** The folder of delivered lines, `logs/`. */
  readonly prefix: string;
  /** What the lines look like. */
  readonly output: Output;
  /**
   * The folders' time zone.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;
  /**
   * The folder before the day's, and the values that it can have.
   *
   * @default - none
   */
  readonly partition?: { readonly name: string; readonly values: readonly string[] };
  /**
   * Names of appended fields, by the column of `access` that they fill; for lines as they were written.
   *
   * @default - none
   */
  readonly appended?: Readonly<Record<string, string>>;
  /**
   * What happens when days are not closed.
   *
   * @default - nothing: the console shows it
   */
  readonly alarmActions?: readonly IAlarmAction[];
  /**
   * Where the alarm's description finds the runbook.
   *
   * @default - the runbook of this package
   */
  readonly runbookUrl?: string;
  /**
   * Statements to find in the console.
   *
   * @default - one for each panel, about the last seven days
   */
  readonly namedQueries?: readonly {
    readonly name: string;
    readonly description: string;
    readonly sql: string;
  }[];
}

/**
 * The lines as a table for Athena, the views `access` and `requests` over it, and a nightly step that
 * writes each day that is over once more, without duplicates, as Parquet with roll-ups beside it.
 */
export class LogAnalytics extends Construct {
  /** Where queries run, with a limit on what they read. */
  readonly workgroup: CfnWorkGroup;
  /** The name of Glue's database. */
  readonly databaseName: string;
  /** Closes days and writes roll-ups. */
  readonly closingFunction: LambdaFunction;
  /** Goes off when days are not closed. */
  readonly alarm: Alarm;
  /** The tables and views in Glue. */
  readonly tables: AnalyticsTables;
  /** The first day that queries look at. */
  readonly since: string;
  /** Set where `analyticsDashboards` is asked for. */
  readonly dashboards?: LogDashboards;
  /** Where the page is, `s3://bucket/analytics/page/report.html`; set where `analyticsPage` is asked for. */
  readonly page?: string;
  readonly #bucket: IBucket;
  /** The ARN of all delivered lines. */
  readonly #lines: string;

  constructor(scope: Construct, id: string, props: LogAnalyticsProps) {
    super(scope, id);
    const { name, bucket, prefix, analyticsLateDays: lateDays = 1 } = props;
    this.databaseName = props.analyticsDatabase ?? name.toLowerCase().replaceAll('-', '_');
    check(props, this.databaseName, Stack.of(this).account);
    this.since = props.analyticsSince ?? '2026-01-01';
    const location = `s3://${bucket.bucketName}/${ANALYTICS_FOLDER}`;

    this.tables = new AnalyticsTables(this, 'Tables', {
      database: this.databaseName,
      location,
      lines: {
        output: props.output as LineOutput,
        location: `s3://${bucket.bucketName}/${prefix}`,
        since: this.since,
        isAheadOfUtc: isAheadOfUtc(props.timeZone ?? 'UTC'),
        partition: props.partition,
        appended: props.appended,
      },
    });

    this.workgroup = workgroupOf(this, {
      name: `${name}-access-logs`,
      description: 'Queries over API Gateway access logs',
      queryLimit: props.analyticsQueryLimit ?? Size.gibibytes(100),
    });
    this.addQueries(props.namedQueries ?? storedQueries(this.databaseName));

    this.#bucket = bucket;
    this.#lines = bucket.arnForObjects(`${prefix}*`);
    if (props.analyticsPage) this.page = `${location}page/report.html`;
    this.closingFunction = this.#closer(props, location, lateDays);
    this.closingFunction.node.addDependency(this.tables.database);
    this.alarm = new BehindAlarm(this, 'DaysBehind', {
      ...props,
      slug: 'days-behind',
      meaning: props.analyticsPage
        ? 'Days of access logs are not closed, or not in the page: dashboards, roll-ups and the page are old.'
        : 'Days of access logs are not closed: dashboards and roll-ups are old.',
      metricName: metricNames.daysBehind,
    });
    if (props.analyticsDashboards) {
      this.dashboards = new LogDashboards(this, 'Dashboards', {
        name,
        bucket,
        databaseName: this.databaseName,
        folder: ANALYTICS_FOLDER,
      });
    }
    for (const [index, arn] of (props.analyticsReaders ?? []).entries()) {
      this.grantQuery(Role.fromRoleArn(this, `Reader${index + 1}`, arn));
    }
  }

  /** Keeps statements in the workgroup, under names that none has there yet. */
  addQueries(queries: NonNullable<LogAnalyticsProps['namedQueries']>): void {
    for (const query of queries) {
      new CfnNamedQuery(this, `Query-${query.name}`, {
        name: query.name,
        description: query.description.slice(0, 1024),
        database: this.databaseName,
        queryString: query.sql,
        workGroup: this.workgroup.name,
      }).node.addDependency(this.workgroup);
    }
  }

  /** Lets a principal of this account run queries in the workgroup, over all delivered lines. */
  grantQuery(grantee: IGrantable): Grant {
    const written = this.#bucket.arnForObjects(`${ANALYTICS_FOLDER}*`);
    const glue = `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    const [first, ...others] = [
      Grant.addToPrincipal({
        grantee,
        actions: [...queryActions],
        resourceArns: [this.#workgroupArn],
      }),
      Grant.addToPrincipal({
        grantee,
        actions: [...readTableActions],
        resourceArns: [
          `${glue}:catalog`,
          `${glue}:database/${this.databaseName}`,
          `${glue}:table/${this.databaseName}/*`,
        ],
      }),
      Grant.addToPrincipal({
        grantee,
        actions: ['s3:GetObject'],
        resourceArns: [this.#lines, written],
      }),
      Grant.addToPrincipal({
        grantee,
        actions: ['s3:ListBucket', 's3:GetBucketLocation'],
        resourceArns: [this.#bucket.bucketArn],
      }),
    ] as const;
    this.#bucket.encryptionKey?.grantDecrypt(grantee);
    const { grantPrincipal } = grantee;
    if (Construct.isConstruct(grantPrincipal)) {
      acknowledgeInlinePolicy(grantPrincipal);
      for (const resource of [this.#lines, written, `${glue}:table/${this.databaseName}/*`]) {
        acknowledgeWildcard(
          grantPrincipal,
          resource,
          'Days and their objects are named as they come.',
        );
      }
    }
    return others.reduce((all, one) => all.combine(one), first);
  }

  get #workgroupArn(): string {
    return `arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}:workgroup/${this.workgroup.name}`;
  }

  #closer(
    { name, bucket, prefix, analyticsPageDays = 7 }: LogAnalyticsProps,
    location: string,
    lateDays: number,
  ): LambdaFunction {
    const glue = `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    const lines = this.#lines;
    const written = bucket.arnForObjects(`${ANALYTICS_FOLDER}*`);
    const tables = `${glue}:table/${this.databaseName}/*`;
    const { function: closer, role } = new SmallFunction(this, 'Closing', {
      name: 'analytics',
      description: `Closes days of access logs and writes their roll-ups (${name})`,
      reason:
        'It runs by a schedule: what fails is done an hour later, and an alarm says when it is not.',
      timeout: Duration.minutes(15),
      // Hundreds of thousands of rows are packed into the page: that takes a processor and room.
      memorySize: this.page === undefined ? undefined : 1769,
      environment: {
        [PIPELINE_NAME_VARIABLE]: name,
        WORKGROUP: this.workgroup.name,
        DATABASE: this.databaseName,
        LOCATION: location,
        LINES: `s3://${bucket.bucketName}/${prefix}`,
        SINCE: this.since,
        LATE_DAYS: String(lateDays),
        ...(this.page !== undefined && { PAGE: this.page, PAGE_DAYS: String(analyticsPageDays) }),
      },
      policies: [
        new PolicyStatement({
          sid: 'RunQueries',
          actions: [...queryActions],
          resources: [this.#workgroupArn],
        }),
        new PolicyStatement({
          sid: 'ReadAndAddPartitions',
          actions: [
            ...readTableActions,
            'glue:CreatePartition',
            'glue:BatchCreatePartition',
            'glue:UpdateTable',
          ],
          resources: [`${glue}:catalog`, `${glue}:database/${this.databaseName}`, tables],
        }),
        new PolicyStatement({
          sid: 'ReadLines',
          actions: ['s3:GetObject'],
          resources: [lines, written],
        }),
        new PolicyStatement({
          sid: 'WriteClosedDays',
          actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
          resources: [written],
        }),
        new PolicyStatement({
          sid: 'ListFolders',
          actions: ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
          resources: [bucket.bucketArn],
        }),
      ],
    });
    bucket.encryptionKey?.grantEncryptDecrypt(role);
    for (const resource of [lines, written, tables]) {
      acknowledgeWildcard(role, resource, 'Days and their objects are named as they come.');
    }
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaTarget(closer)],
    });
    acknowledge(this, 'The next run an hour later does what one that failed would have done.', [
      'Serverless-EventBusDLQ',
    ]);
    return closer;
  }
}

function check(props: LogAnalyticsProps, database: string, account: string): void {
  const {
    output,
    analyticsSince,
    analyticsLateDays,
    analyticsPageDays,
    analyticsQueryLimit,
    partition,
    analyticsReaders = [],
  } = props;
  checked('output', output, () => {
    if (output === 'ecs') {
      throw new Error(
        'verbatim or canonical with analytics: documents for Elastic are nested, no table',
      );
    }
  });
  checked('analyticsDatabase', database, () => {
    if (Token.isUnresolved(database) || !/^[a-z0-9_]{1,128}$/.test(database)) {
      throw new Error('1 to 128 lower-case letters, digits and underscores');
    }
  });
  if (analyticsSince !== undefined) checked('analyticsSince', analyticsSince, parseDay);
  for (const arn of analyticsReaders) {
    checked('analyticsReaders', arn, (text) => parseReaderRole(text, account));
  }
  checkDays('analyticsLateDays', analyticsLateDays, 30);
  checkDays('analyticsPageDays', analyticsPageDays, 31);
  if (analyticsQueryLimit !== undefined) {
    checked('analyticsQueryLimit', `${analyticsQueryLimit.toBytes()} bytes`, () => {
      if (analyticsQueryLimit.toBytes() < 10_000_000) throw new Error('10000000 bytes or more');
    });
  }
  if (partition?.values.length === 0) {
    checked('analyticsPartitions', '[]', () => {
      throw new Error(`the values that folders "${partition.name}=" can have`);
    });
  }
}

function checkDays(name: string, days: number | undefined, most: number): void {
  if (days === undefined) return;
  checked(name, days, () => {
    if (!Number.isInteger(days) || days < 1 || days > most) throw new Error(`1 to ${most} days`);
  });
}

/** The ARN of a role, of the account where that is known: a policy can be given to no other. */
export function parseReaderRole(text: string, account?: string): string {
  const [, owner] = /^arn:aws[a-z-]*:iam::(\d{12}):role\/[\w+=,.@/-]+$/.exec(text) ?? [];
  const isOther = account !== undefined && !Token.isUnresolved(account) && owner !== account;
  if (!owner || isOther) {
    throw new Error('the ARN of a role of this account, arn:aws:iam::111122223333:role/…');
  }
  return text;
}

/** `2026-11-25`; rejects days that there are not. */
export function parseDay(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isDay) throw new Error('a day such as 2026-11-25');
  return text;
}

function isAheadOfUtc(timeZone: string): boolean {
  return [0, 6].some((month) => {
    const moment = new Date(Date.UTC(2026, month, 1, 12));
    const hour = new Intl.DateTimeFormat('en', {
      timeZone,
      hour: 'numeric',
      hourCycle: 'h23',
      day: 'numeric',
    });
    const parts = Object.fromEntries(
      hour.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
    );
    return (parts['day'] ?? 1) * 24 + (parts['hour'] ?? 0) > 24 + 12;
  });
}
