/**
 * The SQL of this project: the part of Athena's dialect (engine version 3, which is Trino) that DuckDB
 * runs too, with the settings and macros below. Nothing is translated: the same text goes to both.
 *
 * What the part leaves out, because the engines differ in it: `qualify`, `ilike`, `::`, `exclude`,
 * `ignore nulls`, lambdas, `limit … offset`, aggregates of arrays without an order, decimal literals
 * (write `1e2`, not `100.0`), casts that round, `greatest` and `least`, time zones (panels compute
 * with milliseconds).
 */

/** Text as a literal of SQL. Whatever comes from a user or a log gets into a statement by this alone. */
export function literal(text: string): string {
  // Trino's literals hold any character but the quote; DuckDB's end at a NUL.
  if (text.includes('\0')) throw new Error('SQL text cannot hold a NUL character');
  return `'${text.replaceAll("'", "''")}'`;
}

/** An instant, given in milliseconds since 1970, as a timestamp of UTC. */
export function timestampLiteral(instant: number): string {
  const text = new Date(checkedInteger(instant)).toISOString();
  return `timestamp '${text.slice(0, 10)} ${text.slice(11, 23)}'`;
}

/** A whole number as a literal of SQL. */
export function integerLiteral(value: number): string {
  return String(checkedInteger(value));
}

function checkedInteger(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Error(`not a whole number: ${value}`);
  return value;
}

/** The functions that panels may use: same name, arguments and result in both engines. */
export const allowedFunctions: ReadonlySet<string> = new Set(
  [
    'abs approx_distinct approx_percentile avg cast coalesce count date_trunc floor lag log2 lower max',
    'max_by min now to_unixtime',
    'min_by nullif rank row_number sequence split_part sqrt starts_with stddev strpos substr sum',
    'unnest upper',
  ].flatMap((line) => line.split(' ')),
);

/** DuckDB's settings, without which the same text has another meaning there. */
export const duckdbSettings: readonly string[] = [
  "set TimeZone = 'UTC'",
  // 7 / 2 is 3 in Trino.
  'set integer_division = true',
];

/** Trino's functions for DuckDB, beyond those that panels use: for queries of one's own. */
export const duckdbMacros: readonly string[] = [
  'create or replace macro approx_percentile(x, p) as approx_quantile(x, p)',
  'create or replace macro approx_distinct(x) as approx_count_distinct(x)',
  'create or replace macro to_unixtime(t) as epoch(t)',
  'create or replace macro sequence(a, b) as generate_series(a, b), (a, b, s) as generate_series(a, b, s)',
];

/** Everything that makes DuckDB understand these statements, in order. */
export const duckdbPrelude: readonly string[] = [...duckdbSettings, ...duckdbMacros];
