import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccountTrail } from './account-trail';
import { DeliveryStream } from './delivery-stream';
import {
  EnrichmentFunction,
  type EnrichmentFunctionOptions,
  settingsOf,
} from './enrichment-function';
import { LogBucket } from './log-bucket';
import { DEFAULT_PIPELINE_NAME } from './pipeline-name';
import { SharedCatalog, type SharedCatalogOptions } from './shared-catalog';

export interface AccessLogPipelineProps extends EnrichmentFunctionOptions, SharedCatalogOptions {
  /**
   * Tells this pipeline from others of the account; its stream is `amazon-apigateway-<name>`.
   *
   * 1 to 46 letters, digits and hyphens. A new name makes a new stream, which stages have to be
   * pointed at.
   *
   * @default 'access-logs'
   */
  readonly name?: string;

  /**
   * Whether one function reads the usage plans for all containers, told of changes by events.
   *
   * Otherwise each container reads them by itself: one call for each plan, of the account's ten a
   * second.
   *
   * @default false
   */
  readonly sharedCatalog?: boolean;

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
  readonly bucket: Bucket;
  /** Adds usage plan and customer to each line. */
  readonly enrichmentFunction: LambdaFunction;
  /** The access-log destination of stages. */
  readonly stream: CfnDeliveryStream;
  /** Set where the usage plans are read once for all containers. */
  readonly sharedCatalog?: SharedCatalog;

  constructor(scope: Construct, id: string, props: AccessLogPipelineProps = {}) {
    super(scope, id);
    const name = props.name ?? DEFAULT_PIPELINE_NAME;

    this.bucket = new LogBucket(this, 'Logs').bucket;

    this.enrichmentFunction = new EnrichmentFunction(this, 'Enrichment', {
      ...props,
      name,
    }).function;

    if (props.sharedCatalog) {
      this.sharedCatalog = new SharedCatalog(this, 'SharedCatalog', {
        ...props,
        name,
        bucket: this.bucket,
        settings: settingsOf(props),
      });
      this.sharedCatalog.connect(this.enrichmentFunction);
    }
    if (props.createTrail) new AccountTrail(this, 'AccountTrail');

    this.stream = new DeliveryStream(this, 'Stream', {
      name,
      bucket: this.bucket,
      enrichmentFunction: this.enrichmentFunction,
      logRetention: props.logRetention,
    }).stream;
  }
}
