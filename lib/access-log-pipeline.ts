import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { DeliveryStream } from './delivery-stream';
import { EnrichmentFunction, type EnrichmentFunctionOptions } from './enrichment-function';
import { LogBucket } from './log-bucket';
import { DEFAULT_PIPELINE_NAME } from './pipeline-name';

export interface AccessLogPipelineProps extends EnrichmentFunctionOptions {
  /**
   * Tells this pipeline from others of the account; its stream is `amazon-apigateway-<name>`.
   *
   * 1 to 46 letters, digits and hyphens. A new name makes a new stream, which stages have to be
   * pointed at.
   *
   * @default 'access-logs'
   */
  readonly name?: string;
}

/** The way of an access log from the stages of an API to S3, usage plan and customer added. */
export class AccessLogPipeline extends Construct {
  /** Where the logs arrive: `logs/`, and `errors/` for what could not be processed. */
  readonly bucket: Bucket;
  /** Adds usage plan and customer to each line. */
  readonly enrichmentFunction: LambdaFunction;
  /** The access-log destination of stages. */
  readonly stream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: AccessLogPipelineProps = {}) {
    super(scope, id);
    const name = props.name ?? DEFAULT_PIPELINE_NAME;

    this.bucket = new LogBucket(this, 'Logs').bucket;

    this.enrichmentFunction = new EnrichmentFunction(this, 'Enrichment', {
      ...props,
      name,
    }).function;

    this.stream = new DeliveryStream(this, 'Stream', {
      name,
      bucket: this.bucket,
      enrichmentFunction: this.enrichmentFunction,
      logRetention: props.logRetention,
    }).stream;
  }
}
