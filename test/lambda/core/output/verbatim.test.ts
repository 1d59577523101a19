import fc from 'fast-check';
import type { Attribution } from '../../../../lambda/core/attribution/attribute';
import { fieldNamed } from '../../../../lambda/core/fields';
import { verbatimRenderer } from '../../../../lambda/core/output/verbatim';
import type { LogLine } from '../../../../lambda/core/record/log-line';
import { readLogLine } from '../../../../lambda/core/record/read-log-line';
import { type SecretTreatment, secretTreatments } from '../../../../lambda/core/values/secrets';
import { fuzzRuns } from '../../../support/fuzz-runs';

const gold: Attribution = {
  usagePlan: 'Gold',
  usagePlanId: 'p1',
  customerName: 'ACME',
  outcome: 'enriched',
};

function rendered(
  json: string,
  apiKeyValues: SecretTreatment = 'mask',
  attribution = gold,
): string {
  const renderer = verbatimRenderer({
    usagePlanField: 'usage_plan',
    customerNameField: 'customer_name',
    apiKeyValues,
  });
  return renderer.line(readLogLine(json) as LogLine, attribution);
}

test('what is said beside plan and customer stands behind them, unless the line says it', () => {
  const said = { ...gold, columns: [['team', 'blue'] as const, ['tier', 'paid'] as const] };

  expect(rendered('{"tier":"own"}', 'mask', said)).toBe(
    '{"tier":"own","usage_plan":"Gold","customer_name":"ACME","team":"blue"}\n',
  );
});

