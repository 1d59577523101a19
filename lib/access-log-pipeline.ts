import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ERRORS_FOLDER } from '../lambda/core/folders';
import { settingsTable } from '../lambda/core/settings/settings';
import type { LogAnalytics } from './analytics/log-analytics';
import {
  analyticsOf,
  type PipelineAnalyticsOptions,
  refuseWithoutAnalytics,
} from './analytics/pipeline-analytics';
import { type AuditOptions, checkAudit } from './audit/audit-options';
import { ChangeExtract } from './audit/change-extract';
import { ChangeWatch } from './audit/change-watch';
import { LogBucket, type LogBucketOptions } from './bucket/log-bucket';
import { AccountTrail } from './catalog/account-trail';
import { SharedCatalog, type SharedCatalogOptions } from './catalog/shared-catalog';
import {
  EnrichmentFunction,
  type EnrichmentFunctionOptions,
  FUNCTION_TIMEOUT,
  settingsOf,
} from './functions/enrichment-function';
import type { Watched } from './observability/alarm-table';
import { alarmsOf, PipelineAlarms, type PipelineAlarmsOptions } from './observability/alarms';
import { PipelineDashboard } from './observability/health-dashboard';
import { ERRORS_METRIC_FILTER, PipelineMetrics } from './observability/metrics';
import { DEFAULT_PIPELINE_NAME } from './props/pipeline-name';
import {
  type AnyHttpStage,
  type AnyRestStage,
  type AnyWebSocketStage,
  type AttachedStage,
  type AttachLogGroupStageOptions,
  type AttachStageOptions,
  attacherOf,
  attachToLogGroup,
  attachToStream,
} from './stages/attach-stage';
import { logGroupArnOf, type StageLogGroupProps } from './stages/stage-log-group';
import { SubscriptionRole } from './stages/subscription-role';
import {
  DEFAULT_BUFFER_INTERVAL,
  DeliveryStream,
  type DeliveryStreamOptions,
} from './stream/delivery-stream';
import { DEFAULT_ENDPOINT_INTERVAL, outputFor } from './stream/http-endpoint';

export interface AccessLogPipelineProps
  extends AuditOptions,
    EnrichmentFunctionOptions,
    LogBucketOptions,
    DeliveryStreamOptions,
    PipelineAlarmsOptions,
    PipelineAnalyticsOptions,
    SharedCatalogOptions {
  /**
   * Distinguishes this pipeline from others of the account; its stream is `amazon-apigateway-<name>`.
   *
   * 1 to 46 letters, digits and hyphens. A new name makes a new stream, which stages have to be
   * pointed at.
   *
   * @default 'access-logs'
   */
  readonly name?: string;

  /**
   * Shows the pipeline's own health in CloudWatch.
   *
   * An account's first three dashboards are free.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * Whether one function reads the usage plans for all containers, informed of changes by events.
   *
   * Otherwise each container reads them by itself: one call for each plan, of the account's ten a
   * second. Several pipelines of an account share one: give the others the `sharedCatalog` of the first.
   *
   * @default false
   */
  readonly sharedCatalog?: boolean | SharedCatalog;

  /**
   * Whether to create a trail of the account's changes, for accounts that have none.
   *
   * Events of changes reach the shared catalog through a trail only; the first trail that copies
   * management events is free, but for its storage.
   *
   * @default false
   */
  readonly createTrail?: boolean;
}

/** The way of an access log from the stages of an API to S3, usage plan and customer added. */
export class AccessLogPipeline extends Construct {
  /** Where the logs arrive: `logs/`, and `errors/` for what could not be processed. */
  readonly bucket: IBucket;
  /** Adds usage plan and customer to each line. */
  readonly enrichmentFunction: LambdaFunction;
  /** The access-log destination of stages. */
  readonly stream: CfnDeliveryStream;
  /** Why deliveries failed, as Firehose logs it. */
  readonly deliveryLogGroup: LogGroup;
  /** What goes off when the pipeline is not well; docs/runbook.md has a chapter for each. */
  readonly alarms: readonly Alarm[];
  /** What CloudWatch Logs puts the events of subscribed log groups into the stream with. */
  readonly subscriptionRole: Role;

