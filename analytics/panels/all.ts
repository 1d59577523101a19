/** All panels, in the order in which pages show them. */

import { overview } from './overview';
import type { Panel } from './panel';

export const panels: readonly Panel[] = [...overview];

const byId = new Map(panels.map((panel) => [panel.id, panel]));

export function panelOf(id: string): Panel {
  const panel = byId.get(id);
  if (!panel) {
    throw new Error(`no such panel: ${JSON.stringify(id)} (known: ${[...byId.keys()].join(', ')})`);
  }
  return panel;
}
