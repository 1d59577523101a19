/** How stages come to log into the pipeline: those of the same app, and those that exist already. */

import { CfnResource, Names, Token } from 'aws-cdk-lib';
import type { CfnStage as CfnRestStage, IStage as IRestStage } from 'aws-cdk-lib/aws-apigateway';
import type {
  CfnStage as CfnHttpStage,
  IHttpStage,
  IWebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import type { ApiType } from '../../lambda/core/format/known/log-format';
import {
  ExistingHttpStageLogging,
  ExistingRestStageLogging,
  type ExistingStage,
  logGroupArnOf,
} from './existing-stage';
import { stageLogFormat } from './stage-log-format';
import { StageLogGroup, type StageLogGroupProps } from './stage-log-group';

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

/** Lets a REST API's stage write to the stream. */
export function attachToStream(
  scope: Construct,
  stage: AnyRestStage,
  streamArn: string,
  options: AttachStageOptions,
): void {
  const format = stageLogFormat(scope, 'REST', options.format);
  const found = findStage(stage);
  if (!CfnResource.isCfnResource(found)) {
    const parent = existingStages(scope);
    new ExistingRestStageLogging(parent, idOf(found), {
      stage: found,
      destinationArn: streamArn,
      format,
    });
    return;
  }
  const resource = found as CfnRestStage;
  refuseSecondDestination(resource, resource.accessLogSetting);
  resource.accessLogSetting = { destinationArn: streamArn, format };
}

/** Lets an HTTP or WebSocket API's stage write to a log group that is subscribed to the stream. */
export function attachToLogGroup(
  scope: Construct,
  apiType: Exclude<ApiType, 'REST'>,
  stage: AnyHttpStage | AnyWebSocketStage,
  options: AttachLogGroupStageOptions,
  logGroupProps: StageLogGroupProps,
): void {
  const format = stageLogFormat(scope, apiType, options.format);
  const props = { ...logGroupProps, retention: options.logGroupRetention };
  const found = findStage(stage);
  if (!CfnResource.isCfnResource(found)) {
    const parent = new Construct(existingStages(scope), idOf(found));
    const { logGroup } = new StageLogGroup(parent, 'AccessLogs', props);
    new ExistingHttpStageLogging(parent, 'Stage', { stage: found, logGroup, format });
    return;
  }
  const resource = found as CfnHttpStage;
  refuseSecondDestination(resource, resource.accessLogSettings);
  // Below the stage, which it comes and goes with.
  const { logGroup } = new StageLogGroup(resource, 'AccessLogs', props);
  resource.accessLogSettings = { destinationArn: logGroupArnOf(logGroup), format };
}

/** The resource behind a stage of the app; of any other the ids. */
function findStage(
  stage: AnyRestStage | AnyHttpStage | AnyWebSocketStage,
): CfnResource | ExistingStage {
  if (!Construct.isConstruct(stage)) return stage as ExistingStage;
  if (CfnResource.isCfnResource(stage)) return stage;
  const resource = stage.node.defaultChild;
  if (resource && CfnResource.isCfnResource(resource)) return resource;
  return importedStage(stage as IRestStage | IHttpStage | IWebSocketStage);
}

/** What `Stage.from…Attributes` gives has no resource in the app. */
function importedStage(stage: IRestStage | IHttpStage | IWebSocketStage): ExistingStage {
  const apiId = 'restApi' in stage ? stage.restApi.restApiId : stage.api.apiId;
  return { apiId, stageName: stage.stageName, id: Names.nodeUniqueId(stage.node) };
}

function existingStages(scope: Construct): IConstruct & Construct {
  const id = 'ExistingStages';
  return (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id);
}

function idOf({ apiId, stageName, id }: ExistingStage): string {
  const name = id ?? `${apiId}-${stageName}`;
  if (Token.isUnresolved(name)) {
    throw new Error(
      'id: got none, expected a name for a stage whose apiId or stageName is known at deployment only',
    );
  }
  return name;
}

function refuseSecondDestination(stage: CfnResource, setting: unknown): void {
  if (setting === undefined) return;
  throw new Error(
    `stage: got ${stage.node.path}, which logs to another destination, expected one without: ` +
      'a stage has only one',
  );
}
