/** All panels, in the order in which pages show them: of traffic, and of what changed it. */

import { audit } from './audit';
import { customers } from './customers';
import { dataQuality } from './data-quality';
import { errors } from './errors';
import { keyLife } from './key-life';
import { latency } from './latency';
import { withLimit } from './limit';
import { overview } from './overview';
import type { Panel, Scope } from './panel';
import { plans } from './plans';
import { security } from './security';

export const panels: readonly Panel[] = [
  ...overview,
  ...errors,
  ...customers,
  ...plans,
  ...latency,
  ...security,
  ...dataQuality,
].map(withLimit);

/** The panels of a report: one of a customer tells nothing of the log of all. */
export function panelsFor({ filter }: Pick<Scope, 'filter'>): readonly Panel[] {
  return filter.customer === undefined ? panels : panels.filter(({ isOfLog }) => !isOfLog);
}

/** Panels over `changes`, for those who have CloudTrail's records. */
export const auditPanels: readonly Panel[] = [...audit, ...keyLife].map(withLimit);

const byId = new Map([...panels, ...auditPanels].map((panel) => [panel.id, panel]));

export function panelOf(id: string): Panel {
  const panel = byId.get(id);
  if (!panel) {
    throw new Error(`no such panel: ${JSON.stringify(id)} (known: ${[...byId.keys()].join(', ')})`);
  }
  return panel;
}
