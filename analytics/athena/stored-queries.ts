/** The panels as statements that Athena keeps: over the days that they need, whenever they are run. */

import { changeColumns } from '../audit/changes';
import { auditPanels, panels } from '../panels/all';
import type { Panel } from '../panels/panel';
import { type NamedQuery, namedQueries } from '../render/named-queries';
import { boundedSql, periodOf } from './bounded';

export function storedQueries(database: string): NamedQuery[] {
  return stored(database, panels);
}

/**
 * Saved queries over changes, without panels of countries and threats, which only a report on a laptop
 * knows.
 */
export function storedAuditQueries(database: string): NamedQuery[] {
  return stored(
    database,
    auditPanels.filter(({ columns }) => !columns.some(({ name }) => ofIngest.has(name))),
  );
}

const ofIngest = new Set(
  changeColumns.filter(({ origin }) => origin === 'ingest').map(({ name }) => name),
);

function stored(database: string, of: readonly Panel[]): NamedQuery[] {
  const bound = (statement: string, period: { from: number; to: number }) =>
    boundedSql(statement, periodOf(statement, period), database);
  return namedQueries(7, bound, of);
}
