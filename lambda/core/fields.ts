/**
 * THE table of what an access log can carry: one row for every `$context` variable.
 *
 * Everything that lists fields (parsers, renderers, log formats, table columns) is a rendering of
 * these rows. A name stands for one variable only, so a name alone tells the field.
 */

/**
 * How a value is read: `epoch` is seconds or milliseconds since 1970 (HTTP APIs write seconds, REST
 * and WebSocket APIs milliseconds); `timestamp` is a date in words, CLF's or a certificate's.
 */
export type FieldType = 'string' | 'integer' | 'epoch' | 'timestamp';

export interface Field {
  /** The variable after `$context.`, such as `identity.apiKeyId`. */
  readonly variable: string;
  /**
   * The canonical column: snake_case, flat, no dots. Two variables that AWS documents as equal
   * (`integrationLatency` and `integration.latency`) share one.
   */
  readonly column: string;
  readonly type: FieldType;
  /** What known log formats call it, beside the column's own name. */
  readonly names: readonly string[];
  /** A live credential: never logged, masked in delivered lines. */
  readonly secret?: true;
}

type Row = readonly [variable: string, column: string, names: string, type?: FieldType];

// Names in the order in which a line that carries several of them is believed.
const rows: readonly Row[] = [
  ['accountId', 'account_id', 'accountId'],
  ['apiId', 'api_id', 'apiId'],
  ['stage', 'stage', ''],
  ['identity.apiKeyId', 'api_key_id', 'apiKeyId identityApiKeyId key_id'],
  ['identity.apiKey', 'api_key', 'apiKey identityApiKey'],
  ['requestId', 'request_id', 'requestId'],
  ['extendedRequestId', 'extended_request_id', 'extendedRequestId'],
  ['requestTime', 'request_time', 'requestTime', 'timestamp'],
  ['requestTimeEpoch', 'request_time_epoch', 'requestTimeEpoch', 'epoch'],
  ['httpMethod', 'http_method', 'httpMethod method'],
  ['path', 'path', 'uri'],
  ['resourcePath', 'resource_path', 'resourcePath'],
  ['resourceId', 'resource_id', 'resourceId'],
  ['routeKey', 'route_key', 'routeKey'],
  ['protocol', 'protocol', ''],
  ['status', 'status', 'response_status', 'integer'],
  ['responseLength', 'response_length', 'responseLength response_size', 'integer'],
  ['responseLatency', 'response_latency', 'responseLatency request_latency', 'integer'],
  ['responseOverride.status', 'response_override_status', 'responseOverrideStatus', 'integer'],
  ['dataProcessed', 'data_processed', 'dataProcessed', 'integer'],
  ['domainName', 'domain_name', 'domainName'],
  ['domainPrefix', 'domain_prefix', 'domainPrefix'],
  [
    'customDomain.basePathMatched',
    'custom_domain_base_path_matched',
    'customDomainBasePathMatched',
  ],
  [
    'customDomain.routingRuleIdMatched',
    'custom_domain_routing_rule_id_matched',
    'customDomainRoutingRuleIdMatched',
  ],
  ['deploymentId', 'deployment_id', 'deploymentId'],
  ['isCanaryRequest', 'is_canary_request', 'isCanaryRequest'],

  ['identity.sourceIp', 'source_ip', 'ip identitySourceIp sourceIp'],
  ['identity.userAgent', 'user_agent', 'userAgent identityUserAgent'],
  ['identity.user', 'user', 'identityUser'],
  ['identity.userArn', 'user_arn', 'userArn identityUserArn'],
  ['identity.caller', 'caller', 'identityCaller'],
  ['identity.accountId', 'caller_account_id', 'identityAccountId userAccountId'],
  ['identity.principalOrgId', 'principal_org_id', 'identityPrincipalOrgId'],
  ['identity.vpcId', 'vpc_id', 'identityVpcId'],
  ['identity.vpceId', 'vpce_id', 'identityVpceId'],
  [
    'identity.cognitoAuthenticationProvider',
    'cognito_authentication_provider',
    'identityCognitoAuthenticationProvider',
  ],
  [
    'identity.cognitoAuthenticationType',
    'cognito_authentication_type',
    'identityCognitoAuthenticationType',
  ],
  ['identity.cognitoIdentityId', 'cognito_identity_id', 'identityCognitoIdentityId'],
  ['identity.cognitoIdentityPoolId', 'cognito_identity_pool_id', 'identityCognitoIdentityPoolId'],
  [
    'identity.clientCert.clientCertPem',
    'client_cert_pem',
    'clientCertPem identityClientCertClientCertPem',
  ],
  [
    'identity.clientCert.subjectDN',
    'client_cert_subject_dn',
    'clientsubjectDN identityClientCertSubjectDN',
  ],
  [
    'identity.clientCert.issuerDN',
    'client_cert_issuer_dn',
    'clientissuerDN identityClientCertIssuerDN',
  ],
  [
    'identity.clientCert.serialNumber',
    'client_cert_serial_number',
    'clientserialNumber identityClientCertSerialNumber',
  ],
  [
    'identity.clientCert.validity.notBefore',
    'client_cert_not_before',
    'clientnotBefore identityClientCertValidityNotBefore',
    'timestamp',
  ],
  [
    'identity.clientCert.validity.notAfter',
    'client_cert_not_after',
    'clientnotAfter identityClientCertValidityNotAfter',
    'timestamp',
  ],

  ['authorizer.principalId', 'authorizer_principal_id', 'authorizerPrincipalId'],
  ['authorizer.claims.property', 'authorizer_claims_property', 'authorizerClaimsProperty'],
  ['authorizer.property', 'authorizer_property', 'authorizerProperty'],
  ['authorizer.error', 'authorizer_error', 'authorizerError'],
  ['authorizer.status', 'authorizer_status', 'authorizerStatus', 'integer'],
  ['authorizer.latency', 'authorizer_latency', 'authorizerLatency', 'integer'],
  ['authorizer.requestId', 'authorizer_request_id', 'authorizerRequestId'],
  [
    'authorizer.integrationLatency',
    'authorizer_integration_latency',
    'authorizerIntegrationLatency',
    'integer',
  ],
  [
    'authorizer.integrationStatus',
    'authorizer_integration_status',
    'authorizerIntegrationStatus',
    'integer',
  ],
  ['authorize.error', 'authorize_error', 'authorizeError'],
  ['authorize.latency', 'authorize_latency', 'authorizeLatency', 'integer'],
  ['authorize.status', 'authorize_status', 'authorizeStatus', 'integer'],
  ['authenticate.error', 'authenticate_error', 'authenticateError'],
  ['authenticate.latency', 'authenticate_latency', 'authenticateLatency', 'integer'],
  ['authenticate.status', 'authenticate_status', 'authenticateStatus', 'integer'],

  ['integration.latency', 'integration_latency', 'integrationLatency', 'integer'],
  ['integrationLatency', 'integration_latency', 'contextIntegrationLatency', 'integer'],
  ['integration.status', 'integration_status', 'integrationStatus', 'integer'],
  [
    'integration.integrationStatus',
    'integration_service_status',
    'integrationIntegrationStatus',
    'integer',
  ],
  ['integrationStatus', 'integration_service_status', 'contextIntegrationStatus', 'integer'],
  ['integration.error', 'integration_error', 'integrationError'],
  ['integrationErrorMessage', 'integration_error', 'integrationErrorMessage'],
  ['integration.requestId', 'integration_request_id', 'integrationRequestId'],
  ['awsEndpointRequestId', 'aws_endpoint_request_id', 'awsEndpointRequestId'],
  ['awsEndpointRequestId2', 'aws_endpoint_request_id_2', 'awsEndpointRequestId2'],

  ['error.message', 'error_message', 'errorMessage'],
  ['error.messageString', 'error_message_string', 'errorMessageString'],
  ['error.responseType', 'error_response_type', 'errorResponseType'],
  ['error.validationErrorString', 'error_validation_string', 'errorValidationErrorString'],

  ['waf.error', 'waf_error', 'wafError'],
  ['waf.latency', 'waf_latency', 'wafLatency', 'integer'],
  ['waf.status', 'waf_status', 'wafStatus', 'integer'],
  ['wafResponseCode', 'waf_response_code', 'wafResponseCode'],
  ['webaclArn', 'webacl_arn', 'webaclArn'],
  ['xrayTraceId', 'xray_trace_id', 'xrayTraceId'],

  ['eventType', 'event_type', 'eventType'],
  ['connectionId', 'connection_id', 'connectionId'],
  ['connectedAt', 'connected_at', 'connectedAt', 'epoch'],
  ['messageId', 'message_id', 'messageId'],
  ['disconnectStatusCode', 'disconnect_status_code', 'disconnectStatusCode', 'integer'],
  ['disconnectReason', 'disconnect_reason', 'disconnectReason'],
];

