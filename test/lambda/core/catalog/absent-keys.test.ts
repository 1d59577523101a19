import { AbsentKeys } from '../../../../lambda/core/catalog/absent-keys';

test('a key is absent for the time that was said, and no longer', () => {
  let now = 0;
  const absent = new AbsentKeys(() => now);
  absent.add('k1', 1000);

  now = 999;
  expect([absent.has('k1'), absent.has('k2')]).toEqual([true, false]);
  now = 1000;
  expect(absent.has('k1')).toBe(false);
});

test('remembers the latest 10,000 keys, whatever comes', () => {
  const absent = new AbsentKeys(() => 0);

  for (let index = 0; index <= 10_000; index++) absent.add(`k${index}`, 1000);

  expect([absent.has('k0'), absent.has('k1'), absent.has('k10000')]).toEqual([false, true, true]);
});
