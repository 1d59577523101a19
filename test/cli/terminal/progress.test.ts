import { progressOn } from '../../../cli/terminal/progress';

function output({ isTTY = true, columns = 20 } = {}) {
  const written: string[] = [];
  const write = (text: string) => {
    written.push(text);
    return true;
  };
  return { isTTY, columns, write, written };
}

test('rewrites one line of a terminal', () => {
  const screen = output();
  const progress = progressOn(screen as never);

  progress.show('1/2');
  progress.show('2/2');
  progress.clear();
  progress.clear();

  expect(screen.written).toEqual(['\r\x1b[K1/2', '\r\x1b[K2/2', '\r\x1b[K']);
});

test('never fills the line, which would begin another', () => {
  const screen = output();

  progressOn(screen as never).show('x'.repeat(50));

  expect(screen.written[0]).toHaveLength('\r\x1b[K'.length + 19);
});

test('writes nothing where nobody watches', () => {
  const file = output({ isTTY: false });
  const progress = progressOn(file as never);

  progress.show('1/2');
  progress.clear();

  expect(file.written).toEqual([]);
});
