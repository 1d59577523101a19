import fc from 'fast-check';
import { TextColumn } from '../../../cli/parquet/text-column';
import { DerivedNumbers } from '../../../cli/report/derived-numbers';

/** What stands in for a country, or for nothing. */
const derivedFrom = (text: string) => (text.length % 3 === 0 ? undefined : text.slice(0, 1));

test('a row has what is derived from its source, known or not, whatever was forgotten before', () => {
  const texts = fc.oneof(
    fc.array(fc.option(fc.string({ maxLength: 4 })), { maxLength: 50 }),
    // So many different ones that the source has no dictionary any more.
    fc.integer({ min: 4000, max: 4400 }).map((count) => Array.from({ length: count }, String)),
  );
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 4 }), (groups) => {
      const [source, target] = [new TextColumn('source'), new TextColumn('target')];
      const numbers = new DerivedNumbers(source, target);
      for (const group of groups) {
        for (const [row, text] of group.entries()) {
          if (text !== null) source.addText(row, text);
          if (numbers.fill(row)) continue;
          const derived = text === null ? undefined : derivedFrom(text);
          if (derived !== undefined) target.addText(row, derived);
          if (text !== null) numbers.learn(row);
        }
        const expected = group.map((text) => (text === null ? undefined : derivedFrom(text)));
        expect(textsOf(target, group.length)).toEqual(expected);
        source.clear();
        target.clear();
      }
    }),
    { numRuns: 60 },
  );
});

test('what is known is not derived once more', () => {
  const [source, target] = [new TextColumn('source'), new TextColumn('target')];
  const numbers = new DerivedNumbers(source, target);
  const known = ['a', 'b', 'a', 'a', 'b', 'c'].map((text, row) => {
    source.addText(row, text);
    const isKnown = numbers.fill(row);
    if (!isKnown && text !== 'b') target.addText(row, `${text}!`);
    if (!isKnown) numbers.learn(row);
    return isKnown;
  });

  expect(known).toEqual([false, false, true, true, true, false]);
  expect(textsOf(target, 6)).toEqual(['a!', undefined, 'a!', 'a!', undefined, 'c!']);
});

/** Read from what goes into a file: a dictionary of texts, or the texts themselves. */
function textsOf(column: TextColumn, rows: number): (string | undefined)[] {
  if (column.count === 0) return Array.from({ length: rows }, () => undefined);
  const { dictionary, bytes } = column.values();
  const entries = readEntries(Buffer.from(dictionary?.bytes ?? bytes));
  const places = dictionary ? unpacked(bytes, column.count) : [...entries.keys()];
  let value = 0;
  return Array.from({ length: rows }, (_, row) =>
    column.present[row] === 1 ? entries[places[value++] as number] : undefined,
  );
}

function readEntries(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32LE(at);
    texts.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return texts;
}

/** One run, of bits or of one number, behind the number of bits. */
function unpacked(bytes: Uint8Array, count: number): number[] {
  const [width = 0] = bytes;
  let at = 1;
  while ((bytes[at++] as number) >= 0x80);
  if (((bytes[1] as number) & 1) === 0) return Array.from({ length: count }, () => bytes[at] ?? 0);
  return Array.from({ length: count }, (_, index) => {
    let number = 0;
    for (let bit = 0; bit < width; bit++) {
      const place = index * width + bit;
      number |= (((bytes[at + (place >> 3)] as number) >> (place & 7)) & 1) << bit;
    }
    return number;
  });
}
