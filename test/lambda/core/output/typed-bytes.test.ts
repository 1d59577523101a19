import fc from 'fast-check';
import { partitionerFor, partitionings } from '../../../../lambda/core/attribution/partition';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { canonicalRenderer } from '../../../../lambda/core/output/canonical';
import { type EcsOptions, ecsRenderer } from '../../../../lambda/core/output/ecs';
import type { FastPath } from '../../../../lambda/core/output/fast-path';
import { secretTreatments } from '../../../../lambda/core/values/secrets';
import { catalog, catalogs, compareWays, gathered, linesOf } from '../../../support/both-ways';
import { judged } from '../../../support/ecs/judge';
import { base64, envelopeOf } from '../../../support/firehose';
import { fuzzRuns } from '../../../support/fuzz-runs';
import { nestedLine } from '../../../support/nested-lines';
import { shapedBatch } from '../../../support/shaped-batches';
import { sourceFormats } from '../../../support/source-formats';

const options: EcsOptions = {
  usagePlanField: 'usage_plan',
  customerNameField: 'customer_name',
  apiKeyValues: 'mask',
  preserveOriginalEvent: false,
};

const shapes = {
  canonical: canonicalRenderer,
  ecs: (options: EcsOptions) => judged(ecsRenderer(options)),
} as const;

describe.each(['canonical', 'ecs'] as const)('a usual line becomes %s', (shape) => {
  const fastPathOf = (overrides: Partial<EcsOptions> = {}) =>
    shapes[shape]({ ...options, ...overrides }).fastPath as FastPath;
  const rewrite = (content: string | Uint8Array, overrides: Partial<EcsOptions> = {}) =>
    linesOf(fastPathOf(overrides), base64(content), catalog);

  for (const { name, fields } of sourceFormats) {
    test(`in the format ${name}`, () => {
      const values = Object.keys(fields).map((field) => [field, 'some-value-of-a-variable']);

      expect(rewrite(JSON.stringify(Object.fromEntries(values)))).toBeDefined();
    });
  }

  const usual: readonly (readonly [string, string, Partial<EcsOptions>?])[] = [
    ['with a whole pair', '{"userAgent":"😀"}'],
    ['with blanks between its members', '{ "requestId": "x" , "status":\t200 }\r\n'],
    ['with values that say nothing', '{"status":"-","path":"","requestTime":"-"}'],
    ['with fields that nobody knows', '{"my-claim":"a","status":"abc"}'],
    ['with a value under two names', '{"ip":"10.0.0.1","sourceIp":"10.0.0.1","status":"-"}'],
    ['with a value that no column can hold, under two names', '{"status":"x","Status":"x"}'],
    [
      'with two fields in one column',
      '{"integrationErrorMessage":"x","integration_error":"x","status":"200"}',
    ],
    [
      'with two fields in one column that differ',
      '{"integrationErrorMessage":"x","integration_error":"y","integrationLatency":"a","contextIntegrationLatency":"b"}',
    ],
    ['with its text', '{"path":"/\\u00e9\\"/",\t"a":{"b":[1]}}', { preserveOriginalEvent: true }],
    ['with a secret to hash', '{"api_key":"abcdefghijkl"}', { apiKeyValues: 'hash' }],
    ['with a secret to remove', '{"api_key":"abcdefghijkl","ip":"x"}', { apiKeyValues: 'remove' }],
  ];
  for (const [title, line, overrides] of usual) {
    test(title, () => {
      const renderer = shapes[shape]({ ...options, ...overrides });

      expect(compareWays({ data: [base64(line)], catalog }, renderer)).toBe(1);
    });
  }

  test('also of a shape that was learned from another', () => {
    const renderer = shapes[shape](options);
    const lines = [
      '{"key_id":"k1","path":"/a","status":"200"}',
      '{"key_id":"k1","path":"/é","status":200}',
      '{"key_id":"k1","path":"/\\u00e9\\"","status":"-"}',
      '{"path":"/a"}',
      '{"key_id":"k3","path":"/a","status":"ab\\\\c"}',
    ];

    expect(compareWays({ data: lines.map((line) => base64(line)), catalog }, renderer)).toBe(5);
  });

  const unusual: readonly (readonly [string, string | Uint8Array])[] = [
    ['what is empty', ''],
    ['an object without members', '{}'],
    ['an object that breaks off', '{"a":"b"'],
    ['two objects', '{"a":"b"}{"a":"b"}'],
    ['a line break between tokens', '{"a":\n"b"}'],
    ['a typed line break at the end', '{"a":"b"}\\n'],
    ['blanks before the object', ' {"a":"b"}'],
    ['a control character in a string', '{"a":"\t"}'],
    ['bytes that are no UTF-8 in a value', Buffer.from('7b2261223a22ff227d', 'hex')],
    ['a secret in a nested object', '{"a":{"x-api-key":"secret"}}'],
    ['a name beyond ASCII', '{"é":"b"}'],
    ['a name written twice', '{"a":"b","a":"b"}'],
    ['two names for one field', '{"key_id":"k1","apiKeyId":"k2"}'],
    ['two values of one field', '{"ip":"10.0.0.1","sourceIp":"10.0.0.2"}'],
    [
      'a column of which only the field that is believed less has a value',
      '{"integrationErrorMessage":"x","integration_error":"-"}',
    ],
    ['a key id beyond ASCII', '{"key_id":"é"}'],
    ['a key id that is a number', '{"key_id":1}'],
    ['a key id beyond all bounds', `{"key_id":"${'x'.repeat(200)}"}`],
    ['a plan that is there already', '{"usage_plan":"x"}'],
    ['what may be an envelope', '{"messageType":"DATA_MESSAGE"}'],
    ['a value that may say nothing in other words', '{"a":"\\u002d"}'],
    ['half a surrogate pair', '{"a":"x\\uD800"}'],
    ['a key whose plan depends on the time', '{"key_id":"k2","api_id":"a1","stage":"prod"}'],
    ['a line that is too long', `{"a":"${'x'.repeat(50_000)}"}`],
  ];
  for (const [title, content] of unusual) {
    test(`but not ${title}`, () => {
      expect(rewrite(content)).toBeUndefined();
    });
  }

  test('but not with a further column that is there already', () => {
    const fastPath = fastPathOf();
    const data = base64('{"tier":"-"}');

    expect(linesOf(fastPath, data, catalogs[0])).toBeDefined();
    expect(linesOf(fastPath, data, catalogs[1])).toBeUndefined();
    expect(linesOf(fastPath, data, catalogs[0])).toBeDefined();
  });

  test('but not with an attribution that is too long', () => {
    const keys = [
      { id: 'k1', name: 'é'.repeat(150_000) },
      { id: 'k2', name: 'é'.repeat(130_000) },
    ];
    const plan = { id: 'p1', apiStages: [{ apiId: 'a1', stage: 'prod' }], keys };
    const fastPath = fastPathOf();
    const rewrittenFor = (keyId: string) =>
      linesOf(
        fastPath,
        base64(`{"key_id":"${keyId}","api_id":"a1","stage":"prod","path":"${'/'.repeat(5_000)}"}`),
        new Catalog([plan]),
      );

    expect(rewrittenFor('k3')).toBeDefined();
    expect(rewrittenFor('k1')).toBeUndefined();
    expect(rewrittenFor('k2')).toBeUndefined();
  });

  test('with the catalog of the moment', () => {
    const fastPath = fastPathOf();
    const data = base64('{"key_id":"k1","api_id":"a1","stage":"prod"}');
    const outcomes = [catalog, Catalog.empty, catalog].map(
      (current) => linesOf(fastPath, data, current)?.[0]?.outcome,
    );

    expect(outcomes).toEqual(['enriched', 'unknownKey', 'enriched']);
  });

  test('without learning the shapes of all that comes', () => {
    const fastPath = fastPathOf();
    const isRewritten = (name: string) =>
      linesOf(fastPath, base64(`{"${name}":"x"}`), catalog) !== undefined;
    const strange = Array.from({ length: 1_000 }, (_, index) => isRewritten(`name-${index}`));

    expect(strange.filter(Boolean).length).toBeLessThan(50);
    expect(isRewritten('name-999')).toBe(false);
  });
});