  /** Set where `createTrail` or `audit` is asked for, and no trail is given. */
  readonly accountTrail?: AccountTrail;

  /** Set where `audit` is asked for. */
  readonly changeWatch?: ChangeWatch;

  /** Set where `analytics` is asked for. */
  readonly analytics?: LogAnalytics;

  readonly #alarms: PipelineAlarms;
  readonly #encryptionKey: IKey | undefined;
  /** The log groups of attached stages. */
  readonly #logGroupNames: string[] = [];
  /** Set where the usage plans are read once for all containers. */
  readonly sharedCatalog?: SharedCatalog;

  constructor(scope: Construct, id: string, props: AccessLogPipelineProps = {}) {
    super(scope, id);
    checkAudit(props);
    this.#encryptionKey = props.encryptionKey;
    const name = props.name ?? DEFAULT_PIPELINE_NAME;

    this.bucket = new LogBucket(this, 'Logs', props).bucket;

    this.enrichmentFunction = new EnrichmentFunction(this, 'Enrichment', {
      ...props,
      name,
      output: props.output ?? outputFor(props.httpEndpoint),
    }).function;

    if (props.sharedCatalog) {
      this.sharedCatalog =
        props.sharedCatalog === true
          ? new SharedCatalog(this, 'SharedCatalog', {
              ...props,
              name,
              bucket: this.bucket,
              settings: settingsOf(props),
            })
          : props.sharedCatalog;
      this.sharedCatalog.connect(this.enrichmentFunction, settingsOf(props));
    }
    if ((props.createTrail || props.audit) && !props.auditTrail) {
      this.accountTrail = new AccountTrail(this, 'AccountTrail', props);
    }

    const delivery = new DeliveryStream(this, 'Stream', {
      ...props,
      name,
      bucket: this.bucket,
      enrichmentFunction: this.enrichmentFunction,
    });
    this.stream = delivery.stream;
    this.deliveryLogGroup = delivery.logGroup;

    const metrics = new PipelineMetrics({
      name,
      streamName: this.stream.ref,
      bucket: this.bucket,
      enrichmentFunction: this.enrichmentFunction,
      destination: props.httpEndpoint ? 'HttpEndpoint' : 'S3',
    });
    if (props.audit) this.changeWatch = this.#watchChanges(name, props);
    const watched = watchedIn(props, this.changeWatch);
    if (
      this.bucket instanceof Bucket &&
      alarmsOf(watched, props.alarms ?? {}).includes('errorsStored')
    ) {
      this.bucket.addMetric({ id: ERRORS_METRIC_FILTER, prefix: ERRORS_FOLDER });
    }
    this.#alarms = new PipelineAlarms(this, 'Alarms', { ...props, name, metrics, watched });
    this.alarms = this.#alarms.alarms;
    if (props.dashboard ?? true) {
      new PipelineDashboard(this, 'Health', {
        metrics,
        alarms: this.alarms,
        changeLogGroup: this.changeWatch?.logGroup,
      });
    }

    if (props.analytics) {
      this.analytics = analyticsOf(this, 'Analytics', {
        ...props,
        name,
        bucket: this.bucket,
        settings: settingsOf(props),
        hasHttpEndpoint: props.httpEndpoint !== undefined,
      });
    } else refuseWithoutAnalytics(props);

    const trail = props.auditTrail ?? this.accountTrail;
    if (props.audit && this.analytics && trail) {
      new ChangeExtract(this, 'ChangeExtract', {
        ...props,
        name,
        trail: { ...props.auditTrail, bucket: trail.bucket },
        bucket: this.bucket,
        analytics: this.analytics,
      });
    }

    this.subscriptionRole = new SubscriptionRole(this, 'Subscriptions', {
      name,
      streamArn: this.stream.attrArn,
    }).role;
  }

