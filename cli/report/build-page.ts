/** Computes every panel and cube, and makes the page of them. */

import { buildCubes } from '../../analytics/cubes/build';
import { panels } from '../../analytics/panels/all';
import type { Scope } from '../../analytics/panels/panel';
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
  readonly show: (panels: number, ofPanels: number) => void;
}

export async function buildPage(options: PageOptions): Promise<string> {
  const { engine, scope, completeness, title, madeAt, show } = options;
  const computed: ReportPanel[] = [];
  for (const panel of panels) {
    show(computed.length, panels.length);
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
  const { customer } = scope.filter;
  const { from, to, timeZone, bucket, filter } = scope;
  return renderPage({
    report: {
      title,
      scope: { from, to, timeZone, bucket, filter },
      completeness,
      panels: computed,
      ...(customer === undefined ? {} : { customer }),
      madeAt,
    },
    cubes,
    client: pageClient(),
  });
}
