/**
 * Everything that a page shows: the cubes, and the rows of every panel. What the cubes tell exactly is
 * not asked of the engine once more.
 */

import { buildCubes, type ManyRows, type Query } from '../../analytics/cubes/build';
import type { Cubes } from '../../analytics/cubes/cube';
import { exactRows } from '../../analytics/live/all';
import type { Selections } from '../../analytics/live/look';
import { panels } from '../../analytics/panels/all';
import type { Scope } from '../../analytics/panels/panel';
import type { Value } from '../../analytics/result';

/** By the id of the panel. */
export type PanelRows = Readonly<Record<string, readonly (readonly Value[])[]>>;

export interface ComputedReport {
  readonly rows: PanelRows;
  readonly cubes: Cubes;
}

export interface ComputeOptions {
  readonly many?: ManyRows | undefined;
  readonly show?: (panels: number, ofPanels: number) => void;
}

export async function computeReport(
  query: Query,
  scope: Scope,
  { many, show = () => {} }: ComputeOptions = {},
): Promise<ComputedReport> {
  show(0, panels.length);
  const cubes = await buildCubes(query, scope, many);
  const selections: Selections = new Map();
  const rows: Record<string, PanelRows[string]> = {};
  // Filtered cubes do not tell how far the whole log reaches back, which comparisons go by.
  const isFiltered = Object.values(scope.filter).some((value) => value !== undefined);
  for (const [done, panel] of panels.entries()) {
    show(done, panels.length);
    rows[panel.id] =
      (isFiltered ? undefined : exactRows(panel, cubes, scope, selections)) ??
      (await query(panel.sql(scope))).rows;
  }
  return { rows, cubes };
}
