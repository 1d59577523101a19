/**
 * What API Gateway's control plane answers to the calls that read stages and change what they log, of
 * REST APIs (https://docs.aws.amazon.com/apigateway/latest/api) and of HTTP and WebSocket APIs
 * (https://docs.aws.amazon.com/apigatewayv2/latest/api-reference).
 */

import type { OtherRequest } from '../../emulator/control-plane';
import { type Answer, failure } from '../../emulator/usage-plans-api';

export interface AccessLogSettings {
  destinationArn?: string | undefined;
  format?: string | undefined;
}

export interface TestApi {
  readonly id: string;
  readonly name: string;
  readonly type: 'REST' | 'HTTP' | 'WEBSOCKET';
  readonly tags?: Record<string, string>;
  /** What each stage logs; nothing where undefined. */
  readonly stages: Record<string, AccessLogSettings | undefined>;
}

export interface StagesAccount {
  readonly apis: TestApi[];
  /** What WebSocket APIs need to write to log groups. */
  cloudwatchRoleArn?: string | undefined;
  /** Answers that a stage was updated, and leaves it as it was, as emulators do. */
  ignoresUpdates?: boolean;
}

const PAGE_SIZE = 2;

export function stagesApi(account: StagesAccount): (request: OtherRequest) => Answer | undefined {
  const routes: [
    method: string,
    path: RegExp,
    answer: (request: OtherRequest, ...ids: string[]) => Answer,
  ][] = [
    ['GET', /^\/account$/, () => ok({ cloudwatchRoleArn: account.cloudwatchRoleArn })],
    ['GET', /^\/restapis$/, getRestApis],
    ['GET', /^\/restapis\/([^/]+)$/, getRestApi],
    ['GET', /^\/restapis\/([^/]+)\/stages$/, getRestStages],
    ['GET', /^\/restapis\/([^/]+)\/stages\/([^/]+)$/, getRestStage],
    ['PATCH', /^\/restapis\/([^/]+)\/stages\/([^/]+)$/, patchRestStage],
    ['GET', /^\/v2\/apis$/, getApis],
    ['GET', /^\/v2\/apis\/([^/]+)\/stages$/, getStages],
    ['GET', /^\/v2\/apis\/([^/]+)\/stages\/([^/]+)$/, getStage],
    ['PATCH', /^\/v2\/apis\/([^/]+)\/stages\/([^/]+)$/, patchStage],
    ['DELETE', /^\/v2\/apis\/([^/]+)\/stages\/([^/]+)\/accesslogsettings$/, deleteSettings],
  ];
  return (request) => {
    for (const [method, path, answer] of routes) {
      const ids = path.exec(request.path)?.slice(1).map(decodeURIComponent);
      if (ids && method === request.method) return answer(request, ...ids);
    }
    return undefined;
  };

  function getRestApis({ query }: OtherRequest): Answer {
    const { items, next } = page(
      account.apis.filter(({ type }) => type === 'REST'),
      query.get('position'),
    );
    const item = items.map(({ id, name, tags }) => ({ id, name, tags }));
    return ok({ item, position: next });
  }

  function getRestApi(_: OtherRequest, apiId = ''): Answer {
    const api = find(apiId, true);
    return api ? ok({ id: api.id, name: api.name, tags: api.tags }) : noSuchApi;
  }

  function getRestStages(_: OtherRequest, apiId = ''): Answer {
    const api = find(apiId, true);
    if (!api) return noSuchApi;
    return ok({ item: Object.entries(api.stages).map(([name, log]) => restStage(name, log)) });
  }

  function getRestStage(_: OtherRequest, apiId = '', stage = ''): Answer {
    const api = find(apiId, true);
    if (!api || !Object.hasOwn(api.stages, stage)) return noSuchStage;
    return ok(restStage(stage, api.stages[stage]));
  }

  function patchRestStage({ body }: OtherRequest, apiId = '', stage = ''): Answer {
    const api = find(apiId, true);
    if (!api || !Object.hasOwn(api.stages, stage)) return noSuchStage;
    let settings = api.stages[stage];
    for (const { op, path, value } of JSON.parse(body).patchOperations) {
      if (op === 'remove' && path === '/accessLogSettings') settings = undefined;
      else if (op === 'replace' && path === '/accessLogSettings/destinationArn') {
        settings = { ...settings, destinationArn: value };
      } else if (op === 'replace' && path === '/accessLogSettings/format') {
        if (value === '') return badRequest('Access Log value must not be empty');
        settings = { ...settings, format: value };
      } else return badRequest(`Invalid patch operation ${op} ${path}`);
    }
    const refusal = settings && refusalOfRest(settings);
    if (refusal) return badRequest(refusal);
    if (!account.ignoresUpdates) api.stages[stage] = settings;
    return ok(restStage(stage, api.stages[stage]));
  }

  function getApis({ query }: OtherRequest): Answer {
    const { items, next } = page(
      account.apis.filter(({ type }) => type !== 'REST'),
      query.get('nextToken'),
    );
    const rendered = items.map(({ id, name, type, tags }) => ({
      apiId: id,
      name,
      protocolType: type,
      tags,
    }));
    return ok({ items: rendered, nextToken: next });
  }

  function getStages({ query }: OtherRequest, apiId = ''): Answer {
    const api = find(apiId, false);
    if (!api) return noSuchApi;
    const { items, next } = page(Object.entries(api.stages), query.get('nextToken'));
    return ok({ items: items.map(([name, log]) => stageOf(name, log)), nextToken: next });
  }

  function getStage(_: OtherRequest, apiId = '', stage = ''): Answer {
    const api = find(apiId, false);
    if (!api || !Object.hasOwn(api.stages, stage)) return noSuchStage;
    return ok(stageOf(stage, api.stages[stage]));
  }

  function patchStage({ body }: OtherRequest, apiId = '', stage = ''): Answer {
    const api = find(apiId, false);
    if (!api || !Object.hasOwn(api.stages, stage)) return noSuchStage;
    const { accessLogSettings = {} } = JSON.parse(body);
    const settings = { ...api.stages[stage], ...accessLogSettings };
    if (!/^arn:aws:logs:[^:]+:\d+:log-group:[^:]+$/.test(settings.destinationArn ?? '')) {
      return badRequest('The specified destination ARN is not a log group');
    }
    if (api.type === 'WEBSOCKET' && !account.cloudwatchRoleArn) {
      return badRequest(
        'CloudWatch Logs role ARN must be set in account settings to enable logging',
      );
    }
    api.stages[stage] = settings;
    return ok(stageOf(stage, settings));
  }

  function deleteSettings(_: OtherRequest, apiId = '', stage = ''): Answer {
    const api = find(apiId, false);
    if (!api || !Object.hasOwn(api.stages, stage)) return noSuchStage;
    api.stages[stage] = undefined;
    return { status: 204, body: undefined };
  }

  function find(apiId: string, isRest: boolean): TestApi | undefined {
    return account.apis.find(({ id, type }) => id === apiId && (type === 'REST') === isRest);
  }
}

