/** Computes every panel and cube, and makes the page of them. */

import { buildCubes } from '../../analytics/cubes/build';
import { auditPanels, panels } from '../../analytics/panels/all';
import { marksSql, withoutThreatList } from '../../analytics/panels/audit';
import type { Scope } from '../../analytics/panels/panel';
import { type Mark, markOf } from '../../analytics/render/marks';
import { renderPage } from '../../analytics/render/page';
import { type ReportPanel, reportPanel } from '../../analytics/render/report';
import type { Completeness } from '../../analytics/result';
import { withCountriesSource } from './countries-source';
import type { Engine } from './duckdb';
import { pageClient } from './page-client';

export interface PageOptions {
  readonly engine: Engine;
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
  const { engine, scope, completeness, title, madeAt, show } = options;
  const { audit } = options;
  const ofAudit = audit?.hasThreats ? auditPanels : auditPanels.map(withoutThreatList);
  const all = audit ? [...panels, ...ofAudit] : panels;
  const computed: ReportPanel[] = [];
  for (const panel of all) {
    show(computed.length, all.length);
    const sql = panel.sql(scope);
    computed.push(
      reportPanel(
        withCountriesSource(panel, options.countriesDate),
        sql,
        (await engine.query(sql)).rows,
      ),
    );
  }
  const cubes = await buildCubes((sql) => engine.query(sql), scope);
  const marks = audit ? await marksOf(engine, scope) : [];
  const { customer } = scope.filter;
  const { from, to, timeZone, bucket, filter } = scope;
  return renderPage({
    report: {
      title,
      scope: { from, to, timeZone, bucket, filter },
      completeness,
      panels: computed,
      ...(marks.length > 0 ? { marks } : {}),
      ...(customer === undefined ? {} : { customer }),
      madeAt,
    },
    cubes,
    client: pageClient(),
  });
}

async function marksOf(engine: Engine, scope: Scope): Promise<Mark[]> {
  const { columns, rows } = await engine.query(marksSql(scope));
  return rows.map((row) => markOf(Object.fromEntries(columns.map((name, at) => [name, row[at]]))));
}
