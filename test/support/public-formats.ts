/**
 * Access-log formats that public samples, modules and stacks use. Their names and groupings are what
 * counts; long ones are cut where what follows is of the same kind.
 */

export interface PublicFormat {
  readonly name: string;
  readonly format: string;
  /**
   * Names that by the field table stand for another variable, by column: what such a line is taken to
   * say as long as its format is not configured.
   */
  readonly misnamed?: Readonly<Record<string, string>>;
}

const variable = (path: string) => `$context.${path}`;

/** A JSON format of which each name is given with its variable; a `!` leaves the quotes out. */
function json(pairs: string): string {
  const members = pairs
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [name = '', path = name] = pair.split('=');
      return path.endsWith('!')
        ? `"${name}": ${variable(path.slice(0, -1))}`
        : `"${name}":"${variable(path)}"`;
    });
  return `{ ${members.join(', ')} }`;
}

/** Every variable under its own path, with something for the dots. */
const pathNamed = (paths: string, separator: string) =>
  json(
    paths
      .trim()
      .split(/\s+/)
      .map((path) => `${path.replaceAll('.', separator)}=${path}`)
      .join(' '),
  );

const apiable = (more: string) =>
  json(`
  api_id=apiId api_key=identity.apiKey key_id=identity.apiKeyId ip=identity.sourceIp
  method=httpMethod uri=path response_size=responseLength response_status=status
  resource_id=resourceId request_id=requestId request_latency=responseLatency
  request_time=requestTimeEpoch stage ${more}`);

const routeRequest = json(`
  requestId ip=identity.sourceIp requestTime httpMethod routeKey status protocol
  integrationStatus=integrationStatus! integrationLatency=integrationLatency! responseLength`);

const enhanced = `
  requestId waf-error=waf.error waf-status=waf.status waf-latency=waf.latency
  waf-response=wafResponseCode authenticate-error=authenticate.error
  authenticate-status=authenticate.status authenticate-latency=authenticate.latency
  authorize-error=authorize.error authorize-status=authorize.status
  authorize-latency=authorize.latency integration-error=integration.error
  integration-status=integration.status integration-latency=integration.latency
  integration-requestId=integration.requestId
  integration-integrationStatus=integration.integrationStatus response-latency=responseLatency status`;

const everything = `
  accountId apiId authenticate.error authenticate.latency authenticate.status authorize.error
  authorize.latency authorize.status authorizer.error authorizer.integrationLatency
  authorizer.integrationStatus authorizer.latency authorizer.principalId authorizer.requestId
  authorizer.status awsEndpointRequestId customDomain.basePathMatched deploymentId domainName
  domainPrefix error.message error.responseType error.validationErrorString extendedRequestId
  httpMethod identity.accountId identity.apiKey identity.apiKeyId identity.caller
  identity.cognitoIdentityId identity.principalOrgId
  identity.sourceIp identity.clientCert.subjectDN identity.clientCert.issuerDN
  identity.clientCert.serialNumber identity.vpcId identity.vpceId identity.user identity.userAgent
  identity.userArn integration.error integration.integrationStatus integration.latency
  integration.requestId integration.status path protocol requestId responseLength
  responseLatency responseOverride.status requestTime requestTimeEpoch resourceId resourcePath stage
  status xrayTraceId`;

const azul = `
  accountId apiId authorizer.error authorizer.principalId awsEndpointRequestId
  awsEndpointRequestId2 customDomain.basePathMatched dataProcessed domainName domainPrefix
  error.message error.messageString error.responseType extendedRequestId httpMethod
  identity.accountId identity.caller identity.cognitoIdentityId identity.clientCert.subjectDN
  identity.clientCert.validity.notBefore identity.sourceIp identity.user identity.userAgent
  identity.userArn integration.error integration.latency integration.requestId
  integration.status path protocol requestId requestTime requestTimeEpoch responseLatency
  responseLength routeKey stage status`;

const clf = (tail: string) =>
  `$context.identity.sourceIp - - [$context.requestTime] "$context.httpMethod $context.routeKey ` +
  `$context.protocol" $context.status $context.responseLength $context.requestId${tail}`;

const keyValues = (paths: string, separator: string, assign = '=') =>
  paths
    .trim()
    .split(/\s+/)
    .map((path) => `${path.replace('identity.', '')}${assign}${variable(path)}`)
    .join(separator);

