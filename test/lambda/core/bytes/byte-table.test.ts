import fc from 'fast-check';
import { ByteTable } from '../../../../lambda/core/bytes/byte-table';
import { wordsOf } from '../../../../lambda/core/bytes/scratch';

type Parts = readonly string[];

/** The key's parts in a row, with something between them. */
function keyOf(parts: Parts): [DataView, Int32Array] {
  const spans: number[] = [];
  let text = '';
  for (const part of parts) {
    text += '|';
    spans.push(text.length, text.length + part.length);
    text += part;
  }
  return [lineOf(text), Int32Array.from(spans)];
}

/** As in a longer buffer. */
function lineOf(text: string): DataView {
  return wordsOf(Buffer.from(`${text}...`, 'latin1'));
}

function valueAt(table: ByteTable, at: number): string | undefined {
  if (at < 0) return undefined;
  return Buffer.from(table.bytes.subarray(at, at + table.lengthAt(at))).toString();
}

const get = (table: ByteTable, parts: Parts) => valueAt(table, table.find(...keyOf(parts)));

const put = (table: ByteTable, parts: Parts, value: string) =>
  valueAt(table, table.add(...keyOf(parts), value));

describe('a byte table', () => {
  test('finds what was added under a key, wherever the key stands in the buffer', () => {
    const table = new ByteTable(1_000);
    put(table, ['a', 'b'], 'its value');

    const found = table.find(lineOf('  b  a'), Int32Array.of(5, 6, 2, 3));

    expect(valueAt(table, found)).toBe('its value');
  });

  test('gives at once what is added', () => {
    expect(put(new ByteTable(1_000), ['a'], 'é')).toBe('é');
  });

  test('tells keys apart by their parts, not only by their bytes', () => {
    const table = new ByteTable(1_000);
    const keys = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc', ''],
      ['', 'abc'],
    ];
    for (const [index, parts] of keys.entries()) put(table, parts, `value ${index}`);

    expect(keys.map((parts) => get(table, parts))).toEqual([0, 1, 2, 3].map((it) => `value ${it}`));
    expect(get(table, ['', ''])).toBeUndefined();
    expect(get(table, ['ab', 'd'])).toBeUndefined();
  });

  test('holds nothing after it is cleared', () => {
    const table = new ByteTable(1_000);
    put(table, ['a'], 'value');
    table.clear();

    expect(get(table, ['a'])).toBeUndefined();
  });

  test('begins anew when it is full', () => {
    const table = new ByteTable(1_000);
    const keys = ['a', 'b', 'c'].map((letter) => [letter.repeat(250)]);
    for (const parts of keys) put(table, parts, 'x'.repeat(200));

    expect(keys.map((parts) => get(table, parts)?.length)).toEqual([undefined, undefined, 200]);
  });

  test('keeps values of all lengths that have room', () => {
    const table = new ByteTable(200_000);
    const values = [0, 1, 255, 256, 21_845].map((length) => 'v'.repeat(length));

    for (const value of values) expect(put(table, [`${value.length}`], value)).toBe(value);
    expect(values.map((value) => get(table, [`${value.length}`]))).toEqual(values);
    expect(put(table, ['too long'], 'v'.repeat(21_846))).toBeUndefined();
    expect(put(new ByteTable(10), ['key'], 'too long')).toBeUndefined();
  });

  test('grows with what it holds', () => {
    const table = new ByteTable(10_000_000);
    const keys = Array.from({ length: 5_000 }, (_, index) => [`key ${index}`, 'api', 'stage']);
    for (const parts of keys) put(table, parts, `value of ${parts[0]}`);

    expect(keys.every((parts) => get(table, parts) === `value of ${parts[0]}`)).toBe(true);
  });

  test('finds what a map finds', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', 'ÿ'), maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(part, part, part), { maxLength: 200 }), (keys) => {
        const table = new ByteTable(100_000);
        const map = new Map<string, string>();
        for (const parts of keys) {
          const name = JSON.stringify(parts);
          expect(get(table, parts)).toBe(map.get(name));
          if (map.has(name)) continue;
          map.set(name, String(map.size));
          put(table, parts, String(map.size - 1));
        }
      }),
    );
  });
});
