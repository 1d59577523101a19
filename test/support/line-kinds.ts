/** Lines as API Gateway makes them of requests of several kinds, by the value of each variable. */

import { fieldOfVariable } from '../../lambda/core/fields';

/** The value of an API key; nothing else in such a line has any characters of it in a row. */
export const SECRET = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789wxyz';

/** As API Gateway writes them. */
const usual: Readonly<Record<string, string>> = {
  accountId: '111122223333',
  apiId: '7k2m9x4qpa',
  stage: 'prod',
  'identity.apiKeyId': 'k3yac4me01',
  'identity.apiKey': SECRET,
  requestId: '82f3e9c6-95dc-4b8d-ab11-818d5701919e',
  extendedRequestId: 'EP5p3HZtIAMErBw=',
  requestTime: '09/Jun/2023:10:11:12 +0000',
  requestTimeEpoch: '1686305472000',
  httpMethod: 'GET',
  path: '/prod/pets/7',
  resourcePath: '/pets/{id}',
  routeKey: 'GET /pets/{id}',
  protocol: 'HTTP/1.1',
  status: '503',
  domainName: 'api.example.com',
  domainPrefix: 'api',
  eventType: 'MESSAGE',
  connectedAt: '1686305400123',
  isCanaryRequest: 'false',
  'identity.sourceIp': '203.0.113.7',
  'identity.userAgent': 'curl/8.5.0 (x86, linux)',
  'identity.clientCert.validity.notBefore': 'May 28 12:30:02 2019 GMT',
  'integration.responseTransferMode': 'STREAM',
  'error.messageString': '"Forbidden"',
};

/** A value that no two variables share, so that none can be taken for another. */
export function usualValue(variable: string): string {
  const own = usual[variable];
  if (own !== undefined) return own;
  const number = 100 + (hash(variable) % 900_000);
  const isNumber = fieldOfVariable(variable)?.type === 'integer';
  return isNumber ? String(number) : `value-${number}`;
}

const hash = (text: string) =>
  Array.from(text).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);

/** What any request has a value for. */
const always =
  /^(requestId|extendedRequestId|requestTime|requestTimeEpoch|status|identity\.sourceIp)$/;
const free = /userAgent$|^path$|message$|Message$|\.error$|\.principalId$|\.user$|caller$/;

/** By why a line is as it is: the value of a variable. */
export const lineKinds: Readonly<Record<string, (variable: string) => string>> = {
  plain: usualValue,
  'with dashes': (variable) => (always.test(variable) ? usualValue(variable) : '-'),
  'with empty values': (variable) => (always.test(variable) ? usualValue(variable) : ''),
  'with quotes': (variable) => usualValue(variable) + (free.test(variable) ? ' "x" y' : ''),
  'with commas and words': (variable) =>
    free.test(variable) ? `/a b, c ${hash(variable)} d` : usualValue(variable),
  'with sentences': (variable) =>
    free.test(variable) ? `Internal error ${hash(variable)}` : usualValue(variable),
  'with IPv6': (variable) =>
    variable === 'identity.sourceIp' ? '2001:db8::7' : usualValue(variable),
  'beyond ASCII': (variable) => usualValue(variable) + (free.test(variable) ? 'é犬😀' : ''),
};
