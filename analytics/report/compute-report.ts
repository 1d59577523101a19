/**
 * Everything that a page shows: the cubes, and the rows of every panel. What cubes have exactly is
 * not asked of the engine once more.
 */

import { buildCubes, type ManyRows, type Query } from '../cubes/build';
import type { Cubes } from '../cubes/cube';
import { exactRows, livePanels } from '../live/all';
import type { Selections } from '../live/look';
import { panelsFor } from '../panels/all';
import type { Panel, Scope } from '../panels/panel';
import type { Value } from '../result';

/** By the id of the panel. */
export type PanelRows = Readonly<Record<string, readonly (readonly Value[])[]>>;

export interface ComputedReport {
  readonly rows: PanelRows;
  readonly cubes: Cubes;
}

export interface ComputeOptions {
  readonly many?: ManyRows | undefined;
  /** Builds the cubes from elsewhere; undefined where it cannot. @default - of requests */
  readonly buildCubes?: (() => Promise<Cubes> | undefined) | undefined;
  /** Statements that an engine is asked at a time. @default - two of one at hand, else one */
  readonly atOnce?: number | undefined;
  readonly show?: ((panels: number, ofPanels: number) => void) | undefined;
}

export async function computeReport(
  query: Query,
  scope: Scope,
  options: ComputeOptions = {},
): Promise<ComputedReport> {
  const { many, show = () => {}, atOnce = many ? 2 : 1 } = options;
  const panels = panelsFor(scope);
  let done = 0;
  show(done, panels.length);
  const rows: Record<string, PanelRows[string]> = {};
  const settle = (panel: Panel, its: PanelRows[string]) => {
    rows[panel.id] = its;
    show(++done, panels.length);
  };
  // Filtered cubes do not show how far the whole log reaches back, which comparisons go by.
  const isFiltered = Object.values(scope.filter).some((value) => value !== undefined);
  const [mayBeTold, others] = [
    panels.filter(({ id }) => !isFiltered && Object.hasOwn(livePanels, id)),
    panels.filter(({ id }) => isFiltered || !Object.hasOwn(livePanels, id)),
  ];
  const asked: Promise<void>[] = [];
  const waiting = new Set<Promise<void>>();
  const ask = async (panel: Panel) => {
    while (waiting.size >= atOnce) await Promise.race(waiting);
    const answer = query(panel.sql(scope)).then((result) => settle(panel, result.rows));
    asked.push(answer);
    waiting.add(answer);
    // A rejection is handled below.
    answer.catch(() => {}).finally(() => waiting.delete(answer));
  };
  const building = options.buildCubes?.() ?? buildCubes(query, scope, many);
  try {
    if (many) {
      // A rejection is handled below.
      building.catch(() => {});
      // An engine at hand answers these while it makes cubes.
      for (const panel of others) await ask(panel);
    }
    const cubes = await building;
    if (!many) for (const panel of others) await ask(panel);
    const selections: Selections = new Map();
    for (const panel of mayBeTold) {
      const told = exactRows(panel, cubes, scope, selections);
      if (told) settle(panel, told);
      else await ask(panel);
      // Else no answer would be looked at meanwhile.
      await new Promise(setImmediate);
    }
    await Promise.all(asked);
    return { rows: Object.fromEntries(panels.map(({ id }) => [id, rows[id] ?? []])), cubes };
  } finally {
    // Also after a fault: the engine must not be closed while statements run.
    await Promise.allSettled([building, ...asked]);
  }
}
