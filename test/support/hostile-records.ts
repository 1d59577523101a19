/** Records that are, or are nearly, log lines: what a reader of log lines has to get right. */

import fc from 'fast-check';
import { codePoint } from './code-point';
import { sourceFormats } from './source-formats';

const nameOf = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('key_id', 'api_key_id', 'apiKeyId', 'api_id', 'apiId') },
  { weight: 3, arbitrary: fc.constantFrom('stage', 'api_key', 'identityApiKey', 'status', 'ip') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('usage_plan', 'customer_name', 'plan_id', 'tier', 'messageType'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('owner', '__proto__', '', 'k\\u0065y_id', 'st\\age', 'é'),
  },
  {
    weight: 2,
    arbitrary: fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text).slice(1, -1)),
  },
);

const texts = fc.oneof(
  fc.constantFrom('k1', 'k2', 'k3', 'nobody', 'a1', 'a2', 'prod', 'beta', '-', '', 'é', '****cdef'),
  fc.constantFrom(
    'abcdefghijkl',
    'abcdefgh',
    'abcde',
    'abcd',
    'abcdefghéjkl',
    'abcdefghijké',
    '犬犬犬犬',
  ),
  fc.string({ unit: codePoint, maxLength: 12 }),
  fc.string({ maxLength: 200 }),
);

const token = fc.oneof(
  { weight: 8, arbitrary: texts.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: texts.map((text) => `"${text}"`) },
  { weight: 1, arbitrary: fc.constantFrom('"\\u006b1"', '"\\/\\b\\ud800"', '"\\x"', '"\\u12"') },
  { weight: 2, arbitrary: fc.constantFrom('0', '-1', '12345678901234567890', '1.10', '1e5', '01') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('-', 'null', 'true', 'nul', '[]', '{}', '[1,{"stage":"x"}]'),
  },
);

const blank = fc.oneof(
  { weight: 12, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\t', '  ', '\n', '\r\n', '\u00a0') },
);

const member = fc
  .tuple(blank, nameOf, blank, blank, token, blank)
  .map(([a, name, b, c, value, d]) => `${a}"${name}"${b}:${c}${value}${d}`);

const builtLine = fc
  .tuple(fc.array(member, { maxLength: 8 }), fc.constantFrom('', '', '', '\n', ' \r\n', '\\n', 'x'))
  .map(([members, end]) => `{${members.join(',')}}${end}`);

const values: readonly string[] = [
  'k1',
  'k2',
  'a1',
  'prod',
  '-',
  '',
  '200',
  'a "quoted" é',
  '{petId}',
];

/** What a stage with a known system's format would write. */
const realLine = fc
  .tuple(fc.constantFrom(...sourceFormats), fc.infiniteStream(fc.constantFrom(...values)))
  .map(([{ fields }, stream]) =>
    JSON.stringify(
      Object.fromEntries(Object.keys(fields).map((name) => [name, stream.next().value])),
    ),
  );

/** What most lines are: a caller, with or without a secret, in any order. */
const usualLine = fc
  .tuple(
    fc.constantFrom('k1', 'k2', 'k3', 'nobody', '-'),
    fc.constantFrom('a1', 'a2'),
    fc.constantFrom('prod', 'beta'),
    fc.constantFrom(undefined, '-', 'abcdefgh', 'abcdefghijkl', 'abcdefghijklmnopqrst'),
    fc.constantFrom('GET', 'é', 'a "quoted" text'),
  )
  .chain(([api_key_id, api_id, stage, api_key, text]) =>
    fc.shuffledSubarray(Object.entries({ api_key_id, api_id, stage, api_key, text }), {
      minLength: 4,
    }),
  )
  .map((members) => JSON.stringify(Object.fromEntries(members)));

interface Mutation {
  readonly at: number;
  readonly kind: 'flip' | 'delete' | 'insert' | 'cut' | 'double';
  readonly byte: number;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom('flip', 'delete', 'insert', 'cut', 'double'),
  byte: fc.oneof(
    fc.constantFrom(...Buffer.from('"\\{}[],: \n\t-0eu'), 0, 0x1f, 0x7f, 0x80, 0xc3, 0xe2, 0xff),
    fc.nat(255),
  ),
});

function mutate(bytes: Buffer, { at, kind, byte }: Mutation): Buffer {
  const offset = Math.floor(at * bytes.length);
  const [before, after] = [bytes.subarray(0, offset), bytes.subarray(offset)];
  if (kind === 'cut') return before;
  if (kind === 'double') return Buffer.concat([bytes, after]);
  if (kind === 'insert') return Buffer.concat([before, Buffer.of(byte), after]);
  if (kind === 'delete') return Buffer.concat([before, after.subarray(1)]);
  return Buffer.concat([before, Buffer.of(byte), after.subarray(1)]);
}

/** What a record holds. */
export const hostileContent: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.oneof(builtLine, realLine, usualLine),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 3 }) },
    ),
  )
  .map(([line, mutations]) => mutations.reduce(mutate, Buffer.from(line)));

type Encoding = (base64: string) => string;

const oddEncodings: readonly Encoding[] = [
  (base64) => base64.replaceAll('+', '-').replaceAll('/', '_'),
  (base64) => base64.replaceAll('=', ''),
  (base64) => `${base64.slice(0, 8)}\n${base64.slice(8)}`,
  (base64) => `${base64.slice(0, -1)}?`,
  (base64) => `${base64}====`,
  (base64) => base64.slice(1),
  // Bits behind the last byte that a strict decoder refuses.
  (base64) => base64.replace(/[AQgw](={1,2})$/, 'B$1'),
];

const encoding: fc.Arbitrary<Encoding> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((base64: string) => base64) },
  { weight: 1, arbitrary: fc.constantFrom(...oddEncodings) },
);

/** Base64 data of a record. */
export const hostileRecord: fc.Arbitrary<string> = fc
  .tuple(hostileContent, encoding)
  .map(([bytes, encode]) => encode(bytes.toString('base64')));
