/** Statements of which panels need many: counts by group, series by group, lists of requests. */

import { integerLiteral } from '../dialect';
import { bucketStart, during, isLogged, percent, within } from './fragments';
import type { Comparison, Filter, Period, Scope } from './panel';
import { comparedPeriod } from './periods';
import { sql } from './sql';

/** How many rows a short list has, and how many groups a series tells apart. */
export const TOP = 10;
/** How many rows any other list has by default. */
export const LISTED = 100;
/** Requests below which rates and percentiles are mostly chance. */
export const MINIMUM = 20;

export interface Selection {
  /** Conditions beside those of the scope. */
  readonly where?: readonly string[];
}

export function where(
  period: Period,
  filter: Filter,
  { where: more = [] }: Selection = {},
): string {
  return [within(period, filter), ...more].join('\n  and ');
}

/** The end of a list's statement; nothing where the panel has no limit. */
export function limited({ limit }: Scope): string {
  return limit === undefined ? '' : `limit ${integerLiteral(limit)}`;
}

export interface FinerGroups {
  /** Result columns and the expressions of their values. */
  readonly by: Readonly<Record<string, string>>;
  readonly measures?: Readonly<Record<string, string>>;
}

export interface Groups extends Selection {
  /** Groups that are counted first, so that what takes long is asked of few rows: all else then names their columns. */
  readonly finer?: FinerGroups;
  /** Result columns and the expressions of their values. */
  readonly by: Readonly<Record<string, string>>;
  /** More columns, after `requests` and `percent`. */
  readonly measures?: Readonly<Record<string, string>>;
}

/** The largest groups, with their requests and their share of all that match. */
export function countedBy(
  scope: Scope,
  { by, measures = {}, finer, ...selection }: Groups,
): string {
  const names = Object.keys(by);
  const requests = finer ? 'sum(requests)' : 'count(*)';
  const columns = [
    ...selected(by),
    `${requests} as requests`,
    `1e2 * ${requests} / sum(${requests}) over () as percent`,
    ...selected(measures),
  ];
  const condition = where(scope, scope.filter, selection);
  const from = finer
    ? sql`
      (
        ${finerGroups(finer, condition)}
      ) as finer
    `
    : sql`
      requests
      where ${condition}
    `;
  return sql`
    select ${columns.join(',\n  ')}
    from ${from}
    group by ${ordinals(names)}
    order by ${byRequests(names)}
    ${limited(scope)}
  `;
}

function finerGroups({ by, measures = {} }: FinerGroups, condition: string): string {
  const columns = [...selected(by), 'count(*) as requests', ...selected(measures)];
  return sql`
    select ${columns.join(',\n  ')}
    from requests
    where ${condition}
    group by ${ordinals(Object.keys(by))}
  `;
}

export interface GroupedSeries extends Selection {
  /** The result column that names the group, and its expression. */
  readonly by: readonly [name: string, expression: string];
}

/**
 * Requests in each bucket and group. With a limit only the groups with the most requests are told apart:
 * those of all others are one row a bucket, without a group.
 */
export function seriesBy(
  scope: Scope,
  { by: [name, expression], ...selection }: GroupedSeries,
): string {
  const condition = where(scope, scope.filter, selection);
  const time = bucketStart('request_time_epoch', scope, scope.bucket, scope.from);
  if (scope.limit === undefined) {
    return sql`
      select ${time} as time,
        ${expression} as ${quoted(name)},
        count(*) as requests
      from requests
      where ${condition}
      group by 1, 2
      order by 1, 2
    `;
  }
  return sql`
    with bucketed as (
      select ${time} as time,
        ${expression} as grp,
        count(*) as requests
      from requests
      where ${condition}
        and ${expression} is not null
      group by 1, 2
    ),
    largest as (
      select grp
      from bucketed
      group by 1
      order by sum(requests) desc, 1
      ${limited(scope)}
    )
    select time, largest.grp as ${quoted(name)}, sum(requests) as requests
    from bucketed
    left join largest on largest.grp = bucketed.grp
    group by 1, 2
    order by 1, 2
  `;
}

