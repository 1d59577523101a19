import { mapInFlight } from '../../../lambda/aws/in-flight';

test('keeps the order, and no more than the limit under way', async () => {
  let underWay = 0;
  let most = 0;

  const results = await mapInFlight([5, 1, 4, 2, 3], 2, async (ticks) => {
    most = Math.max(most, ++underWay);
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    underWay--;
    return ticks * 10;
  });

  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

test('rejects with the first failure', async () => {
  const failing = mapInFlight([1, 2], 1, async (item) => {
    throw new Error(`item ${item}`);
  });

  await expect(failing).rejects.toThrow('item 1');
});
