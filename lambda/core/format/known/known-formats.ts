/**
 * The log formats that are read without configuration: those to paste, and what AWS and the tools
 * around it document. How the parts of a JSON or XML format are spaced does not matter to a reader.
 */

import { isNoValue } from '../../fields';
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

const ruleVariables = ['customDomain.routingRuleIdMatched', 'customDomain.basePathMatched'];
const routedTo = ruleVariables.map((variable) => `$context.${variable}`);

/**
 * AWS's formats to see how a request got to its API: by a rule or by a mapping, and there is no value
 * for the other one.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-rules-troubleshoot.html
 */
const routingRuleFormats: readonly NamedFormat[] = examples('aws-routing-rules', 'REST', {
  clf: `$context.path ${routedTo.join(' ')} $context.requestId $context.extendedRequestId`,
  json: `{"requestPath": "$context.path", "routingRuleId" : "${routedTo[0]}", "API mapping" : "${routedTo[1]}", "requestId":"$context.requestId", "extendedRequestId":"$context.extendedRequestId"}`,
  xml: `<request id="$context.requestId"> <requestPath>$context.path</requestPath> <ruleId>${routedTo[0]}</ruleId> <ApiMapping>${routedTo[1]}</ApiMapping> <extendedRequestId>$context.extendedRequestId</extendedRequestId> </request>`,
  csv: `$context.path,${routedTo.join(',')},$context.requestId,$context.extendedRequestId`,
}).map((format) => (format.format.startsWith('$') ? { ...format, isOf: isRouted } : format));

/**
 * Whether values that only blanks or commas keep apart are a request's: any line of five words looks like
 * them.
 */
function isRouted(values: ReadonlyMap<string, string>): boolean {
  return (
    /^(\/[^ ,]*|-)?$/.test(values.get('path') ?? '') &&
    ruleVariables.some((variable) => isNoValue(values.get(variable)))
  );
}

/**
 * A single word may be any other variable, and what has a version in it a user agent. A message begins
 * with a word, which nothing that API Gateway makes does.
 */
function hasSentence(values: ReadonlyMap<string, string>): boolean {
  const message = values.get('integrationErrorMessage');
  return isNoValue(message) || (/^[A-Za-z][a-z']*[:,]? /.test(message) && !/\w\/\d/.test(message));
}

/** The Terraform module terraform-aws-modules/apigateway-v2: its example up to version 4, its default since 5. */
const terraformFormats: readonly NamedFormat[] = [
  {
    name: 'terraform-apigateway-v2-earlier',
    apiType: 'HTTP',
    system: 'Terraform',
    format: `$context.identity.sourceIp - - [$context.requestTime] ${httpRequest} ${outcome} $context.integrationErrorMessage`,
    isLast: true,
    isOf: hasSentence,
  },
  {
    name: 'terraform-apigateway-v2',
    apiType: 'HTTP',
    system: 'Terraform',
    format: JSON.stringify({
      context: {
        domainName: '$context.domainName',
        error: {
          message: '$context.error.message',
          responseType: '$context.error.responseType',
        },
        identity: { sourceIP: '$context.identity.sourceIp' },
        integration: {
          error: '$context.integration.error',
          integrationStatus: '$context.integration.integrationStatus',
        },
        integrationErrorMessage: '$context.integrationErrorMessage',
        protocol: '$context.protocol',
        requestId: '$context.requestId',
        requestTime: '$context.requestTime',
        responseLength: '$context.responseLength',
        routeKey: '$context.routeKey',
        stage: '$context.stage',
        status: '$context.status',
      },
    }),
  },
];

/** Three values without quotes, of which `requestTime` is not what its name says. */
const datadog =
  '"requestId":"$context.requestId","ip":"$context.identity.sourceIp",' +
  '"caller":"$context.identity.caller","user":"$context.identity.user",' +
  '"requestTime":$context.requestTimeEpoch,"httpMethod":"$context.httpMethod",' +
  '"resourcePath":"$context.resourcePath","status":$context.status,' +
  '"protocol":"$context.protocol","responseLength":$context.responseLength}';

const ofSubscription = {
  plan_id: '$context.authorizer.apiable_plan_id',
  subscription_id: '$context.authorizer.apiable_subscription_id',
};
const ofTokens = {
  usage_prompt_tokens: '$context.responseOverride.header.usageprompttokens',
  usage_completion_tokens: '$context.responseOverride.header.usagecompletiontokens',
  usage_total_tokens: '$context.responseOverride.header.usagetotaltokens',
};

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
  { name: 'apiable-usage', apiType: 'REST', system: 'Apiable', format: apiableNow(ofSubscription) },
  { name: 'apiable-tokens', apiType: 'REST', system: 'Apiable', format: apiableNow(ofTokens) },
];

/** What Apiable's own stacks have it print beside, since the time is in milliseconds. */
function apiableNow(more: Readonly<Record<string, string>>): string {
  const time = { request_time: '$context.requestTimeEpoch' };
  return JSON.stringify({ ...JSON.parse(apiable), ...time, ...more });
}

export const knownFormats: readonly NamedFormat[] = [
  ...formatsToPaste,
  ...awsFormats,
  ...routingRuleFormats,
  ...toolFormats,
  ...terraformFormats,
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
