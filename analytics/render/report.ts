/** What a page holds: the report as it was computed, to be read by the page's own code. */

import type { Bucket, Filter, Page, Panel, PanelShape, ResultColumn } from '../panels/panel';
import type { Completeness, Value } from '../result';
import type { Mark } from './marks';

export interface ReportScope {
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  readonly bucket: Bucket;
  readonly filter: Filter;
}

/** A panel without its function, with its statement and what that returned. */
export interface ReportPanel {
  readonly id: string;
  readonly page: Page;
  readonly title: string;
  readonly question: string;
  readonly definition: string;
  readonly shape: PanelShape;
  readonly columns: readonly ResultColumn[];
  readonly comparisons: readonly string[];
  readonly limit?: number;
  readonly minimum?: number;
  readonly empty: string;
  readonly needs: readonly string[];
  readonly isOfLog?: boolean;
  readonly sql: string;
  readonly rows: readonly (readonly Value[])[];
}

export interface Report {
  readonly title: string;
  readonly scope: ReportScope;
  /** What is known of the whole log: a customer's page has none, for it would show how much others call. */
  readonly completeness?: Completeness;
  readonly panels: readonly ReportPanel[];
  /** Changes of the account, for the charts of the traffic that they touched; the latest first. */
  readonly marks?: readonly Mark[];
  /** The one customer that the page is for. */
  readonly customer?: string;
  /** When it was made, in milliseconds since 1970. */
  readonly madeAt: number;
}

export function reportPanel(panel: Panel, sql: string, rows: ReportPanel['rows']): ReportPanel {
  const { id, page, title, question, definition, shape, columns, empty, needs } = panel;
  const { limit, minimum } = panel;
  return {
    id,
    page,
    title,
    question,
    definition,
    shape,
    columns,
    comparisons: panel.comparisons ?? [],
    ...(limit === undefined ? {} : { limit }),
    ...(minimum === undefined ? {} : { minimum }),
    empty,
    needs,
    ...(panel.isOfLog ? { isOfLog: true } : {}),
    sql,
    rows,
  };
}
