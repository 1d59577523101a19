import { type Drawing, draw } from './node';

export const FONT = 11;
/** The average width of a character of that size, in pixels. */
export const CHARACTER = 6.1;

/** Text that takes no more than so many pixels. */
export function fitted(text: string, width: number): string {
  const room = Math.max(1, Math.floor(width / CHARACTER));
  // Only what can be seen is looked at: a value may have megabytes.
  const characters = [...text.slice(0, 2 * room + 2)];
  return characters.length > room ? `${characters.slice(0, room - 1).join('')}…` : text;
}

export interface TextPlacement {
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  readonly width: number;
  readonly anchor?: 'start' | 'end';
  readonly size?: number;
  readonly weight?: number;
}

export function drawText(text: string, place: TextPlacement): Drawing {
  const { x, y, fill, width, anchor, size = FONT, weight } = place;
  return draw(
    'text',
    { x, y, fill, 'text-anchor': anchor, 'font-size': size, 'font-weight': weight },
    fitted(text, (width * FONT) / size),
  );
}
