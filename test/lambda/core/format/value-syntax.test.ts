import { fieldOfVariable } from '../../../../lambda/core/fields';
import { fits, syntaxOf, syntaxVariables } from '../../../../lambda/core/format/value-syntax';

test('gives syntaxes to variables that the field table has', () => {
  expect(syntaxVariables.filter((variable) => !fieldOfVariable(variable))).toEqual([]);
});

describe('syntaxOf', () => {
  const cases = [
    { variable: 'status', fit: ['200', '-', '', '0'], misfit: ['2 0', 'OK', '"200"', '--'] },
    { variable: 'requestTimeEpoch', fit: ['1686327817123', '1686327817'], misfit: ['now'] },
    { variable: 'integration.latency', fit: ['17', '1.5'], misfit: ['17ms'] },
    { variable: 'identity.apiKeyId', fit: ['a1b2c3d4e5', '-'], misfit: ['a"b', 'a,b', 'a b', 'ä'] },
    { variable: 'stage', fit: ['prod', '$default', 'v1_2-b'], misfit: ['a}', '<a>'] },
    {
      variable: 'requestId',
      fit: ['c6af9ac6-7b61-11e6-9a41-93e8deadbeef', 'c6_REPLACED_INVALID_REQUEST_ID', 'JKJaXm='],
      misfit: ['a\\b', 'a;b'],
    },
    { variable: 'requestTime', fit: ['09/Jun/2023:16:23:37 +0000'], misfit: ['-', '200'] },
    {
      variable: 'identity.sourceIp',
      fit: ['203.0.113.7', '2001:db8::1', '::1', '-'],
      misfit: ['10'],
    },
    { variable: 'identity.caller', fit: ['AROAEXAMPLE:a.b+c@example.com,d', '-'], misfit: ['a b'] },
    { variable: 'httpMethod', fit: ['GET', 'M-SEARCH'], misfit: ['GET /', '"GET'] },
    { variable: 'protocol', fit: ['HTTP/1.1', 'HTTP/2.0'], misfit: ['HTTP 2'] },
    { variable: 'resourcePath', fit: ['/', '/pets/{petId+}', '-'], misfit: ['$default', 'pets'] },
    { variable: 'eventType', fit: ['CONNECT', 'MESSAGE', ''], misfit: ['GET', 'connect', '-'] },
    { variable: 'requestId', fit: ['82f3e9c6-95dc', 'EP5p3HZtIAMErBw='], misfit: ['-', 'a b'] },
    { variable: 'identity.userAgent', fit: ['"', 'any text', 'ü'], misfit: [] },
    { variable: 'authorizer.customer', fit: ['"', 'any text'], misfit: [] },
  ];
  for (const { variable, fit, misfit } of cases) {
    test(`knows what ${variable} can be`, () => {
      const syntax = syntaxOf(variable, [variable]);

      expect(fit.filter((text) => !fits(text, syntax))).toEqual([]);
      expect(misfit.filter((text) => fits(text, syntax))).toEqual([]);
    });
  }

  for (const variable of ['identity.userAgent', 'identity.apiKey', 'identity.userArn', 'path']) {
    test(`expects anything of ${variable}, which a client or its administrator writes`, () => {
      expect(syntaxOf(variable, []).chars).toBeUndefined();
    });
  }

  test('knows that requests of other APIs are no events', () => {
    expect(fits('-', syntaxOf('eventType', ['httpMethod', 'eventType']))).toBe(true);
  });

  test('tells the route of an HTTP API from the path of a resource', () => {
    expect(fits('/pets', syntaxOf('routeKey', ['httpMethod']))).toBe(false);
    expect(fits('GET /pets', syntaxOf('routeKey', ['httpMethod']))).toBe(true);
    expect(fits('/pets', syntaxOf('routeKey', ['eventType']))).toBe(true);
  });
});
