/**
 * The log formats that are read without configuration: those to paste, and what AWS and the tools
 * around it document. How the parts of a JSON or XML format are spaced does not matter to a reader.
 */

import { apiable, formatsToPaste, type NamedFormat } from './formats-to-paste';
import type { ApiType } from './log-format';
import {
  csvFormat,
  jsonFormat,
  keyValueFormat,
  withTypographicQuotes,
  xmlFormat,
} from './notations';

const rest = 'ip caller user requestTime httpMethod resourcePath status protocol responseLength';
const http = 'ip requestTime httpMethod routeKey status protocol responseLength';
const webSocket = 'ip caller user requestTime eventType routeKey status connectionId';

const who = '$context.identity.sourceIp $context.identity.caller $context.identity.user';
const restRequest = '"$context.httpMethod $context.resourcePath $context.protocol"';
const httpRequest = '"$context.httpMethod $context.routeKey $context.protocol"';
const webSocketRequest = '"$context.eventType $context.routeKey $context.connectionId"';
const outcome = '$context.status $context.responseLength $context.requestId';

/**
 * AWS's examples, as its pages print them and as they did before they had the extended request id:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
const awsFormats: readonly NamedFormat[] = [
  ...examples('aws-rest', 'REST', {
    clf: `${who} [$context.requestTime]${restRequest} ${outcome} $context.extendedRequestId`,
    json: jsonFormat(`requestId extendedRequestId ${rest}`),
    xml: xmlFormat(`extendedRequestId ${rest}`),
    csv: csvFormat(`
      ip caller user requestTime httpMethod resourcePath protocol status responseLength requestId
      extendedRequestId`),
  }),
  ...examples('aws-rest-earlier', 'REST', {
    clf: `${who} [$context.requestTime] ${restRequest} ${outcome}`,
    json: jsonFormat(`requestId ${rest}`),
    xml: xmlFormat(rest),
    csv: csvFormat(`
      ip caller user requestTime httpMethod resourcePath protocol status responseLength requestId`),
  }),
  ...examples('aws-http', 'HTTP', {
    clf: `$context.identity.sourceIp - - [$context.requestTime] ${httpRequest} ${outcome} $context.extendedRequestId`,
    json: jsonFormat(`requestId ${http} extendedRequestId`),
    xml: xmlFormat(`${http} extendedRequestId`),
    csv: csvFormat(`
      ip requestTime httpMethod routeKey protocol status responseLength requestId
      extendedRequestId`),
  }),
  ...examples('aws-http-earlier', 'HTTP', {
    clf: `$context.identity.sourceIp - - [$context.requestTime] ${httpRequest} ${outcome}`,
    json: jsonFormat(`requestId ${http}`),
    xml: xmlFormat(http),
    csv: csvFormat('ip requestTime httpMethod routeKey protocol status responseLength requestId'),
  }),
  ...examples('aws-websocket', 'WEBSOCKET', {
    clf: `${who} [$context.requestTime] ${webSocketRequest} $context.status $context.requestId`,
    json: jsonFormat(`requestId ${webSocket}`),
    xml: xmlFormat(webSocket),
    csv: csvFormat('ip caller user requestTime eventType routeKey connectionId status requestId'),
  }),
];

/** Three values without quotes, of which `requestTime` is not what its name says. */
const datadog =
  '"requestId":"$context.requestId","ip":"$context.identity.sourceIp",' +
  '"caller":"$context.identity.caller","user":"$context.identity.user",' +
  '"requestTime":$context.requestTimeEpoch,"httpMethod":"$context.httpMethod",' +
  '"resourcePath":"$context.resourcePath","status":$context.status,' +
  '"protocol":"$context.protocol","responseLength":$context.responseLength}';

const toolFormats: readonly NamedFormat[] = [
  {
    name: 'serverless-rest',
    apiType: 'REST',
    system: 'Serverless Framework',
    format: keyValueFormat(`requestId ${rest}`),
  },
  {
    name: 'serverless-http',
    apiType: 'HTTP',
    system: 'Serverless Framework',
    format: jsonFormat(`requestId ${http}`),
  },
  {
    name: 'serverless-websocket',
    apiType: 'WEBSOCKET',
    system: 'Serverless Framework',
    format: `${who} [$context.requestTime] ${webSocketRequest} $context.requestId`,
  },
  {
    name: 'cdk-rest-json',
    apiType: 'REST',
    system: 'AWS CDK',
    format: jsonFormat(`
      requestId ip user caller requestTime httpMethod resourcePath status protocol responseLength`),
  },
  {
    name: 'datadog',
    apiType: 'REST',
    system: 'Datadog',
    format: `{"apiId":"$context.apiId","stage":"$context.stage",${datadog}`,
  },
  { name: 'datadog-earlier', apiType: 'REST', system: 'Datadog', format: `{${datadog}` },
  {
    name: 'apiable-as-printed',
    apiType: 'REST',
    system: 'Apiable',
    format: withTypographicQuotes(apiable),
  },
];

export const knownFormats: readonly NamedFormat[] = [
  ...formatsToPaste,
  ...awsFormats,
  ...toolFormats,
];

function examples(
  name: string,
  apiType: ApiType,
  formats: Readonly<Record<string, string>>,
): readonly NamedFormat[] {
  return Object.entries(formats).map(([notation, format]) => ({
    name: `${name}-${notation}`,
    apiType,
    system: 'AWS',
    format,
  }));
}
