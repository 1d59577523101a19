/** Statements that read well where they are written and where they are printed. */

/**
 * A template of SQL: indentation of the source is taken away, and a value of several lines is
 * indented like the line it stands in. Values are SQL: text of users goes through `literal` first.
 */
export function sql(
  strings: TemplateStringsArray,
  ...values: readonly (string | number)[]
): string {
  // The line of the closing quote does not count.
  const margin = Math.min(
    ...strings.flatMap((text, place) =>
      Array.from(
        text.matchAll(place < values.length ? /\n( *)(?=\S|$)/g : /\n( *)(?=\S)/g),
        ([, spaces = '']) => spaces.length,
      ),
    ),
  );
  let text = '';
  for (const [place, part] of strings.entries()) {
    text += part.replace(new RegExp(`\\n {0,${margin}}`, 'g'), '\n');
    const value = values[place];
    if (value === undefined) continue;
    const indent = /(?:^|\n)( *)[^\n]*$/.exec(text)?.[1] ?? '';
    text += String(value).replaceAll('\n', `\n${indent}`);
  }
  // A part that is left out leaves no line.
  return text.replace(/\n\s*(?=\n)/g, '').trim();
}
