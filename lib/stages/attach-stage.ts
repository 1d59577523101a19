/** How stages come to log into the pipeline: those of the same app, and those that exist already. */

import { CfnResource, Names, Stack, Token } from 'aws-cdk-lib';
import type { CfnStage as CfnRestStage, IStage as IRestStage } from 'aws-cdk-lib/aws-apigateway';
import type {
  CfnStage as CfnHttpStage,
  IHttpStage,
  IWebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import type { ApiType } from '../../lambda/core/format/known/log-format';
import { attachedTwice, type ExistingStage, ExistingStages } from './existing-stage';
import { stageLogFormat } from './stage-log-format';
import { logGroupArnOf, StageLogGroup, type StageLogGroupProps } from './stage-log-group';
import { restRequests, v2Requests } from './stage-requests';

export interface AttachStageOptions {
  /**
   * The access log format.
   *
   * One line with `$context.requestId` or `$context.extendedRequestId`, at most 3 KB.
   *
   * @default - JSON of what billing and analytics read for the API's type, without secrets
   */
  readonly format?: string;
}

export interface AttachLogGroupStageOptions extends AttachStageOptions {
  /**
   * How long the stage's log group keeps its copy of the lines.
   *
   * @default RetentionDays.ONE_WEEK
   */
  readonly logGroupRetention?: RetentionDays;
}

export type AnyRestStage = IRestStage | CfnRestStage | ExistingStage;
export type AnyHttpStage = IHttpStage | CfnHttpStage | ExistingStage;
export type AnyWebSocketStage = IWebSocketStage | CfnHttpStage | ExistingStage;

/** What has come of it. */
export interface AttachedStage {
  /** Its requests as API Gateway counts them; undefined where it is not known under which name. */
  readonly requests: IMetric | undefined;
  /** The log group that was made for it. */
  readonly logGroupName?: string;
}

/** The part of a pipeline that stages are attached to. */
export interface StageDestination extends Construct {
  readonly stream: CfnDeliveryStream;
  readonly bucket: IBucket;
}

/** Lets a REST API's stage write to the stream. */
export function attachToStream(
  pipeline: StageDestination,
  stage: AnyRestStage,
  options: AttachStageOptions,
): AttachedStage {
  const format = stageLogFormat(pipeline, 'REST', options.format);
  const destinationArn = pipeline.stream.attrArn;
  const found = findStage(pipeline, stage);
  if (!CfnResource.isCfnResource(found)) {
    const apiName = existingStagesOf(pipeline).attach(found, {
      apiType: 'REST',
      destinationOf: () => destinationArn,
      format,
    });
    return { requests: restRequests(apiName, found.stageName) };
  }
  const resource = found as CfnRestStage;
  const { accessLogSetting: present } = resource;
  if (present && 'destinationArn' in present && present.destinationArn === destinationArn) {
    throw attachedTwice(resource.node.path);
  }
  refuseSecondDestination(resource, present);
  resource.accessLogSetting = { destinationArn, format };
  const apiName = nameOf(stage);
  if (!apiName || !resource.stageName || !isBeside(pipeline, resource)) {
    return { requests: undefined };
  }
  return { requests: restRequests(apiName, resource.stageName) };
}

/** Lets an HTTP or WebSocket API's stage write to a log group that is subscribed to the stream. */
export function attachToLogGroup(
  pipeline: StageDestination,
  apiType: Exclude<ApiType, 'REST'>,
  stage: AnyHttpStage | AnyWebSocketStage,
  options: AttachLogGroupStageOptions & StageLogGroupProps,
): AttachedStage {
  const format = stageLogFormat(pipeline, apiType, options.format);
  let logGroupName = '';
  const destinationOf = (scope: Construct): string => {
    const props = { ...options, retention: options.logGroupRetention };
    const { logGroup, name } = new StageLogGroup(scope, LOG_GROUP_ID, props);
    logGroupName = name;
    return logGroupArnOf(logGroup);
  };
  const found = findStage(pipeline, stage);
  if (!CfnResource.isCfnResource(found)) {
    existingStagesOf(pipeline).attach(found, { apiType, destinationOf, format });
    return { requests: v2Requests(apiType, found.apiId, found.stageName), logGroupName };
  }
  const resource = found as CfnHttpStage;
  if (resource.node.tryFindChild(LOG_GROUP_ID)) throw attachedTwice(resource.node.path);
  refuseSecondDestination(resource, resource.accessLogSettings);
  // Below the stage, which it comes and goes with.
  resource.accessLogSettings = { destinationArn: destinationOf(resource), format };
  const requests = isBeside(pipeline, resource)
    ? v2Requests(apiType, resource.apiId, resource.stageName)
    : undefined;
  return { requests, logGroupName };
}

/** An alarm about a stage of another stack would have both stacks refer to each other. */
function isBeside(pipeline: IConstruct, stage: IConstruct): boolean {
  return Stack.of(pipeline) === Stack.of(stage);
}

const LOG_GROUP_ID = 'AccessLogs';

/** The resource behind a stage of the app; of any other the ids. */
function findStage(
  pipeline: StageDestination,
  stage: AnyRestStage | AnyHttpStage | AnyWebSocketStage,
): CfnResource | ExistingStage {
  if (!Construct.isConstruct(stage)) return stage as ExistingStage;
  refuseOtherEnvironment(pipeline, stage);
  if (CfnResource.isCfnResource(stage)) return stage;
  const resource = stage.node.defaultChild;
  if (resource && CfnResource.isCfnResource(resource)) return resource;
  return importedStage(stage as IRestStage | IHttpStage | IWebSocketStage);
}

/** The result of `Stage.from…Attributes` has no resource in the app. */
function importedStage(stage: IRestStage | IHttpStage | IWebSocketStage): ExistingStage {
  const apiId = 'restApi' in stage ? stage.restApi.restApiId : stage.api.apiId;
  return { apiId, stageName: stage.stageName, id: Names.nodeUniqueId(stage.node) };
}

/** Usage plans are of an account and a Region: the lines of any other would name no customer. */
function refuseOtherEnvironment(pipeline: IConstruct, stage: IConstruct): void {
  const [own, other] = [Stack.of(pipeline), Stack.of(stage)];
  for (const part of ['account', 'region'] as const) {
    if (Token.isUnresolved(own[part]) || Token.isUnresolved(other[part])) continue;
    if (own[part] === other[part]) continue;
    throw new Error(
      `stage: got ${stage.node.path} of ${part} ${other[part]}, expected one of the pipeline's, ` +
        `${own[part]}: an account has one pipeline in each Region at least`,
    );
  }
}

/** What attaches a pipeline's existing stages; undefined where there is none. */
export function attacherOf(pipeline: IConstruct): ExistingStages | undefined {
  return pipeline.node.tryFindChild(EXISTING_STAGES_ID) as ExistingStages | undefined;
}

const EXISTING_STAGES_ID = 'ExistingStages';

function existingStagesOf(pipeline: StageDestination): ExistingStages {
  const { stream, bucket } = pipeline;
  return (
    attacherOf(pipeline) ??
    new ExistingStages(pipeline, EXISTING_STAGES_ID, { streamName: stream.ref, bucket })
  );
}

function refuseSecondDestination(stage: CfnResource, setting: unknown): void {
  if (setting === undefined) return;
  throw new Error(
    `stage: got ${stage.node.path}, which logs to another destination, expected one without: ` +
      'a stage has only one',
  );
}

/** By which CloudWatch knows a REST API; a bare resource has only its id. */
function nameOf(stage: AnyRestStage): string | undefined {
  if (!('restApi' in stage) || !('restApiName' in stage.restApi)) return undefined;
  return stage.restApi.restApiName as string;
}
