/**
 * The access-log format to give a stage: one line of JSON under the canonical names, with what
 * billing and analytics read and without a secret.
 *
 * Firehose bills a record rounded up to 5 KB, so a line of 1 KB costs what a line of 300 bytes does.
 */

import { fieldOfVariable } from '../../fields';

export type ApiType = 'REST' | 'HTTP' | 'WEBSOCKET';

const all: readonly ApiType[] = ['REST', 'HTTP', 'WEBSOCKET'];
const requests: readonly ApiType[] = ['REST', 'HTTP'];
const keyed: readonly ApiType[] = ['REST', 'WEBSOCKET'];
const routed: readonly ApiType[] = ['HTTP', 'WEBSOCKET'];

/**
 * What a line has, in its order, and the API types that document the variable. An HTTP API refuses a
 * format with any other ("The following context variables are not supported"), so guesses stay out:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 *
 * Without: `error.messageString`, whose value brings its own quotes; certificates, which are long.
 */
const content: readonly (readonly [variable: string, apiTypes: readonly ApiType[]])[] = [
  ['requestId', all],
  ['extendedRequestId', all],
  ['requestTime', all],
  ['requestTimeEpoch', all],
  ['accountId', requests],
  ['apiId', all],
  ['stage', all],
  ['domainName', all],
  ['identity.apiKeyId', keyed],

  ['httpMethod', requests],
  ['resourcePath', ['REST']],
  ['routeKey', routed],
  ['path', requests],
  ['protocol', requests],
  ['eventType', ['WEBSOCKET']],
  ['connectionId', ['WEBSOCKET']],
  ['connectedAt', ['WEBSOCKET']],
  ['messageId', ['WEBSOCKET']],

  ['status', all],
  ['responseLength', requests],
  ['responseLatency', requests],
  ['dataProcessed', ['HTTP']],
  ['integration.latency', all],
  ['integration.status', all],
  ['integration.error', all],
  ['integration.requestId', all],
  ['error.message', all],
  ['error.responseType', all],

  ['identity.sourceIp', all],
  ['identity.userAgent', all],
  ['identity.user', all],
  ['identity.userArn', all],
  ['authorizer.principalId', keyed],
  ['authorizer.latency', all],
  ['authorizer.status', all],
  ['authorizer.error', all],
  ['authorize.status', keyed],
  ['authorize.error', keyed],
  ['authenticate.status', keyed],
  ['authenticate.error', keyed],
  ['waf.latency', keyed],
  ['waf.status', keyed],
  ['waf.error', keyed],
  ['wafResponseCode', ['REST']],
  ['webaclArn', ['REST']],
  ['xrayTraceId', ['REST']],
];

/**
 * Every value is quoted, also the numbers: API Gateway writes `-` for a variable without a value,
 * and a bare `-` is not JSON.
 */
export function logFormat(apiType: ApiType): string {
  const members = content
    .filter(([, apiTypes]) => apiTypes.includes(apiType))
    .map(([variable]) => [columnOf(variable), `$context.${variable}`]);
  return JSON.stringify(Object.fromEntries(members));
}

function columnOf(variable: string): string {
  const field = fieldOfVariable(variable);
  if (!field) throw new Error(`no field for $context.${variable}`);
  return field.column;
}
