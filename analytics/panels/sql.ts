/** Statements that read well where they are written and where they are printed. */

/**
 * A template of SQL: indentation of the source is taken away, and a value of several lines is
 * indented like the line it stands in. Values are SQL: text of users goes through `literal` first.
 */
export function sql(
  strings: TemplateStringsArray,
  ...values: readonly (string | number)[]
): string {
  const margin = Math.min(
    ...strings.flatMap((text) =>
      Array.from(text.matchAll(/\n( *)(?=\S|$)/g), ([, spaces = '']) => spaces.length),
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
