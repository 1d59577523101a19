import fc from 'fast-check';
import {
  addDays,
  DAY,
  HOUR,
  instantOf,
  localTime,
  offsetPeriods,
  startOfDay,
} from '../../analytics/time-zone';

const at = (text: string) => Date.parse(text);

describe('a local day', () => {
  test.each([
    ['UTC', '2026-11-25T22:40:00Z', '2026-11-25T00:00:00Z'],
    ['Europe/Berlin', '2026-11-25T23:40:00Z', '2026-11-25T23:00:00Z'],
    ['Asia/Kolkata', '2026-11-25T18:29:59Z', '2026-11-24T18:30:00Z'],
    ['America/New_York', '2026-11-01T12:00:00Z', '2026-11-01T04:00:00Z'],
    // The clocks go forward at midnight: the day starts at one o'clock.
    ['America/Asuncion', '2024-10-06T12:00:00Z', '2024-10-06T04:00:00Z'],
    ['America/Havana', '2026-03-08T12:00:00Z', '2026-03-08T05:00:00Z'],
  ])('of %s at %s starts at %s', (timeZone, time, start) => {
    expect(new Date(startOfDay(at(time), timeZone)).toISOString()).toBe(
      new Date(start).toISOString(),
    );
  });

  test('is 25 hours long when the clocks go back, and 23 when they go forward', () => {
    const length = (time: string) => {
      const start = startOfDay(at(time), 'Europe/Berlin');
      return (addDays(start, 1, 'Europe/Berlin') - start) / HOUR;
    };

    expect(length('2026-10-25T12:00:00Z')).toBe(25);
    expect(length('2026-03-29T12:00:00Z')).toBe(23);
    expect(length('2026-03-30T12:00:00Z')).toBe(24);
  });
});

describe('a time on the wall', () => {
  const timeZone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns');
  const instant = fc
    .integer({ min: at('2020-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') })
    .map((ms) => ms - (ms % 1000));

  test('belongs to an instant that shows it', () => {
    fc.assert(
      fc.property(timeZone, instant, (zone, time) => {
        const local = localTime(time, zone);
        expect(localTime(instantOf(local, zone), zone)).toBe(local);
      }),
    );
  });

  test('is told by the offsets of a period', () => {
    fc.assert(
      fc.property(timeZone, instant, fc.integer({ min: 0, max: 400 }), (zone, from, days) => {
        const to = from + days * DAY;
        const periods = offsetPeriods(zone, from, to);
        for (let time = from; time < to; time += 5 * DAY + HOUR) {
          const period = periods.find(({ until }) => time < until);
          expect(time + (period?.offset ?? Number.NaN)).toBe(localTime(time, zone));
        }
      }),
      { numRuns: 30 },
    );
  });
});

test('a time zone that does not exist is refused by name', () => {
  expect(() => startOfDay(0, 'Europe/Bielefeld')).toThrow('no such time zone: "Europe/Bielefeld"');
});
