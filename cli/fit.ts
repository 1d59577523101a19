/** Fits text of any origin to a line of a terminal: harmless, and no wider than it may be. */

/** A stretch of a line. What stands out is shortened last. */
export interface Stretch {
  readonly text: string;
  readonly standsOut: boolean;
}

const ELLIPSIS = '…';

// Control characters would move the cursor or change colors, and marks of direction turn text around.
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Shows unprintable characters as their code, so that a log line cannot steer the terminal. */
export function printable(text: string): string {
  return text.replace(unprintable, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** The columns that a text takes: none for a combining mark, two for a wide character. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += widthOfCharacter(char);
  return width;
}

/** Keeps the beginning. */
export function fitEnd(text: string, columns: number): string {
  return widthOf(text) <= columns ? text : `${take([...text], columns - 1).text}${ELLIPSIS}`;
}

/** Keeps the beginning and the end. */
export function fitMiddle(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  const head = take([...text], Math.floor((columns - 1) / 3));
  const tail = take([...text].reverse(), columns - 1 - head.width);
  return `${head.text}${ELLIPSIS}${[...tail.text].reverse().join('')}`;
}

/** Shortens what does not stand out, each such stretch in its middle; the rest only if it must. */
export function fitStretches(stretches: readonly Stretch[], columns: number): Stretch[] {
  const outstanding = totalWidth(stretches.filter(({ standsOut }) => standsOut));
  let ordinary = stretches.filter(({ standsOut }) => !standsOut);
  const least = ordinary.length * MIN_COLUMNS;
  if (outstanding + Math.min(totalWidth(ordinary), least) > columns) {
    const text = stretches.map(({ text: part }) => part).join('');
    return [{ text: fitMiddle(text, columns), standsOut: true }];
  }
  let left = columns - outstanding;
  // The short ones first, so that the long ones share what these leave over.
  ordinary = ordinary.toSorted((a, b) => widthOf(a.text) - widthOf(b.text));
  const fitted = new Map<Stretch, Stretch>();
  for (const [index, stretch] of ordinary.entries()) {
    const text = fitMiddle(stretch.text, Math.floor(left / (ordinary.length - index)));
    left -= widthOf(text);
    fitted.set(stretch, { text, standsOut: false });
  }
  return stretches.map((stretch) => fitted.get(stretch) ?? stretch);
}

/** An ordinary stretch that is shortened to less says nothing any more. */
const MIN_COLUMNS = 8;

function totalWidth(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { text }) => sum + widthOf(text), 0);
}

function take(characters: readonly string[], columns: number): { text: string; width: number } {
  let text = '';
  let width = 0;
  for (const char of characters) {
    const next = widthOfCharacter(char);
    if (width + next > columns) break;
    text += char;
    width += next;
  }
  return { text, width };
}

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const wide =
  /^(?:[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}])$/u;

function widthOfCharacter(char: string): number {
  if (char <= '\u02ff') return 1;
  if (zeroWidth.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}
