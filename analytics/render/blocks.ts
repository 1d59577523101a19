/** Numbers as block characters: where there is no room, or no way, to draw. */

const heights = [...'▁▂▃▄▅▆▇█'];
const shades = [...' ░▒▓█'];
const parts = [...'▏▎▍▌▋▊▉█'];

/** A character a value, up to the largest one; the lowest is for nothing alone, a blank for no value. */
export function sparkline(values: readonly (number | null)[]): string {
  const most = maximumOf(values);
  return values
    .map((value) => {
      if (value === null) return ' ';
      return value > 0 ? levelOf(value / most, heights.slice(1)) : heights[0];
    })
    .join('');
}

/** A bar of at most `width` characters for a share of one; anything but nothing is seen. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const seen = share > 0 ? Math.max(1, eighths) : 0;
  const rest = seen % 8;
  return '█'.repeat(Math.floor(seen / 8)) + (rest > 0 ? (parts[rest - 1] ?? '') : '');
}

/** The shade of a share of one; anything but nothing is seen. */
export function shade(share: number): string {
  if (share <= 0) return ' ';
  return levelOf(share, shades.slice(1));
}

/** Fewer values, each of several neighbours: their sum, or the largest where sums mean nothing. */
export function condensed(
  values: readonly (number | null)[],
  most: number,
  { additive }: { additive: boolean },
): (number | null)[] {
  const size = Math.ceil(values.length / Math.max(1, most));
  if (size <= 1) return [...values];
  return Array.from({ length: Math.ceil(values.length / size) }, (_, place) => {
    const some = values.slice(place * size, (place + 1) * size).filter((value) => value !== null);
    if (some.length === 0) return null;
    return additive ? some.reduce((sum, value) => sum + value, 0) : Math.max(...some);
  });
}

function levelOf(share: number, levels: readonly string[]): string {
  const place = Math.ceil(share * levels.length) - 1;
  return levels[Math.min(levels.length - 1, Math.max(0, place))] ?? '';
}

export function maximumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}
