import type { Page } from '../../panels/panel';
import { element } from './dom';

/** The pages as tabs: arrow keys move between them. */
export function tabs(
  all: readonly { id: Page; title: string }[],
  onSelect: (page: Page) => void,
): { root: HTMLElement; show: (page: Page) => void; idOf: (page: Page) => string } {
  const idOf = (page: Page) => `tab-${page}`;
  const buttons = all.map(({ id, title }) =>
    element(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: idOf(id),
        'aria-controls': 'panels',
        onclick: () => onSelect(id),
      },
      title,
    ),
  );
  const root = element(
    'div',
    { class: 'tabs', role: 'tablist', 'aria-label': 'Pages' },
    ...buttons,
  );
  root.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const last = buttons.length - 1;
    const targets: Record<string, number> = {
      ArrowLeft: at === 0 ? last : at - 1,
      ArrowRight: at === last ? 0 : at + 1,
      Home: 0,
      End: last,
    };
    const target = buttons[targets[event.key] ?? -1];
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.click();
  });
  const show = (page: Page) => {
    buttons.forEach((button, place) => {
      const isSelected = all[place]?.id === page;
      button.setAttribute('aria-selected', String(isSelected));
      button.tabIndex = isSelected ? 0 : -1;
    });
  };
  return { root, show, idOf };
}
