import fc from 'fast-check';
import { ByteDictionary } from '../../../cli/parquet/byte-dictionary';
import { ByteSource } from '../../../cli/parquet/byte-source';
import { codePoint } from '../../support/code-point';

function numberOf(dictionary: ByteDictionary, text: string): number {
  const bytes = Buffer.from(`<${text}>`);
  return dictionary.indexOf(new ByteSource(bytes), 1, bytes.length - 1);
}

test('texts have numbers in the order in which they came first', () => {
  const few = fc.constantFrom('', 'a', 'aaaa', 'aaaab', 'aaaba', 'ä', 'GET /pets/{id}', '\0\0\0\0');
  fc.assert(
    fc.property(fc.array(fc.oneof(few, fc.string({ unit: codePoint }))), (texts) => {
      const dictionary = new ByteDictionary();
      const known = [...new Set(texts)];

      expect(texts.map((text) => numberOf(dictionary, text))).toEqual(
        texts.map((text) => known.indexOf(text)),
      );
      expect(dictionary.size).toBe(known.length);
    }),
  );
});

test('it grows, and its entries stand one after another with their lengths', () => {
  const dictionary = new ByteDictionary();
  const texts = Array.from({ length: 3000 }, (_, index) => `text ${index}`.repeat(1 + (index % 3)));
  for (const text of texts) numberOf(dictionary, text);

  expect(texts.map((text) => numberOf(dictionary, text))).toEqual([...texts.keys()]);
  const read: string[] = [];
  for (let at = 0; at < dictionary.length; ) {
    const end = at + 4 + dictionary.all.readUInt32LE(at);
    read.push(dictionary.all.toString('utf8', at + 4, end));
    at = end;
  }
  expect(read).toEqual(texts);
});

test('after it was cleared it knows nothing', () => {
  const dictionary = new ByteDictionary();
  for (const text of ['a', 'b']) numberOf(dictionary, text);
  dictionary.clear();

  expect([numberOf(dictionary, 'b'), dictionary.size]).toEqual([0, 1]);
});
