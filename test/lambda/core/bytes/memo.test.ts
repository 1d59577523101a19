import { Memo } from '../../../../lambda/core/bytes/memo';
import { scratch } from '../../../../lambda/core/bytes/scratch';

/** Writes a text somewhere; gives its span. */
function write(text: string, at = 100): [start: number, end: number] {
  return [at, at + scratch.write(text, at)];
}

describe('a memo', () => {
  test('is found for the same bytes, wherever they stand', () => {
    const memo = new Memo<string>();
    memo.add(...write('200'), 'ok');
    memo.add(...write('404'), 'missing');

    expect(memo.find(...write('200', 7))).toEqual({ result: 'ok' });
    expect(memo.find(...write('404', 9))).toEqual({ result: 'missing' });
  });

  test('is not found for others', () => {
    const memo = new Memo<string>();
    memo.add(...write('20/Nov/2026'), 'x');

    for (const other of ['20/Nov/2027', '21/Nov/2026', '20/Nov/202', '20/Nov/20266', '']) {
      expect(memo.find(...write(other))).toBeUndefined();
    }
  });

  test('may be that nothing can be read', () => {
    const memo = new Memo<string>();
    memo.add(...write('abc'), undefined);

    expect(memo.find(...write('abc'))).toEqual({ result: undefined });
  });

  test('is not kept of what is long', () => {
    const memo = new Memo<string>();
    memo.add(...write('x'.repeat(65)), 'x');

    expect(memo.find(...write('x'.repeat(65)))).toBeUndefined();
  });

  test('is found again among many', () => {
    const memo = new Memo<number>();
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    for (let round = 0; round < 20; round++) {
      const known = numbers.map((number) => {
        const found = memo.find(...write(String(number)));
        if (!found) memo.add(...write(String(number)), number);
        return found?.result;
      });
      if (round > 0) expect(known).toEqual(numbers);
    }
  });

  test('is kept no longer than for the next one where none ever comes again', () => {
    const memo = new Memo<number>();
    for (let number = 0; number < 5_000; number++) memo.add(...write(String(number)), number);

    expect(memo.find(...write('4999'))).toEqual({ result: 4_999 });
    expect(memo.find(...write('4998'))).toBeUndefined();
  });
});
