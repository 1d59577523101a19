/**
 * THE table of API types as CloudWatch sees them: what identifies an API in `AWS/ApiGateway`, and which
 * metrics it has. Dashboards and monitors are renderings of these rows.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
 */

import type { ApiType } from './format/known/log-format';

export const API_METRICS_NAMESPACE = 'AWS/ApiGateway';

export interface ApiTypeMetrics {
  /** In titles. */
  readonly title: string;
  /** The dimension that identifies an API: REST APIs by name, the others by id. */
  readonly apiDimension: 'ApiName' | 'ApiId';
  /**
   * The dimensions of a method or route, where detailed metrics are switched on. AWS's pages name two
   * sets for HTTP and WebSocket APIs: both are searched, and one of them finds nothing.
   */
  readonly details: readonly (readonly string[])[];
  /** One datum a request; of a WebSocket API one a connection that is asked for. */
  readonly requests: string;
  /** What the caller did wrong: one datum a request, 1 or 0, so the average is a rate. */
  readonly clientErrors: string;
  /** What the API or its backend did wrong. */
  readonly serverErrors: string;
}

export const apiTypes = {
  REST: {
    title: 'REST APIs',
    apiDimension: 'ApiName',
    details: [['Method', 'Resource']],
    requests: 'Count',
    clientErrors: '4XXError',
    serverErrors: '5XXError',
  },
  HTTP: {
    title: 'HTTP APIs',
    apiDimension: 'ApiId',
    details: [['Method', 'Resource'], ['Route']],
    requests: 'Count',
    clientErrors: '4xx',
    serverErrors: '5xx',
  },
  WEBSOCKET: {
    title: 'WebSocket APIs',
    apiDimension: 'ApiId',
    details: [['Route'], ['Method', 'Resource']],
    requests: 'ConnectCount',
    clientErrors: 'ClientError',
    serverErrors: 'ExecutionError',
  },
} as const satisfies Record<ApiType, ApiTypeMetrics>;

export const apiTypeNames = Object.keys(apiTypes) as ApiType[];

/** How closely a panel or monitor looks: at whole APIs, at their stages, at methods or routes. */
export type Level = 'api' | 'stage' | 'detail';

/**
 * The dimensions of the series of a level; more than one set where AWS's pages differ. CloudWatch has a
 * series for each set, so naming more or fewer dimensions counts twice.
 */
export function dimensionsOf(type: ApiType, level: Level): string[][] {
  const { apiDimension, details } = apiTypes[type];
  if (level === 'api') return [[apiDimension]];
  if (level === 'stage') return [[apiDimension, 'Stage']];
  return details.map((detail) => [apiDimension, ...detail, 'Stage']);
}
