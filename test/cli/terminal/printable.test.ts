import fc from 'fast-check';
import { fitSpans, printable, type Span, shorten, widthOf } from '../../../cli/terminal/printable';
import { codePoint } from '../../support/code-point';

const text = fc.string({ unit: 'grapheme', maxLength: 80 }).map(printable);

describe('the width of a text', () => {
  test.each([
    ['Acme', 4],
    ['Müller', 6],
    ['Mu\u0308ller', 6],
    ['株式会社', 8],
    ['🚀', 2],
    ['', 0],
  ])('of %j is %d', (content, width) => {
    expect(widthOf(content)).toBe(width);
  });
});

describe('a text', () => {
  test('that fits stays as it is', () => {
    expect(shorten('{"stage":"prod"}', 16)).toBe('{"stage":"prod"}');
  });

  test('that does not fit loses its middle', () => {
    expect(shorten('abcdefghijklmnopqrstuvwxyz', 10)).toBe('abc…uvwxyz');
  });

  test('never gets wider than it may', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (content, columns) => {
        expect(widthOf(shorten(content, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('spans', () => {
  const plain = (content: string): Span => ({ text: content });
  const strong = (content: string): Span => ({ text: content, emphasis: 'strong' });

  test('with an emphasis stay whole while there is room for them', () => {
    const fitted = fitSpans([plain('a'.repeat(100)), strong('"plan":"Gold"'), plain('}')], 30);

    expect(fitted.map((span) => span.text)).toEqual(['aaaaa…aaaaaaaaaa', '"plan":"Gold"', '}']);
  });

  test('with an emphasis are shortened where there is no room for them', () => {
    const fitted = fitSpans([plain('a'.repeat(100)), strong('b'.repeat(100))], 40);

    expect(fitted.map((span) => span.text.length)).toEqual([8, 32]);
  });

  test('never get wider than they may', () => {
    const span = fc.record({
      text,
      emphasis: fc.constantFrom(undefined, 'strong' as const, 'good' as const),
    });
    const spans = fc.array(span, { maxLength: 7 });
    fc.assert(
      fc.property(spans, fc.integer({ min: 20, max: 120 }), (some, columns) => {
        const fitted = fitSpans(some, columns).map((one) => one.text);
        expect(widthOf(fitted.join(''))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('text that could steer a terminal', () => {
  test.each([
    ['\x1b[31mred', '\\x1b[31mred'],
    ['a\rb', 'a\\x0db'],
    ['\u202eevil', '\\u202eevil'],
    ['tab\there', 'tab\\x09here'],
    ['ac\u200bme', 'ac\\u200bme'],
    ['ac\u2060me\u00ad', 'ac\\u2060me\\xad'],
    ['\u{e0041}x', '\\u{e0041}x'],
    ['ac\u3164me', 'ac\\u3164me'],
    ['Müller 株 🚀', 'Müller 株 🚀'],
  ])('%j becomes harmless', (content, shown) => {
    expect(printable(content)).toBe(shown);
  });

  test('is never left in', () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (content) => {
        expect(printable(content)).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
