import fc from 'fast-check';
import { DAY, HOUR, startOfDay } from '../../../analytics/time-zone';
import { scopeOf } from '../../../lambda/log-widgets/scope';

const closedUntil = '2026-11-20';
const end = Date.parse('2026-11-21');

describe('what a widget is about', () => {
  test('is whole hours around the range, up to where days are closed', () => {
    expect(
      scopeOf({ start: end - 2 * DAY + 1234, end: end + 5 * HOUR }, 0, closedUntil),
    ).toMatchObject({ from: end - 2 * DAY, to: end, bucket: 'hour', timeZone: 'UTC', filter: {} });
  });

  test('is whole days of the viewer where the range is long', () => {
    const scope = scopeOf({ start: end - 30 * DAY + HOUR, end }, 120, closedUntil);

    expect(scope).toMatchObject({ bucket: 'day', timeZone: 'Etc/GMT-2' });
    expect(scope?.from).toBe(end - 30 * DAY - 2 * HOUR);
    expect(scope?.to).toBe(end - 2 * HOUR);
  });

  test('is nothing where no closed day is in the range', () => {
    expect(scopeOf({ start: end, end: end + DAY }, 0, closedUntil)).toBeUndefined();
  });

  test('is no more than three months', () => {
    expect(scopeOf({ start: 0, end }, 0, closedUntil)?.from).toBe(end - 92 * DAY);
  });

  test('is in whole hours of UTC and in a zone that there is, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1e12, max: 2 ** 43 }),
        fc.integer({ min: 1, max: 2 ** 38 }),
        fc.integer({ min: -1440, max: 1440 }),
        (start, length, offset) => {
          const scope = scopeOf({ start, end: start + length }, offset, closedUntil);
          if (!scope) return;
          expect([scope.from % HOUR, scope.to % HOUR]).toEqual([0, 0]);
          expect(scope.from).toBeLessThan(scope.to);
          expect(scope.to).toBeLessThanOrEqual(end);
          expect(startOfDay(scope.from, scope.timeZone)).toBeLessThanOrEqual(scope.from);
        },
      ),
    );
  });
});
