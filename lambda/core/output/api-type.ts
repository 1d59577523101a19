/**
 * Which type of API wrote a line, where the line shows it.
 *
 * What no such API writes decides: only WebSocket APIs have connections; HTTP APIs have routes with
 * a method, no resources and no API keys, and only REST APIs have two different ids for a request
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html and
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 * document that the extended one equals the other). A format may log variables that its API does not
 * have, so that a field is there proves nothing: it must have a value.
 */

import type { ApiType } from '../format/known/log-format';
import { type Columns, columnIndex, factOf } from './columns';

const webSocketIndexes = ['event_type', 'connection_id', 'connected_at', 'message_id'].map(
  columnIndex,
);
const restIndexes = ['resource_id', 'resource_path', 'xray_trace_id', 'webacl_arn'].map(
  columnIndex,
);
const keyIndexes = ['api_key_id', 'api_key'].map(columnIndex);
const methodIndex = columnIndex('http_method');
const requestIdIndex = columnIndex('request_id');
const extendedRequestIdIndex = columnIndex('extended_request_id');

/** The type of API that a route's key belongs to; a format may call its resource's path so, which is no route. */
const route = factOf('route_key', (key) => {
  if (key.startsWith('/')) return undefined;
  if (key === '$connect' || key === '$disconnect') return 'WEBSOCKET';
  if (key === '$default') return 'default';
  return /^[A-Z]+ \//.test(key) ? 'HTTP' : 'other';
});

/** As a JSON token. */
export function apiTypeTokenOf(line: Columns): string | undefined {
  const apiType = apiTypeOf(line);
  return apiType && `"${apiType}"`;
}

export function apiTypeOf(line: Columns): ApiType | undefined {
  if (isWebSocket(line)) return 'WEBSOCKET';
  const routeType = line.fact(route);
  if (routeType !== undefined) return isOfHttp(line, routeType) ? 'HTTP' : undefined;
  if (hasAny(line, restIndexes)) return 'REST';
  if (!line.has(methodIndex)) return undefined;
  if (hasAny(line, keyIndexes)) return 'REST';
  return apiTypeOfIds(line);
}

export function isWebSocket(line: Columns): boolean {
  return hasAny(line, webSocketIndexes) || line.fact(route) === 'WEBSOCKET';
}

/** WebSocket APIs have a `$default` too, but no method. */
function isOfHttp(line: Columns, routeType: string): boolean {
  return routeType === 'HTTP' || (routeType === 'default' && line.has(methodIndex));
}

function apiTypeOfIds(line: Columns): ApiType | undefined {
  if (!line.has(requestIdIndex) || !line.has(extendedRequestIdIndex)) return undefined;
  return line.isSame(requestIdIndex, extendedRequestIdIndex) ? 'HTTP' : 'REST';
}

function hasAny(line: Columns, indexes: readonly number[]): boolean {
  for (const index of indexes) if (line.has(index)) return true;
  return false;
}
