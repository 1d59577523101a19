/**
 * Roll-ups: what the panels of a dashboard read instead of requests. Each is a cube of the page by
 * hours of UTC, a partition a closed day; the sums over all partitions are those of the requests.
 */

import { type CubeDefinition, cubeDefinitions } from '../cubes/definitions';
import type { Period } from '../panels/panel';
import { accessColumns } from '../schema';
import { addDays, CLOSED_TABLE, type ClosingDay, dayOf, linesOfDaySql } from './closed-days';

export interface Rollup {
  readonly table: string;
  readonly cube: CubeDefinition;
  /** The columns in order, with Hive's types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The rows of a day that is closed. */
  readonly sql: (day: ClosingDay) => string;
}

/** Its rows of one day cannot be added to those of another. */
const NOT_ADDITIVE = 'history';

/**
 * To be raised with each change of what a roll-up has or counts: its table is a new one then, and the next run of
 * the step that closes days writes it for all closed days. That of lines stays the first: lines go before closed
 * days do, so it only gets columns that are NULL for days before.
 */
const versions: Readonly<Record<string, number>> = {};

const textColumns = new Set(
  accessColumns.filter(({ type }) => type === 'string').map(({ name }) => name),
);

export const rollups: readonly Rollup[] = cubeDefinitions
  .filter(({ name }) => name !== NOT_ADDITIVE)
  .map((cube) => ({
    table: tableOf(cube.name, versions[cube.name]),
    cube,
    columns: columnsOf(cube),
    sql: (closing) => rollupSql(cube, closing),
  }));

/** @param version from 2 on it is part of the name */
export function tableOf(cube: string, version = 1): string {
  return version === 1 ? `rollup_${cube}` : `rollup_${cube}_${version}`;
}

function columnsOf({ dimensions, measures }: CubeDefinition): Rollup['columns'] {
  return [
    ...dimensions.map((name) => ({
      name,
      type: /^(outcome|kind)$/.test(name) || textColumns.has(name) ? 'string' : 'bigint',
    })),
    ...measures.map((name) => ({ name, type: 'bigint' })),
  ];
}

function rollupSql(cube: CubeDefinition, closing: ClosingDay): string {
  const { day } = closing;
  // Late requests of earlier days, of whatever age, go along with this one, under their own time.
  const scope = {
    from: 0,
    to: Date.parse(addDays(day, 1)),
    timeZone: 'UTC',
    bucket: 'hour',
    filter: {},
  } as const;
  const rows =
    cube.of === 'access'
      ? `${linesOfDaySql(closing)},\naccess as (select * from of_day)`
      : `with requests as (select * from ${CLOSED_TABLE} where day = date '${day}')`;
  return `${rows}\n${cube.sql(scope, 'hour')}`;
}

/** The part of a roll-up that is read: fewer dimensions and longer times are fewer rows. */
export interface RollupPart {
  /** In whole hours of UTC. */
  readonly period: Period;
  /** Dimensions without the time, which is the first column always. @default - all */
  readonly dimensions?: readonly string[] | undefined;
  /** What rows have for a time, as an expression of `"time"`. @default - the hour */
  readonly time?: string | undefined;
  /** Whether a group has a second row without counts, at its last hour; its first row is at its first. */
  readonly hasMoments?: boolean | undefined;
  /** On dimensions. @default - none */
  readonly conditions?: readonly string[] | undefined;
}

/** The rows of a cube out of its roll-up; times are milliseconds. */
export function fromRollupSql(rollup: Rollup, part: RollupPart): string {
  const { table, cube } = rollup;
  const { period, dimensions = othersOf(cube), time = '"time"', hasMoments } = part;
  if (!hasMoments) {
    return `${rollupRowsSql(rollup, part)}
order by ${columnPlaces(dimensions)}`;
  }
  const names = dimensions.map((name) => `, ${name}`).join('');
  const sums = cube.measures.map((name) => `sum(${name}) as ${name}`).join(', ');
  const rows = `from ${table}
where ${withinRollup(cube, period)}
group by ${[time, ...dimensions].join(', ')}`;
  const nothing = cube.measures.map((name) => `0 as ${name}`).join(', ');
  return `select min("time") as "time"${names}, ${sums}
${rows}
union all
select max("time") as "time"${names}, ${nothing}
${rows}
having max("time") > min("time")
order by ${columnPlaces(dimensions)}`;
}

/** The same in no order. */
export function rollupRowsSql(
  { table, cube }: Rollup,
  { period, dimensions = othersOf(cube), time = '"time"', conditions }: RollupPart,
): string {
  const names = dimensions.map((name) => `, ${name}`).join('');
  const sums = cube.measures.map((name) => `sum(${name}) as ${name}`).join(', ');
  return `select ${time} as "time"${names}, ${sums}
from ${table}
where ${withinRollup(cube, period, conditions)}
group by ${[time, ...dimensions].join(', ')}`;
}

/** Who had requests in a period, and when the first one was: the cube `history`. */
export function historyFromRollupSql(
  period: Period,
  dimensions: readonly string[],
  conditions?: readonly string[],
): string {
  const names = dimensions.map((name) => `, ${name}`).join('');
  return `select min("time") as "time"${names}, sum(requests) as requests
from rollup_traffic
where ${withinRollup({ of: 'requests' }, period, [...(conditions ?? []), 'customer_name is not null'])}
group by ${dimensions.join(', ')}
order by ${columnPlaces(dimensions)}`;
}

/** The roll-up of a cube, or the one that it follows from. */
export function rollupOf(cube: string): Rollup {
  const name = cube === NOT_ADDITIVE ? 'traffic' : cube;
  const rollup = rollups.find((it) => it.cube.name === name);
  if (!rollup) throw new Error(`no roll-up of the cube ${cube}`);
  return rollup;
}

/** By the dimensions, then by the time: so cubes pack best. */
function columnPlaces(dimensions: readonly string[]): string {
  return [...dimensions.map((_, place) => place + 2), 1].join(', ');
}

function othersOf({ dimensions }: CubeDefinition): readonly string[] {
  return dimensions.slice(1);
}

/** The condition of a period, of partitions and of hours. What has no time counts on the day of its folder. */
export function withinRollup(
  { of }: Pick<CubeDefinition, 'of'>,
  { from, to }: Period,
  conditions: readonly string[] = [],
): string {
  const [first, last] = [dayOf(from), dayOf(to - 1)];
  const hours = `"time" >= ${from} and "time" < ${to}`;
  const rows = of === 'access' ? `(${hours} or "time" is null and day <= date '${last}')` : hours;
  return [`day >= date '${first}' and ${rows}`, ...conditions].join(' and ');
}
