import {
  isNoValueToken,
  type LogLine,
  memberNamed,
  memberText,
} from '../../../../lambda/core/record/log-line';
import { readLogLine } from '../../../../lambda/core/record/read-log-line';

function textNamed(json: string, name: string): string | undefined {
  const line = readLogLine(json) as LogLine;
  const member = memberNamed(line, name);
  return member && memberText(line, member);
}

describe('memberText', () => {
  const cases = [
    { value: '"text"', text: 'text' },
    { value: '"\\u0041\\n\\/"', text: 'A\n/' },
    { value: '""', text: '' },
    { value: '1.10', text: '1.10' },
    { value: '12345678901234567890', text: '12345678901234567890' },
    { value: 'true', text: 'true' },
    { value: 'null', text: undefined },
    { value: '{"a":1}', text: undefined },
    { value: '["a"]', text: undefined },
  ];
  for (const { value, text } of cases) {
    test(`of ${value} is ${text}`, () => {
      expect(textNamed(`{"a":${value}}`, 'a')).toBe(text);
    });
  }

  test('of a name written twice is the last, as in JSON.parse', () => {
    expect(textNamed('{"a":"first","a":"last"}', 'a')).toBe('last');
  });

  test('finds a name that is written with escapes', () => {
    expect(textNamed('{"\\u0061":"found"}', 'a')).toBe('found');
  });
});

describe('a value as it is written', () => {
  for (const token of ['null', '"-"', '""', '"\\u002d"', '"\\u002D"']) {
    test(`says nothing as ${token}`, () => {
      expect(isNoValueToken(token)).toBe(true);
    });
  }

  for (const token of ['"null"', '"--"', '" "', '"a-"', '"\\u0061"', '0', 'false', '{}', '[]']) {
    test(`says something as ${token}`, () => {
      expect(isNoValueToken(token)).toBe(false);
    });
  }
});
