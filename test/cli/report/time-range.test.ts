import { timeRange } from '../../../cli/report/time-range';

const now = Date.UTC(2026, 10, 21, 12);
const range = (from?: string, to?: string, timeZone = 'UTC') => {
  const span = timeRange({ from, to, timeZone }, now);
  const iso = (time: number | undefined) => time && new Date(time).toISOString();
  return [iso(span.from), iso(span.to)];
};

describe('a range of time', () => {
  test('of days has the last one in it', () => {
    expect(range('2026-11-01', '2026-11-30')).toEqual([
      '2026-11-01T00:00:00.000Z',
      '2026-12-01T00:00:00.000Z',
    ]);
  });

  test('has the days of a time zone, also where clocks change', () => {
    expect(range('2026-10-25', '2026-10-25', 'Europe/Berlin')).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ]);
  });

  test('of moments is in the time zone unless they name an offset', () => {
    expect(range('2026-11-20T08:00', '2026-11-20T20:30:00+05:30', 'America/New_York')).toEqual([
      '2026-11-20T13:00:00.000Z',
      '2026-11-20T15:00:00.000Z',
    ]);
  });

  test('can be told from now', () => {
    expect(range('7d')).toEqual(['2026-11-14T12:00:00.000Z', undefined]);
    expect(range('90m', '30m')).toEqual(['2026-11-21T10:30:00.000Z', '2026-11-21T11:30:00.000Z']);
  });

  test.each([
    ['yesterday', undefined, '--from: got "yesterday", expected such as 2026-11-20'],
    ['2026-13-01', undefined, '--from: got "2026-13-01"'],
    ['2026-11-20', '2026-11-19', '--from: got 2026-11-20, expected a time before --to 2026-11-19'],
  ])('%s to %s is refused', (from, to, message) => {
    expect(() => range(from, to)).toThrow(message);
  });

  test('needs a time zone that there is', () => {
    expect(() => range('7d', undefined, 'Europe/Nowhere')).toThrow(
      '--time-zone: got "Europe/Nowhere", expected a name such as Europe/Berlin',
    );
  });
});
