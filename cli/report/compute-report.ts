/**
 * Everything that a page shows: the cubes, and the rows of every panel. What the cubes tell exactly is
 * not asked of the engine once more.
 */

import { setImmediate } from 'node:timers/promises';
import { buildCubes, type ManyRows, type Query } from '../../analytics/cubes/build';
import type { Cubes } from '../../analytics/cubes/cube';
import { exactRows, livePanels } from '../../analytics/live/all';
import type { Selections } from '../../analytics/live/look';
import { panels } from '../../analytics/panels/all';
import type { Panel, Scope } from '../../analytics/panels/panel';
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
  let done = 0;
  show(done, panels.length);
  const rows: Record<string, PanelRows[string]> = {};
  const settle = (panel: Panel, its: PanelRows[string]) => {
    rows[panel.id] = its;
    show(++done, panels.length);
  };
  const ask = async (panel: Panel) => settle(panel, (await query(panel.sql(scope))).rows);
  // Filtered cubes do not tell how far the whole log reaches back, which comparisons go by.
  const isFiltered = Object.values(scope.filter).some((value) => value !== undefined);
  const [mayBeTold, others] = [
    panels.filter(({ id }) => !isFiltered && Object.hasOwn(livePanels, id)),
    panels.filter(({ id }) => isFiltered || !Object.hasOwn(livePanels, id)),
  ];
  // An engine at hand answers while cubes are worked on; one that is asked from afar is paid for each.
  const asked: Promise<void>[] = [];
  const askInTurn = async (panel: Panel) => {
    const answer = ask(panel);
    asked.push(answer);
    // Told below.
    answer.catch(() => {});
    if (!many) await answer;
  };
  const building = buildCubes(query, scope, many);
  try {
    building.catch(() => {});
    if (!many) await building;
    for (const panel of others) await askInTurn(panel);
    const cubes = await building;
    const selections: Selections = new Map();
    for (const panel of mayBeTold) {
      const told = exactRows(panel, cubes, scope, selections);
      if (told) settle(panel, told);
      else await askInTurn(panel);
      // Else no answer would be looked at meanwhile.
      await setImmediate();
    }
    await Promise.all(asked);
    return { rows: Object.fromEntries(panels.map(({ id }) => [id, rows[id] ?? []])), cubes };
  } finally {
    // Also after a fault: nobody is to close the engine while it is at work.
    await Promise.allSettled([building, ...asked]);
  }
}
