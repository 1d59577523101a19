import { CallBudget } from '../../../../lambda/core/catalog/call-budget';

test('admits as many calls a minute as it says, all of a request or none', () => {
  let now = 0;
  const budget = new CallBudget(10, () => now);

  expect([budget.take(8), budget.take(3), budget.take(2), budget.left]).toEqual([
    true,
    false,
    true,
    0,
  ]);
  now = 59_999;
  expect(budget.take(1)).toBe(false);
  now = 60_000;
  expect(budget.left).toBe(10);
});
