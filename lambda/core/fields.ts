/**
 * THE table of what an access log can carry: one row for every `$context` variable.
 *
 * Everything that lists fields (parsers, renderers, log formats, table columns) is a rendering of
 * these rows. A name stands for one variable only, so the name alone identifies the field.
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
  /** Where an Elastic Common Schema document has it: API Gateway's own part where ECS has no field. */
  readonly ecsPaths: readonly string[];
  /** A live credential: never logged, masked in delivered lines. */
  readonly secret?: true;
}

type Row = readonly [
  variable: string,
  column: string,
  names: string,
  ecsPaths: string,
  type?: FieldType,
];

// Names in the order in which a line that carries several of them is believed. An ECS path that
// starts with a dot stands under `aws.api_gateway`. Elastic's own list of fields and its example event
// have the user's principal id in two places: so has ours.
// biome-ignore format: a table reads best with a row a line
const rows: readonly Row[] = [
  ['accountId', 'account_id', 'accountId', 'cloud.account.id'],
  ['apiId', 'api_id', 'apiId', '.api_id'],
  ['stage', 'stage', '', '.stage'],
  ['identity.apiKeyId', 'api_key_id', 'apiKeyId identityApiKeyId key_id', '.api_key.id'],
  ['identity.apiKey', 'api_key', 'apiKey identityApiKey apikey ApiKey x-api-key', '.api_key.value'],
  ['requestId', 'request_id', 'requestId', '.request_id'],
  ['extendedRequestId', 'extended_request_id', 'extendedRequestId', 'http.request.id'],
  ['requestTime', 'request_time', 'requestTime', '@timestamp', 'timestamp'],
  ['requestTimeEpoch', 'request_time_epoch', 'requestTimeEpoch', '@timestamp', 'epoch'],
  ['httpMethod', 'http_method', 'httpMethod method', 'http.request.method'],
  ['path', 'path', 'uri requestPath', 'url.path url.original'],
  ['resourcePath', 'resource_path', 'resourcePath', '.resource.path'],
  ['resourceId', 'resource_id', 'resourceId', '.resource.id'],
  ['routeKey', 'route_key', 'routeKey', '.route_key'],
  ['protocol', 'protocol', '', 'http.version'],
  ['status', 'status', 'response_status', 'http.response.status_code', 'integer'],
  ['responseLength', 'response_length', 'responseLength response_size', 'http.response.body.bytes', 'integer'],
  ['responseLatency', 'response_latency', 'responseLatency request_latency', 'event.duration', 'integer'],
  ['responseOverride.status', 'response_override_status', 'responseOverrideStatus', '.response_override.status', 'integer'],
  ['dataProcessed', 'data_processed', 'dataProcessed', '.data_processed', 'integer'],
  ['domainName', 'domain_name', 'domainName', 'url.domain destination.address destination.domain'],
  ['domainPrefix', 'domain_prefix', 'domainPrefix', '.domain_prefix'],
  ['customDomain.basePathMatched', 'custom_domain_base_path_matched', 'customDomainBasePathMatched', '.custom_domain.base_path_matched'],
  ['customDomain.routingRuleIdMatched', 'custom_domain_routing_rule_id_matched', 'customDomainRoutingRuleIdMatched', '.custom_domain.routing_rule_id_matched'],
  ['tlsVersion', 'tls_version', 'tlsVersion', 'tls.version'],
  ['cipherSuite', 'cipher_suite', 'cipherSuite', 'tls.cipher'],
  ['deploymentId', 'deployment_id', 'deploymentId', '.deployment_id'],
  ['isCanaryRequest', 'is_canary_request', 'isCanaryRequest', '.is_canary_request'],

  ['identity.sourceIp', 'source_ip', 'ip identitySourceIp sourceIp', 'source.address'],
  ['identity.userAgent', 'user_agent', 'userAgent identityUserAgent', 'user_agent.original'],
  ['identity.user', 'user', 'identityUser', '.user.principal_id .principal_id'],
  ['identity.userArn', 'user_arn', 'userArn identityUserArn', '.user.arn'],
  ['identity.caller', 'caller', 'identityCaller', '.user.caller'],
  ['identity.accountId', 'caller_account_id', 'identityAccountId userAccountId', '.user.account_id'],
  ['identity.principalOrgId', 'principal_org_id', 'identityPrincipalOrgId', '.user.principal_org_id'],
  ['identity.vpcId', 'vpc_id', 'identityVpcId', '.vpc.id'],
  ['identity.vpceId', 'vpce_id', 'identityVpceId', '.vpc.endpoint_id'],
  ['identity.cognitoAuthenticationProvider', 'cognito_authentication_provider', 'identityCognitoAuthenticationProvider', '.cognito.authentication_provider'],
  ['identity.cognitoAuthenticationType', 'cognito_authentication_type', 'identityCognitoAuthenticationType', '.cognito.authentication_type'],
  ['identity.cognitoIdentityId', 'cognito_identity_id', 'identityCognitoIdentityId', '.cognito.identity_id'],
  ['identity.cognitoIdentityPoolId', 'cognito_identity_pool_id', 'identityCognitoIdentityPoolId', '.cognito.identity_pool_id'],
  ['identity.clientCert.clientCertPem', 'client_cert_pem', 'clientCertPem identityClientCertClientCertPem', 'tls.client.certificate'],
  ['identity.clientCert.subjectDN', 'client_cert_subject_dn', 'clientsubjectDN identityClientCertSubjectDN', 'tls.client.subject tls.client.x509.subject.distinguished_name'],
  ['identity.clientCert.issuerDN', 'client_cert_issuer_dn', 'clientissuerDN identityClientCertIssuerDN', 'tls.client.issuer tls.client.x509.issuer.distinguished_name'],
  ['identity.clientCert.serialNumber', 'client_cert_serial_number', 'clientserialNumber identityClientCertSerialNumber', 'tls.client.x509.serial_number'],
  ['identity.clientCert.validity.notBefore', 'client_cert_not_before', 'clientnotBefore identityClientCertValidityNotBefore', 'tls.client.x509.not_before', 'timestamp'],
  ['identity.clientCert.validity.notAfter', 'client_cert_not_after', 'clientnotAfter identityClientCertValidityNotAfter', 'tls.client.x509.not_after', 'timestamp'],

  ['authorizer.principalId', 'authorizer_principal_id', 'authorizerPrincipalId', '.authorizer.principal_id'],
  ['authorizer.claims.property', 'authorizer_claims_property', 'authorizerClaimsProperty', '.authorizer.claims_property'],
  ['authorizer.property', 'authorizer_property', 'authorizerProperty', '.authorizer.property'],
  ['authorizer.error', 'authorizer_error', 'authorizerError', '.authorizer.error'],
  ['authorizer.status', 'authorizer_status', 'authorizerStatus', '.authorizer.status', 'integer'],
  ['authorizer.latency', 'authorizer_latency', 'authorizerLatency', '.authorizer.latency', 'integer'],
  ['authorizer.requestId', 'authorizer_request_id', 'authorizerRequestId', '.authorizer.request_id'],
  ['authorizer.integrationLatency', 'authorizer_integration_latency', 'authorizerIntegrationLatency', '.authorizer.integration_latency', 'integer'],
  ['authorizer.integrationStatus', 'authorizer_integration_status', 'authorizerIntegrationStatus', '.authorizer.integration_status', 'integer'],
  ['authorize.error', 'authorize_error', 'authorizeError', '.authorize.error'],
  ['authorize.latency', 'authorize_latency', 'authorizeLatency', '.authorize.latency', 'integer'],
  ['authorize.status', 'authorize_status', 'authorizeStatus', '.authorize.status', 'integer'],
  ['authenticate.error', 'authenticate_error', 'authenticateError', '.authenticate.error'],
  ['authenticate.latency', 'authenticate_latency', 'authenticateLatency', '.authenticate.latency', 'integer'],
  ['authenticate.status', 'authenticate_status', 'authenticateStatus', '.authenticate.status', 'integer'],

  ['integration.latency', 'integration_latency', 'integrationLatency', '.integration.latency', 'integer'],
  ['integrationLatency', 'integration_latency', 'contextIntegrationLatency', '.integration.latency', 'integer'],
  ['integration.status', 'integration_status', 'integrationStatus', '.integration.status', 'integer'],
  ['integration.integrationStatus', 'integration_service_status', 'integrationIntegrationStatus', '.integration.service_status', 'integer'],
  ['integrationStatus', 'integration_service_status', 'contextIntegrationStatus', '.integration.service_status', 'integer'],
  ['integration.responseTransferMode', 'response_transfer_mode', 'responseTransferMode', '.integration.response_transfer_mode'],
  ['integration.timeToAllHeaders', 'time_to_all_headers', 'timeToAllHeaders', '.integration.time_to_all_headers', 'integer'],
  ['integration.timeToFirstContent', 'time_to_first_content', 'timeToFirstContent', '.integration.time_to_first_content', 'integer'],
  ['integration.error', 'integration_error', 'integrationError', '.integration.error'],
  ['integrationErrorMessage', 'integration_error', 'integrationErrorMessage', '.integration.error'],
  ['integration.requestId', 'integration_request_id', 'integrationRequestId', '.integration.request_id'],
  ['awsEndpointRequestId', 'aws_endpoint_request_id', 'awsEndpointRequestId', '.endpoint.request_id'],
  ['awsEndpointRequestId2', 'aws_endpoint_request_id_2', 'awsEndpointRequestId2', '.endpoint.request_id_2'],

  ['error.message', 'error_message', 'errorMessage', 'error.message'],
  ['error.messageString', 'error_message_string', 'errorMessageString', '.error.message_string'],
  ['error.responseType', 'error_response_type', 'errorResponseType', '.error.response_type'],
  ['error.validationErrorString', 'error_validation_string', 'errorValidationErrorString', '.error.validation_string'],

  ['waf.error', 'waf_error', 'wafError', '.waf.error'],
  ['waf.latency', 'waf_latency', 'wafLatency', '.waf.latency', 'integer'],
  ['waf.status', 'waf_status', 'wafStatus', '.waf.status', 'integer'],
  ['wafResponseCode', 'waf_response_code', 'wafResponseCode', '.waf.response_code'],
  ['webaclArn', 'webacl_arn', 'webaclArn', '.waf.web_acl_arn'],
  ['xrayTraceId', 'xray_trace_id', 'xrayTraceId', 'trace.id'],

  ['eventType', 'event_type', 'eventType', '.event_type'],
  ['connectionId', 'connection_id', 'connectionId', '.connection.id'],
  ['connectedAt', 'connected_at', 'connectedAt', '.connection.connected_at', 'epoch'],
  ['messageId', 'message_id', 'messageId', '.message_id'],
  ['disconnectStatusCode', 'disconnect_status_code', 'disconnectStatusCode', '.disconnect.status_code', 'integer'],
  ['disconnectReason', 'disconnect_reason', 'disconnectReason', '.disconnect.reason'],
];

