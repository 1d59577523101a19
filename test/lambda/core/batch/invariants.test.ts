/**
 * What holds for any record, in every output. What is expected is worked out from what a record was made
 * of, without any code of the core.
 */

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { partitionerFor } from '../../../../lambda/core/attribution/partition';
import { Pass, type PassOptions } from '../../../../lambda/core/batch/batch-pass';
import { transform } from '../../../../lambda/core/batch/transform';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { customerNaming } from '../../../../lambda/core/catalog/customer';
import { namesIn } from '../../../../lambda/core/format/configured-names';
import { lineReader } from '../../../../lambda/core/format/line-reader';
import type { FastPath } from '../../../../lambda/core/output/fast-path';
import { rendererFor } from '../../../../lambda/core/output/renderer-for';
import { outputs, readSettings, type Settings } from '../../../../lambda/core/settings/settings';
import { codePoint } from '../../../support/code-point';
import { base64, firehoseEvent, textOf } from '../../../support/firehose';
import { fuzzRuns } from '../../../support/fuzz-runs';

const numRuns = fuzzRuns(300);

const plans = [
  { id: 'p1', name: 'Gold', stage: 'prod', keys: [{ id: 'k1', name: 'Acme' }] },
  { id: 'p2', name: 'Silver', stage: 'beta', keys: [{ id: 'k2', name: 'Globex' }] },
].map(({ stage, ...plan }) => ({ ...plan, apiStages: [{ apiId: 'a1', stage }] }));
const catalog = new Catalog(plans);

type Given = Readonly<Record<string, string>>;

function optionsOf(environment: Given, formats: readonly string[] = []): PassOptions {
  const settings: Settings = { ...readSettings(environment), logFormats: formats };
  const names = namesIn(formats);
  return {
    renderer: rendererFor(settings, {}, names),
    readOther: lineReader(formats),
    names,
    partitionOf: partitionerFor(settings, names),
    maxInflatedBytes: 1 << 26,
  };
}

const passOf = (contents: readonly (string | Uint8Array)[], options: PassOptions) =>
  new Pass(firehoseEvent(...contents).records, catalog, options);

// biome-ignore lint/suspicious/noExplicitAny: documents of any shape are looked at.
type Document = any;

const linesOf = (text: string): Document[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** The plan and the customer that a delivered line names; `-` for none. */
function attributionIn(output: string, document: Document): [plan: string, customer: string] {
  return output === 'ecs'
    ? [document.aws?.api_gateway?.usage_plan?.name ?? '-', document.organization?.name ?? '-']
    : [document.usage_plan ?? '-', document.customer_name ?? '-'];
}

describe('every byte of a record is accounted for', () => {
  const text = fc
    .array(fc.integer({ min: 0, max: 99 }), { maxLength: 5 })
    .map((numbers) => numbers.map((n) => `{"n":${n}}\n`).join(''));
  const verbatim = optionsOf({});

  test('by gzip, whatever stands behind it', () => {
    const tail = fc.oneof(
      fc.constant(Buffer.alloc(0)),
      fc.constantFrom('\0', '\0\0\0', ' ', '\n', '{"n":1}\n', '\x1f').map((it) => Buffer.from(it)),
      fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), tail, (members, behind) => {
        const content = Buffer.concat([...members.map((member) => gzipSync(member)), behind]);
        const [result] = passOf([content], verbatim).results;

        if (behind.length > 0) {
          expect([result?.result, result?.data]).toEqual(['ProcessingFailed', base64(content)]);
          return;
        }
        const expected = linesOf(members.join(''));
        expect(result?.result).toBe(expected.length > 0 ? 'Ok' : 'Dropped');
        expect(linesOf(textOf(result)).map(({ n }) => n)).toEqual(expected.map(({ n }) => n));
      }),
      { numRuns },
    );
  });

  test('by base64, whatever is wrong in it', () => {
    const change = fc.oneof(
      fc.tuple(fc.nat(40), fc.constantFrom('*', '\n', ' ', '-', '_', '=', '\0', 'é')).map(
        ([at, junk]) =>
          (data: string) =>
            data.slice(0, at) + junk + data.slice(at),
      ),
      fc.nat(40).map((at) => (data: string) => data.slice(0, at) + data.slice(at + 1)),
      fc.constant((data: string) => data.replaceAll('=', '')),
      fc.constant((data: string) => `${data}AA==`),
    );
    fc.assert(
      fc.property(text, change, (content, spoil) => {
        const data = spoil(base64(content));
        const records = [{ recordId: '1', approximateArrivalTimestamp: 1, data }];
        const [result] = new Pass(records, catalog, verbatim).results;

        // Nothing in it stands for nothing: not a character, nor six bits at the end.
        const isWhole = /^(?:[\w+/-]{4})*(?:[\w+/-]{2,3})?={0,2}$/.test(data);
        if (result?.result === 'ProcessingFailed') expect(result.data).toBe(data);
        else expect(isWhole).toBe(true);
      }),
      { numRuns },
    );
  });

  test('by lines, whatever they are', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '\\',
        '\n',
        '\r\n',
        ' ',
        '{"a":1}',
        'a',
        '\0',
      ),
      fc.constantFrom(
        '{"a":{"b":[1,"}"]}}',
        '{\n"a":\n1}',
        '{"a":',
        '"x"y"',
        '{"é":"\\ud800"}',
        '-',
      ),
      fc.string({ unit: codePoint, maxLength: 6 }),
    );
    const bytes = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.array(piece, { maxLength: 12 }).map((all) => Buffer.from(all.join(''))),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.array(piece, { maxLength: 8 }), fc.uint8Array({ minLength: 1, maxLength: 4 }))
          .map(([all, odd]) =>
            Buffer.concat([Buffer.from(all.join('')), odd, Buffer.from('\n{"z":1}')]),
          ),
      },
    );
    const kept = { ...optionsOf({ API_KEY_VALUES: 'keep' }), readOther: () => undefined };
    const appended = /(,?)"usage_plan":"-","customer_name":"-"\}$/;
    const withoutBlanks = (text: string) => text.replace(/\\[nr]|[ \t\r\n]/g, '');
    fc.assert(
      fc.property(bytes, (content) => {
        const [result] = passOf([content], kept).results;
        if (result?.result === 'ProcessingFailed') {
          expect(result.data).toBe(base64(content));
          return;
        }
        const parts = textOf(result)
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => {
            const { unparsed_line: unparsed, unparsed_line_base64: raw } = JSON.parse(line);
            if (raw !== undefined) return Buffer.from(raw, 'base64');
            return Buffer.from(unparsed ?? line.replace(appended, '}'));
          });

        const whole = Buffer.concat(parts).toString('latin1');
        expect(withoutBlanks(whole)).toBe(withoutBlanks(content.toString('latin1')));
      }),
      { numRuns: fuzzRuns(3) * numRuns },
    );
  });
});

