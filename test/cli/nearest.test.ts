import { didYouMean, nearest } from '../../cli/nearest';

const names = ['invoke', 'status', 'attach', 'detach', 'replay', 'formats'];

for (const [typed, meant] of [
  ['invok', 'invoke'],
  ['stauts', 'status'],
  ['attatch', 'attach'],
  ['rep', 'replay'],
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
