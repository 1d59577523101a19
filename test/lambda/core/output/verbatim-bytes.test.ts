import fc from 'fast-check';
import { partitionerFor, partitionings } from '../../../../lambda/core/attribution/partition';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import type { RenderOptions } from '../../../../lambda/core/output/renderer';
import { verbatimRenderer } from '../../../../lambda/core/output/verbatim';
import { VerbatimBytes } from '../../../../lambda/core/output/verbatim-bytes';
import { settingsTable } from '../../../../lambda/core/settings/settings';
import { secretTreatments } from '../../../../lambda/core/values/secrets';
import {
  catalog,
  catalogs,
  catalogWithColumns,
  compareWays,
  gathered,
  linesOf,
} from '../../../support/both-ways';
import { base64, envelopeOf } from '../../../support/firehose';
import { fuzzRuns } from '../../../support/fuzz-runs';
import { hostileContent, hostileRecord } from '../../../support/hostile-records';
import { nestedLine } from '../../../support/nested-lines';
import { sourceFormats } from '../../../support/source-formats';

const options: RenderOptions = {
  usagePlanField: 'usage_plan',
  customerNameField: 'customer_name',
  apiKeyValues: 'mask',
};

function splice(content: string | Uint8Array, overrides: Partial<RenderOptions> = {}) {
  const lines = linesOf(new VerbatimBytes({ ...options, ...overrides }), base64(content), catalog);
  return lines?.[0];
}

function text(content: string | Uint8Array, overrides: Partial<RenderOptions> = {}) {
  return splice(content, overrides)?.text;
}

describe('a usual line is spliced', () => {
  const line = '{"key_id":"k1","api_id":"a1","stage":"prod"}';
  const enriched = `${line.slice(0, -1)},"usage_plan":"Basic \\"é\\"","customer_name":"Zoë"}\n`;

  test('with its attribution appended', () => {
    expect(text(line)).toBe(enriched);
    expect(splice(line)?.outcome).toBe('enriched');
  });

  test('with further columns', () => {
    const lines = linesOf(new VerbatimBytes(options), base64(line), catalogWithColumns);

    expect(lines?.map((it) => it.text)).toEqual([
      `${enriched.slice(0, -2)},"tier":"Basic \\"é\\"","own.er":"k1"}\n`,
    ]);
  });

  test('at every alignment of the closing brace', () => {
    for (let length = 0; length < 6; length++) {
      const padded = `{"ip":"${'x'.repeat(length)}",${line.slice(1)}`;

      expect(text(padded)).toBe(`{"ip":"${'x'.repeat(length)}",${enriched.slice(1)}`);
    }
  });

  for (const end of ['1}', '9 }', '"é"}', '"\\""}\r\n', '-70}']) {
    test(`that ends in ${JSON.stringify(end)}`, () => {
      const value = end.trim().slice(0, -1);

      expect(text(`{"key_id":"k3","last":${end}`)).toBe(
        `{"key_id":"k3","last":${value},"usage_plan":"-","customer_name":"-"}\n`,
      );
    });
  }

  test('with the catalog of the moment', () => {
    const fastPath = new VerbatimBytes(options);
    const outcomes = [catalog, Catalog.empty, catalog].map(
      (current) => linesOf(fastPath, base64(line), current)?.[0]?.outcome,
    );

    expect(outcomes).toEqual(['enriched', 'unknownKey', 'enriched']);
  });

  for (const { name, fields } of sourceFormats) {
    test(`in the format ${name}`, () => {
      const values = Object.keys(fields).map((field) => [field, 'some-value-of-a-variable']);

      expect(splice(JSON.stringify(Object.fromEntries(values)))).toBeDefined();
    });
  }

  const secrets: readonly (readonly [string, string])[] = [
    ['abcdefghi', '****fghi'],
    ['abcdefghijklmnopqrstuvwxyz', '****wxyz'],
    ['****5678abcd', '****abcd'],
    ['-', '-'],
    ['', ''],
  ];
  for (const [secret, masked] of secrets) {
    test(`with the secret "${secret}" as "${masked}", wherever it stands`, () => {
      const member = (value: string) => `"api_key":"${value}"`;
      for (const [before, after] of [
        ['{', ',"key_id":"k3"}'],
        ['{"key_id":"k3",', '}'],
        ['{"ip":"1","key_id":"k3",', ',"uri":"é"}'],
      ]) {
        expect(text(`${before}${member(secret)}${after}`)).toBe(
          `${before}${member(masked)}${after?.slice(0, -1)},"usage_plan":"-","customer_name":"-"}\n`,
        );
      }
    });
  }
});

