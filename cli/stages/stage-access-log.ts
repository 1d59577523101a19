/** Reads and changes what a single stage logs. */

import { GetStageCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import {
  DeleteAccessLogSettingsCommand,
  GetStageCommand as GetV2StageCommand,
  UpdateStageCommand as UpdateV2StageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { type AccessLog, accessLogOf, isSameLog } from './access-log';
import { type Stage, v2AccessLogOf } from './account-stages';
import type { ApiGateway } from './api-gateway';

/** What a stage logs before it is changed: time has passed since it was shown. */
export async function readUnchanged(
  gateway: ApiGateway,
  stage: Stage,
): Promise<AccessLog | undefined> {
  const accessLog = await readAccessLog(gateway, stage);
  if (isSameLog(accessLog, stage.accessLog)) return accessLog;
  throw new Error('somebody else has changed this stage meanwhile; run again');
}

async function readAccessLog(
  { rest, v2 }: ApiGateway,
  { api, name }: Stage,
): Promise<AccessLog | undefined> {
  if (api.type === 'REST') {
    const input = { restApiId: api.id, stageName: name };
    return accessLogOf((await rest.send(new GetStageCommand(input))).accessLogSettings);
  }
  const input = { ApiId: api.id, StageName: name };
  return v2AccessLogOf((await v2.send(new GetV2StageCommand(input))).AccessLogSettings);
}

/** Takes effect at once: no deployment is needed. */
export async function writeAccessLog(
  { rest, v2 }: ApiGateway,
  { api, name }: Stage,
  accessLog: AccessLog | undefined,
): Promise<void> {
  if (api.type === 'REST') {
    const patchOperations = patchOf(accessLog);
    const input = { restApiId: api.id, stageName: name, patchOperations };
    await rest.send(new UpdateStageCommand(input));
    return;
  }
  const stage = { ApiId: api.id, StageName: name };
  if (accessLog) {
    const { destinationArn: DestinationArn, format: Format } = accessLog;
    const AccessLogSettings = { DestinationArn, Format };
    await v2.send(new UpdateV2StageCommand({ ...stage, AccessLogSettings }));
  } else {
    await v2.send(new DeleteAccessLogSettingsCommand(stage));
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch */
function patchOf(accessLog: AccessLog | undefined) {
  if (!accessLog) return [{ op: 'remove' as const, path: '/accessLogSettings' }];
  return [
    {
      op: 'replace' as const,
      path: '/accessLogSettings/destinationArn',
      value: accessLog.destinationArn,
    },
    { op: 'replace' as const, path: '/accessLogSettings/format', value: accessLog.format },
  ];
}
