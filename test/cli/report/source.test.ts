import { FolderChoice, isNoLog, spanOf, type TimeSpan } from '../../../cli/report/source';

const HOUR = 3_600_000;
const utc = Date.UTC;
const takes = (path: string, span: TimeSpan) => new FolderChoice(span).takes(path);

describe('the time that folders name', () => {
  test.each<[string, number, number]>([
    ['logs/day=2026-11-20/hour=09/x', utc(2026, 10, 20, 9), utc(2026, 10, 20, 10)],
    ['logs/day=2026-11-20/x', utc(2026, 10, 20), utc(2026, 10, 21)],
    ['day=2026-12-31/hour=23/', utc(2026, 11, 31, 23), utc(2027, 0, 1)],
    ['logs/year=2026/month=11/day=20/hour=09/x', utc(2026, 10, 20, 9), utc(2026, 10, 20, 10)],
    ['logs/year=2026/month=11/', utc(2026, 10, 1), utc(2026, 11, 1)],
    ['logs/year=2026/', utc(2026, 0, 1), utc(2027, 0, 1)],
    ['logs/api=a1/day=2026-11-20/hour=09/x', utc(2026, 10, 20, 9), utc(2026, 10, 20, 10)],
    ['logs/2026/11/20/09/x', utc(2026, 10, 20, 9), utc(2026, 10, 20, 10)],
    ['logs/2026/11/20/x', utc(2026, 10, 20), utc(2026, 10, 21)],
  ])('%s', (path, from, to) => {
    expect(spanOf(path)).toEqual({ from, to });
  });

  test('is none where they name none', () => {
    expect(spanOf('logs/access.log.gz')).toBeUndefined();
    expect(takes('logs/access.log.gz', { from: 0, to: 1 })).toBe(true);
  });

  test('reaches an hour further on each side', () => {
    const path = 'logs/day=2026-11-20/hour=09/x';
    const nine = utc(2026, 10, 20, 9);

    expect(takes(path, { from: nine + 2 * HOUR - 1 })).toBe(true);
    expect(takes(path, { from: nine + 2 * HOUR })).toBe(false);
    expect(takes(path, { to: nine - HOUR + 1 })).toBe(true);
    expect(takes(path, { to: nine - HOUR })).toBe(false);
  });

  test('tells whether earlier folders were left out', () => {
    const choice = new FolderChoice({ from: utc(2026, 10, 20), to: utc(2026, 10, 21) });
    const takesDay = (day: number) => choice.takes(`logs/day=2026-11-${day}/x`);

    expect([takesDay(20), takesDay(23), choice.takes('x')]).toEqual([true, false, true]);
    expect(choice.hasLeftEarlier).toBe(false);
    expect(takesDay(18)).toBe(false);
    expect(choice.hasLeftEarlier).toBe(true);
  });
});

test.each([
  ['logs/day=2026-11-20/hour=09/x.gz', false],
  ['errors/processing-failed/x', false],
  ['replayed/processing-failed/x', true],
  ['source/day=2026-11-20/x', true],
  ['_catalog/snapshot.json', true],
  ['logs/.DS_Store', true],
])('%s is no log: %s', (path, expected) => {
  expect(isNoLog(path)).toBe(expected);
});
