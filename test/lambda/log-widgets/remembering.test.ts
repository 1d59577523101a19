import { remembering } from '../../../lambda/log-widgets/remembering';

let now = 0;
let asked: string[] = [];
const ask =
  (key: string, answer = key) =>
  async () => {
    asked.push(key);
    return answer;
  };
const small = (answer: string) => answer.length < 10;

beforeEach(() => {
  now = 0;
  asked = [];
});

describe('what a container remembers', () => {
  const options = { forMs: 100, entries: 2, isSmall: small, now: () => now };

  test('is asked once, also while the answer is on its way', async () => {
    const remembered = remembering(options);

    const all = await Promise.all([remembered('a', ask('a')), remembered('a', ask('a'))]);

    expect([all, asked]).toEqual([['a', 'a'], ['a']]);
  });

  test('is asked again when it is old', async () => {
    const remembered = remembering(options);
    await remembered('a', ask('a'));
    now = 100;
    await remembered('a', ask('a'));

    expect(asked).toEqual(['a', 'a']);
  });

  test('is no more than so much: the oldest goes first', async () => {
    const remembered = remembering(options);
    for (const key of ['a', 'b', 'c', 'b', 'a']) await remembered(key, ask(key));

    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });

  test('is nothing large', async () => {
    const remembered = remembering(options);
    for (let times = 0; times < 2; times++) await remembered('a', ask('a', 'a long answer'));

    expect(asked).toEqual(['a', 'a']);
  });

  test('is nothing that failed', async () => {
    const remembered = remembering(options);
    await expect(remembered('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(await remembered('a', ask('a'))).toBe('a');
  });
});
