import { keyBefore, replayedKey } from '../../../cli/replay/failed-objects';

const moves: { key: string; to: string }[] = [
  { key: 'errors/processing-failed/a', to: 'replayed/processing-failed/a' },
  { key: 'errors/decompression-failed/y/a', to: 'replayed/decompression-failed/y/a' },
  { key: 'failed/a', to: 'replayed/failed/a' },
];

for (const { key, to } of moves) {
  test(`${key} goes to ${to}, where it sets off no alarm`, () => {
    expect(replayedKey(key)).toBe(to);
  });
}

test('a list of what failed since a time leaves out the days before, with a margin of two', () => {
  const since = new Date('2026-11-20T08:30:00Z');

  expect(keyBefore('errors/processing-failed/', since)).toBe(
    'errors/processing-failed/day=2026-11-18',
  );
});

for (const prefix of ['errors/', 'errors/processing-failed/day=2026-11-01/', 'failed/']) {
  test(`a list below ${prefix} begins at the beginning`, () => {
    expect(keyBefore(prefix, new Date())).toBeUndefined();
  });
}
