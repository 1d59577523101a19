import { withDashesQuoted } from '../../../../lambda/core/format/bare-dashes';

const cases = [
  ['{"a":-}', '{"a":"-"}'],
  ['{ "a": - , "b" :-,"c":[-, - ]}', '{ "a": "-" , "b" :"-","c":["-", "-" ]}'],
  ['{"a":"x:-,","b":-}', '{"a":"x:-,","b":"-"}'],
  ['{"a":"\\":-,","b":{"c":-}}', '{"a":"\\":-,","b":{"c":"-"}}'],
  ['{"a":"-"}', undefined],
  ['{"a":-1}', undefined],
  ['{"a":1-}', undefined],
  ['{"a":--}', undefined],
  ['{"a":-', undefined],
  ['{"a":"x:-,', undefined],
  ['- - {"a":-}', undefined],
  ['[-]', undefined],
] as const;

for (const [text, quoted] of cases) {
  test(`${text} becomes ${quoted ?? 'nothing else'}`, () => {
    expect(withDashesQuoted(text)).toBe(quoted);
  });
}
