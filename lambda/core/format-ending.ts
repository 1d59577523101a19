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

/**
 * A line whose last value may hold anything, without what its format ends with. It is not certain
 * where that may as well belong to the value.
 */
export function withoutEnding(
  line: string,
  formatEnding: string,
): { text: string; isCertain: boolean } {
  const blanks = formatEnding.replace(/(?:[\r\n]|\\[nr]).*/s, '');
  let text = line.slice(0, lengthWithoutBreak(line));
  const hasTypedBreak = endsInTypedBreak(text);
  if (hasTypedBreak) text = text.slice(0, -2);
  const isCertain = text.endsWith(blanks) && (!hasTypedBreak || formatEnding !== blanks);
  return { text: isCertain ? text.slice(0, text.length - blanks.length) : text, isCertain };
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