export interface Compared extends Selection {
  readonly comparisons: readonly Comparison[];
  /** Result columns and their expressions; none for a single row. */
  readonly by?: Readonly<Record<string, string>>;
  /** Columns of the period and of those that it is compared with; aggregates take the condition. */
  readonly compared: Readonly<Record<string, (condition: string) => string>>;
  /** Columns of the period alone. */
  readonly measures?: Readonly<Record<string, (condition: string) => string>>;
}

const periodNames: Readonly<Record<Comparison, string>> = {
  'previous period': 'previous',
  'same weekday': 'weekday',
};

/** What comes before a column's name in the period that it is compared with. */
export function prefixOf(comparison: Comparison): string {
  return `${periodNames[comparison]}_`;
}

/** Measures beside the same ones of earlier periods, in one pass over all of them. */
export function comparedBy(
  scope: Scope,
  { comparisons, by = {}, compared, measures = {}, ...selection }: Compared,
): string {
  const periods = comparisons.map((comparison) => ({
    name: periodNames[comparison],
    period: comparedPeriod(comparison, scope),
  }));
  const all: Period = {
    from: Math.min(scope.from, ...periods.map(({ period }) => period.from)),
    to: scope.to,
  };
  const names = Object.keys(by);
  const ofAll = Object.entries(compared);
  const ofPeriod = Object.entries(measures);
  const counted = [
    ...selected(by),
    ...ofAll.flatMap(([column, measure]) => [
      `${measure('is_now')} as ${column}`,
      ...periods.map(({ name }) => `${measure(`is_${name}`)} as ${name}_${column}`),
    ]),
    ...ofPeriod.map(([column, measure]) => `${measure('is_now')} as ${column}`),
  ];
  const columns = [
    ...names,
    ...ofAll.flatMap(([column]) => [
      column,
      ...periods.map(
        ({ name }) => `case when ${name} then ${name}_${column} end as ${name}_${column}`,
      ),
    ]),
    ...ofPeriod.map(([column]) => column),
  ];
  return sql`
    with logged as (
      select ${periods.map(({ name, period }) => `${isLogged(period)} as ${name}`).join(',\n  ')}
    ),
    told as (
      select requests.*,
        ${during(scope)} as is_now,
        ${periods.map(({ name, period }) => `${during(period)} as is_${name}`).join(',\n')}
      from requests
      where ${where(all, scope.filter, selection)}
    ),
    counted as (
      select ${counted.join(',\n  ')}
      from told
      ${names.length > 0 ? `group by ${ordinals(names)}` : ''}
    )
    select ${columns.join(',\n  ')}
    from counted
    cross join logged
    ${names.length > 0 ? `order by ${byRequests(names)}` : ''}
    ${limited(scope)}
  `;
}

function byRequests(names: readonly string[]): string {
  return [`${names.length + 1} desc`, ...names.map((_, place) => place + 1)].join(', ');
}

/** `count(*)` and others of the rows under a condition. */
export const count = (condition: string) => `count(*) filter (where ${condition})`;

export const countOf = (more: string) => (condition: string) =>
  `count(*) filter (where ${condition} and ${more})`;

export const distinct = (expression: string, more?: string) => (condition: string) =>
  `count(distinct case when ${condition}${more ? ` and ${more}` : ''} then ${expression} end)`;

export const share = (more: string) => (condition: string) =>
  percent(countOf(more)(condition), count(condition), MINIMUM);

export function selected(columns: Readonly<Record<string, string>>): string[] {
  return Object.entries(columns).map(([name, expression]) =>
    expression === name ? quoted(name) : `${expression} as ${quoted(name)}`,
  );
}

export function ordinals(names: readonly string[]): string {
  return names.map((_, place) => place + 1).join(', ');
}

/** `user` is a word of SQL's own. */
function quoted(name: string): string {
  return name === 'user' ? '"user"' : name;
}
