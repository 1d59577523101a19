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
 * A line whose last value may hold anything, without what its format ends with; undefined where that
 * may as well belong to the value.
 */
export function withoutEnding(line: string, formatEnding: string): string | undefined {
  const blanks = formatEnding.replace(/(?:[\r\n]|\\[nr]).*/s, '');
  let text = line.slice(0, lengthWithoutBreak(line));
  if (endsInTypedBreak(text)) {
    if (formatEnding === blanks) return undefined;
    text = text.slice(0, -2);
  }
  return text.endsWith(blanks) ? text.slice(0, text.length - blanks.length) : undefined;
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