describe('a name that stands twice is read by one rule', () => {
  const spellings: Readonly<Record<string, readonly string[]>> = {
    key: ['apiKeyId', 'key_id', 'identity.apiKeyId', 'API_KEY_ID', 'apiKey\\u0049d'],
    api: ['apiId', 'api_id', 'API-ID'],
    stage: ['stage', 'Stage', 'context.stage'],
  };
  const values: Readonly<Record<string, readonly string[]>> = {
    key: ['k1', 'k1', 'k1', 'k2', '-', '', 'x'],
    api: ['a1', 'a1', 'a1', 'a1', 'a2', '-'],
    stage: ['prod', 'prod', 'prod', 'beta', '-'],
  };
  const member = fc.constantFrom('key', 'key', 'api', 'stage').chain((what) =>
    fc.record({
      what: fc.constant(what),
      name: fc.constantFrom(...(spellings[what] as string[])),
      value: fc.constantFrom(...(values[what] as string[])),
    }),
  );
  const folders: readonly (readonly [by: string, folder: (said: Said) => string])[] = [
    ['customer', ({ customer }) => customer],
    ['plan', ({ plan }) => plan],
    ['api', ({ api }) => api],
  ];

  interface Said {
    readonly customer: string;
    readonly plan: string;
    readonly api: string;
  }

  test.each(outputs)('in attribution, columns and folders (%s)', (output) => {
    const ways = folders.map(([by, folder]) => ({
      folder,
      options: optionsOf({ OUTPUT: output, PARTITION_BY: by }),
    }));
    const plain = optionsOf({ OUTPUT: output });
    fc.assert(
      fc.property(fc.array(member, { maxLength: 6 }), (members) => {
        const text = `{${members.map(({ name, value }) => `"${name}":"${value}"`).join(',')}}`;
        const one = (what: string): string => {
          const said = new Set(members.filter((it) => it.what === what).map(({ value }) => value));
          const [value = '-'] = said;
          return said.size > 1 || value === '' ? '-' : value;
        };
        const [key, api, stage] = [one('key'), one('api'), one('stage')];
        const owner = plans.find(({ keys }) => keys[0]?.id === key);
        const counts = owner?.apiStages.some((it) => it.apiId === api && it.stage === stage);
        const said: Said = {
          customer: owner?.keys[0]?.name ?? '-',
          plan: counts ? (owner?.name ?? '-') : '-',
          api,
        };

        // Of the same names a second line is read from its bytes.
        for (const result of passOf([text, text, text], plain).results) {
          const [document] = linesOf(textOf(result));
          expect(attributionIn(output, document)).toEqual([said.plan, said.customer]);
          if (output !== 'canonical') continue;
          const columns = [document.api_key_id, document.api_id, document.stage];
          expect(columns.map((value) => value ?? '-')).toEqual([key, api, stage]);
        }
        for (const { folder, options } of ways) {
          const [result] = passOf([text], options).results;
          const expected = folder(said) === '-' ? 'none' : folder(said);
          expect(result?.metadata?.partitionKeys).toEqual({ partition: expected });
        }
      }),
      { numRuns },
    );
  });
});