export const publicFormats: readonly PublicFormat[] = [
  {
    name: 'Apiable: usage of subscriptions',
    format: apiable(`
      plan_id=authorizer.apiable_plan_id subscription_id=authorizer.apiable_subscription_id`),
  },
  {
    name: 'Apiable: tokens',
    format: apiable(`
      usage_prompt_tokens=responseOverride.header.usageprompttokens
      usage_completion_tokens=responseOverride.header.usagecompletiontokens
      usage_total_tokens=responseOverride.header.usagetotaltokens`),
  },
  {
    name: 'a header’s name with hyphens',
    format: json(
      'requestId apiId stage apiKeyId=identity.apiKeyId tokens=responseOverride.header.x-total-tokens',
    ),
  },
  {
    name: 'Terraform: a route key that is the resource path',
    format: json(`
      requestId ip=identity.sourceIp caller=identity.caller user=identity.user requestTime httpMethod
      routeKey=resourcePath status protocol responseLength apiKeyId=identity.apiKeyId`),
    misnamed: { route_key: 'resourcePath' },
  },
  {
    name: 'Terraform: integration errors',
    format: json(`
      requestId ip=identity.sourceIp requestTime httpMethod resourcePath status protocol
      responseLength integrationErr=integration.error apiKeyId=identity.apiKeyId`),
  },
  {
    name: 'CDK: API keys visualized',
    format: json('requestId apiId stage identity.apiKeyId'),
  },
  { name: 'infrablocks: every path with its dots', format: pathNamed(everything, '.') },
  { name: 'SAM: HTTP paths with their dots', format: pathNamed(azul, '.') },
  {
    name: 'terraform-aws-modules/apigateway-v2 since version 5',
    format:
      '{"context":{"domainName":"$context.domainName","integrationErrorMessage":"$context.integrationErrorMessage",' +
      '"protocol":"$context.protocol","requestId":"$context.requestId","requestTime":"$context.requestTime",' +
      '"responseLength":"$context.responseLength","routeKey":"$context.routeKey","stage":"$context.stage",' +
      '"status":"$context.status","error":{"message":"$context.error.message","responseType":"$context.error.responseType"},' +
      '"identity":{"sourceIP":"$context.identity.sourceIp"},"integration":{"error":"$context.integration.error",' +
      '"integrationStatus":"$context.integration.integrationStatus"}}}',
  },
  {
    name: 'terraform-aws-modules/apigateway-v2 before version 5',
    format: clf(' $context.integrationErrorMessage'),
  },
  {
    name: 'Terraform: CLF with two messages',
    format:
      '$context.identity.sourceIp - $context.identity.caller - $context.identity.user ' +
      '[$context.requestTime] "$context.httpMethod $context.routeKey $context.protocol" ' +
      '$context.status $context.responseLength $context.requestId ' +
      '$context.integrationErrorMessage $context.error.message ',
  },
  {
    name: 'Terraform: a list with blanks',
    format:
      '$context.status $context.routeKey $context.authorizer.error $context.error.message ' +
      '$context.integrationErrorMessage $context.requestId $context.identity.sourceIp',
  },
  {
    name: 'CDK: WebSocket keys and values',
    format: keyValues(
      `identity.sourceIp requestId requestTime routeKey status error.message authorizer.error
       identity.userAgent connectionId eventType apiId stage`,
      ', ',
    ),
  },
  {
    name: 'CDK: HTTP keys and values',
    format: keyValues(
      `identity.sourceIp requestId requestTime httpMethod path routeKey status error.message
       authorizer.error identity.userAgent responseLength responseLatency apiId stage`,
      ', ',
    ),
  },
  {
    name: 'keys and values between pipes',
    format: keyValues(
      'requestId identity.apiKeyId apiId stage httpMethod resourcePath status responseLatency',
      ' | ',
    ),
  },
  {
    name: 'keys and values with colons',
    format: keyValues(
      'requestId identity.sourceIp identity.caller identity.user requestTime httpMethod resourcePath status protocol responseLength',
      ', ',
      ': ',
    ),
  },
  {
    name: 'Baselime',
    format: json(`
      requestId extendedRequestId ip=identity.sourceIp caller=identity.caller user=identity.user
      requestTime httpMethod resourcePath status=status! protocol responseLength=responseLength!
      error=error.message responseLatency=responseLatency!`),
  },
  {
    name: 'cloudposse',
    format: json(`
      requestTime requestId httpMethod path resourcePath status=status! responseLatency=responseLatency!
      xrayTraceId integrationRequestId=integration.requestId
      functionResponseStatus=integration.status integrationLatency=integration.latency
      integrationServiceStatus=integration.integrationStatus authorizeResultStatus=authorize.status
      authorizerServiceStatus=authorizer.status authorizerLatency=authorizer.latency
      authorizerRequestId=authorizer.requestId ip=identity.sourceIp userAgent=identity.userAgent
      principalId=authorizer.principalId cognitoUser=identity.cognitoIdentityId user=identity.user`),
  },
  {
    name: 'obytes: nested groups',
    format:
      '{"requestId":"$context.requestId","request":{"time":"$context.requestTime","method":"$context.httpMethod",' +
      '"path":"$context.path"},"identity":{"sourceIp":"$context.identity.sourceIp","userAgent":"$context.identity.userAgent"},' +
      '"response":{"status":"$context.status","length":"$context.responseLength"},' +
      '"integration":{"status":"$context.integration.status","latency":"$context.integration.latency"},' +
      '"error":{"message":"$context.error.message"}}',
  },
  {
    name: 'babylon: a nested identity',
    format:
      '{"requestId":"$context.requestId","httpMethod":"$context.httpMethod","path":"$context.path",' +
      '"stage":"$context.stage","status":"$context.status","apiId":"$context.apiId",' +
      '"identity":{"sourceIp":"$context.identity.sourceIp","apiKeyId":"$context.identity.apiKeyId",' +
      '"user":"$context.identity.user"}}',
  },
  {
    name: 'CDK: a nested certificate',
    format:
      '{"requestId":"$context.requestId","requestTimeEpoch":"$context.requestTimeEpoch","status":"$context.status",' +
      '"identity":{"userAgent":"$context.identity.userAgent","clientCert":{"subjectDN":"$context.identity.clientCert.subjectDN",' +
      '"serialNumber":"$context.identity.clientCert.serialNumber",' +
      '"validity":{"notBefore":"$context.identity.clientCert.validity.notBefore"}}}}',
  },
  { name: 'AWS: enhanced observability with hyphens', format: json(enhanced) },
  {
    name: 'AWS: underscores among others',
    format: json(`
      request_id=requestId source_ip=identity.sourceIp request_time=requestTime
      http_method=httpMethod resource_path=resourcePath status protocol response_length=responseLength
      integration_error=integration.error integration_status=integration.status
      user_agent=identity.userAgent authorizer_error=authorizer.error`),
  },
  { name: 'azul: underscores within camel case', format: pathNamed(azul, '_') },
  {
    name: 'azul: both integration statuses',
    format: json(`
      requestId identity_sourceIp=identity.sourceIp integration_status=integration.status
      integration_integrationStatus=integration.integrationStatus integrationStatus status`),
  },
  {
    name: 'AWS serverless-samples: bare numbers',
    format: routeRequest,
    misnamed: { integration_status: 'integrationStatus' },
  },
  {
    name: 'AWS: response streaming',
    format: json(`
      requestId extendedRequestId ip=identity.sourceIp requestTime httpMethod resourcePath
      status=status! protocol responseLength=responseLength!
      integrationLatency=integration.latency!
      responseTransferMode=integration.responseTransferMode
      timeToAllHeaders=integration.timeToAllHeaders!
      timeToFirstContent=integration.timeToFirstContent! message=error.message`),
  },
  {
    name: 'AWS: a demo with a bare status',
    format: json(`
      requestId ip=identity.sourceIp requestTime httpMethod routeKey status=status! protocol
      error=error.message`),
  },
  {
    name: 'AWS queue-based-ingestion: broken JSON',
    format:
      '{"requestId":"$context.requestId" "ip":"$context.identity.sourceIp", "requestTime":"$context.requestTime", ' +
      '"httpMethod":"$context.httpMethod", "resourcePath":"$context.resourcePath", "status":"$context.status", ' +
      '"protocol":"$context.protocol", "responseLength":"$context.responseLength"}',
  },
  {
    name: 'AWS: authorizers of a private API',
    format: json(`
      requestId extendedRequestId ip=identity.sourceIp caller=identity.caller user=identity.user
      requestTime httpMethod resourcePath status authError=authorizer.error
      authPrincipal=authorizer.principalId vpce=identity.vpceId`),
  },
  {
    name: 'PascalCase',
    format: json(`
      RequestId=requestId IpAddress=identity.sourceIp RequestTime=requestTime HttpMethod=httpMethod
      RouteKey=routeKey Status=status Protocol=protocol ResponseLength=responseLength Stage=stage`),
  },
  {
    name: 'PascalCase with a key',
    format: json(`
      RequestId=requestId ApiId=apiId Stage=stage ApiKeyId=identity.apiKeyId Status=status`),
  },
  {
    name: 'two variables in one string',
    format: json(`
      requestId ip=identity.sourceIp requestTime httpMethod resourcePath status protocol responseLength
      apiId userAgent=identity.userAgent resourceId integrationLatency extendedRequestId
      totalLatency=responseLatency`).replace(
      / }$/,
      ', "proxyUrl":"https://$context.domainName$context.path" }',
    ),
  },
  {
    name: 'Ministry of Justice',
    format: json(`
      extendedRequestId ip=identity.sourceIp client=identity.clientCert.subjectDN
      issuerDN=identity.clientCert.issuerDN requestTime httpMethod resourcePath status protocol
      responseLength error=error.message integrationStatus=integration.status
      apiKeyId=identity.apiKeyId`),
  },
  {
    name: 'short names',
    format: json(`
      rid=requestId t=requestTime m=httpMethod p=path s=status len=responseLength lat=responseLatency
      ua=identity.userAgent src=identity.sourceIp key=identity.apiKeyId`),
  },
  {
    name: 'CDK: other names',
    format: json(`
      requestId xRayTraceId=xrayTraceId sourceIp=identity.sourceIp method=httpMethod
      requestPath=path resourcePath responseStatus=status latency=responseLatency
      keyId=identity.apiKeyId userAgent=identity.userAgent`),
  },
  {
    name: 'AWS apigw-log-analytic',
    format: json(`
      apiId stage accountId requestId extendedRequestId requestTime requestTimeEpoch httpMethod path
      resourcePath resourceId status protocol responseLength responseLatency
      integrationLatency=integration.latency sourceIp=identity.sourceIp
      userAgent=identity.userAgent apiKeyId=identity.apiKeyId domainName errorMessage=error.message`),
  },
  {
    name: 'claims of a token',
    format: json(`
      requestId ip=identity.sourceIp requestTime httpMethod routeKey status protocol responseLength
      path sub=authorizer.claims.sub email=authorizer.claims.email`),
  },
  {
    name: 'nested integration beside its namesakes',
    format:
      '{ "requestId":"$context.requestId", "status":"$context.status", "responseLength":$context.responseLength, ' +
      '"integrationStatus": $context.integrationStatus, "integration": { "error": "$context.integration.error", ' +
      '"integrationstatus": $context.integration.integrationStatus, "latency": $context.integration.latency, ' +
      '"requestId": "$context.integration.requestId", "status": $context.integration.status } }',
  },
  {
    name: 'CSV with a message',
    format:
      '$context.identity.sourceIp,$context.requestTime,$context.httpMethod,$context.path,' +
      '$context.protocol,$context.status,$context.responseLength,$context.requestId,' +
      '$context.extendedRequestId,$context.integrationErrorMessage',
  },
  {
    name: 'CSV with two messages',
    format:
      '$context.identity.sourceIp,$context.identity.caller,$context.identity.user,' +
      '$context.requestTime,$context.httpMethod,$context.resourcePath,$context.protocol,' +
      '$context.status,$context.responseLength,$context.requestId,' +
      '$context.integrationErrorMessage,$context.error.message',
  },
  {
    name: 'CSV with key and user agent',
    format:
      '$context.requestId,$context.identity.apiKeyId,$context.apiId,$context.stage,' +
      '$context.status,$context.identity.userAgent',
  },
  {
    name: 'braces without quotes',
    format: `{${keyValues(
      'requestId identity.sourceIp requestTime httpMethod resourcePath status protocol responseLength',
      ',',
      ':',
    )}}`,
  },
  { name: 'CLF with a key id', format: clf(' $context.identity.apiKeyId') },
  { name: 'CLF with a latency', format: clf(' $context.responseLatency') },
  { name: 'CLF with both request ids', format: clf(' $context.extendedRequestId') },
  {
    name: 'a request without quotes',
    format:
      '$context.requestTime $context.httpMethod $context.path $context.status ' +
      '$context.responseLatency $context.requestId',
  },
  {
    name: 'blanks around signs',
    format:
      'requestId=$context.requestId integrationErrorMessage = $context.integrationErrorMessage ' +
      'error.message = $context.error.message',
  },
  {
    name: 'values between marks',
    format:
      '[NONAME]$context.requestId[NONAME]$context.identity.apiKeyId[NONAME]$context.apiId[NONAME]' +
      '$context.stage[NONAME]$context.identity.userAgent[NONAME]$context.status',
  },
  {
    name: 'numbers and a message with its own quotes',
    format:
      '{"requestId":"$context.requestId","ip":"$context.identity.sourceIp","requestTime":"$context.requestTime",' +
      '"httpMethod":"$context.httpMethod","path":"$context.path","status":$context.status,' +
      '"responseLength":$context.responseLength,"responseLatency":$context.responseLatency,' +
      '"errorMessage":$context.error.messageString}',
    misnamed: { error_message: 'error.messageString' },
  },
  {
    name: 'a route of two variables',
    format:
      '{"requestId":"$context.requestId","route":"$context.httpMethod $context.resourcePath",' +
      '"status":"$context.status","latency":"$context.responseLatency",' +
      '"integrationStatus":"$context.integration.status"}',
  },
];
