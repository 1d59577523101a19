/**
 * What to give a stage: this pipeline's own format for its API type, or that of a receiving system
 * which asks for one.
 */

import { type ApiType, logFormat } from './log-format';
import { jsonFormat } from './notations';

export interface NamedFormat {
  readonly name: string;
  readonly apiType: ApiType;
  /** Who asks for it. */
  readonly system: string;
  readonly format: string;
  /**
   * Whether it reads only what no other known format does: its lines may look like those of others,
   * but for a value that may be anything.
   */
  readonly isLast?: true;
  /** What else is true of its lines, by the values of the variables: others could be cut alike. */
  readonly isOf?: (values: ReadonlyMap<string, string>) => boolean;
}

export const apiable = jsonFormat(`
  api_id api_key key_id ip method uri response_size response_status resource_id request_id
  request_latency request_time stage`);

const elasticRest = jsonFormat(`
  accountId apiId domainName extendedRequestId requestId httpMethod ip clientCertPem
  clientsubjectDN clientissuerDN clientserialNumber clientnotBefore clientnotAfter user userAgent
  userArn apiKeyId protocol requestTimeEpoch path status responseLength stage`);

const elasticHttp = jsonFormat(`
  accountId apiId domainName extendedRequestId httpMethod ip clientCertPem clientsubjectDN
  clientissuerDN clientserialNumber clientnotBefore clientnotAfter user userAgent userArn protocol
  requestTimeEpoch path status responseLength stage`);

const elasticWebSocket = jsonFormat(`
  apiId eventType domainName extendedRequestId requestId ip user userAgent userArn apiKeyId
  requestTimeEpoch status stage`);

const sumoRest = jsonFormat(`
  accountId requestId authorizerClaimsProperty extendedRequestId identitySourceIp identityCaller
  identityUser requestTime status routeKey apiId domainPrefix httpMethod
  identityClientCertSerialNumber identityUserAgent path protocol resourceId responseOverrideStatus
  authorizeError resourcePath authorizeLatency authorizeStatus authorizerError
  authorizerIntegrationStatus authorizerIntegrationLatency authorizerLatency authorizerPrincipalId
  authorizerRequestId authorizerStatus authenticateError authenticateLatency authenticateStatus
  connectedAt connectionId domainName errorMessage errorResponseType errorValidationErrorString
  eventType identityAccountId identityPrincipalOrgId identityUserArn identityApiKey
  identityApiKeyId integrationError integrationIntegrationStatus integrationLatency
  integrationRequestId integrationStatus contextIntegrationLatency responseLatency responseLength
  xrayTraceId requestTimeEpoch stage messageId wafResponseCode wafError wafLatency wafStatus
  webaclArn`);

/** The same for HTTP and WebSocket APIs. */
const sumoOther = jsonFormat(`
  requestId extendedRequestId identitySourceIp identityCaller identityUser requestTime httpMethod
  resourcePath status protocol responseLength accountId authorizerProperty routeKey responseLatency
  integrationErrorMessage apiId authorizerClaimsProperty authorizerError authorizerPrincipalId
  awsEndpointRequestId awsEndpointRequestId2 customDomainBasePathMatched dataProcessed domainName
  domainPrefix errorMessage errorResponseType identityAccountId
  identityCognitoAuthenticationProvider identityCognitoAuthenticationType identityCognitoIdentityId
  identityCognitoIdentityPoolId identityPrincipalOrgId identityClientCertClientCertPem
  identityClientCertSubjectDN identityClientCertIssuerDN identityClientCertSerialNumber
  identityClientCertValidityNotBefore identityClientCertValidityNotAfter identityUserAgent
  identityUserArn integrationError integrationIntegrationStatus integrationLatency
  integrationRequestId integrationStatus contextIntegrationLatency contextIntegrationStatus path
  requestTimeEpoch stage`);

const own = 'this pipeline';

export const formatsToPaste: readonly NamedFormat[] = [
  { name: 'rest', apiType: 'REST', system: own, format: logFormat('REST') },
  { name: 'http', apiType: 'HTTP', system: own, format: logFormat('HTTP') },
  { name: 'websocket', apiType: 'WEBSOCKET', system: own, format: logFormat('WEBSOCKET') },
  { name: 'apiable', apiType: 'REST', system: 'Apiable', format: apiable },
  { name: 'elastic-rest', apiType: 'REST', system: 'Elastic', format: elasticRest },
  { name: 'elastic-http', apiType: 'HTTP', system: 'Elastic', format: elasticHttp },
  { name: 'elastic-websocket', apiType: 'WEBSOCKET', system: 'Elastic', format: elasticWebSocket },
  { name: 'sumo-rest', apiType: 'REST', system: 'Sumo Logic', format: sumoRest },
  { name: 'sumo-http', apiType: 'HTTP', system: 'Sumo Logic', format: sumoOther },
  { name: 'sumo-websocket', apiType: 'WEBSOCKET', system: 'Sumo Logic', format: sumoOther },
];
