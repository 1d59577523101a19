/** The result of any panel or query, with how complete its lines are. */

/** How many lines were read, and what is wrong with them; goes with every result. */
export interface Completeness {
  /** Lines that were read, in the time range where one is given. */
  readonly lines: number;
  /** Requests: readable lines without the duplicates. */
  readonly requests: number;
  /** Repeated lines of a request. */
  readonly duplicates: number;
  /** Requests whose lines differ in more than being repeated. */
  readonly conflicts: number;
  /** Lines that nothing could read. */
  readonly unparsed: number;
  /** Readable lines without a time: no panel over a time range counts them. */
  readonly untimed: number;
  /** Requests with an API key whose usage plan is not known. */
  readonly unattributed: number;
  /** Whole hours without a request between the first and the last one. */
  readonly emptyHours: number;
  /** Records that Firehose kept as failed, whose lines were read. */
  readonly failedRecords: number;
  /** Files and objects that were read. */
  readonly files: number;
  /** Files and objects that could not be read, with the reason. */
  readonly unreadFiles: readonly UnreadFile[];
  /** The first and the last request, in milliseconds since 1970; null without any. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface UnreadFile {
  readonly name: string;
  readonly reason: string;
}

export type Value = string | number | boolean | null;

export interface Result {
  /** The panel's id; left out for one's own SQL. */
  readonly panel?: string;
  /** The names of the columns. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
  /** The most rows that a list may have: with as many, there may be more. Of a series, the groups told apart. */
  readonly limit?: number;
  readonly completeness: Completeness;
}

/**
 * An engine's value as JSON can carry it: integers as numbers where a number holds them exactly, as
 * text where not; moments as ISO 8601 text in UTC; what JSON has no number for as NULL; lists and
 * structures as JSON text.
 */
export function toValue(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return String(value);
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? toValue(part) : part));
}