const secretVariables: ReadonlySet<string> = new Set(['identity.apiKey']);

export const fields: readonly Field[] = rows.map(([variable, column, names, type = 'string']) => ({
  variable,
  column,
  type,
  names: names === '' ? [] : names.split(' '),
  ...(secretVariables.has(variable) ? { secret: true } : {}),
}));

const byVariable = new Map(fields.map((field) => [field.variable, field]));

/** The row of a `$context` variable, given with or without its `$context.`. */
export function fieldOfVariable(variable: string): Field | undefined {
  return byVariable.get(variable.replace(/^\$context\./, ''));
}

const byName = new Map<string, Field>();
for (const field of fields) {
  for (const name of [field.column, ...field.names]) {
    // The first row of a shared column owns its name.
    if (!byName.has(name)) byName.set(name, field);
  }
}

/** The row that a name in a log line stands for. */
export function fieldNamed(name: string): Field | undefined {
  return byName.get(name);
}

/** All names that a line may give a column's field, the most trusted first. */
export function namesOf(field: Field): readonly string[] {
  return [field.column, ...field.names];
}

/** API Gateway writes `-` for a variable without a value. */
export const NO_VALUE = '-';

/** Whether a value says nothing: absent, empty or API Gateway's `-`. */
export function isNoValue(value: string | null | undefined): value is '' | '-' | null | undefined {
  return value === undefined || value === null || value === '' || value === NO_VALUE;
}
