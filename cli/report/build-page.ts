/** Makes the page of every panel and cube. */

import type { ManyRows, Query } from '../../analytics/cubes/build';
import { decodePayload } from '../../analytics/cubes/decode';
import { cubeDefinitions } from '../../analytics/cubes/definitions';
import { encodePayload } from '../../analytics/cubes/encode';
import { auditPanels, panels } from '../../analytics/panels/all';
import { marksSql, withoutThreatList } from '../../analytics/panels/audit';
import type { Panel, Scope } from '../../analytics/panels/panel';
import { type Mark, markOf } from '../../analytics/render/marks';
import { renderPage } from '../../analytics/render/page';
import { type ReportPanel, reportPanel } from '../../analytics/render/report';
import type { Completeness, Value } from '../../analytics/result';
import { computeReport, type PanelRows } from './compute-report';
import { withCountriesSource } from './countries-source';
import type { Remember } from './opened';
import { pageClient } from './page-client';

export interface PageOptions {
  readonly query: Query;
  readonly many?: ManyRows | undefined;
  /** Of the rows of requests alone: what `changes` tells is always asked anew. */
  readonly remember: Remember;
  readonly scope: Scope;
  readonly completeness: Completeness;
  readonly title: string;
  readonly madeAt: number;
  readonly countriesDate: string | undefined;
  /** Left out where there is no relation `changes`. */
  readonly audit?: { readonly hasThreats: boolean } | undefined;
  readonly show: (panels: number, ofPanels: number) => void;
}

export async function buildPage(options: PageOptions): Promise<string> {
  const { query, many, remember, scope, completeness, title, madeAt, audit, show } = options;
  const statements = panels.map((panel) => panel.sql(scope));
  const cubeStatements = cubeDefinitions.map(({ sql, maxRows }) => [sql(scope, 'hour'), maxRows]);
  const computed = await remember([scope, statements, cubeStatements], async () => {
    const { rows, cubes } = await computeReport(query, scope, { many, show });
    return encodePayload(rows, cubes);
  });
  const { document, cubes } = decodePayload(computed);
  const rows = document as PanelRows;
  const shown = (panel: Panel, its: readonly (readonly Value[])[]): ReportPanel =>
    reportPanel(withCountriesSource(panel, options.countriesDate), panel.sql(scope), its);
  const all = panels.map((panel) => shown(panel, rows[panel.id] ?? []));
  if (audit) {
    for (const panel of audit.hasThreats ? auditPanels : auditPanels.map(withoutThreatList)) {
      all.push(shown(panel, (await query(panel.sql(scope))).rows));
    }
  }
  const marks = audit ? await marksOf(query, scope) : [];
  const { customer } = scope.filter;
  const { from, to, timeZone, bucket, filter } = scope;
  return renderPage({
    report: {
      title,
      scope: { from, to, timeZone, bucket, filter },
      completeness,
      panels: all,
      ...(marks.length > 0 ? { marks } : {}),
      ...(customer === undefined ? {} : { customer }),
      madeAt,
    },
    cubes,
    client: pageClient(),
  });
}

async function marksOf(query: Query, scope: Scope): Promise<Mark[]> {
  const { columns, rows } = await query(marksSql(scope));
  return rows.map((row) => markOf(Object.fromEntries(columns.map((name, at) => [name, row[at]]))));
}
