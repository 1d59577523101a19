/** A report of the sample, or of any rows, as the command line makes it: panels, cubes, page. */

import { buildCubes, type Query } from '../../analytics/cubes/build';
import { auditPanels, panelsFor } from '../../analytics/panels/all';
import { marksSql } from '../../analytics/panels/audit';
import type { Scope } from '../../analytics/panels/panel';
import { markOf } from '../../analytics/render/marks';
import { renderPage } from '../../analytics/render/page';
import { type Report, reportPanel } from '../../analytics/render/report';
import type { Completeness } from '../../analytics/result';
import { SAMPLE_END } from '../../analytics/sample/story';
import { DAY } from '../../analytics/time-zone';
import { pageClient } from '../../cli/report/page-client';
import type { AccessDatabase } from './access-table';

export const sampleScope: Scope = {
  from: SAMPLE_END - 14 * DAY,
  to: SAMPLE_END,
  timeZone: 'UTC',
  bucket: 'day',
  filter: {},
};

export const completeness: Completeness = {
  lines: 4120,
  requests: 4000,
  duplicates: 120,
  conflicts: 0,
  unparsed: 3,
  untimed: 0,
  unattributed: 12,
  emptyHours: 2,
  failedRecords: 0,
  files: 30,
  unreadFiles: [],
  from: sampleScope.from,
  to: sampleScope.to,
};

function queryOf(database: AccessDatabase): Query {
  return async (statement) => {
    const rows = await database.rows(statement);
    const columns = Object.keys(rows[0] ?? {});
    return { columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
  };
}

export async function pageOf(
  database: AccessDatabase,
  scope: Scope = sampleScope,
  customer?: string,
  hasAudit = false,
): Promise<string> {
  const found = [];
  for (const panel of [...panelsFor(scope), ...(hasAudit ? auditPanels : [])]) {
    const rows = await database.rows(panel.sql(scope));
    const values = rows.map((row) => panel.columns.map(({ name }) => row[name] ?? null));
    found.push(reportPanel(panel, panel.sql(scope), values));
  }
  const report: Report = {
    title: 'Parcelway API traffic',
    scope,
    completeness,
    panels: found,
    madeAt: SAMPLE_END + 3_600_000,
    ...(customer === undefined ? {} : { customer }),
    ...(hasAudit ? { marks: (await database.rows(marksSql(scope))).map(markOf) } : {}),
  };
  const cubes = await buildCubes(queryOf(database), scope);
  return renderPage({ report, cubes, client: pageClient() });
}
