/** Pseudo-random values from a seed (mulberry32). */
export function random(seed: number) {
  let state = seed;
  let second = 36_000;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  const from = (alphabet: string, length: number) => {
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet[between(0, alphabet.length - 1)];
    return text;
  };
  const hex = (length: number) => from('0123456789abcdef', length);
  return {
    between,
    chance: (probability: number) => next() < probability,
    pick: <T>(all: readonly T[]): T => all[between(0, all.length - 1)] as T,
    text: (length: number) => from('abcdefghijklmnopqrstuvwxyz0123456789', length),
    digits: (length: number) => from('123456789', length),
    ip: () => [0, 0, 0, 0].map(() => between(1, 254)).join('.'),
    /** The time of a day's requests, 50 a second. */
    time: () => {
      if (next() < 0.02) second++;
      const parts = [second / 3600, (second / 60) % 60, second % 60];
      const clock = parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
      return `20/Nov/2026:${clock} +0000`;
    },
    uuid: () => [8, 4, 4, 4, 12].map(hex).join('-'),
  };
}
