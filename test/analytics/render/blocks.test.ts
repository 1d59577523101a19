import fc from 'fast-check';
import { bar, condensed, shade, sparkline } from '../../../analytics/render/blocks';

describe('a line of blocks', () => {
  test('rises to the largest value', () => {
    expect(sparkline([0, 1, 4, 7, null])).toBe('▁▂▅█ ');
  });

  test('lies low where nothing happened', () => {
    expect(sparkline([0, 0, 0])).toBe('▁▁▁');
  });

  test('has the sums of neighbours where there is no room for all', () => {
    expect(condensed([1, 2, 3, 4, 5], 3, { additive: true })).toEqual([3, 7, 5]);
    expect(condensed([1, 2, null, null, 5], 3, { additive: false })).toEqual([2, null, 5]);
    expect(condensed([1, 2], 2, { additive: true })).toEqual([1, 2]);
  });

  test('keeps the sum of all values', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), fc.integer({ min: 1, max: 50 }), (values, most) => {
        const fewer = condensed(values, most, { additive: true });
        const sum = (numbers: readonly (number | null)[]) =>
          numbers.reduce<number>((total, value) => total + (value ?? 0), 0);
        expect(fewer.length).toBeLessThanOrEqual(most);
        expect(sum(fewer)).toBe(sum(values));
      }),
    );
  });
});

describe('a bar', () => {
  test('is as long as its share, to the eighth of a character', () => {
    expect([bar(1, 4), bar(0.5, 4), bar(0.28, 4), bar(0, 4)]).toEqual(['████', '██', '█▏', '']);
  });

  test('is seen however small it is, and never longer than there is room', () => {
    expect(bar(1e-9, 4)).toBe('▏');
    expect(bar(7, 4)).toBe('████');
  });
});

test('a shade tells nothing from little', () => {
  expect([shade(0), shade(1e-9), shade(0.5), shade(1)]).toEqual([' ', '░', '▒', '█']);
});
