/** Requests as access logs tell of them: a value for each variable. */

import type { ApiType } from '../../lambda/core/format/known/log-format';

const values: Readonly<Record<string, string>> = {
  accountId: '123456789012',
  apiId: 'a1b2c3d4e5',
  stage: 'prod',
  'identity.apiKeyId': 'k1k2k3k4k5',
  'identity.apiKey': 'made-up-key-value-0123456789',
  requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  extendedRequestId: 'GTZ8aFRkoAMFqqg=',
  requestTime: '09/Jun/2023:16:23:37 +0000',
  requestTimeEpoch: '1686327817123',
  httpMethod: 'GET',
  path: '/prod/pets/42',
  resourcePath: '/pets/{petId}',
  protocol: 'HTTP/1.1',
  status: '200',
  domainName: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
  'identity.sourceIp': '203.0.113.7',
  'identity.userAgent': 'Mozilla/5.0 (X11; Linux x86_64; rv:109.0)',
  'identity.userArn': 'arn:aws:sts::123456789012:assumed-role/clerk/a.b@example.com',
  'identity.user': 'AROAEXAMPLE:a.b@example.com',
  'identity.caller': 'AROAEXAMPLE:a.b@example.com',
  'identity.clientCert.subjectDN': 'CN=client,OU=pets,O=Example',
  'identity.clientCert.serialNumber': 'a1:b2:c3',
  'identity.clientCert.validity.notBefore': 'Aug  5 09:36:04 2021 GMT',
  'identity.clientCert.validity.notAfter': 'May 28 12:30:02 2029 GMT',
  xrayTraceId: 'Root=1-5f84c7a5-0123456789abcdef01234567',
};

const byApiType: Readonly<Record<ApiType, Readonly<Record<string, string>>>> = {
  REST: { routeKey: '-', eventType: '-', connectionId: '-', messageId: '-' },
  HTTP: { routeKey: 'GET /pets/{petId}', resourcePath: '-', 'identity.apiKeyId': '-' },
  WEBSOCKET: {
    routeKey: '$connect',
    eventType: 'CONNECT',
    connectionId: 'GTZ8aeLkIAMCKeg=',
    messageId: '-',
    httpMethod: '-',
    resourcePath: '-',
    path: '-',
    protocol: '-',
  },
};

/** What an ordinary request gives for a variable. */
export function ordinaryValue(variable: string, apiType: ApiType): string {
  if (/(latency|Latency|Status|Length|status|Processed)$/.test(variable)) {
    return byApiType[apiType][variable] ?? values[variable] ?? '17';
  }
  return byApiType[apiType][variable] ?? values[variable] ?? '-';
}
