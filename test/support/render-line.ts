/** A header's name may have hyphens. */
const variable = /\$context\.(\w+Override\.header\.[\w-]*\w|\w+(?:\.\w+)*)/g;

/** What API Gateway makes of a log format: each variable gives way to its value, as it is. */
export function renderLine(format: string, valueFor: (variable: string) => string): string {
  return format.replace(variable, (_, name: string) => valueFor(name));
}

/** The variables of a log format, in its order. */
export function variablesOf(format: string): string[] {
  return Array.from(format.matchAll(variable), ([, name = '']) => name);
}