describe('the general path is left', () => {
  const long = 'x'.repeat(200);
  const unusual: readonly (readonly [string, string | Uint8Array, Partial<RenderOptions>?])[] = [
    ['what is empty', ''],
    ['an object without members', '{}'],
    ['what is no object', '"x"'],
    ['an object that breaks off', '{"a":"b"'],
    ['two objects', '{"a":"b"}{"a":"b"}'],
    ['a line break between tokens', '{"a":\n"b"}'],
    ['a typed line break at the end', '{"a":"b"}\\n'],
    ['blanks before the object', ' {"a":"b"}'],
    ['a byte order mark', '\ufeff{"a":"b"}'],
    ['a comma too many', '{"a":"b",}'],
    ['a comma too few', '{"a":"b" "c":"d"}'],
    ['a control character in a string', '{"a":"\t"}'],
    ['an unknown escape', '{"a":"\\x"}'],
    ['an escape that breaks off', '{"a":"\\u12"}'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x30, 0x7d])],
    ['bytes that are no UTF-8 in a value', Buffer.from('7b2261223a22ff227d', 'hex')],
    ['a fraction that breaks off', '{"a":1.}'],
    ['an exponent that breaks off', '{"a":1e}'],
    ['a number with a leading zero', '{"a":01}'],
    ['a lone minus', '{"a":-}'],
    ['a literal that breaks off', '{"a":nul}'],
    ['a nested object that breaks off', '{"a":{"b":1}'],
    ['a secret in a nested array', '{"a":[{"api-key":"secret"}]}'],
    ['a name beyond ASCII', '{"é":"b"}'],
    ['a key id beyond ASCII', '{"key_id":"é"}'],
    ['a key id with an escape', '{"key_id":"k\\u0031"}'],
    ['a key id that is a number', '{"key_id":1}'],
    ['a key id written twice', '{"key_id":"k1","key_id":"k2"}'],
    ['a key id under two names', '{"key_id":"k1","apiKeyId":"k2"}'],
    ['a key id beyond all bounds', `{"key_id":"${long}"}`],
    ['a stage written twice', '{"stage":"prod","stage":"beta"}'],
    ['a plan that is there already', '{"usage_plan":"x"}'],
    ['a customer that is there already', '{"customer_name":"-"}'],
    [
      'a target under a long name',
      `{"${long.slice(0, 128)}":"-"}`,
      { usagePlanField: long.slice(0, 128) },
    ],
    ['what may be an envelope', '{"messageType":"DATA_MESSAGE"}'],
    ['a secret that is a number', '{"api_key":123456789}'],
    ['a secret with an escape', '{"api_key":"abcdefgh\\u0069jkl"}'],
    ['a secret written twice', '{"api_key":"abcdefghijkl","api_key":"-"}'],
    ['a secret no longer than its mask', '{"api_key":"abcdefgh"}'],
    ['a secret beyond ASCII', '{"api_key":"éabcdefghijkl"}'],
    ['a secret to hash', '{"api_key":"abcdefghijkl"}', { apiKeyValues: 'hash' }],
    ['a secret to remove', '{"api_key":"-"}', { apiKeyValues: 'remove' }],
    ['a key whose plan depends on the time', '{"key_id":"k2","api_id":"a1","stage":"prod"}'],
    ['compressed data', Buffer.from([0x1f, 0x8b, 0x08])],
    ['a line that is too long', `{"a":"${'x'.repeat(50_000)}"}`],
  ];
  for (const [title, content, overrides] of unusual) {
    test(`to ${title}`, () => {
      expect(splice(content, overrides)).toBeUndefined();
    });
  }

  test('to a further column that is there already', () => {
    const fastPath = new VerbatimBytes(options);
    const data = base64('{"tier":"-"}');

    expect(linesOf(fastPath, data, catalogWithColumns)).toBeUndefined();
    expect(linesOf(fastPath, data, catalog)).toBeDefined();
  });

  for (const [title, encode] of [
    ['base64 without padding', (data: string) => data.replaceAll('=', '')],
    ['base64 with a line break', (data: string) => `${data.slice(0, 4)}\n${data.slice(4)}`],
    ['base64 with a line break in the place of padding', (data: string) => data.replace('=', '\n')],
  ] as const) {
    test(`to ${title}`, () => {
      const data = base64('{"a":"~~~>>>???++"}');

      expect(linesOf(new VerbatimBytes(options), data, catalog)).toBeDefined();
      expect(linesOf(new VerbatimBytes(options), encode(data), catalog)).toBeUndefined();
    });
  }
});

describe('both ways', () => {
  // `npm run fuzz` asks for more.
  const numRuns = fuzzRuns(1_000);

  const renderOptions = fc.record({
    usagePlanField: fc.constantFrom(
      'usage_plan',
      'plan_id',
      settingsTable.usagePlanField.defaultValue,
    ),
    customerNameField: fc.constantFrom('customer_name', 'é-free'),
    apiKeyValues: fc.constantFrom(...secretTreatments),
    partitionBy: fc.constantFrom('none', ...partitionings),
  });

  const record = fc.oneof(
    { weight: 6, arbitrary: hostileRecord },
    { weight: 3, arbitrary: nestedLine.map((line) => base64(line)) },
    {
      weight: 1,
      arbitrary: fc
        .array(hostileContent, { maxLength: 5 })
        .map((lines) => base64(envelopeOf(...lines.map((line) => line.toString())))),
    },
  );

  const records = fc.array(record, { minLength: 1, maxLength: 10 });

  test('make the same of every record, to the byte, and count the same', () => {
    let spliced = 0;
    fc.assert(
      fc.property(
        renderOptions,
        fc.record({
          data: fc.oneof(
            { weight: 2, arbitrary: records },
            { weight: 1, arbitrary: gathered(records) },
          ),
          catalog: fc.constantFrom(...catalogs),
          maxResponseBytes: fc.constantFrom(300, 900, 2_000, 6 * 1024 * 1024),
        }),
        (settings, batch) => {
          spliced += compareWays(batch, verbatimRenderer(settings), partitionerFor(settings));
        },
      ),
      { numRuns },
    );
    // That many of the records took the fast path, else the two were never compared.
    expect(spliced).toBeGreaterThan(numRuns / 8);
  });
});