describe('the verbatim renderer', () => {
  const appended = '"usage_plan":"Gold","customer_name":"ACME"}\n';
  const cases = [
    { title: 'appends the fields', json: '{"a":1}', line: `{"a":1,${appended}` },
    { title: 'puts no comma into an empty object', json: '{ }', line: `{ ${appended}` },
    {
      title: 'keeps numbers, escapes, blanks and duplicate keys as they are',
      json: '{ "n" :12345678901234567890,"m":1.10,"s":"\\/\\u00e9é","n":2 }',
      line: `{ "n" :12345678901234567890,"m":1.10,"s":"\\/\\u00e9é","n":2 ,${appended}`,
    },
    {
      title: 'keeps a plan and a customer that the line carries',
      json: '{"usage_plan":"Own","customer_name":"Self"}',
      line: '{"usage_plan":"Own","customer_name":"Self"}\n',
    },
    {
      title: 'keeps a carried value that is no string',
      json: '{"usage_plan":0,"customer_name":{}}',
      line: '{"usage_plan":0,"customer_name":{}}\n',
    },
    {
      title: 'fills a target that is `-`, empty or null where it stands',
      json: '{"customer_name":null,"usage_plan":"-","a":1}',
      line: '{"customer_name":"ACME","usage_plan":"Gold","a":1}\n',
    },
    {
      title: 'masks the API key value to its last four characters',
      json: '{"api_key":"abcdefgh1234","identityApiKey":"x","apiKey":"-"}',
      line: `{"api_key":"****1234","identityApiKey":"****","apiKey":"-",${appended}`,
    },
    {
      title: 'masks an API key value that is no string',
      json: '{"api_key":{"v":"secret"},"apiKey":123456,"identityApiKey":null}',
      line: `{"api_key":"****","apiKey":"****3456","identityApiKey":null,${appended}`,
    },
    {
      title: 'masks a secret within an object, and leaves every other byte alone',
      json: '{"identity": { "apiKey" : "abcdefgh1234", "n":1.10 },"l":[[{"api_key":"x"}]],"z":0}',
      line: `{"identity": { "apiKey" : "****1234", "n":1.10 },"l":[[{"api_key":"****"}]],"z":0,${appended}`,
    },
    {
      title: 'finds a secret by its name, also in JSON that a string holds',
      json: '{"a":["api_key","abcdefgh1234"],"b":"\\"api_key\\":\\"abcdefgh1234\\""}',
      line: `{"a":["api_key","abcdefgh1234"],"b":"\\"api_key\\":\\"****1234\\"",${appended}`,
    },
  ];
  for (const { title, json, line } of cases) {
    test(title, () => {
      expect(rendered(json)).toBe(line);
    });
  }

  const removals = [
    { json: '{"api_key":"secret"}', rest: {} },
    { json: '{"api_key":"secret","a":1}', rest: { a: 1 } },
    { json: '{"a":1, "api_key":"secret" }', rest: { a: 1 } },
    {
      json: '{"api_key":"s","apiKey":"s","a":1,"identityApiKey":"s","api_key":"s"}',
      rest: { a: 1 },
    },
    { json: '{"api_key":"s","apiKey":"s"}', rest: {} },
    { json: '{"api_key":"s","a":{"apiKey":"s","b":[1]},"apiKey":"s"}', rest: { a: { b: [1] } } },
  ];
  for (const { json, rest } of removals) {
    test(`removes the secrets of ${json}`, () => {
      expect(JSON.parse(rendered(json, 'remove'))).toEqual({
        ...rest,
        usage_plan: 'Gold',
        customer_name: 'ACME',
      });
    });
  }

  for (const name of ['apikey', 'ApiKey', 'x-api-key']) {
    test(`masks a secret that the log format calls ${name}`, () => {
      expect(rendered(`{"${name}":"0123456789abcdef"}`)).toBe(`{"${name}":"****cdef",${appended}`);
    });
  }

  test('escapes names of plans and customers', () => {
    const names = {
      usagePlan: 'a"b\\',
      usagePlanId: 'p1',
      customerName: '\ud800\n',
      outcome: 'enriched',
    } as const;

    const { usage_plan, customer_name } = JSON.parse(rendered('{}', 'mask', names));
    expect([usage_plan, customer_name]).toEqual(['a"b\\', '\ud800\n']);
  });

  const names = fc.oneof(
    fc.string(),
    fc.constantFrom('api_key', 'apiKey', 'usage_plan', 'customer_name', 'key_id', '__proto__'),
  );
  const values = fc.oneof(fc.jsonValue(), fc.constantFrom('-', ''));
  const nested = fc.dictionary(names, fc.oneof(values, fc.array(fc.dictionary(names, values))));
  const objects = fc.dictionary(names, fc.oneof(values, nested));

  test('changes nothing of any object but the two fields and the secret', () => {
    fc.assert(
      fc.property(objects, fc.constantFrom(...secretTreatments), (object, treatment) => {
        const given = JSON.parse(JSON.stringify(object));
        const { usage_plan, customer_name, ...rest } = JSON.parse(
          rendered(JSON.stringify(object), treatment),
        );

        expect(withoutSecrets({ ...rest, usage_plan, customer_name })).toEqual(
          withoutSecrets({
            ...given,
            usage_plan: carried(given.usage_plan) ?? 'Gold',
            customer_name: carried(given.customer_name) ?? 'ACME',
          }),
        );
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  test('keeps every byte before what it appends', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        fc.pre(!Object.keys(object).some((name) => /usage_plan|customer_name|key/i.test(name)));
        const json = JSON.stringify(object);

        expect(rendered(json).startsWith(json.slice(0, -1))).toBe(true);
      }),
    );
  });

  test('never writes a line break inside a line', () => {
    fc.assert(
      fc.property(objects, fc.nat(4), (object, indent) => {
        expect(rendered(JSON.stringify(object, undefined, indent)).indexOf('\n')).toBe(
          rendered(JSON.stringify(object, undefined, indent)).length - 1,
        );
      }),
    );
  });
});

function withoutSecrets(object: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(object), function (name, value) {
    return !Array.isArray(this) && fieldNamed(name)?.secret ? undefined : value;
  });
}

function carried(value: unknown): unknown {
  return value === '' || value === '-' || value === null ? undefined : value;
}
