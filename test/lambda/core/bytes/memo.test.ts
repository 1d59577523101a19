import { scratch } from '../../../../lambda/core/bytes/input';
import { Readings } from '../../../../lambda/core/bytes/memo';

/** Writes a text somewhere; gives its span. */
function write(text: string, at = 100): [start: number, end: number] {
  return [at, at + scratch.write(text, at)];
}

describe('a reading', () => {
  test('is found for the same bytes, wherever they stand', () => {
    const readings = new Readings<string>();
    readings.add(...write('200'), 'ok');
    readings.add(...write('404'), 'missing');

    expect(readings.find(...write('200', 7))).toEqual({ result: 'ok' });
    expect(readings.find(...write('404', 9))).toEqual({ result: 'missing' });
  });

  test('is not found for others', () => {
    const readings = new Readings<string>();
    readings.add(...write('20/Nov/2026'), 'x');

    for (const other of ['20/Nov/2027', '21/Nov/2026', '20/Nov/202', '20/Nov/20266', '']) {
      expect(readings.find(...write(other))).toBeUndefined();
    }
  });

  test('may be that nothing can be read', () => {
    const readings = new Readings<string>();
    readings.add(...write('abc'), undefined);

    expect(readings.find(...write('abc'))).toEqual({ result: undefined });
  });

  test('is not kept of what is long', () => {
    const readings = new Readings<string>();
    readings.add(...write('x'.repeat(65)), 'x');

    expect(readings.find(...write('x'.repeat(65)))).toBeUndefined();
  });

  test('is found again among many', () => {
    const readings = new Readings<number>();
    for (let round = 0; round < 20; round++) {
      for (let number = 0; number < 300; number++) {
        const known = readings.find(...write(String(number)));
        if (round > 0) expect(known).toEqual({ result: number });
        if (!known) readings.add(...write(String(number)), number);
      }
    }
  });

  test('is kept no longer than for the next one where none ever comes again', () => {
    const readings = new Readings<number>();
    for (let number = 0; number < 5_000; number++) readings.add(...write(String(number)), number);

    expect(readings.find(...write('4999'))).toEqual({ result: 4_999 });
    expect(readings.find(...write('4998'))).toBeUndefined();
  });
});
