import fc from 'fast-check';
import { fieldNamed, fields } from '../../../lambda/core/fields';
import { namesIn } from '../../../lambda/core/format/configured-names';
import { Names } from '../../../lambda/core/names';
import { valuesOf } from '../../../lambda/core/record/line-values';
import { fuzzRuns } from '../../support/fuzz-runs';
import { lineOf } from '../../support/log-lines';
import { nested, respelled } from '../../support/respelled-path';

/** By name: the variable that a value is taken for. */
function readAs(line: Record<string, unknown>, names = Names.ofTable) {
  const values = valuesOf(lineOf(line), names);
  return Object.fromEntries(values.map(({ name, field }) => [name, field?.variable]));
}

describe('the values of a line', () => {
  test('are its members, and in place of an object those that its fields stand among', () => {
    const line = {
      context: { identity: { sourceIp: '::1' }, n: 1, empty: {} },
      claims: { stage: 'prod' },
      stage: { name: 'prod' },
      integration: { x: { status: '200' } },
    };
    expect(readAs(line)).toStrictEqual({
      'context.identity.sourceIp': 'identity.sourceIp',
      'context.n': undefined,
      'context.empty': undefined,
      claims: undefined,
      stage: 'stage',
      integration: undefined,
    });
  });

  test('have any field of the table under any spelling of its path, or none', () => {
    const spelled = fc.constantFrom(...fields).chain((field) =>
      fc.record({
        field: fc.constant(field),
        // AWS's samples call integration.status "integration-status".
        path: respelled(field.variable, { splitsWords: field.variable !== 'integrationStatus' }),
      }),
    );
    let read = 0;
    let all = 0;

    fc.assert(
      fc.property(spelled, ({ field, path }) => {
        const [taken] = valuesOf(lineOf(nested(path, 'value')), Names.ofTable);
        all++;
        if (taken?.field) read++;
        const isOfTable = path.length === 1 && fieldNamed(path[0] ?? '') !== undefined;
        expect(isOfTable ? [taken?.field?.column] : [field.column, undefined]).toContain(
          taken?.field?.column,
        );
      }),
      { numRuns: fuzzRuns(5_000) },
    );
    // Most are read; refused are those of the two integration statuses, and words torn apart.
    expect(read / all).toBeGreaterThan(0.9);
  });

  for (const own of ['integration.status', 'integration-status', 'integration_status']) {
    test(`beside ${own}, integrationStatus is the service's`, () => {
      expect(readAs({ integrationStatus: 200, [own]: 503 })).toStrictEqual({
        integrationStatus: 'integrationStatus',
        [own]: 'integration.status',
      });
    });
  }

  for (const own of ['integration.latency', 'integration-latency', 'integration_latency']) {
    test(`beside ${own}, integrationLatency is the variable of its own name`, () => {
      expect(readAs({ [own]: 17, integrationLatency: 16 })).toStrictEqual({
        [own]: 'integration.latency',
        integrationLatency: 'integrationLatency',
      });
    });
  }

  test('beside an integration with a status, integrationStatus is the service status', () => {
    const line = { integration: { status: 503 }, IntegrationStatus: 200 };
    expect(readAs(line)).toStrictEqual({
      'integration.status': 'integration.status',
      IntegrationStatus: 'integrationStatus',
    });
  });
});

describe('a configured format', () => {
  const format = JSON.stringify({
    k: '$context.identity.apiKey',
    id: '$context.identity.apiKeyId',
    integrationStatus: '$context.integrationStatus',
    apiKeyId: '$context.authorizer.keyId',
    path: 'https://$context.domainName/x',
    stage: 'prod',
    user: { arn: '$context.identity.userArn', t: '$context.requestTime' },
  });
  const names = namesIn([format]);
  const line = {
    k: 'secret',
    id: 'k1',
    integrationStatus: '200',
    apiKeyId: 'k2',
    path: 'a.example.com/x',
    stage: 'prod',
    user: { arn: 'arn', t: '-' },
  };

  test('says what the names of its lines stand for, before the table', () => {
    expect(readAs(line, names)).toStrictEqual({
      k: 'identity.apiKey',
      id: 'identity.apiKeyId',
      integrationStatus: 'integrationStatus',
      apiKeyId: undefined,
      path: undefined,
      stage: 'stage',
      'user.arn': 'identity.userArn',
      'user.t': 'requestTime',
    });
  });

  test('says it whatever a client adds to the line', () => {
    expect(readAs({ ...line, key_id: 'k3' }, names)).toMatchObject({
      id: 'identity.apiKeyId',
      key_id: 'identity.apiKeyId',
      apiKeyId: undefined,
    });
  });

  test('says nothing of lines that do not have all of its names, but that a value is secret', () => {
    const { id, ...others } = line;
    expect(readAs(others, names)).toMatchObject({
      integrationStatus: 'integration.status',
      apiKeyId: 'identity.apiKeyId',
    });
    const values = valuesOf(lineOf(others), names);
    expect(values.find(({ name }) => name === 'k')).toMatchObject({ isSecret: true });
  });

  test('of two that differ, the one counts whose names the line has and no others', () => {
    const both = namesIn([
      '{"a":"$context.requestId","v":"$context.apiId"}',
      '{"a":"$context.requestId","v":"$context.stage","b":"$context.status"}',
    ]);
    expect(readAs({ a: '1', v: 'x' }, both)['v']).toBe('apiId');
    expect(readAs({ a: '1', v: 'x', b: '200' }, both)['v']).toBe('stage');
    expect(readAs({ a: '1', v: 'x', b: '200', c: '' }, both)['v']).toBeUndefined();
  });

  test('that is no JSON has no names, and a secret in it makes any long word one', () => {
    const { hasSecretsWithoutName } = namesIn(['$context.requestId $context.identity.apiKey']);
    expect(hasSecretsWithoutName).toBe(true);
    expect(namesIn(['$context.requestId $context.status']).hasSecretsWithoutName).toBe(false);
    const ofAuthorizer = namesIn(['$context.requestId $context.authorizer.apiKey']);
    expect(ofAuthorizer.hasSecretsWithoutName).toBe(true);
  });
});
