/** Makes the page of every panel and cube. */

import type { Query } from '../cubes/build';
import { decodePayload } from '../cubes/decode';
import { cubeDefinitions } from '../cubes/definitions';
import { encodePayload } from '../cubes/encode';
import { auditPanels, panelsFor } from '../panels/all';
import { marksSql, withoutThreatList } from '../panels/audit';
import type { Panel, Scope } from '../panels/panel';
import { type Mark, markOf } from '../render/marks';
import { type PageClient, renderPage } from '../render/page';
import { type ReportPanel, reportPanel } from '../render/report';
import type { Completeness, Value } from '../result';
import {
  type ComputedReport,
  type ComputeOptions,
  computeReport,
  type PanelRows,
} from './compute-report';
import { withCountriesSource } from './countries-source';

/** What was computed of the same rows under the same name before, else now. */
export type Remember = (name: unknown, compute: () => Promise<Uint8Array>) => Promise<Uint8Array>;

export interface PageOptions extends ComputeOptions {
  readonly query: Query;
  /** Only for the rows of requests: rows of `changes` are always asked for anew. @default - nothing is */
  readonly remember?: Remember | undefined;
  readonly scope: Scope;
  readonly completeness: Completeness;
  readonly title: string;
  readonly madeAt: number;
  readonly countriesDate?: string | undefined;
  readonly client: PageClient;
  /** Left out where there is no relation `changes`. */
  readonly audit?: { readonly hasThreats: boolean } | undefined;
}

export async function buildPage(options: PageOptions): Promise<string> {
  const { query, scope, completeness, title, madeAt, audit, client } = options;
  const { rows, cubes } = await computed(options);
  const shown = (panel: Panel, its: readonly (readonly Value[])[]): ReportPanel =>
    reportPanel(withCountriesSource(panel, options.countriesDate), panel.sql(scope), its);
  const all = panelsFor(scope).map((panel) => shown(panel, rows[panel.id] ?? []));
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
    client,
  });
}

async function computed(options: PageOptions): Promise<ComputedReport> {
  const { query, scope, remember } = options;
  if (!remember) return computeReport(query, scope, options);
  const statements = panelsFor(scope).map((panel) => panel.sql(scope));
  const cubeStatements = cubeDefinitions.map(({ sql, maxRows }) => [sql(scope, 'hour'), maxRows]);
  const payload = await remember([scope, statements, cubeStatements], async () => {
    const { rows, cubes } = await computeReport(query, scope, options);
    return encodePayload(rows, cubes);
  });
  const { document, cubes } = decodePayload(payload);
  return { rows: document as PanelRows, cubes };
}

async function marksOf(query: Query, scope: Scope): Promise<Mark[]> {
  const { columns, rows } = await query(marksSql(scope));
  return rows.map((row) => markOf(Object.fromEntries(columns.map((name, at) => [name, row[at]]))));
}