describe('which fields a line has', () => {
  const naming = customerNaming({
    customerName: '{key.name}',
    extraFields: { tier: '{plan.name}', owner: '{key.id}' },
  });
  const known = new Catalog(plans, naming);
  const empty = new Catalog([], naming);
  const line = fc
    .record({ apiKeyId: fc.constantFrom('-', '', undefined), status: fc.constantFrom('200', '-') })
    .map((members) => JSON.stringify(members));

  test.each(outputs)('does not depend on whether a catalog was there yet (%s)', async (output) => {
    const options = optionsOf({ OUTPUT: output });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 5 }), async (lines) => {
        const event = firehoseEvent(...lines, `${lines.join('\n')}\nx`);
        const forKeys = async () => known;
        const before = { latest: undefined, empty, forKeys };
        const after = { latest: known, empty, forKeys };
        const [first, later] = await Promise.all(
          [before, after].map((catalogs) => transform(event, { ...options, catalogs })),
        );

        expect(first?.response).toEqual(later?.response);
        const [document] = linesOf(textOf(first?.response.records[0]));
        if (output !== 'ecs')
          expect(Object.keys(document)).toEqual(expect.arrayContaining(['tier', 'owner']));
      }),
      { numRuns: fuzzRuns(50) },
    );
  });
});

describe('nothing is cut from a text line before its format has read it', () => {
  const unbroken = fc
    .oneof(
      fc.string({ unit: codePoint, maxLength: 12 }),
      fc
        .array(fc.constantFrom(' ', '\t', 'x', '\\n', '\\', '"', '-', ',', '\u00a0', '\ufeff'), {
          maxLength: 6,
        })
        .map((all) => all.join('')),
    )
    .filter((text) => !/[\r\n]/.test(text) && text.isWellFormed());
  const formats = [
    '$context.requestId $context.identity.userAgent',
    '$context.requestId "$context.identity.userAgent"',
    '$context.requestId,$context.stage,$context.identity.userAgent ',
  ];

  test.each(formats)('%s', (format) => {
    const options = optionsOf({ OUTPUT: 'canonical' }, [format]);
    fc.assert(
      fc.property(unbroken, fc.constantFrom('', '\n', '\r\n'), (agent, ending) => {
        const text = format
          .replace('$context.requestId', 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef')
          .replace('$context.stage', 'prod')
          .replace('$context.identity.userAgent', () => agent);
        const [result] = passOf([text + ending], options).results;

        if (result?.result === 'ProcessingFailed') return;
        const [{ user_agent: read }] = linesOf(textOf(result));
        expect(read ?? '-').toBe(agent === '' ? '-' : agent);
      }),
      { numRuns },
    );
  });
});

function failingFastPath(fastPath: FastPath, fail: (text: string) => void): FastPath {
  return new Proxy(fastPath, {
    get(target, name) {
      const method = Reflect.get(target, name);
      return (...given: unknown[]) => {
        const [content, from, to] = given as [string | Buffer, number, number];
        if (name === 'record') fail(Buffer.from(content as string, 'base64').toString());
        if (name === 'bytes') fail((content as Buffer).toString('utf8', from, to));
        return method.apply(target, given);
      };
    },
  });
}

describe('an exception in a record fails that record alone', () => {
  const content = fc.constantFrom(
    '{"apiKeyId":"k1","apiId":"a1","stage":"prod"}',
    '{"a":"\\u00e9"}\n{"b":{"c":1}}',
    'no line of any format',
    '{"a":1}\nno line of any format',
  );

  test.each(outputs)('and is counted (%s)', (output) => {
    const options = optionsOf({ OUTPUT: output });
    const { renderer, readOther } = options;
    const fail = (text: string) => {
      if (text.includes('POISON')) throw new RangeError('Maximum call stack size exceeded');
    };
    const failing: PassOptions = {
      ...options,
      readOther: (text) => {
        fail(text);
        return readOther(text);
      },
      renderer: {
        ...renderer,
        line: (line, ...others) => {
          fail(line.text);
          return renderer.line(line, ...others);
        },
        fastPath: renderer.fastPath && failingFastPath(renderer.fastPath, fail),
      },
    };
    fc.assert(
      fc.property(fc.array(fc.tuple(content, fc.boolean()), { maxLength: 8 }), (all) => {
        const contents = all.map(([text, isPoisoned]) =>
          isPoisoned ? text.replace(/a|line/, 'POISON') : text,
        );
        const healthy = passOf(contents, options).results;
        const { results, counts } = passOf(contents, failing);

        for (const [index, [, isPoisoned]] of all.entries()) {
          if (!isPoisoned) expect(results[index]).toEqual(healthy[index]);
          else {
            expect(results[index]?.result).toBe('ProcessingFailed');
            expect(textOf(results[index])).toBe(contents[index]);
          }
        }
        expect(counts.failures.exception ?? 0).toBe(
          all.filter(([, isPoisoned]) => isPoisoned).length,
        );
      }),
      { numRuns: fuzzRuns(100) },
    );
  });
});
