import { looksOf, offsetOf, refusal, timeRangeOf } from '../../../lambda/widgets/context';

describe('what CloudWatch tells a widget', () => {
  const range = { start: 1_000, end: 2_000 };

  test('is the range, or what the viewer has zoomed into', () => {
    expect(timeRangeOf({ timeRange: range })).toEqual(range);
    expect(timeRangeOf({ timeRange: { ...range, zoom: { start: 1_200, end: 1_300 } } })).toEqual({
      start: 1_200,
      end: 1_300,
    });
  });

  test.each([
    undefined,
    {},
    { start: '1', end: 2 },
    { start: 2, end: 1 },
    { start: Number.NaN, end: 1 },
    { start: -1, end: 1 },
    { start: 0, end: 1e300 },
  ])('is no range where it is %j', (timeRange) => {
    expect(timeRangeOf({ timeRange: timeRange as never })).toBeUndefined();
  });

  test('is the size and the theme, within reason', () => {
    expect(looksOf({ width: 321, height: 123, theme: 'dark' })).toEqual({
      width: 321,
      height: 123,
      theme: 'dark',
    });
    expect(looksOf({ width: 1e9, height: -5, theme: '<b>' })).toEqual({
      width: 4000,
      height: 100,
      theme: 'light',
    });
    expect(looksOf({ width: '9"' })).toEqual({ width: 600, height: 250, theme: 'light' });
  });

  test('is the viewer’s offset: by its text, whose sign is known, else by its minutes', () => {
    expect(offsetOf({ timezone: { offsetISO: '+02:00', offsetInMinutes: -120 } })).toBe(120);
    expect(offsetOf({ timezone: { offsetISO: '-03:30' } })).toBe(-210);
    expect(offsetOf({ timezone: { offsetInMinutes: 330 } })).toBe(330);
    expect(offsetOf({ timezone: { offsetISO: 'x', offsetInMinutes: 'y' } })).toBe(0);
    expect(offsetOf({})).toBe(0);
  });

  test('is refused as text', () => {
    expect(refusal('panel', '<script>', ['a', 'b'])).toBe(
      'panel: got &quot;&lt;script&gt;&quot;, expected a, b',
    );
    expect(refusal('panel', undefined, ['a'])).toBe('panel: got nothing, expected a');
  });
});
