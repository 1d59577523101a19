/**
 * Which type of API wrote a line, where the line tells.
 *
 * What no such API writes decides: only WebSocket APIs have connections; HTTP APIs have routes with
 * a method, no resources and no API keys, and only REST APIs have two different ids for a request
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html and
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 * say that the extended one equals the other). A format may log variables that its API does not
 * have, so that a field is there proves nothing: it must have a value.
 */

import type { ApiType } from '../format/known/log-format';
import { type Columns, placeOf } from './columns';

const webSocketPlaces = ['event_type', 'connection_id', 'connected_at', 'message_id'].map(placeOf);
const restPlaces = ['resource_id', 'resource_path', 'xray_trace_id', 'webacl_arn'].map(placeOf);
const keyPlaces = ['api_key_id', 'api_key'].map(placeOf);
const routeKeyPlace = placeOf('route_key');
const methodPlace = placeOf('http_method');
const requestIdPlace = placeOf('request_id');
const extendedRequestIdPlace = placeOf('extended_request_id');

/** As a JSON token. */
export function apiTypeTokenOf(line: Columns): string | undefined {
  const apiType = apiTypeOf(line);
  return apiType && `"${apiType}"`;
}

export function apiTypeOf(line: Columns): ApiType | undefined {
  if (hasAny(line, webSocketPlaces)) return 'WEBSOCKET';
  const routeKey = line.text(routeKeyPlace);
  // A format may call its resource's path so, which tells no route.
  if (routeKey !== undefined && !routeKey.startsWith('/')) {
    return apiTypeOfRoute(routeKey, line.has(methodPlace));
  }
  if (hasAny(line, restPlaces)) return 'REST';
  if (!line.has(methodPlace)) return undefined;
  if (hasAny(line, keyPlaces)) return 'REST';
  return apiTypeOfIds(line);
}

/** WebSocket APIs have a `$default` too, but no method. */
function apiTypeOfRoute(routeKey: string, hasMethod: boolean): ApiType | undefined {
  if (routeKey === '$connect' || routeKey === '$disconnect') return 'WEBSOCKET';
  if (/^[A-Z]+ \//.test(routeKey) || (routeKey === '$default' && hasMethod)) return 'HTTP';
  return undefined;
}

function apiTypeOfIds(line: Columns): ApiType | undefined {
  if (!line.has(requestIdPlace) || !line.has(extendedRequestIdPlace)) return undefined;
  return line.token(requestIdPlace) === line.token(extendedRequestIdPlace) ? 'HTTP' : 'REST';
}

function hasAny(line: Columns, places: readonly number[]): boolean {
  for (const place of places) if (line.has(place)) return true;
  return false;
}
