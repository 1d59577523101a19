/** What API Gateway makes of a log format: each variable gives way to its value, as it is. */
export function renderLine(format: string, valueFor: (variable: string) => string): string {
  return format.replace(/\$context\.(\w+(?:\.\w+)*)/g, (_, variable: string) => valueFor(variable));
}

/** The variables of a log format, in its order. */
export function variablesOf(format: string): string[] {
  return Array.from(
    format.matchAll(/\$context\.(\w+(?:\.\w+)*)/g),
    ([, variable = '']) => variable,
  );
}
