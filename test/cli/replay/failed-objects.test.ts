import { isReplayed, replayedKey, replayedPrefix } from '../../../cli/replay/failed-objects';

const moves: { key: string; to: string }[] = [
  { key: 'errors/processing-failed/a', to: 'errors/replayed/processing-failed/a' },
  { key: 'errors/decompression-failed/y/a', to: 'errors/replayed/decompression-failed/y/a' },
  { key: 'failed/a', to: 'replayed/failed/a' },
];

for (const { key, to } of moves) {
  test(`${key} goes to ${to}, where no replay looks again`, () => {
    expect(replayedKey(key)).toBe(to);
    expect(isReplayed(key)).toBe(false);
    expect(isReplayed(to)).toBe(true);
    expect(to.startsWith(replayedPrefix(key))).toBe(true);
  });
}
