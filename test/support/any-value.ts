import fc from 'fast-check';
import { fits, type ValueSyntax } from '../../lambda/core/format/value-syntax';
import { codePoint } from './code-point';

const unbroken = (text: string) => !/[\r\n]/.test(text);

/** Any text on one line, often with what the formats' own literals are made of. */
function anyText(fragments: readonly string[]): fc.Arbitrary<string> {
  const fragment = fc.constantFrom(
    ...fragments,
    '"',
    '\\',
    ',',
    ' ',
    '-',
    '}',
    '{',
    '&amp;',
    '<',
    'a',
  );
  return fc.oneof(
    fc.string({ unit: codePoint }).filter(unbroken),
    fc.array(fragment, { maxLength: 6 }).map((parts) => parts.join('')),
  );
}

/** Any value that API Gateway can write for a variable of this syntax. */
export function anyValue(syntax: ValueSyntax, fragments: readonly string[]): fc.Arbitrary<string> {
  const { chars } = syntax;
  if (!chars) return anyText(fragments).filter((text) => fits(text, syntax));
  const unit = [...chars.keys()]
    .filter((code) => chars[code])
    .map((code) => String.fromCharCode(code));
  const typical = ['-', '200', '09/Jun/2023:16:23:37 +0000', 'MESSAGE', '/pets'];
  const possible = typical.filter((text) => fits(text, syntax));
  return fc.oneof(
    fc.constantFrom(...possible),
    fc
      .string({ unit: fc.constantFrom(...unit), maxLength: 8 })
      .filter((text) => fits(text, syntax)),
  );
}
