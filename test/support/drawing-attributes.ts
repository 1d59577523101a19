/** The names of all attributes, if the text is a harmless drawing; undefined if anything else is in it. */
export function attributesOfDrawing(svg: string): string[] | undefined {
  const element =
    /<(?:svg|g|path|rect|line|circle|text|title|p)((?: [a-z][\w-]*="[^"<>&]*(?:&[a-z#0-9]+;[^"<>&]*)*")*)\/?>|<\/[a-z]+>/gi;
  const names: string[] = [];
  const rest = svg.replace(element, (_, attributes: string | undefined) => {
    names.push(...Array.from((attributes ?? '').matchAll(/ ([\w-]+)="/g), ([, name = '']) => name));
    return '';
  });
  return /[<>]/.test(rest) ? undefined : names;
}