describe('both ways', () => {
  // `npm run fuzz` asks for more.
  const numRuns = fuzzRuns(1_000);

  const renderOptions: fc.Arbitrary<EcsOptions & { region?: string }> = fc.record({
    usagePlanField: fc.constantFrom('usage_plan', 'plan_id'),
    customerNameField: fc.constantFrom('customer_name', 'é-free'),
    apiKeyValues: fc.constantFrom(...secretTreatments),
    preserveOriginalEvent: fc.boolean(),
    region: fc.constantFrom('eu-west-1', ''),
    partitionBy: fc.constantFrom('none', ...partitionings),
  });

  const nestedBatch = fc
    .array(nestedLine, { maxLength: 6 })
    .map((lines) => [...lines, ...lines].map((line) => base64(line)));
  const batch = fc.record({
    data: fc.oneof(
      { weight: 6, arbitrary: shapedBatch },
      { weight: 3, arbitrary: nestedBatch },
      { weight: 2, arbitrary: gathered(fc.oneof(shapedBatch, nestedBatch)) },
      {
        weight: 1,
        arbitrary: shapedBatch.map((all) => {
          const lines = all.map((data) => Buffer.from(data, 'base64').toString());
          return [base64(envelopeOf(...lines))];
        }),
      },
    ),
    catalog: fc.constantFrom(...catalogs),
    maxResponseBytes: fc.constantFrom(900, 4_000, 6 * 1024 * 1024, 6 * 1024 * 1024),
  });

  test.each(['canonical', 'ecs'] as const)(
    'make the same of every record, to the byte, and count the same: %s',
    (shape) => {
      let rewritten = 0;
      fc.assert(
        fc.property(renderOptions, batch, (settings, batch) => {
          rewritten += compareWays(
            batch,
            shapes[shape](settings),
            partitionerFor({ partitionBy: 'none', ...settings }),
          );
        }),
        { numRuns },
      );
      // That many of the records took the fast path, else the two were hardly compared.
      expect(rewritten).toBeGreaterThan(numRuns / 4);
    },
  );

  test.each(['canonical', 'ecs'] as const)('make the same of it for a long time: %s', (shape) => {
    const renderer = shapes[shape](options);

    for (const data of fc.sample(shapedBatch, { numRuns: numRuns / 5, seed: 7 })) {
      for (const catalog of catalogs) compareWays({ data, catalog }, renderer);
    }
  });
});
