import { tokenReader } from '../../../../lambda/core/output/tokens';

const readInteger = tokenReader('integer', String);
const readString = tokenReader('string', String);
const readEpoch = tokenReader('epoch', ({ epochMs }) => String(epochMs));

describe('an integer column', () => {
  const held = ['0', '200', '-1', '12345678901234567', '999999999999999999'];
  for (const digits of held) {
    test(`holds ${digits}, with quotes and without, digit for digit`, () => {
      expect(readInteger(digits)).toBe(digits);
      expect(readInteger(`"${digits}"`)).toBe(digits);
    });
  }

  const refused = [
    '"abc"',
    '1.5',
    '1.0',
    '1e3',
    '-0',
    '"007"',
    '" 1"',
    '"1\\n"',
    'true',
    '{}',
    '[]',
  ];
  for (const token of [...refused, '"0x10"', '1000000000000000000', '"12345678901234567890"']) {
    test(`cannot hold ${token}`, () => {
      expect(readInteger(token)).toBeUndefined();
    });
  }
});

describe('a string column', () => {
  const tokens = [
    { token: '"a\\/\\u00e9é"', held: '"a\\/\\u00e9é"' },
    { token: '12345678901234567890', held: '"12345678901234567890"' },
    { token: '1.10', held: '"1.10"' },
    { token: 'true', held: '"true"' },
    { token: '{"a": "b"}', held: '"{\\"a\\": \\"b\\"}"' },
    { token: '[1,\t2]', held: '"[1,\\t2]"' },
  ];
  for (const { token, held } of tokens) {
    test(`holds ${token} as it is written`, () => {
      expect(readString(token)).toBe(held);
    });
  }
});

describe('a column of a moment', () => {
  for (const token of [
    '1663811436',
    '"1663811436"',
    '1663811436000',
    '"22/Sep/2022:01:50:36 +0000"',
  ]) {
    test(`holds ${token}`, () => {
      expect(readEpoch(token)).toBe('1663811436000');
    });
  }

  for (const token of ['"soon"', '1.5', '{}', '[1663811436]', 'false']) {
    test(`cannot hold ${token}`, () => {
      expect(readEpoch(token)).toBeUndefined();
    });
  }
});
