import { element } from './dom';

/** One box for the whole page; it follows the pointer and stays within the window. */
const box = element('div', { class: 'tooltip', role: 'status', hidden: true });

export function installTooltip(): void {
  document.body.append(box);
  addEventListener('scroll', hideTooltip, { passive: true });
  addEventListener('keydown', (event) => event.key === 'Escape' && hideTooltip());
}

export function showTooltip(content: Node, x: number, y: number): void {
  box.replaceChildren(content);
  box.hidden = false;
  const { width, height } = box.getBoundingClientRect();
  const left = x + 16 + width > innerWidth - 8 ? x - width - 16 : x + 16;
  const top = Math.min(Math.max(8, y - height / 2), innerHeight - height - 8);
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${top}px`;
}

export function hideTooltip(): void {
  box.hidden = true;
}
