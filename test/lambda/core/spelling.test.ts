import { fields, namesOf } from '../../../lambda/core/fields';
import {
  fieldAtPath,
  fieldSpelled,
  isSecretName,
  mayHoldFields,
} from '../../../lambda/core/spelling';

function variableOf(name: string): string | undefined {
  return fieldSpelled(name)?.variable;
}

describe('a name', () => {
  test('that the table has stands for what the table says', () => {
    for (const field of fields) {
      for (const name of namesOf(field)) expect(fieldSpelled(name)?.column).toBe(field.column);
    }
  });

  const cases: readonly (readonly [name: string, variable: string | undefined])[] = [
    ['identity.apiKeyId', 'identity.apiKeyId'],
    ['identity_apiKeyId', 'identity.apiKeyId'],
    ['API-KEY-ID', 'identity.apiKeyId'],
    ['$context.identity.sourceIp', 'identity.sourceIp'],
    ['SourceIp', 'identity.sourceIp'],
    ['RequestId', 'requestId'],
    ['waf-latency', 'waf.latency'],
    ['Integration-Status', 'integration.status'],
    ['context.integrationStatus', 'integrationStatus'],
    ['context.integration.status', 'integration.status'],
    ['IntegrationStatus', undefined],
    ['ContextIntegrationStatus', undefined],
    ['IntegrationLatency', 'integration.latency'],
    ['AccountID', 'accountId'],
    ['identity.accountId', 'identity.accountId'],
    ['authorizer.apiKeyId', undefined],
    ['x-stage', undefined],
    ['keyId', undefined],
    ['', undefined],
    ['context', undefined],
  ];
  for (const [name, variable] of cases) {
    test(`${JSON.stringify(name)} stands for ${variable ?? 'nothing'}`, () => {
      expect(variableOf(name)).toBe(variable);
    });
  }
});

describe('a path within objects', () => {
  const cases: readonly (readonly [path: string, variable: string | undefined])[] = [
    ['context.identity.sourceIp', 'identity.sourceIp'],
    ['context.source_ip', 'identity.sourceIp'],
    ['Identity.api-key-id', 'identity.apiKeyId'],
    ['integration.status', 'integration.status'],
    ['context.integration-status', 'integration.status'],
    ['integration.integrationStatus', 'integration.integrationStatus'],
    ['identity.clientCert.subjectDN', 'identity.clientCert.subjectDN'],
    ['api.keyId', undefined],
    ['api.id', undefined],
    ['authorizer.stage', undefined],
    ['identity.stage', undefined],
    ['claims.identity.apiKeyId', undefined],
  ];
  for (const [path, variable] of cases) {
    test(`${path} stands for ${variable ?? 'nothing'}`, () => {
      expect(fieldAtPath(path)?.variable).toBe(variable);
    });
  }

  test('leads through objects that can hold fields', () => {
    const holders = ['context', '$context', 'Context.Identity', 'identity', 'integration', 'waf'];
    expect(holders.map(mayHoldFields)).toEqual(holders.map(() => true));
    const others = ['claims', 'headers', 'api', 'identity.claims', 'context.stage'];
    expect(others.map(mayHoldFields)).toEqual(others.map(() => false));
  });
});

describe("a secret's name", () => {
  const secrets = [
    'api_key apiKey identityApiKey apikey ApiKey x-api-key X-API-Key X-Api-Key api-key API_KEY',
    'APIKey APIKEY identity.apiKey identity_api_key xApiKey x_api_key context.identity.apiKey',
    '$context.identity.apiKey apiKeyValue api_key.value api.key headers.x-api-key',
  ].flatMap((line) => line.split(' '));
  for (const name of secrets) {
    test(`is ${name}`, () => expect(isSecretName(name)).toBe(true));
  }

  for (const name of [
    'apiKeyId',
    'api_key_id',
    'identity.apiKeyId',
    'key',
    'api',
    'apiKeyIds',
    '',
  ]) {
    test(`is not ${JSON.stringify(name)}`, () => expect(isSecretName(name)).toBe(false));
  }
});
