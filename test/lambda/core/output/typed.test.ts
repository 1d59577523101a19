import type { ObjectEnd, ObjectStart } from '../../../../lambda/core/output/layout';
import { memberOf, writeParts } from '../../../../lambda/core/output/typed';

type Part = { readonly text: string } | ObjectStart | ObjectEnd;

const write = (...parts: Part[]) =>
  writeParts<{ readonly text: string }>(parts, ({ text }) => text);
const closes = { closes: true } as const;

describe('writeParts', () => {
  test('writes members in their order, objects among them', () => {
    const line = write(
      { text: '"a":1,' },
      { opens: '"b":' },
      { text: '"c":"{",' },
      { opens: '"d":' },
      { text: '"e":[{}],' },
      closes,
      closes,
    );

    expect(line).toBe('{"a":1,"b":{"c":"{","d":{"e":[{}]}}}\n');
  });

  test('leaves out objects without a member, however deep they are', () => {
    expect(write({ opens: '"a":' }, { opens: '"b":' }, closes, closes, { text: '"c":0,' })).toBe(
      '{"c":0}\n',
    );
    expect(write({ opens: '"a":' }, { text: '' }, closes)).toBe('{}\n');
  });
});

test('a member without a value is left out', () => {
  expect(memberOf('"a":', undefined)).toBe('');
  expect(memberOf('"a":', 'null')).toBe('');
  expect(memberOf('"a":', '""')).toBe('"a":"",');
});
