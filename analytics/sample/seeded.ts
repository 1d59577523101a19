/** Pseudo-random values from a seed (mulberry32): the same seed gives the same values everywhere. */

export type Seeded = ReturnType<typeof seeded>;

export function seeded(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const hex8 = () =>
    Math.floor(next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  /** Standard normal (Box-Muller). */
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    /** Both ends included. */
    between,
    chance: (probability: number) => next() < probability,
    pick: <T>(all: readonly T[]): T => all[between(0, all.length - 1)] as T,
    /** One of several, each as likely as its weight says. */
    weighted<T extends { readonly weight: number }>(all: readonly T[]): T {
      let left = next() * all.reduce((sum, { weight }) => sum + weight, 0);
      for (const one of all) {
        left -= one.weight;
        if (left < 0) return one;
      }
      return all[all.length - 1] as T;
    },
    uuid() {
      const [a, b, c, d] = [hex8(), hex8(), hex8(), hex8()] as const;
      return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
    },
    /** As API Gateway makes its extended request ids and connection ids. */
    base64Id(length: number) {
      let text = '';
      for (let i = 0; i < length; i++) text += base64Letters[between(0, 63)];
      return `${text}=`;
    },
    /** A count with this mean (Poisson, by the normal distribution where the mean is large). */
    count(mean: number) {
      if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      const limit = Math.exp(-mean);
      let product = next();
      let count = 0;
      while (product > limit) {
        product *= next();
        count++;
      }
      return count;
    },
    /** A duration as latencies spread: most near the median, a few far above it. */
    around: (median: number, spread: number) =>
      Math.max(1, Math.round(median * Math.exp(spread * normal()))),
  };
}

const base64Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
