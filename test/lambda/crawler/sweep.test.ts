import type { UsagePlan } from '../../../lambda/core/catalog/usage-plan';
import {
  firstPart,
  furthest,
  isBehind,
  nextSweep,
  noSweep,
  readSweep,
} from '../../../lambda/crawler/sweep';

test('a sweep takes over what another one has left, and reads it first', () => {
  const underWay = { generation: 5, left: ['b', 'c'] };

  expect(nextSweep([noSweep, underWay], ['a', 'b', 'c', 'd'], 3)).toEqual({
    generation: 6,
    left: ['b', 'c', 'a', 'd'],
  });
  expect(nextSweep([underWay, noSweep], [], 3).generation).toBe(6);
  expect(nextSweep([underWay], [], 100).generation).toBe(100);
});

test('of several rests the one that has got furthest counts', () => {
  const [older, earlier, later] = [
    { generation: 1, left: [] },
    { generation: 2, left: ['a', 'b'] },
    { generation: 2, left: ['b'] },
  ];

  expect(furthest([earlier, later, older])).toBe(later);
  expect([isBehind(earlier, later), isBehind(later, earlier), isBehind(later, later)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a part takes as many calls as it may, and one plan at least', () => {
  const keys = Array.from({ length: 1001 }, (_, n) => ({ id: `k${n}` }));
  const plans = new Map<string, UsagePlan>([
    ['large', { id: 'large', keys }],
    ['small', { id: 'small', keys: [] }],
  ]);

  expect(firstPart(['small', 'large', 'small'], plans, 4)).toEqual(['small', 'large']);
  expect(firstPart(['small', 'large'], plans, 3)).toEqual(['small']);
  expect(firstPart(['large'], plans, 1)).toEqual(['large']);
});

test('what is no rest of a sweep is none', () => {
  expect(readSweep({ generation: 7, left: ['p1'] })).toEqual({ generation: 7, left: ['p1'] });
  for (const wrong of [
    undefined,
    null,
    7,
    {},
    { generation: 'x', left: [] },
    { generation: 2 ** 53, left: [] },
  ]) {
    expect(readSweep(wrong)).toBeUndefined();
  }
});
