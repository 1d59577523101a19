import fc from 'fast-check';
import { cut } from '../../../../lambda/core/format/cut';
import { type CutPlan, planCut } from '../../../../lambda/core/format/cut-plan';
import type { ValueSyntax } from '../../../../lambda/core/format/value-syntax';
import { CountedText } from '../../../support/counted-text';
import { fuzzRuns } from '../../../support/fuzz-runs';

function madeOf(characters: string): ValueSyntax {
  const chars = Uint8Array.from({ length: 128 }, (_, code) =>
    characters.includes(String.fromCharCode(code)) ? 1 : 0,
  );
  return { chars, pattern: undefined };
}

/** The values that a line is cut into. */
function values(plan: CutPlan, text: string): string[] | 'ambiguous' | undefined {
  const starts = cut(plan, text);
  if (!starts || starts === 'ambiguous') return starts;
  return plan.values.map((_, index) => {
    const literal = plan.literals[index] ?? '';
    return text.slice((starts[index] ?? 0) + literal.length, starts[index + 1]);
  });
}

/** All ways to place the literals, found by trying. */
function placings({ literals, values }: CutPlan, text: string): number[][] {
  const isPossible = (index: number, value: string) =>
    [...value].every((char) => values[index]?.chars[char.charCodeAt(0)] ?? 1);
  const place = (index: number, from: number): number[][] => {
    const literal = literals[index] ?? '';
    const isLast = index === literals.length - 1;
    const found: number[][] = [];
    for (let at = from; at + literal.length <= text.length; at++) {
      if (index === 0 && at > 0) break;
      if (isLast && at + literal.length < text.length) continue;
      if (!text.startsWith(literal, at)) continue;
      if (index > 0 && !isPossible(index - 1, text.slice(from, at))) continue;
      if (isLast) found.push([at]);
      else found.push(...place(index + 1, at + literal.length).map((rest) => [at, ...rest]));
    }
    return found;
  };
  return place(0, 0);
}

const free: ValueSyntax = { chars: undefined, pattern: undefined };
const digits = madeOf('0123456789');

describe('cut', () => {
  const cases = [
    { title: 'values between literals', line: '<a|b>', values: ['a', 'b'] },
    { title: 'empty values', line: '<|>', values: ['', ''] },
    { title: 'a literal that occurs twice', line: '<a|b|c>', values: 'ambiguous' },
    { title: 'a start that is missing', line: 'a|b>', values: undefined },
    { title: 'an end that is missing', line: '<a|b', values: undefined },
    { title: 'a literal between that is missing', line: '<ab>', values: undefined },
    { title: 'a line shorter than the literals', line: '<', values: undefined },
    { title: 'nothing', line: '', values: undefined },
  ] as const;
  for (const { title, line, values: expected } of cases) {
    test(`sees ${title}`, () => {
      expect(values(planCut(['<', '|', '>'], [free, free]), line)).toEqual(expected);
    });
  }

  test('lets the characters of a value decide between two placings', () => {
    const plan = planCut(['<', '|', '>'], [free, digits]);

    expect(values(plan, '<a|b|1>')).toEqual(['a|b', '1']);
    expect(values(plan, '<a|1|2>')).toEqual(['a|1', '2']);
  });

  test('finds the end of a value whose next literal begins with its characters', () => {
    const plan = planCut(['', '00-', ''], [digits, free]);

    expect(values(plan, '12000-x')).toEqual(['120', 'x']);
  });

  test('takes a value for a free one where its neighbors may belong to it', () => {
    const plan = planCut(['<', '0', '>'], [digits, digits]);

    expect(plan.values).toEqual([undefined, undefined]);
    expect(values(plan, '<102>')).toEqual(['1', '2']);
    expect(values(plan, '<10203>')).toBe('ambiguous');
  });

  test('lets a pattern decide between two placings', () => {
    const even: ValueSyntax = { ...digits, pattern: /[02468]$/ };
    const plan = planCut(['<', '|', '|', '>'], [free, even, free]);

    expect(values(plan, '<a|1|2|b>')).toEqual(['a|1', '2', 'b']);
    expect(values(plan, '<a|2|4|b>')).toBe('ambiguous');
  });

  test('finds the one placing if there is one, and says so if there are more', () => {
    const text = (maxLength: number) =>
      fc.string({ unit: fc.constantFrom('a', 'b', '1', ','), maxLength });
    const literal = text(3).filter((chars) => chars !== '');
    const syntax = fc.constantFrom(free, madeOf('a1'), madeOf('1'), madeOf('ab1'));
    const fields = fc.array(fc.tuple(syntax, text(3), literal), { minLength: 1, maxLength: 4 });
    // Each outcome must come often enough to say something.
    const numRuns = Math.max(500, fuzzRuns(3_000));
    const outcomes = { undefined: 0, ambiguous: 0, cut: 0 };

    fc.assert(
      fc.property(text(2), fields, fc.option(text(12), { freq: 1 }), (first, rest, other) => {
        const literals = [first, ...rest.map(([, , chars]) => chars)];
        const plan = planCut(
          literals,
          rest.map(([its]) => its),
        );
        const line = other ?? first + rest.map(([, value, chars]) => value + chars).join('');
        const found = cut(plan, line);
        const all = placings(plan, line);

        if (all.length === 0) expect(found).toBeUndefined();
        else expect(found).toEqual(all.length > 1 ? 'ambiguous' : all[0]);
        outcomes[found && found !== 'ambiguous' ? 'cut' : (found ?? 'undefined')]++;
      }),
      { numRuns },
    );
    for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(numRuns / 60);
  });
});

describe('the work of cutting a line', () => {
  const plans = {
    'free values only': planCut(['{a:', ',b:', ',c:', '}'], [free, free, free]),
    'one chain between free values': planCut(
      ['{a:', ',b:', ',c:', ',d:', '}'],
      [free, digits, digits, free],
    ),
    'a chain of equal literals': planCut(
      ['', ',', ',', ',', ',', ',', ',', ''],
      [free, digits, digits, digits, digits, digits, free],
    ),
  };
  const floods = ['a', ',', ',b:', ',b:1', ',b:1,c:', ',1', '1', '{a:', ',,,,,,', '}'];

  function workOf(plan: CutPlan, flood: string, length: number): number {
    const filling = flood.repeat(length / flood.length);
    const line = `${plan.literals[0]}${filling}${plan.literals.at(-1)}`;
    const text = new CountedText(line);
    cut(plan, text as unknown as string);
    return text.charsRead;
  }

  for (const [title, plan] of Object.entries(plans)) {
    test(`is a few looks at each character, with ${title}`, () => {
      const length = 1 << 17;
      const perCharacter = floods.map((flood) => [flood, workOf(plan, flood, length) / length]);

      expect(perCharacter.filter(([, looks]) => Number(looks) > 20)).toEqual([]);
    });

    test(`grows no faster than the line, with ${title}`, () => {
      const growth = floods.map((flood) => [
        flood,
        (workOf(plan, flood, 1 << 17) + 1_000) / (workOf(plan, flood, 1 << 14) + 1_000),
      ]);

      expect(growth.filter(([, factor]) => Number(factor) > 9)).toEqual([]);
    });
  }
});
