/** What a container keeps: widgets that need the same, and a dashboard that refreshes, ask once. */

export interface RememberingOptions<T> {
  readonly forMs: number;
  /** Whether an answer is small enough to be kept. */
  readonly isSmall: (answer: T) => boolean;
  /** The most that are kept; the oldest go first. */
  readonly entries: number;
  readonly now: () => number;
}

/** Who asks while an answer is on its way waits for the same one. What failed is asked again. */
export function remembering<T>({
  forMs,
  entries,
  now,
  isSmall,
}: RememberingOptions<T>): (key: string, ask: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { readonly answer: Promise<T>; readonly until: number }>();
  return (key, ask) => {
    const known = kept.get(key);
    if (known && known.until > now()) return known.answer;
    const answer = ask();
    kept.delete(key);
    kept.set(key, { answer, until: now() + forMs });
    for (const oldest of kept.keys()) {
      if (kept.size <= entries) break;
      kept.delete(oldest);
    }
    const forget = () => {
      if (kept.get(key)?.answer === answer) kept.delete(key);
    };
    answer.then((it) => isSmall(it) || forget(), forget);
    return answer;
  };
}
