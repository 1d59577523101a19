import type { Clock } from '../clock';
import type { ReportPanel } from '../report';
import { element, uniqueId } from './dom';

/** What a number is: the question, the definition, and the statement that computes it. */
export function aboutButton(
  panel: ReportPanel,
  clock: Clock,
  lines: () => readonly string[],
): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'icon', 'aria-label': `About ${panel.title}`, title: 'What this is' },
    'i',
  );
  button.addEventListener('click', () => openAbout(panel, clock, lines()));
  return button;
}

function openAbout(panel: ReportPanel, _clock: Clock, lines: readonly string[]): void {
  const heading = uniqueId('about');
  const copy = element('button', { type: 'button', class: 'quiet' }, 'Copy SQL');
  copy.addEventListener('click', async () => {
    await navigator.clipboard?.writeText(panel.sql);
    copy.textContent = 'Copied';
  });
  const close = element('button', { type: 'button', class: 'quiet' }, 'Close');
  const fact = (name: string, text: string) => [element('dt', {}, name), element('dd', {}, text)];
  const dialog = element(
    'dialog',
    { class: 'about', 'aria-labelledby': heading },
    element('header', {}, element('h2', { id: heading }, panel.title), close),
    element('p', { class: 'question' }, panel.question),
    element(
      'dl',
      {},
      ...fact('Definition', panel.definition),
      ...(panel.minimum === undefined
        ? []
        : fact('Minimum', `No rate and no percentile of fewer than ${panel.minimum} requests`)),
      ...(panel.comparisons.length === 0
        ? []
        : fact('Compared with', panel.comparisons.join(' and '))),
      ...fact('Read from', panel.needs.join(', ')),
      ...lines.flatMap((line) => fact('Here', line)),
    ),
    element('div', { class: 'statement' }, element('h3', {}, 'SQL of the whole report'), copy),
    element('pre', { tabindex: 0 }, element('code', {}, panel.sql)),
  );
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
