/** What somebody may have meant who typed a name that there is not. */

import { distance } from 'fastest-levenshtein';

/** The name that is least different, unless it is another word altogether. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  // Two letters that changed places are two differences.
  const most = typed.length < 4 ? 1 : Math.max(2, Math.floor(typed.length / 3));
  const [best] = names
    .map((name) => ({
      name,
      far: name.startsWith(typed) && typed.length > 1 ? 0 : distance(typed, name),
    }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far);
  return best?.name;
}

/** The end of a message: `; did you mean --stack?`, or nothing. */
export function didYouMean(
  typed: string,
  names: readonly string[],
  spelled: (name: string) => string = (name) => name,
): string {
  const name = nearest(typed, names);
  return name === undefined ? '' : `; did you mean ${spelled(name)}?`;
}
