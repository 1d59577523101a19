import { visible } from './visible';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The one way of text into HTML and SVG, as content and between quotes. */
export function escapeMarkup(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] as string);
}
