import fc from 'fast-check';
import { listedLines } from '../../../cli/report/listed-lines';

/** The content as lines, when it comes in pieces of so many bytes. */
async function linesIn(content: string, pieceBytes = 7): Promise<string[]> {
  const bytes = Buffer.from(content);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      yield bytes.subarray(at, at + pieceBytes);
    }
  }
  const found: Uint8Array[] = [];
  for await (const piece of listedLines(pieces())) found.push(piece);
  return Buffer.concat(found)
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

const event = (message: string) => ({ timestamp: 1, message, ingestionTime: 2 });
const answer = (...messages: string[]) => ({
  events: messages.map(event),
  nextForwardToken: 'f/1',
  searchedLogStreams: [{ logStreamName: '[{"a":1},', searchedCompletely: true }],
});

const line = '{"a":"}],[{","b":"\\\\\\""}';

describe('lines', () => {
  test('are the messages of any answer, however it is written and cut', async () => {
    const message = fc.oneof(
      fc.constant(line),
      fc.json().map((json) => json.trim()),
      fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/^\s*$|\n/.test(text)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(message, { maxLength: 5 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(undefined, 2, '\t'),
        fc.integer({ min: 1, max: 90 }),
        async (answers, space, pieceBytes) => {
          const text = answers
            .map((messages) => JSON.stringify(answer(...messages), null, space))
            .join('\n');

          expect(await linesIn(text, pieceBytes)).toEqual(answers.flat());
        },
      ),
    );
  });

  test.each<[string, string]>([
    ['events', JSON.stringify([event(line), event('x - -')], null, 2)],
    ['texts over several lines', JSON.stringify([line, 'x - -'], null, 4)],
    ['texts of JSON', JSON.stringify([line, 'x - -'])],
  ])('are the items of a list of %s', async (_, list) => {
    expect(await linesIn(list)).toEqual([line, 'x - -']);
  });

  test('are the objects of a list as they stand there', async () => {
    const objects = ['{"id":12345678901234567890}', '{"message":"x","status":403}', '{}'];

    expect(await linesIn(`[${objects.join(',')}]\n`)).toEqual(objects);
  });

  test('go on after an answer', async () => {
    expect(await linesIn(`${JSON.stringify(answer(line))}\n{"a":1}\nx - -\n`)).toEqual([
      line,
      '{"a":1}',
      'x - -',
    ]);
  });

  test('are those before an answer ends too early, with the rest of it', async () => {
    const text = JSON.stringify(answer(line, 'x - -'));
    const cut = text.slice(0, text.indexOf('- -'));

    expect(await linesIn(cut)).toEqual([line, '{"timestamp":1,"message":"x ']);
  });

  test.each([
    '["id","10.0.0.1"]\n["id","10.0.0.2"]\n',
    '[20/Nov/2026:09:17:01 +0000] 10.0.0.1 - {}\n',
    '{"events":"none","status":200}\n{"events":[1,2]}\n',
    '{"status":200,"events":[{"message":"x"}]}\n',
    '',
  ])('are left alone in %j', async (text) => {
    expect(await linesIn(text)).toEqual(text.split('\n').filter((one) => one !== ''));
  });
});
