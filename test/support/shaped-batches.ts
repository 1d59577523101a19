/** Records whose lines have one or two shapes, as those of a stream have, with values of every kind. */

import fc from 'fast-check';
import { fields, namesOf } from '../../lambda/core/fields';
import { codePoint } from './code-point';
import { hostileRecord } from './hostile-records';
import { sourceFormats } from './source-formats';

const usualNames = [
  ['key_id', 'api_id', 'stage', 'status', 'requestTime', 'requestTimeEpoch', 'ip'],
  ['apiKeyId', 'apiId', 'stage', 'path', 'domainName', 'userArn', 'api_key'],
  ['http_method', 'request_id', 'extended_request_id', 'response_latency', 'protocol'],
  ['clientserialNumber', 'clientnotBefore', 'xrayTraceId', 'connectedAt', 'user', 'caller'],
  ['error.messageString', 'integration_error', 'errorResponseType', 'routeKey', 'eventType'],
];

const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...fields.flatMap(namesOf)) },
  { weight: 8, arbitrary: fc.constantFrom(...usualNames.flat()) },
  { weight: 2, arbitrary: fc.constantFrom('a', 'Status', 'my-claim', '__proto__', '', 'extra') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('tier', 'owner', 'plan_id', 'usage_plan', 'messageType', 'é'),
  },
);

/** A line's names with what stands between them and their values. */
interface Shape {
  readonly before: readonly string[];
  readonly end: string;
}

const blank = fc.oneof(
  { weight: 10, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constantFrom(' ', '\t', '  ') },
);

function shapeOf(names: readonly string[], [a, b, c]: readonly string[], end: string): Shape {
  const before = names.map((name, index) => `${index === 0 ? '{' : `${a},`}${b}"${name}":${c}`);
  return { before, end: `${a}}${end}` };
}

const shape = fc
  .tuple(
    fc.oneof(
      { weight: 2, arbitrary: fc.uniqueArray(name, { minLength: 1, maxLength: 12 }) },
      { weight: 1, arbitrary: fc.array(name, { minLength: 1, maxLength: 5 }) },
      { weight: 3, arbitrary: fc.shuffledSubarray(usualNames.flat(), { minLength: 1 }) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(...sourceFormats.map((format) => Object.keys(format.fields))),
      },
    ),
    fc.tuple(blank, blank, blank),
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom('', '', '\n', '\r\n', '  ') },
      { weight: 1, arbitrary: fc.constantFrom('\\n', ',', '{}', '\u00a0') },
    ),
  )
  .map(([names, blanks, end]) => shapeOf(names, blanks, end));

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('-', '', 'k1', 'k2', 'k3', 'a1', 'a2', 'prod', 'beta') },
  {
    weight: 4,
    arbitrary: fc.constantFrom('200', '201', '499', '500', '0', '00', '007', '-1', '-0', '1.5'),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '999999999999999',
      '9999999999999999',
      '999999999999999999',
      '1234567890123456789',
      '123456789012',
      '1234567890123',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '09/Jun/2023:10:11:12 +0000',
      '09/Jun/2023:10:11:13 +0530',
      '31/Jun/2023:10:11:12 +0000',
      '2023-06-09T10:11:12.345Z',
      'May 28 12:30:02 2019 GMT',
      '1686305472',
      '1686305472000',
      '1686305472345',
      '1686305473',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '203.0.113.7',
      '203.0.113.256',
      '203.0.113',
      '1.2.3.4.5',
      '01.2.3.4',
      '1..3.4',
      '0.0.0.0',
      '2001:db8::1',
      'test-invoke-source-ip',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'HTTP/1.1',
      'HTTP/2',
      'https',
      'abc.execute-api.eu-west-1.amazonaws.com',
      'api.example.com',
      '/v1/pets/{petId}',
      'v1',
      '$connect',
      '$default',
      'GET /pets',
      'CONNECT',
      'Root=1-5759e988-bd862e3fe1be46a994272793',
      'Root=',
      '0a:1B:2c',
      'arn:aws:iam::111122223333:user/a/b',
      'arn:aws:sts::111122223333:assumed-role/Reader/jo',
      'arn:aws:iam::111122223333:root',
      'abcdefghijklmnop',
      'null',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom('é', '/pets/犬', 'a"b\\c/d', '\u2028', 'x'.repeat(150)) },
  { weight: 2, arbitrary: fc.string({ unit: codePoint, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 300 }) },
);

const usualToken = fc.oneof(
  { weight: 15, arbitrary: text.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.constantFrom('0', '-0', '200', '-7', '1686305472', '1686305472345') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"a\\u002d"', '"1.2.3\\u002e4"', '"2\\u00300"', '"\\/\\b\\ud800"'),
  },
);

const token = fc.oneof(
  { weight: 15, arbitrary: usualToken },
  {
    weight: 1,
    arbitrary: fc.constantFrom('12345678901234567890', '1.10', '1e5', '01', '-', '', 'null', 'nul'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"\\u002d"', '"\\u0041"', '"k\\u0031"', '"\\x"', '"\\u12"', '"\t"'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('true', '{}', '[1,{"apiKey":"abcdefgh"}]', '[', '""x', ' "x" '),
  },
);

/** Mostly the first of two shapes, with other values each time; now and then a byte that is wrong. */
const shapedRecords = fc
  .tuple(
    shape,
    shape,
    fc.array(
      fc.record({
        isFirst: fc.integer({ min: 0, max: 3 }).map((number) => number > 0),
        tokens: fc.oneof(
          { weight: 3, arbitrary: fc.infiniteStream(usualToken) },
          { weight: 1, arbitrary: fc.infiniteStream(token) },
        ),
        damage: fc.oneof(
          { weight: 12, arbitrary: fc.constant(undefined) },
          {
            weight: 1,
            arbitrary: fc.record({
              at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
              byte: fc.constantFrom(
                ...Buffer.from('"\\{}[],: \n0'),
                0,
                0x1f,
                0x7f,
                0x80,
                0xc3,
                0xff,
              ),
              isCut: fc.boolean(),
            }),
          },
        ),
      }),
      { minLength: 1, maxLength: 24 },
    ),
  )
  .map(([first, second, lines]) =>
    lines.map(({ isFirst, tokens, damage }) => {
      const { before, end } = isFirst ? first : second;
      const line = Buffer.from(before.map((it) => it + tokens.next().value).join('') + end);
      if (!damage) return line.toString('base64');
      const at = Math.floor(damage.at * line.length);
      if (damage.isCut) return line.subarray(0, at).toString('base64');
      line[at] = damage.byte;
      return line.toString('base64');
    }),
  );

/** Base64 data of a batch's records. */
export const shapedBatch: fc.Arbitrary<readonly string[]> = fc
  .tuple(shapedRecords, fc.array(hostileRecord, { maxLength: 3 }))
  .map(([shaped, hostile]) => [...shaped, ...hostile]);
