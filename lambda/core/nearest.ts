/** The known name that is most like a mistyped one. */

/** The name that is least different, whatever its case, unless it is another word altogether. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  // Two letters that changed places are two differences.
  const most = typed.length < 4 ? 1 : Math.max(2, Math.floor(typed.length / 3));
  const text = typed.toLowerCase();
  const [best] = names
    .map((name) => ({ name, far: distanceTo(name.toLowerCase(), text) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far);
  return best?.name;
}

/**
 * How far a name is from what was typed; below 1 where it only goes on after that: the shortest such name
 * comes first.
 */
function distanceTo(name: string, typed: string): number {
  const isBeginning = name.startsWith(typed) && typed.length > 1;
  return isBeginning ? 1 - (typed.length + 1) / (name.length + 1) : distance(typed, name);
}

/** Levenshtein's: how many letters were added, left out or replaced. */
export function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let at = 0; at < to.length; at++) {
      const replaced = (row[at] as number) + (letter === to[at] ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] as number) + 1, (next[at] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
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
