import fc from 'fast-check';
import { fieldNamed } from '../../../../lambda/core/fields';
import { Names } from '../../../../lambda/core/names';
import { treatNestedSecrets } from '../../../../lambda/core/values/nested-secrets';
import { type SecretTreatment, secretTreatments } from '../../../../lambda/core/values/secrets';
import { fuzzRuns } from '../../../support/fuzz-runs';

function treated(token: string, treatment: SecretTreatment): string {
  return treatNestedSecrets(token, 'value', treatment, Names.ofTable);
}

describe('the secrets inside a value', () => {
  const cases = [
    { token: '"apiKey"', masked: '"apiKey"', removed: '"apiKey"' },
    { token: '[ ]', masked: '[ ]', removed: '[ ]' },
    { token: '{"apiKey":"0123456789"}', masked: '{"apiKey":"****6789"}', removed: '{}' },
    {
      token: '{"apiKey" : "0123456789" , "a":1.0}',
      masked: '{"apiKey" : "****6789" , "a":1.0}',
      removed: '{"a":1.0}',
    },
    {
      token: '{ "a":[{"b":"}{"}, {"x-api-key":"0123456789"}] , "api_key":12345678 }',
      masked: '{ "a":[{"b":"}{"}, {"x-api-key":"****6789"}] , "api_key":"****5678" }',
      removed: '{ "a":[{"b":"}{"}, {}]  }',
    },
    {
      token: '{"apiKey":"x","api_key":{"v":["s"]},"a":1,"apikey":"y","b":2}',
      masked: '{"apiKey":"****","api_key":"****","a":1,"apikey":"****","b":2}',
      removed: '{"a":1,"b":2}',
    },
    {
      token: '{"a\\"":"\\"apiKey\\":\\"0123456789\\"","\\u0061piKey":"0123456789"}',
      masked: '{"a\\"":"\\"apiKey\\":\\"****6789\\"","\\u0061piKey":"****6789"}',
      removed: '{"a\\"":"\\"apiKey\\":\\"\\""}',
    },
    {
      token: '{"apiK\\ney":"0123456789","a":1}',
      masked: '{"apiK\\ney":"****6789","a":1}',
      removed: '{"a":1}',
    },
    {
      token: '"{\\"identity\\":{\\"apiKey\\":\\"0123456789\\"}}"',
      masked: '"{\\"identity\\":{\\"apiKey\\":\\"****6789\\"}}"',
      removed: '"{\\"identity\\":{\\"apiKey\\":\\"\\"}}"',
    },
    {
      token: '["{\\u0022apiKey\\u0022:\\u00220123456789\\u0022}",1.10]',
      masked: '["{\\"apiKey\\":\\"****6789\\"}",1.10]',
      removed: '["{\\"apiKey\\":\\"\\"}",1.10]',
    },
    {
      token: '"{\\"a\\":\\"{\\\\\\"apiKey\\\\\\":\\\\\\"0123456789\\\\\\"}\\"}"',
      masked: '"{\\"a\\":\\"{\\\\\\"apiKey\\\\\\":\\\\\\"****6789\\\\\\"}\\"}"',
      removed: '"{\\"a\\":\\"{\\\\\\"apiKey\\\\\\":\\\\\\"\\\\\\"}\\"}"',
    },
    {
      token: '"Mozilla \\"like Gecko\\" \\u00e9 apiKeyId=0123456789"',
      masked: '"Mozilla \\"like Gecko\\" \\u00e9 apiKeyId=0123456789"',
      removed: '"Mozilla \\"like Gecko\\" \\u00e9 apiKeyId=0123456789"',
    },
    {
      token: '"/orders?api_key=0123456789&page=2"',
      masked: '"/orders?api_key=****6789&page=2"',
      removed: '"/orders?api_key=&page=2"',
    },
    {
      token: '["accept: */*, X-Api-Key: 0123456789, host: a"]',
      masked: '["accept: */*, X-Api-Key: ****6789, host: a"]',
      removed: '["accept: */*, X-Api-Key: , host: a"]',
    },
    {
      token: '"{sourceIp=203.0.113.9, apiKey\\u003d0123456789}"',
      masked: '"{sourceIp=203.0.113.9, apiKey=****6789}"',
      removed: '"{sourceIp=203.0.113.9, apiKey=}"',
    },
    {
      token: '"Map(apiKey -> 0123456789, ip -> 1)"',
      masked: '"Map(apiKey -> ****6789, ip -> 1)"',
      removed: '"Map(apiKey -> , ip -> 1)"',
    },
    {
      token: '"{\\"api\\":{\\"id\\":\\"7\\",\\"key\\":\\"0123456789\\"}}"',
      masked: '"{\\"api\\":{\\"id\\":\\"7\\",\\"key\\":\\"****6789\\"}}"',
      removed: '"{\\"api\\":{\\"id\\":\\"7\\",\\"key\\":\\"\\"}}"',
    },
    {
      token: '"/keys?key=0123456789"',
      masked: '"/keys?key=0123456789"',
      removed: '"/keys?key=0123456789"',
    },
    { token: '{"apiKey":"-"}', masked: '{"apiKey":"-"}', removed: '{}' },
  ];
  for (const { token, masked, removed } of cases) {
    test(`of ${token} are kept, masked or removed`, () => {
      expect(treated(token, 'keep')).toBe(token);
      expect(treated(token, 'mask')).toBe(masked);
      expect(treated(token, 'remove')).toBe(removed);
    });
  }

  const { nested } = fc.letrec((tie) => ({
    nested: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('nested'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('apiKey', 'api_key', 'a', 'key_id', '"'), tie('nested')),
    ),
  }));

  test('go, and nothing else does, whatever holds them', () => {
    fc.assert(
      fc.property(nested, fc.nat(2), (value, indent) => {
        const token = JSON.stringify(value, undefined, indent).replaceAll('\n', ' ');

        expect(JSON.parse(treated(token, 'remove'))).toEqual(withoutSecrets(token));
        for (const treatment of secretTreatments) {
          const result = treated(token, treatment);
          expect(withoutSecrets(result)).toEqual(withoutSecrets(token));
        }
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  test('are found in a megabyte of nesting', () => {
    const depth = 100_000;
    const token = `${'{"a":'.repeat(depth)}{"apiKey":"0123456789"}${'}'.repeat(depth)}`;

    expect(treated(token, 'mask')).toBe(token.replace('0123456789', '****6789'));
  });
});

function withoutSecrets(json: string): unknown {
  return JSON.parse(json, function (name, value) {
    return !Array.isArray(this) && fieldNamed(name)?.secret ? undefined : value;
  });
}