const noSuchApi = failure(404, 'NotFoundException', 'Invalid API identifier specified');
const noSuchStage = failure(404, 'NotFoundException', 'Invalid stage identifier specified');

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function badRequest(message: string): Answer {
  return failure(400, 'BadRequestException', message);
}

/** Recorded of AWS: a stage may have a destination alone. */
function refusalOfRest({ destinationArn = '', format }: AccessLogSettings): string | undefined {
  if (
    !/^arn:aws:(logs:[^:]+:\d+:log-group:[^:]+|firehose:[^:]+:\d+:deliverystream\/amazon-apigateway-.+)$/.test(
      destinationArn,
    )
  ) {
    return 'Invalid ARN specified in the request';
  }
  if (format !== undefined && !/\$context\.(requestId|extendedRequestId)\b/.test(format)) {
    return 'Access log format must contain $context.requestId or $context.extendedRequestId';
  }
  return undefined;
}

function restStage(stageName: string, accessLogSettings: AccessLogSettings | undefined): unknown {
  return { stageName, deploymentId: 'd1', accessLogSettings };
}

function stageOf(stageName: string, accessLogSettings: AccessLogSettings | undefined): unknown {
  return { stageName, accessLogSettings };
}

/** Small pages: whoever reads the first only shows at once. */
function page<T>(all: readonly T[], position: string | null): { items: T[]; next?: string } {
  const start = Number(position ?? 0);
  const end = start + PAGE_SIZE;
  const items = all.slice(start, end);
  return end < all.length ? { items, next: String(end) } : { items };
}
