import { type Cut, cut } from '../../../../lambda/core/format/cut';
import { planCut } from '../../../../lambda/core/format/cut-plan';
import { lineBoundaryOf, mayBeTwoLines } from '../../../../lambda/core/format/line-boundary';
import type { ValueSyntax } from '../../../../lambda/core/format/value-syntax';

const free: ValueSyntax = { chars: undefined, pattern: undefined };
const digits: ValueSyntax = {
  chars: Uint8Array.from({ length: 128 }, (_, code) => (code > 47 && code < 58 ? 1 : 0)),
  pattern: undefined,
};

const cases = [
  {
    title: 'literals at both ends',
    plan: planCut(['{id:', ',text:', ',no:', '}'], [digits, free, digits]),
    lets: ['{id:1,text:a,no:2}', '{id:1,text:,no:,no:2}', '{id:1,text:}{,no:2}'],
    suspects: [
      '{id:1,text:a,no:2}{id:3,text:b,no:4}',
      '{id:1,text:a,no:2} {id:3,text:b,no:4}',
      '{id:1,text:a{id:3,text:b,no:4}',
    ],
  },
  {
    title: 'free values only',
    plan: planCut(['{text:', '}'], [free]),
    lets: ['{text:a}b}', '{text:}'],
    suspects: ['{text:a}{text:b}'],
  },
  {
    title: 'values at both ends',
    plan: planCut(['', ',', ',', ''], [digits, free, digits]),
    lets: ['1,a,2', '1,a,b,2'],
    suspects: ['1,a,23,b,4'],
  },
  {
    title: 'a literal at the start and a value at the end',
    plan: planCut(['"', '" ', ''], [free, digits]),
    lets: ['"a" 1', '"say "a"" 1', '"a" b" 1'],
    suspects: ['"a" 1"b" 2'],
  },
  {
    title: 'a value at the start and a literal at the end',
    plan: planCut(['', ' "', '"'], [digits, free]),
    lets: ['1 "a"', '1 "a "b""'],
    suspects: ['1 "a"2 "b"'],
  },
  {
    title: 'a free value at the end, which leaves no trace of it',
    plan: planCut(['', ' ', ''], [digits, free]),
    lets: ['1 a b', '1 a2 b'],
    suspects: [],
  },
  {
    title: 'no free value, which could swallow a line',
    plan: planCut(['', ' ', ''], [digits, digits]),
    lets: ['1 2'],
    suspects: [],
  },
];

for (const { title, plan, lets, suspects } of cases) {
  test(`sees where lines meet, with ${title}`, () => {
    const isSuspicious = (line: string) =>
      mayBeTwoLines(lineBoundaryOf(plan), line, cut(plan, line) as Cut);

    expect(lets.filter(isSuspicious)).toEqual([]);
    expect(suspects.filter(isSuspicious)).toEqual(suspects);
  });
}
