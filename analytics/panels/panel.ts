/**
 * A panel as data: a question, the definition of its number, and the SQL that answers it. Page,
 * terminal, documentation, named queries and dashboards are renderings of it.
 */

export interface Period {
  /** Milliseconds since 1970; `to` is the first moment after the period. */
  readonly from: number;
  readonly to: number;
}

/** What a panel is asked about. */
export interface Scope extends Period {
  /** An IANA name, such as `Europe/Berlin`: days start at its midnight. */
  readonly timeZone: string;
  /** How series are cut. */
  readonly bucket: Bucket;
  readonly filter: Filter;
  /** What the limit of the panel is to be instead, if it has one. @default - the panel's own */
  readonly limit?: number;
  /** A request id, trace id, address or key id: only requests that carry it. Panels of requests only. */
  readonly find?: string;
}

export type Bucket = 'minute' | 'hour' | 'day';

/** Values that a request must have; `-` wants those without a value, as API Gateway writes it. */
export interface Filter {
  readonly customer?: string;
  /** The usage plan's id or name. */
  readonly plan?: string;
  readonly api?: string;
  readonly stage?: string;
}

export type Page =
  | 'overview'
  | 'errors'
  | 'customers'
  | 'plans'
  | 'latency'
  | 'security'
  | 'data-quality'
  | 'audit'
  | 'key-life';

/**
 * - `kpi`: one row; every column is a number of its own.
 * - `series`: a row for each time, or for each time and group; a time without requests has no row.
 * - `bars`: a row for each group, the largest first.
 * - `heat`: a row for each cell, identified by its first two columns.
 * - `map`: a row for each country, named by its two letters.
 * - `table`: rows to read.
 */
export type PanelShape = 'kpi' | 'series' | 'bars' | 'table' | 'heat' | 'map';

export type Unit =
  | 'requests'
  | 'lines'
  | 'customers'
  | 'keys'
  | 'bytes'
  | 'ms'
  | 'percent'
  | 'hours'
  | 'score'
  | 'count';

export interface ResultColumn {
  readonly name: string;
  readonly title: string;
  /** A `timestamp` is whole milliseconds since 1970, of a day too: of its first moment. */
  readonly type: 'string' | 'integer' | 'number' | 'timestamp';
  /** A column with a unit is a measure; one without names what is measured. */
  readonly unit?: Unit;
  /** The measure of this name that this one is to be compared with. */
  readonly comparedWith?: string;
  /** What to call rows without a value of this column: those of all groups that are not told apart. */
  readonly restName?: string;
  /** A total so far: it stays until it grows or a month begins, and is not to be added up. */
  readonly isRunning?: boolean;
}

export type Comparison = 'previous period' | 'same weekday';

export interface Panel {
  /** Unique, in words joined by hyphens. */
  readonly id: string;
  readonly page: Page;
  readonly title: string;
  readonly question: string;
  /** How the number is defined, in a sentence or two. */
  readonly definition: string;
  readonly shape: PanelShape;
  /** The most rows of a list; of a series the most groups that are told apart. */
  readonly limit?: number;
  readonly columns: readonly ResultColumn[];
  readonly comparisons?: readonly Comparison[];
  /** Requests below which no rate and no percentile is shown. */
  readonly minimum?: number;
  /** The text where there are no rows. */
  readonly empty: string;
  /** The columns that the panel needs from the log format. */
  readonly needs: readonly string[];
  /** Whether it is about the log itself: no filter narrows it, and the report of a customer goes without it. */
  readonly isOfLog?: boolean;
  /** Panels of Sumo Logic and visuals of AWS's sample whose question this one answers. */
  readonly covers?: readonly string[];
  /** A statement over `requests` and `access` in the common dialect, without a semicolon. */
  sql(scope: Scope): string;
}