const secretVariables: ReadonlySet<string> = new Set(['identity.apiKey']);

export const fields: readonly Field[] = rows.map(
  ([variable, column, names, ecsPaths, type = 'string']) => ({
    variable,
    column,
    type,
    names: names === '' ? [] : names.split(' '),
    ecsPaths: ecsPaths.split(' ').map((path) => path.replace(/^\./, 'aws.api_gateway.')),
    ...(secretVariables.has(variable) ? { secret: true } : {}),
  }),
);

/** The rows by column, the first one of each: what is written by column lists these. */
export const columns: readonly Field[] = [
  ...new Map(fields.toReversed().map((field) => [field.column, field])).values(),
].toReversed();

/** The columns of the flat shapes that are no field of a log. */
export const ownColumns = {
  apiType: 'api_type',
  usagePlanId: 'usage_plan_id',
  extra: 'extra',
  unparsedLine: 'unparsed_line',
  unparsedLineBase64: 'unparsed_line_base64',
} as const;

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

/** All names that a line may have for a column's field, the most trusted first. */
export function namesOf(field: Field): readonly string[] {
  return [field.column, ...field.names];
}

/** API Gateway writes `-` for a variable without a value. */
export const NO_VALUE = '-';

/** Whether a value is none: absent, empty or API Gateway's `-`. */
export function isNoValue(value: string | null | undefined): value is '' | '-' | null | undefined {
  return value === undefined || value === null || value === '' || value === NO_VALUE;
}
