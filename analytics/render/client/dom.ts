/** Elements without markup: whatever text is given becomes text. */

import type { Drawing } from '../charts/node';

type Child = Node | string | undefined | false;

type Properties = Readonly<
  Record<string, string | number | boolean | undefined | ((event: Event) => void)>
>;

/** An element; `on…` are listeners, false and undefined leave an attribute out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

export function mount(drawing: Drawing): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', drawing.tag);
  for (const [name, value] of Object.entries(drawing.attributes)) {
    if (name !== 'xmlns') made.setAttribute(name, String(value));
  }
  made.append(
    ...drawing.children.map((child) => (typeof child === 'string' ? child : mount(child))),
  );
  return made;
}

/** The same name is never two elements of a page. */
let count = 0;
export function uniqueId(prefix: string): string {
  count++;
  return `${prefix}-${count}`;
}
