import { athenaValue } from '../../../lambda/aws/athena-value';

test.each([
  ['12', 'bigint', 12],
  ['9007199254740993', 'bigint', '9007199254740993'],
  ['7', 'integer', 7],
  ['0.5', 'double', 0.5],
  ['NaN', 'double', null],
  ['1.50', 'decimal(38,2)', 1.5],
  ['true', 'boolean', true],
  ['false', 'boolean', false],
  ['2026-11-01 05:00:00.123', 'timestamp', '2026-11-01T05:00:00.123Z'],
  ['2026-11-01 05:00:00.123', 'timestamp(3)', '2026-11-01T05:00:00.123Z'],
  ['2026-11-01 05:00:00.123 UTC', 'timestamp with time zone', '2026-11-01T05:00:00.123Z'],
  [
    '2026-11-01 05:00:00.123 Europe/Berlin',
    'timestamp with time zone',
    '2026-11-01 05:00:00.123 Europe/Berlin',
  ],
  ['2026-11-01', 'date', '2026-11-01T00:00:00.000Z'],
  ['007', 'varchar', '007'],
  [null, 'bigint', null],
])('%s of the type %s is %s', (text, type, value) => {
  expect(athenaValue(text, type)).toBe(value);
});
