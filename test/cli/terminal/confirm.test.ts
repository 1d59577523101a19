import { PassThrough } from 'node:stream';
import { confirm } from '../../../cli/terminal/confirm';

function terminal(isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  return { input, output };
}

for (const { answer, isYes } of [
  { answer: 'y', isYes: true },
  { answer: 'YES', isYes: true },
  { answer: '', isYes: false },
  { answer: 'n', isYes: false },
  { answer: 'yolo', isYes: false },
]) {
  test(`takes "${answer}" for ${isYes ? 'yes' : 'no'}`, async () => {
    const console = terminal();

    const confirmed = confirm('Change 3 stages?', console);
    console.input.write(`${answer}\n`);

    expect(await confirmed).toBe(isYes);
    expect(console.output.read().toString()).toContain('Change 3 stages? [y/N]');
  });
}

test('takes the end of the input for no', async () => {
  const console = terminal();

  const confirmed = confirm('Change 3 stages?', console);
  console.input.end();

  expect(await confirmed).toBe(false);
});

test('rejects where there is nobody to ask', async () => {
  await expect(confirm('Change 3 stages?', terminal(false))).rejects.toThrow(/expected --yes/);
});
