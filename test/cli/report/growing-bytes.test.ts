import fc from 'fast-check';
import { GrowingBytes } from '../../../cli/report/growing-bytes';

test('has all that was added, in its order, from text and from bytes', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 40_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(texts, (all) => {
      const bytes = new GrowingBytes();
      for (const [index, text] of all.entries()) {
        const from = Buffer.from(`<${text}>`);
        if (index % 2 === 0) bytes.addText(text);
        else bytes.add(from, 1, from.length - 1);
      }

      expect(bytes.all.toString()).toBe(Buffer.from(all.join('')).toString());
      expect(bytes.length).toBe(bytes.all.length);
    }),
  );
});

test('begins anew', () => {
  const bytes = new GrowingBytes();
  bytes.addText('x'.repeat(1_000_000));
  bytes.clear();
  bytes.addText('y');

  expect(bytes.all.toString()).toBe('y');
});
