import type { Cubes } from '../cubes/cube';
import type { Bucket, Scope } from '../panels/panel';
import type { Value } from '../result';
import { latency } from './latency';
import type { LivePanel } from './live-panel';
import { Look, type Selections } from './look';
import { customers, plans, security } from './people';
import { errors, overview } from './traffic';

/** By the id of the panel. A panel that is not here is shown as it was computed for the whole report. */
export const livePanels: Readonly<Record<string, LivePanel>> = {
  ...overview,
  ...errors,
  ...customers,
  ...plans,
  ...latency,
  ...security,
};

export interface LiveRows {
  readonly rows: Value[][];
  /** How series are cut. */
  readonly bucket: Bucket;
  /** Whether the period had to be widened to whole days. */
  readonly isWidened: boolean;
}

/**
 * Undefined for a panel that the cubes cannot answer.
 *
 * @param selections what panels of the same scope share
 */
export function liveRows(
  id: string,
  cubes: Cubes,
  scope: Scope,
  selections: Selections = new Map(),
): LiveRows | undefined {
  const panel = Object.hasOwn(livePanels, id) ? livePanels[id] : undefined;
  const look = new Look(cubes, scope, selections);
  if (!panel || !look.has(panel.cubes, panel.needsHours)) return undefined;
  const rows = panel.rows(look);
  return { rows, bucket: look.bucket, isWidened: look.isWidened };
}
