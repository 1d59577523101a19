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

/** A whole number as a literal of SQL. */
export function integerLiteral(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`not a whole number: ${value}`);
  return String(value);
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

/** Trino's functions that panels use, for DuckDB. */
const panelMacros: readonly string[] = [
  'approx_percentile(x, p) as approx_quantile(x, p)',
  'approx_distinct(x) as approx_count_distinct(x)',
  'to_unixtime(t) as epoch(t)',
  'sequence(a, b) as generate_series(a, b), (a, b, s) as generate_series(a, b, s)',
];

/** Letters of MySQL, which Trino's formats of dates have, with those of DuckDB; `%M` comes before `%i`. */
const dateLetters = [
  ['%M', '%B'],
  ['%W', '%A'],
  ['%i', '%M'],
  ['%s', '%S'],
  ['%e', '%-d'],
  ['%c', '%-m'],
  ['%k', '%-H'],
  ['%l', '%-I'],
  ['%h', '%I'],
  ['%T', '%H:%M:%S'],
  ['%r', '%I:%M:%S %p'],
  ['%v', '%V'],
  ['%x', '%G'],
] as const;

const dateFormat = dateLetters.reduce(
  (format, [letter, other]) => `replace(${format}, '${letter}', '${other}')`,
  'f',
);

/**
 * More of Trino's functions, for queries of one's own: those that can be made to return the same. Any
 * other one is refused by its name, as DuckDB has none that is called so.
 */
const queryMacros: readonly string[] = [
  'from_unixtime(s) as to_timestamp(s)',
  'from_iso8601_timestamp(s) as cast(s as timestamptz)',
  'from_iso8601_date(s) as cast(s as date)',
  `date_format(t, f) as strftime(t, ${dateFormat})`,
  `date_add(u, n, t) as t + case lower(u)
    when 'millisecond' then to_milliseconds(n) when 'second' then to_seconds(n)
    when 'minute' then to_minutes(n) when 'hour' then to_hours(n)
    when 'day' then to_days(cast(n as integer)) when 'week' then to_days(cast(7 * n as integer))
    when 'month' then to_months(cast(n as integer)) when 'quarter' then to_months(cast(3 * n as integer))
    when 'year' then to_years(cast(n as integer)) else error('date_add: unknown unit ' || u) end`,
  // Complete units, where DuckDB's own counts the boundaries between.
  'date_diff(u, a, b) as datesub(u, a, b)',
  'day_of_week(d) as isodow(d)',
  'day_of_month(d) as dayofmonth(d)',
  'day_of_year(d) as dayofyear(d)',
  'week_of_year(d) as weekofyear(d)',
  'regexp_like(s, p) as regexp_matches(s, p)',
  `json_extract_scalar(j, p) as case
    when json_type(j, p) not in ('OBJECT', 'ARRAY') then json_extract_string(j, p) end`,
  'array_join(a, s) as array_to_string(a, s)',
  'element_at(a, i) as a[i]',
  'cardinality(a) as len(a)',
  'every(x) as bool_and(x)',
  'truncate(x) as trunc(x)',
  // NULL where any is.
  'greatest(a, b) as case when a is not null and b is not null then if(a > b, a, b) end',
  'least(a, b) as case when a is not null and b is not null then if(a < b, a, b) end',
];

const duckdbMacros: readonly string[] = [...panelMacros, ...queryMacros].map(
  (macro) => `create or replace macro ${macro}`,
);

/** For few rows: exact, and faster, but with all values of a group in memory. */
export const exactPercentilesMacro =
  'create or replace macro approx_percentile(x, p) as quantile_disc(x, p)';

/** Everything that makes DuckDB understand these statements, in order. */
export const duckdbPrelude: readonly string[] = [...duckdbSettings, ...duckdbMacros];
