import { costOf, inBytes, inUsd } from '../../../cli/report/athena-cost';

test('a query costs 5 USD for a terabyte, and as much as 10 MB at least', () => {
  expect(costOf(1e12)).toBe(5);
  expect(costOf(0)).toBeCloseTo(0.00005, 10);
  expect(costOf(9_999_999)).toBe(costOf(10_000_000));
});

test('amounts are told as people read them', () => {
  expect([0, 0.00005, 0.0123, 5].map(inUsd)).toEqual([
    '0.00 USD',
    '0.00005 USD',
    '0.01 USD',
    '5.00 USD',
  ]);
  expect([0, 999, 1500, 2.5e12].map(inBytes)).toEqual(['0 bytes', '999 bytes', '1.5 KB', '2.5 TB']);
});
