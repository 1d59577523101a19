import fc from 'fast-check';
import { distance as oracle } from 'fastest-levenshtein';
import { didYouMean, distance, nearest } from '../../../lambda/core/nearest';

const names = [
  'invoke',
  'status',
  'attach',
  'detach',
  'replay',
  'formats',
  'customer-errors',
  'customers',
];

for (const [typed, meant] of [
  ['invok', 'invoke'],
  ['stauts', 'status'],
  ['attatch', 'attach'],
  ['rep', 'replay'],
  ['customer', 'customers'],
  ['STATUS', 'status'],
  ['upload', undefined],
  ['', undefined],
  ['x', undefined],
] as const) {
  test(`"${typed}" may mean ${meant ?? 'nothing that there is'}`, () => {
    expect(nearest(typed, names)).toBe(meant);
  });
}

test('a message ends with the question, or as it was', () => {
  expect(didYouMean('stak', ['stack'], (name) => `--${name}`)).toBe('; did you mean --stack?');
  expect(didYouMean('upload', names)).toBe('');
});

test('texts are as far apart as Levenshtein says', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
  fc.assert(
    fc.property(text, text, (from, to) => {
      expect(distance(from, to)).toBe(oracle(from, to));
    }),
  );
});
