import { paced } from '../../../lambda/crawler/pace';

test('lets a call through every so often, however many wait', async () => {
  let now = 0;
  const at: number[] = [];
  const pace = paced(
    5,
    () => now,
    async (ms) => {
      now += ms;
    },
  );

  for (let call = 0; call < 3; call++) {
    await pace();
    at.push(now);
  }
  now = 10_000;
  await pace();

  expect([...at, now]).toEqual([0, 200, 400, 10_000]);
});
