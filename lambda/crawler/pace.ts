/** Spreads calls evenly, so that others get through a limit that all share. */

export function paced(
  callsPerSecond: number,
  now: () => number,
  sleep: (ms: number) => Promise<void>,
): () => Promise<void> {
  const intervalMs = 1000 / callsPerSecond;
  let next = Number.NEGATIVE_INFINITY;
  return async () => {
    const at = Math.max(next, now());
    next = at + intervalMs;
    if (at > now()) await sleep(at - now());
  };
}
