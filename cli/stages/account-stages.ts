/** Lists the APIs and stages of an account, of all three types, with what each stage logs. */

import { GetRestApisCommand, GetStagesCommand } from '@aws-sdk/client-api-gateway';
import {
  GetApisCommand,
  GetStagesCommand as GetV2StagesCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { ApiType } from '../../lambda/core/format/known/log-format';
import { type AccessLog, accessLogOf } from '../../lambda/stages/access-log';
import {
  type ApiGatewayClients,
  type StageId,
  v2AccessLogOf,
} from '../../lambda/stages/stage-access-log';

export interface Api {
  readonly id: string;
  readonly name: string;
  readonly type: ApiType;
  /** The CloudFormation stack that the API belongs to. */
  readonly managedBy: string | undefined;
}

export interface Stage {
  readonly api: Api;
  readonly name: string;
  /** Undefined where it logs nothing. */
  readonly accessLog: AccessLog | undefined;
}

export function idOf({ api, name }: Stage): StageId {
  return { apiId: api.id, apiType: api.type, stageName: name };
}

export async function listApis({ rest, v2 }: ApiGatewayClients): Promise<Api[]> {
  const apis: Api[] = [];
  let position: string | undefined;
  do {
    const page = await rest.send(new GetRestApisCommand({ limit: 500, position }));
    for (const { id = '', name = '', tags } of page.items ?? []) {
      apis.push({ id, name, type: 'REST', managedBy: tags?.[STACK_TAG] });
    }
    position = page.position;
  } while (position);

  let nextToken: string | undefined;
  do {
    const command = new GetApisCommand({ MaxResults: '100', NextToken: nextToken });
    const page = await v2.send(command);
    for (const { ApiId: id = '', Name: name = '', ProtocolType, Tags } of page.Items ?? []) {
      const type = ProtocolType === 'WEBSOCKET' ? 'WEBSOCKET' : 'HTTP';
      apis.push({ id, name, type, managedBy: Tags?.[STACK_TAG] });
    }
    nextToken = page.NextToken;
  } while (nextToken);
  return apis.sort((a, b) => byName.compare(a.name, b.name) || byName.compare(a.id, b.id));
}

const byName = new Intl.Collator('en', { numeric: true });

const STACK_TAG = 'aws:cloudformation:stack-name';

export async function stagesOf({ rest, v2 }: ApiGatewayClients, api: Api): Promise<Stage[]> {
  if (api.type === 'REST') {
    const { item = [] } = await rest.send(new GetStagesCommand({ restApiId: api.id }));
    return item.map(({ stageName: name = '', accessLogSettings }) => ({
      api,
      name,
      accessLog: accessLogOf(accessLogSettings),
    }));
  }
  const stages: Stage[] = [];
  let nextToken: string | undefined;
  do {
    const input = { ApiId: api.id, MaxResults: '100', NextToken: nextToken };
    const page = await v2.send(new GetV2StagesCommand(input));
    for (const { StageName: name = '', AccessLogSettings } of page.Items ?? []) {
      stages.push({ api, name, accessLog: v2AccessLogOf(AccessLogSettings) });
    }
    nextToken = page.NextToken;
  } while (nextToken);
  return stages;
}
