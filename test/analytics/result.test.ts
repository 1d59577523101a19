import { toValue } from '../../analytics/result';

describe("an engine's value in a result", () => {
  test.each([
    ['an integer as a number', 42n, 42],
    ['the largest safe integer', 9_007_199_254_740_991n, 9_007_199_254_740_991],
    ['an integer that no number holds as text', 9_007_199_254_740_993n, '9007199254740993'],
    ['a fraction', 0.25, 0.25],
    ['what JSON has no number for as NULL', Number.NaN, null],
    ['infinity as NULL', Number.POSITIVE_INFINITY, null],
    ['text', 'x', 'x'],
    ['truth', true, true],
    ['nothing', undefined, null],
    ['a list as JSON', ['a,b', null, 1n], '["a,b",null,1]'],
    ['a structure as JSON', { a: 1n, b: [{ c: 'x' }] }, '{"a":1,"b":[{"c":"x"}]}'],
    ['a moment', new Date(1_780_000_000_123), '2026-05-28T20:26:40.123Z'],
  ])('is %s', (_, value, expected) => {
    expect(toValue(value)).toBe(expected);
  });
});
