/** What stands at the end of a format, or of a line, and belongs to no value. */

/**
 * Blanks and line breaks; also the two characters `\n`, which is what the console makes of them when
 * they are typed, in every line.
 */
export function splitEnding(text: string): [text: string, ending: string] {
  let rest = text.trimEnd();
  // As many as a typed `\r\n` has: a line of a million must not cost a million steps.
  for (let count = 0; count < 2 && endsInTypedBreak(rest); count++) {
    rest = rest.slice(0, -2).trimEnd();
  }
  return [rest, text.slice(rest.length)];
}

interface LastValue {
  /** Whether it may hold anything, also what looks like a typed break. */
  readonly isFree: boolean;
  /** What the format has after it. */
  readonly formatEnding: string;
}

/**
 * A line that ends in a value, without what its format ends with. Blanks belong to the value, unless
 * the format has them. It is not certain where a typed break may as well belong to the value.
 */
export function withoutEnding(
  line: string,
  { isFree, formatEnding }: LastValue,
): { text: string; isCertain: boolean } {
  const blanks = formatEnding.replace(/(?:[\r\n]|\\[nr]).*/s, '');
  let text = line.slice(0, lengthWithoutBreak(line));
  const hasTypedBreak = endsInTypedBreak(text);
  for (let count = 0; count < 2 && endsInTypedBreak(text); count++) text = text.slice(0, -2);
  if (text.endsWith(blanks)) text = text.slice(0, text.length - blanks.length);
  return { text, isCertain: !hasTypedBreak || !isFree || formatEnding !== blanks };
}

/** Not by a regular expression, which would try every break in the line. */
function lengthWithoutBreak(line: string): number {
  let length = line.length;
  while (length > 0 && '\r\n'.includes(line[length - 1] as string)) length--;
  return length;
}

function endsInTypedBreak(text: string): boolean {
  return text.endsWith('\\n') || text.endsWith('\\r');
}
