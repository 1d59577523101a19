/** Reads and changes what a single stage logs. Changes take effect at once, without a deployment. */

import {
  type APIGatewayClient,
  GetStageCommand,
  type PatchOperation,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import {
  type ApiGatewayV2Client,
  DeleteAccessLogSettingsCommand,
  GetStageCommand as GetV2StageCommand,
  UpdateStageCommand as UpdateV2StageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { ApiType } from '../core/format/known/log-format';
import { type AccessLog, accessLogOf, isSameLog } from './access-log';
import { destinationName } from './destination';

/** API Gateway's two control planes. */
export interface ApiGatewayClients {
  readonly rest: APIGatewayClient;
  /** HTTP and WebSocket APIs. */
  readonly v2: ApiGatewayV2Client;
}

export interface StageId {
  readonly apiId: string;
  readonly apiType: ApiType;
  readonly stageName: string;
}

/** Undefined where the stage logs nothing; rejects where there is no such stage, see `isGone`. */
export async function readAccessLog(
  { rest, v2 }: ApiGatewayClients,
  { apiId, apiType, stageName }: StageId,
): Promise<AccessLog | undefined> {
  if (apiType === 'REST') {
    const stage = await rest.send(new GetStageCommand({ restApiId: apiId, stageName }));
    return accessLogOf(stage.accessLogSettings);
  }
  const stage = await v2.send(new GetV2StageCommand({ ApiId: apiId, StageName: stageName }));
  return v2AccessLogOf(stage.AccessLogSettings);
}

/** Both control planes call it alike. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotFoundException';
}

/** Lets a stage log this, or nothing; rejects where it then does not, whatever the status was. */
export async function writeAccessLog(
  clients: ApiGatewayClients,
  stage: StageId,
  accessLog: AccessLog | undefined,
): Promise<void> {
  const write = stage.apiType === 'REST' ? writeRest : writeV2;
  const answered = await write(clients, stage, accessLog);
  if (isSameLog(withoutLineEnd(answered), withoutLineEnd(accessLog))) return;
  const logs = answered ? `to ${destinationName(answered.destinationArn)}` : 'nothing';
  throw new Error(`API Gateway accepted the change and did not make it: the stage logs ${logs}`);
}

/** Whether API Gateway keeps the end of a format as it is given is not documented. */
function withoutLineEnd(log: AccessLog | undefined): AccessLog | undefined {
  return log && accessLogOf({ ...log, format: log.format?.trimEnd() });
}

async function writeRest(
  { rest }: ApiGatewayClients,
  { apiId, stageName }: StageId,
  accessLog: AccessLog | undefined,
): Promise<AccessLog | undefined> {
  const patchOperations = patchOf(accessLog);
  const command = new UpdateStageCommand({ restApiId: apiId, stageName, patchOperations });
  return accessLogOf((await rest.send(command)).accessLogSettings);
}

/**
 * The destination alone cannot be removed, and a format that is there stays when only a destination is
 * given (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch).
 */
function patchOf(accessLog: AccessLog | undefined): PatchOperation[] {
  const remove: PatchOperation = { op: 'remove', path: '/accessLogSettings' };
  if (!accessLog) return [remove];
  const { destinationArn, format } = accessLog;
  const replace = (name: string, value: string): PatchOperation => ({
    op: 'replace',
    path: `/accessLogSettings/${name}`,
    value,
  });
  const destination = replace('destinationArn', destinationArn);
  return format ? [destination, replace('format', format)] : [remove, destination];
}

async function writeV2(
  { v2 }: ApiGatewayClients,
  { apiId, stageName }: StageId,
  accessLog: AccessLog | undefined,
): Promise<AccessLog | undefined> {
  const stage = { ApiId: apiId, StageName: stageName };
  if (!accessLog?.format) await v2.send(new DeleteAccessLogSettingsCommand(stage));
  if (!accessLog) return undefined;
  const { destinationArn: DestinationArn, format: Format } = accessLog;
  const AccessLogSettings = Format ? { DestinationArn, Format } : { DestinationArn };
  const command = new UpdateV2StageCommand({ ...stage, AccessLogSettings });
  return v2AccessLogOf((await v2.send(command)).AccessLogSettings);
}

export function v2AccessLogOf(
  settings: { DestinationArn?: string | undefined; Format?: string | undefined } | undefined,
): AccessLog | undefined {
  return accessLogOf({ destinationArn: settings?.DestinationArn, format: settings?.Format });
}
