import fc from 'fast-check';
import { StoreClock } from '../../../../lambda/core/catalog/store-clock';

const MINUTE = 60_000;
const start = 1_000 * MINUTE;

function clockAt(first: number): { clock: StoreClock; set: (now: number) => void } {
  let now = first;
  const clock = new StoreClock(() => now);
  return {
    clock,
    set: (to) => {
      now = to;
    },
  };
}

test('goes by its own clock where no service tells the time', () => {
  const { clock, set } = clockAt(start);
  clock.learn(undefined);
  set(start + 5000);

  expect([clock.time(), clock.elapsed()]).toEqual([start + 5000, start + 5000]);
});

test.each([5 * MINUTE, -5 * MINUTE])(
  'goes by the time of the service that answered where its own is %i ms off',
  (offMs) => {
    const { clock, set } = clockAt(start + offMs);
    clock.learn(start);
    set(start + offMs + 1000);

    expect(clock.time()).toBe(start + 1000);
  },
);

test('keeps its own time where a service tells the same, to the second', () => {
  const { clock } = clockAt(start + 1900);
  clock.learn(start);

  expect(clock.time()).toBe(start + 1900);
});

test.each([2000, -2000])('keeps its own time where a service is only %i ms off', (offMs) => {
  const { clock } = clockAt(start);
  clock.learn(start + offMs);

  expect(clock.time()).toBe(start);
});

test('says what time it was at a moment before it had learned any', () => {
  const { clock, set } = clockAt(start - 5 * MINUTE);
  const startedAt = clock.elapsed();
  set(start - 5 * MINUTE + 3000);
  clock.learn(start + 3000);

  expect(clock.timeAt(startedAt)).toBe(start);
});

test('counts no time backwards, and none twice, however its own clock is set', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -MINUTE, max: MINUTE })), (steps) => {
      const { clock, set } = clockAt(start);
      let now = start;
      let forwards = 0;
      for (const step of steps) {
        const before = clock.elapsed();
        now += step;
        set(now);
        forwards += Math.max(0, step);
        expect(clock.elapsed()).toBeGreaterThanOrEqual(before);
      }

      expect(clock.elapsed() - start).toBe(forwards);
    }),
  );
});