  /**
   * Lets a stage of a REST API log into this pipeline.
   *
   * A stage of the same app, or an existing one by its ids, for which see `ExistingStage`.
   */
  attachRestStage(stage: AnyRestStage, options: AttachStageOptions = {}): void {
    this.#watch(attachToStream(this, stage, options));
  }

  /**
   * Lets a stage of an HTTP API log into this pipeline, through a log group of its own.
   *
   * HTTP APIs know no API keys: their lines carry neither plan nor customer, unless an authorizer
   * gives them.
   */
  attachHttpStage(stage: AnyHttpStage, options: AttachLogGroupStageOptions = {}): void {
    this.#watch(attachToLogGroup(this, 'HTTP', stage, { ...options, ...this.#logGroupProps }));
  }

  /**
   * Lets a stage of a WebSocket API log into this pipeline, through a log group of its own.
   *
   * API Gateway writes it with the CloudWatch role of the account's settings, which has to be there.
   */
  attachWebSocketStage(stage: AnyWebSocketStage, options: AttachLogGroupStageOptions = {}): void {
    this.#watch(attachToLogGroup(this, 'WEBSOCKET', stage, { ...options, ...this.#logGroupProps }));
  }

  #watch({ requests, logGroupName }: AttachedStage): void {
    if (requests) this.#alarms.watchRequests(requests);
    if (logGroupName !== undefined) this.#logGroupNames.push(logGroupName);
  }

  #watchChanges(name: string, props: AccessLogPipelineProps): ChangeWatch {
    const { auditReads = false, auditTrustedRoles = [] } = props;
    return new ChangeWatch(this, 'ChangeWatch', {
      name,
      bucket: this.bucket,
      hasReads: auditReads,
      trustedRoles: () => {
        const roles = [
          this.enrichmentFunction.role,
          this.sharedCatalog?.crawler.role,
          attacherOf(this)?.role,
        ];
        return [...roles.flatMap((role) => role?.roleArn ?? []), ...auditTrustedRoles];
      },
      ownDestinations: () => [
        this.stream.attrArn,
        // That of the command line.
        ...[`/aws/vendedlogs/${this.stream.ref}`, ...this.#logGroupNames].map((logGroupName) =>
          logGroupArnOf({ logGroupName }),
        ),
      ],
    });
  }

  get #logGroupProps(): StageLogGroupProps {
    return {
      streamArn: this.stream.attrArn,
      streamName: this.stream.ref,
      subscriptionRole: this.subscriptionRole,
      encryptionKey: this.#encryptionKey,
    };
  }
}

/** What there is to watch follows from what was asked for. */
function watchedIn(props: AccessLogPipelineProps, changes: ChangeWatch | undefined): Watched {
  const { bufferInterval = DEFAULT_BUFFER_INTERVAL, httpEndpoint } = props;
  const { catalogTtlSeconds = settingsTable.catalogTtlSeconds.defaultValue } = props;
  const interval = httpEndpoint
    ? (httpEndpoint.bufferInterval ?? DEFAULT_ENDPOINT_INTERVAL)
    : bufferInterval;
  return {
    bufferSeconds: interval.toSeconds(),
    requests: [],
    catalogTtlSeconds,
    functionTimeoutSeconds: FUNCTION_TIMEOUT.toSeconds(),
    minimumKeyedLines: props.alarmMinimumKeyedLines ?? 100,
    hasHttpEndpoint: httpEndpoint !== undefined,
    hasSourceBackup: props.sourceBackup ?? false,
    hasCustomerKey: props.encryptionKey !== undefined,
    isPartitioned: (props.partitionBy ?? 'none') !== 'none',
    // Another pipeline's is watched by that one.
    hasSharedCatalog: props.sharedCatalog === true,
    hasOwnBucket: props.bucket === undefined,
    changes: changes && { hasReads: props.auditReads ?? false, errors: changes.errors },
  };
}
