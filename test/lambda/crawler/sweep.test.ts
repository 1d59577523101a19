import type { UsagePlan } from '../../../lambda/core/catalog/catalog';
import {
  furthest,
  isBehind,
  nextLook,
  nextPart,
  noLook,
  readLook,
} from '../../../lambda/crawler/sweep';

function live(...keyCounts: number[]): Map<string, UsagePlan> {
  const plans = keyCounts.map((count, index): UsagePlan => {
    const keys = Array.from({ length: count }, (_, key) => ({ id: `k${index}-${key}` }));
    return { id: `p${index}`, keys };
  });
  return new Map(plans.map((plan) => [plan.id, plan]));
}

describe('a look', () => {
  test('is of all plans', () => {
    expect(nextLook([noLook], ['p1', 'p2'], 100)).toEqual({ generation: 100, left: ['p1', 'p2'] });
  });

  test('takes over what the one under way has left, and reads it first', () => {
    const underWay = { generation: 100, left: ['p2'] };

    expect(nextLook([noLook, underWay], ['p1', 'p2'], 200).left).toEqual(['p2', 'p1']);
  });

  test('comes after the one before, whatever the clock says', () => {
    expect(nextLook([{ generation: 100, left: [] }], [], 50).generation).toBe(101);
  });

  test('comes back as it was put into the queue', () => {
    const look = nextLook([noLook], ['p1'], 100);

    expect(readLook(JSON.parse(JSON.stringify(look)))).toEqual(look);
  });

  for (const value of [undefined, null, 7, {}, { generation: 1 }, { left: [] }]) {
    test(`is not ${JSON.stringify(value)}`, () => {
      expect(readLook(value)).toBeUndefined();
    });
  }
});

test('of two looks the later one counts, of one look what got further', () => {
  const [early, further] = [
    { generation: 1, left: ['p1', 'p2'] },
    { generation: 1, left: ['p2'] },
  ];
  const later = { generation: 2, left: ['p1', 'p2'] };

  expect([isBehind(early, further), isBehind(further, later)]).toEqual([true, true]);
  expect([isBehind(further, further), isBehind(later, further)]).toEqual([false, false]);
  expect(furthest([early, later, further])).toBe(later);
});

describe('a part', () => {
  test('reads as many plans as there are calls, and leaves the rest', () => {
    const plans = live(...Array.from({ length: 50 }, () => 1));
    const [part, rest] = nextPart({ generation: 1, left: [...plans.keys()] }, plans, 24);

    expect([part.length, rest.left.length]).toEqual([24, 26]);
    expect([...part, ...rest.left]).toEqual([...plans.keys()]);
  });

  test('reads fewer plans where they have pages of keys, and one at least', () => {
    const plans = live(20_000, 6_000, 6_000, 1);
    const left = [...plans.keys()];

    const [first, rest] = nextPart({ generation: 1, left }, plans, 24);
    expect(first).toEqual(['p0']);
    expect(nextPart(rest, plans, 24)[0]).toEqual(['p1', 'p2']);
  });

  test('leaves out plans that are gone', () => {
    const [part, rest] = nextPart({ generation: 1, left: ['gone', 'p0'] }, live(1), 24);

    expect([part, rest.left]).toEqual([['p0'], []]);
  });
});
