/** How much a panel lists, said and applied for all panels in one place. */

import type { Panel, Scope } from './panel';

interface Limited extends Pick<Panel, 'shape'> {
  readonly limit?: number | undefined;
}

/** What all groups together are called that are not told apart. */
export const OTHERS = 'others';

/** The panel with its limit in its definition, and with a statement that keeps to it. */
export function withLimit(panel: Panel): Panel {
  const { limit, shape, definition, columns } = panel;
  const statement = (scope: Scope) => panel.sql(limitedScope(panel, scope));
  if (limit === undefined) return { ...panel, sql: statement };
  const isSeries = shape === 'series';
  const told = isSeries
    ? `All but the ${limit} with the most requests are counted together, as ${OTHERS}.`
    : `The first ${limit} are listed.`;
  const group = isSeries
    ? columns.find(({ type, unit }) => !unit && type !== 'timestamp')
    : undefined;
  return {
    ...panel,
    definition: `${definition} ${told}`,
    columns: columns.map((column) => (column === group ? { ...column, restName: OTHERS } : column)),
    sql: statement,
  };
}

/** A scope with the limit of the panel, unless it asks for another one; without one where the panel has none. */
export function limitedScope({ limit }: Pick<Panel, 'limit'>, scope: Scope): Scope {
  const { limit: asked, ...others } = scope;
  return limit === undefined ? others : { ...others, limit: asked ?? limit };
}

/** Whether a list is as long as it may be, so that more may have been left out. */
export function isFull({ shape, limit }: Limited, rows: { readonly length: number }): boolean {
  return limit !== undefined && shape !== 'series' && rows.length >= limit;
}
