/** A variable's path as a log format may write it: in any case and punctuation, flat or in objects. */

import fc from 'fast-check';

type Cased = (word: string, index: number) => string;

const cases: readonly Cased[] = [
  (word) => word.toLowerCase(),
  (word) => word.toUpperCase(),
  (word) => capital(word),
  (word, index) => (index === 0 ? word.toLowerCase() : capital(word)),
];

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

const punctuation = fc.constantFrom('', '.', '-', '_', ' ', ':', '--');

/**
 * The path of a variable in other spellings, without its `$context.`; with `splitsWords` also between the
 * words of a part.
 */
export function respelled(
  variable: string,
  { splitsWords = true } = {},
): fc.Arbitrary<readonly string[]> {
  const parts = variable.split('.').map((part) => part.split(/(?=[A-Z])/));
  const withContext = fc.constantFrom([], [['context']], [['$context']]);
  return fc
    .tuple(
      withContext,
      fc.constantFrom(...cases),
      fc.array(fc.oneof(punctuation, fc.constant('in an object')), { minLength: 5, maxLength: 5 }),
      splitsWords ? fc.constantFrom('', '-', '_') : fc.constant(''),
    )
    .map(([context, cased, separators, inWords]) => {
      const path: string[] = [];
      let count = 0;
      for (const [index, words] of [...context, ...parts].entries()) {
        const text = words.map((word) => cased(word, count++)).join(inWords);
        const separator = separators[index - 1];
        if (index === 0 || separator === 'in an object') path.push(text);
        else path.push(`${path.pop()}${separator}${text}`);
      }
      return path;
    });
}

/** The object that has a value at a path. */
export function nested(path: readonly string[], value: unknown): Record<string, unknown> {
  const [name = '', ...rest] = path;
  return { [name]: rest.length === 0 ? value : nested(rest, value) };
}
