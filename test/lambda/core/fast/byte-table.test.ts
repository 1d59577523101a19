import fc from 'fast-check';
import { ByteTable } from '../../../../lambda/core/fast/byte-table';

/** The key's parts in a row, with something between them. */
function keyOf(parts: readonly string[]): [Uint8Array, Int32Array] {
  const spans: number[] = [];
  let text = '';
  for (const part of parts) {
    text += '|';
    spans.push(text.length, text.length + part.length);
    text += part;
  }
  return [Buffer.from(text, 'latin1'), Int32Array.from(spans)];
}

function contents(table: ByteTable<number>, keys: readonly (readonly string[])[]) {
  return keys.map((parts) => table.find(...keyOf(parts)));
}

describe('a byte table', () => {
  test('finds what was added under a key, wherever the key stands in the buffer', () => {
    const table = new ByteTable<number>(10);
    table.add(...keyOf(['a', 'b']), 1);

    expect(table.find(Buffer.from('  b  a'), Int32Array.of(5, 6, 2, 3))).toBe(1);
  });

  test('tells keys apart by their parts, not only by their bytes', () => {
    const table = new ByteTable<number>(10);
    const keys = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc', ''],
      ['', 'abc'],
    ];
    for (const [value, parts] of keys.entries()) table.add(...keyOf(parts), value);

    expect(contents(table, keys)).toEqual([0, 1, 2, 3]);
    expect(
      contents(table, [
        ['', ''],
        ['ab', 'd'],
      ]),
    ).toEqual([undefined, undefined]);
  });

  test('holds nothing after it is cleared', () => {
    const table = new ByteTable<number>(10);
    table.add(...keyOf(['a']), 1);
    table.clear();

    expect(contents(table, [['a']])).toEqual([undefined]);
  });

  test('begins anew when it is full', () => {
    const table = new ByteTable<number>(2);
    for (const [value, part] of ['a', 'b', 'c'].entries()) table.add(...keyOf([part]), value);

    expect(contents(table, [['a'], ['b'], ['c']])).toEqual([undefined, undefined, 2]);
  });

  test('begins anew when long keys have taken the room', () => {
    const table = new ByteTable<number>(8);
    const keys = ['a', 'b', 'c'].map((letter) => [letter.repeat(250)]);
    for (const [value, parts] of keys.entries()) table.add(...keyOf(parts), value);

    expect(contents(table, keys)).toEqual([undefined, undefined, 2]);
  });

  test('finds what a map finds', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', 'ÿ'), maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(part, part, part), { maxLength: 200 }), (keys) => {
        const table = new ByteTable<number>(1_000);
        const map = new Map<string, number>();
        for (const parts of keys) {
          const name = JSON.stringify(parts);
          expect(table.find(...keyOf(parts))).toBe(map.get(name));
          if (map.has(name)) continue;
          map.set(name, map.size);
          table.add(...keyOf(parts), map.size - 1);
        }
      }),
    );
  });
});
