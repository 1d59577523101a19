import fc from 'fast-check';
import { DeliveredLines } from '../../../../lambda/core/batch/delivered-lines';

const contentOf = (lines: DeliveredLines) => Buffer.from(lines.toBase64(), 'base64').toString();

describe('delivered lines', () => {
  test('are the data of one record, in their order, from text and from bytes', () => {
    const lines = new DeliveredLines();
    lines.addText('{"a":"é"}\n');
    lines.addBytes(Buffer.from('xx{"b":"犬"}\nxx'), 2, 14);

    expect(contentOf(lines)).toBe('{"a":"é"}\n{"b":"犬"}\n');
    expect(lines.count).toBe(2);
  });

  test('know how long their data is before it is made, however many there are', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 40_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(texts, (all) => {
        const lines = new DeliveredLines();
        for (const [index, text] of all.entries()) {
          const bytes = Buffer.from(text);
          if (index % 2 === 0) lines.addText(text);
          else lines.addBytes(bytes, 0, bytes.length);
        }

        expect(lines.base64Length).toBe(lines.toBase64().length);
        expect(contentOf(lines)).toBe(Buffer.from(all.join('')).toString());
      }),
    );
  });

  test('begin anew after a record', () => {
    const lines = new DeliveredLines();
    lines.addText('x'.repeat(1_000_000));
    lines.clear();
    lines.addText('y\n');

    expect(contentOf(lines)).toBe('y\n');
    expect(lines.count).toBe(1);
  });
});
