import fc from 'fast-check';
import { wrap } from '../../../cli/terminal/wrap';

test('breaks between words', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
});

test('leaves a long word whole', () => {
  expect(wrap('an arn:aws:iam::123456789012:role/x', 10)).toEqual([
    'an',
    'arn:aws:iam::123456789012:role/x',
  ]);
});

test('keeps every word, in order, and no line is too long that could be shorter', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 12, max: 60 }), (some, columns) => {
      const lines = wrap(some.join(' '), columns);

      expect(lines.join(' ')).toBe(some.join(' '));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    }),
  );
});
