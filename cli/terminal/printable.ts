/** Fits text of any origin to a line of a terminal: harmless, and no wider than it may be. */

export type Emphasis = 'strong' | 'good' | 'doubtful';

/** A span of a line. One with an emphasis is shortened last. */
export interface Span {
  readonly text: string;
  readonly emphasis?: Emphasis | undefined;
}

const ELLIPSIS = '…';

// Control characters would move the cursor or change colors, and marks of direction turn text around.
// What has no width of its own (format characters, fillers) makes two names look alike.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5/gu;

/** Shows unprintable characters as their code, so that a log line cannot steer the terminal. */
export function printable(text: string): string {
  return text.replace(unprintable, (char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16);
    if (code.length > 4) return `\\u{${code}}`;
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** The columns that a text takes: none for a combining mark, two for a wide character. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += widthOfCharacter(char);
  return width;
}

/** Leaves out the middle. */
export function shorten(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  if (columns < 1) return '';
  const head = take([...text], Math.floor((columns - 1) / 3));
  const tail = take([...text].reverse(), columns - 1 - head.width);
  return `${head.text}${ELLIPSIS}${[...tail.text].reverse().join('')}`;
}

/** Shortened to less, a span is of no use any more. */
const MIN_COLUMNS = 8;

/** Shortens the spans without an emphasis; the others only where there is no room for them. */
export function fitSpans(spans: readonly Span[], columns: number): Span[] {
  const ordinary = spans.filter(({ emphasis }) => !emphasis);
  const emphatic = spans.filter(({ emphasis }) => emphasis);
  const least = sum(ordinary.map(({ text }) => Math.min(widthOf(text), MIN_COLUMNS)));
  const wanted = sum(emphatic.map(({ text }) => widthOf(text)));
  const given = Math.max(0, Math.min(wanted, columns - least));
  const fitted = new Map([...share(emphatic, given), ...share(ordinary, columns - given)]);
  return spans.map((span) => ({ ...span, text: fitted.get(span) ?? '' }));
}

/** Shares the columns evenly; what a short span leaves over goes to the longer ones. */
function share(spans: readonly Span[], columns: number): Map<Span, string> {
  const shares = new Map<Span, string>();
  let left = columns;
  let waiting = spans.length;
  for (const span of spans.toSorted((a, b) => widthOf(a.text) - widthOf(b.text))) {
    const text = shorten(span.text, Math.floor(left / waiting));
    shares.set(span, text);
    left -= widthOf(text);
    waiting--;
  }
  return shares;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
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
