/** Lines with values of every kind, in objects in whose members fields may stand and in others. */

import fc from 'fast-check';

const names = [
  ...['context', 'identity', 'integration', 'error', 'waf', 'claims', 'headers', 'authorizer'],
  ...['stage', 'apiId', 'apiKeyId', 'status', 'latency', 'sourceIp', 'requestTimeEpoch', 'message'],
  ...[
    'integrationStatus',
    'user',
    'userAgent',
    'path',
    'a',
    'usage_plan',
    'api',
    'key',
    'x-api-key',
  ],
];
const scalars = [
  ...['null', 'true', 'false', '0', '-1.5', '1e3', '200', '1686305472', '12345678901234567890'],
  ...['"-"', '""', '"prod"', '"a1"', '"k1"', '"k2"', '"é\\n\\"x"', '"\\u002d"', '"2001:db8::1"'],
  ...[
    '{}',
    '[]',
    '[1,"x",{"stage":"b"}]',
    '"abcdefghijklmnopqrst"',
    '"09/Jun/2023:10:11:12 +0000"',
  ],
];
const blank = fc.constantFrom('', '', '', '', ' ', '\t');

const { object } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 4, arbitrary: fc.constantFrom(...scalars) },
    { weight: 1, arbitrary: tie('object') },
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...names), tie('value'), blank), { maxLength: 6 })
    .map((members) =>
      members.map(([name, value, gap]) => `${gap}"${name}"${gap}:${gap}${value}${gap}`).join(','),
    )
    .map((members) => `{${members}}`),
}));

/** The text of a JSON object. */
export const nestedLine: fc.Arbitrary<string> = object;
