import fc from 'fast-check';
import { fields, namesOf } from '../../lambda/core/fields';
import type { LogLine } from '../../lambda/core/record/log-line';
import { readLogLine } from '../../lambda/core/record/read-log-line';
import { codePoint } from './code-point';

/** A line that holds these fields, or is this text. */
export function lineOf(content: string | Readonly<Record<string, unknown>>): LogLine {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const line = readLogLine(text);
  if (!line) throw new Error(`no JSON object: ${text}`);
  return line;
}

const knownName = fc.constantFrom(...fields.flatMap(namesOf));
const otherName = fc.oneof(
  fc.string({ unit: codePoint, maxLength: 8 }),
  fc.constantFrom(
    'usage_plan',
    'customer_name',
    'Status',
    'API_ID',
    'extra',
    'api_type',
    '__proto__',
  ),
);

const apiGatewayValue = fc.constantFrom(
  '-',
  '',
  '200',
  '007',
  '12345678901234567890',
  'abc',
  '09/Jun/2023:10:11:12 +0000',
  '1663811436',
  '1663811436789',
  'arn:aws:sts::111122223333:assumed-role/Reader/jo',
  'api.example.com',
  '/orders/%2F?"\\',
  '2001:db8::1',
);
const token = fc.oneof(
  apiGatewayValue.map((value) => JSON.stringify(value)),
  fc.string({ unit: codePoint }).map((value) => JSON.stringify(value)),
  fc.constantFrom('0', '-0', '1.10', '1e3', '12345678901234567890', 'true', 'null', '"\\u002d"'),
  fc.json({ maxDepth: 2 }),
);

/** Lines of known and unknown fields in any spelling, with names that may be given twice. */
export const anyLine: fc.Arbitrary<LogLine> = fc
  .array(fc.tuple(fc.oneof(knownName, knownName, otherName), token), { maxLength: 12 })
  .map((members) =>
    lineOf(`{${members.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(' , ')}}`),
  );
