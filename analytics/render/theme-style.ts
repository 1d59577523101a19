import { dark, light, type Theme } from './charts/theme';

/** A color of both themes as a variable of the style. */
export function variableOf(name: string): string {
  return `var(--${name})`;
}

/** The variables that charts on the page are drawn with: the style chooses the theme. */
export function themeStyle(): string {
  const [ofLight, ofDark] = [variables(light), variables(dark)];
  const lines = Object.entries(ofLight).map(
    ([name, color]) => `--${name}: light-dark(${color}, ${ofDark[name]});`,
  );
  return `:root {\n  ${lines.join('\n  ')}\n}\n`;
}

/** A theme whose colors are those variables: switching or printing needs no new drawing. */
export const pageTheme: Theme = named();

function variables({ categories, classes, scale, inks, ...single }: Theme): Record<string, string> {
  return {
    ...single,
    ...prefixed('category', categories),
    ...prefixed('class', classes),
    ...prefixed('scale', scale),
    ...prefixed('ink', inks),
  };
}

function prefixed(
  prefix: string,
  colors: readonly string[] | Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(colors).map(([name, color]) => [`${prefix}-${name}`, color]),
  );
}

function named(): Theme {
  const list = (prefix: string, { length }: readonly string[]) =>
    Array.from({ length }, (_, index) => variableOf(`${prefix}-${index}`));
  return {
    background: variableOf('background'),
    text: variableOf('text'),
    muted: variableOf('muted'),
    grid: variableOf('grid'),
    accent: variableOf('accent'),
    categories: list('category', light.categories),
    classes: {
      '2xx': variableOf('class-2xx'),
      '3xx': variableOf('class-3xx'),
      '4xx': variableOf('class-4xx'),
      '5xx': variableOf('class-5xx'),
      none: variableOf('class-none'),
    },
    scale: list('scale', light.scale),
    inks: list('ink', light.inks),
    vacant: variableOf('vacant'),
  };
}
