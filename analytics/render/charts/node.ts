/**
 * A drawing as data: the page makes elements of it, the server text. Neither is ever given markup,
 * so a log value can only become text or an attribute's value.
 */

export type DrawingTag = 'svg' | 'g' | 'path' | 'rect' | 'line' | 'circle' | 'text' | 'title';

export interface Drawing {
  readonly tag: DrawingTag;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Drawing | string)[];
}

/** Attributes that are undefined are left out. */
export function draw(
  tag: DrawingTag,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly (Drawing | string)[]
): Drawing {
  const given: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) given[name] = typeof value === 'number' ? rounded(value) : value;
  }
  return { tag, attributes: given, children };
}

/** A tenth of a pixel is finer than anybody sees, and half as long to write. */
export function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
