import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as apiGateway from '@aws-sdk/client-api-gateway';
import { NormalizedSchema } from '@smithy/core/schema';
import { parseRfc3339DateTime, parseRfc7231DateTime } from '@smithy/core/serde';
import fc from 'fast-check';
import { leaveOut, leftOut } from '../../../lib/functions/left-out';

const root = join(__dirname, '../../..');

const sources = ['lambda/account', 'lambda/aws', 'lambda/enrich', 'lambda/core']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(root, folder, file),
    ),
  )
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** How the SDK describes an operation; input and output are given by functions. */
type Operation = [9, string, string, { http: [string, string, number] }, () => never, () => never];

interface Call {
  readonly name: string;
  readonly method: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** What the function calls of API Gateway. */
const calls = [...new Set(sources.match(/\b\w+Command\b/g))].map((name): Call => {
  const Command = (apiGateway as unknown as Record<string, new (input: object) => object>)[name];
  if (!Command) throw new Error(`no ${name} in the SDK`);
  const [, , , { http }, input, output] = (new Command({}) as { schema: Operation }).schema;
  return {
    name,
    method: http[0],
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
  };
});

const errors = apiGateway.errorTypeRegistries.flatMap((registry) =>
  [...(registry as unknown as { schemas: Map<string, never> }).schemas.values()].map((schema) =>
    NormalizedSchema.of(schema),
  ),
);

/** A schema with all that is in it. */
function* within(schema: NormalizedSchema, seen = new Set<unknown>()): Generator<NormalizedSchema> {
  yield schema;
  if (seen.has(schema.getSchema())) return;
  if (!schema.isStructSchema() && !schema.isListSchema() && !schema.isMapSchema()) return;
  seen.add(schema.getSchema());
  const inner = schema.isStructSchema()
    ? [...schema.structIterator()].map(([, member]) => member)
    : [schema.getValueSchema()];
  for (const part of inner) yield* within(part, seen);
}

const answers = [...calls.map(({ output }) => output), ...errors].flatMap((answer) => [
  ...within(answer),
]);

describe('what is left out of the bundle is reached by no call to API Gateway', () => {
  test('the calls are known', () => {
    expect(calls.map(({ name }) => name).sort()).toEqual([
      'GetApiKeyCommand',
      'GetApiKeysCommand',
      'GetUsagePlanKeyCommand',
      'GetUsagePlanKeysCommand',
      'GetUsagePlansCommand',
    ]);
    expect(errors.length).toBeGreaterThan(5);
  });

  for (const { name, method, input } of calls) {
    test(`${name} has no body, and writes plain scalars into path and query`, () => {
      expect(method).toBe('GET');
      for (const [, member] of input.structIterator()) {
        const { httpQuery, httpLabel, ...others } = member.getMergedTraits();
        expect(httpQuery ?? httpLabel).toBeDefined();
        expect(Object.keys(others)).toEqual([]);
        expect(
          member.isStringSchema() || member.isBooleanSchema() || member.isNumericSchema(),
        ).toBe(true);
      }
    });
  }

  test('no answer is a stream or a union, or has a date in any form but seconds', () => {
    for (const part of answers) {
      expect(part.isStreaming() || part.isBlobSchema() || part.isUnionSchema()).toBe(false);
      const { httpPayload, httpPrefixHeaders, timestampFormat } = part.getMergedTraits();
      expect([httpPayload, httpPrefixHeaders, timestampFormat]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
    expect(answers.some((part) => part.isTimestampSchema())).toBe(true);
  });

  test('of headers only texts are read', () => {
    const inHeaders = answers.filter((part) => part.getMergedTraits().httpHeader);

    expect(inHeaders.length).toBeGreaterThan(0);
    expect(inHeaders.every((part) => part.isStringSchema())).toBe(true);
  });

  test('the rules for endpoints ask for nothing that only other services have', () => {
    const folder = 'node_modules/@aws-sdk/client-api-gateway/dist-es/endpoint';
    const rules = readFileSync(join(root, folder, 'bdd.js'), 'utf8');
    const { serviceId } = new apiGateway.APIGatewayClient({ region: 'eu-west-1' }).config;

    expect(rules).toContain('aws.partition');
    expect(rules).not.toMatch(/parseURL|isVirtualHostableS3Bucket|parseArn/);
    expect(serviceId).toBe('API Gateway');
  });
});

test('a Region is of the partition whose pattern it matches, without being named', () => {
  const path = '@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';
  const text = readFileSync(join(root, 'node_modules', path), 'utf8');
  const { partitions } = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as {
    partitions: { id: string; regionRegex: string; regions: object }[];
  };
  const partitionOf = (region: string) =>
    partitions.find(({ regionRegex }) => new RegExp(regionRegex).test(region))?.id;

  for (const { id, regions } of partitions) {
    // What ends in `global` names a partition, not a Region that a function could run in.
    const names = Object.keys(regions).filter((name) => !name.endsWith('-global'));
    expect(names.map(partitionOf)).toEqual(names.map(() => id));
  }
  expect(partitionOf('cn-north-1')).toBe('aws-cn');
});

test('Date reads the dates that the SDK would', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), max: new Date('2200'), noInvalidDate: true }),
      (date) => {
        for (const [text, parse] of [
          [date.toUTCString(), parseRfc7231DateTime],
          [date.toISOString(), parseRfc3339DateTime],
          [date.toISOString().replace(/\.\d+/, ''), parseRfc3339DateTime],
        ] as const) {
          expect(new Date(text)).toEqual(parse(text));
        }
      },
    ),
  );
});

test('the function calls no method that is left out', () => {
  const methods = leftOut.flatMap(([, ...names]) => names);

  expect(methods).toContain('injectLambdaContext');
  for (const name of methods) expect(sources).not.toMatch(new RegExp(`\\b${name}\\b`));
});

describe('leaveOut', () => {
  test('rejects a bundle in which a package has changed its shape', () => {
    expect(() => leaveOut('// lambda/enrich/handler.ts\nvar handler = () => {};\n')).toThrow(
      'nothing to leave out: all of @smithy/core/dist-es/submodules/protocols/json/codec-v2/JsonShapeSerializer2.js',
    );
  });
});
