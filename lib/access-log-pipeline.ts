import type { Role } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  type AnyHttpStage,
  type AnyRestStage,
  type AnyWebSocketStage,
  type AttachLogGroupStageOptions,
  type AttachStageOptions,
  attachToLogGroup,
  attachToStream,
} from './attach-stage';
import { DeliveryStream } from './delivery-stream';
import { EnrichmentFunction, type EnrichmentFunctionOptions } from './enrichment-function';
import { LogBucket } from './log-bucket';
import { DEFAULT_PIPELINE_NAME } from './pipeline-name';
import type { StageLogGroupProps } from './stage-log-group';
import { SubscriptionRole } from './subscription-role';

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
  /** What CloudWatch Logs puts the events of subscribed log groups into the stream with. */
  readonly subscriptionRole: Role;

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

    this.subscriptionRole = new SubscriptionRole(this, 'Subscriptions', {
      streamArn: this.stream.attrArn,
    }).role;
  }

  /**
   * Lets a stage of a REST API log into this pipeline.
   *
   * A stage of the same app, or an existing one by its ids, for which see `ExistingStage`.
   */
  attachRestStage(stage: AnyRestStage, options: AttachStageOptions = {}): void {
    attachToStream(this, stage, this.stream.attrArn, options);
  }

  /**
   * Lets a stage of an HTTP API log into this pipeline, through a log group of its own.
   *
   * HTTP APIs know no API keys: their lines carry neither plan nor customer, unless an authorizer
   * gives them.
   */
  attachHttpStage(stage: AnyHttpStage, options: AttachLogGroupStageOptions = {}): void {
    attachToLogGroup(this, 'HTTP', stage, options, this.#logGroupProps);
  }

  /**
   * Lets a stage of a WebSocket API log into this pipeline, through a log group of its own.
   *
   * API Gateway writes it with the CloudWatch role of the account's settings, which has to be there.
   */
  attachWebSocketStage(stage: AnyWebSocketStage, options: AttachLogGroupStageOptions = {}): void {
    attachToLogGroup(this, 'WEBSOCKET', stage, options, this.#logGroupProps);
  }

  get #logGroupProps(): StageLogGroupProps {
    return { streamArn: this.stream.attrArn, subscriptionRole: this.subscriptionRole };
  }
}
