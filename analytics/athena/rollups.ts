/**
 * Roll-ups: what the panels of a dashboard read instead of requests. Each is a cube of the page by
 * hours of UTC, a partition a closed day; the sums over all partitions are those of the requests.
 */

import { type CubeDefinition, cubeDefinitions } from '../cubes/definitions';
import { accessColumns } from '../schema';
import { DAY } from '../time-zone';
import { addDays, CLOSED_TABLE } from './closed-days';

export interface Rollup {
  readonly table: string;
  readonly cube: CubeDefinition;
  /** The columns in order, with Hive's types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The rows of a day that is closed. */
  readonly sql: (day: string) => string;
}

/** Its rows of one day cannot be added to those of another. */
const NOT_ADDITIVE = 'history';

const textColumns = new Set(
  accessColumns.filter(({ type }) => type === 'string').map(({ name }) => name),
);

export const rollups: readonly Rollup[] = cubeDefinitions
  .filter(({ name }) => name !== NOT_ADDITIVE)
  .map((cube) => ({
    table: `rollup_${cube.name}`,
    cube,
    columns: columnsOf(cube),
    sql: (day) => rollupSql(cube, day),
  }));

function columnsOf({ dimensions, measures }: CubeDefinition): Rollup['columns'] {
  return [
    ...dimensions.map((name) => ({
      name,
      type: name === 'outcome' || textColumns.has(name) ? 'string' : 'bigint',
    })),
    ...measures.map((name) => ({ name, type: 'bigint' })),
  ];
}

function rollupSql(cube: CubeDefinition, day: string): string {
  const end = Date.parse(addDays(day, 1));
  // Late requests of earlier days go along with this one, under their own time.
  const scope = {
    from: end - 400 * DAY,
    to: end,
    timeZone: 'UTC',
    bucket: 'hour',
    filter: {},
  } as const;
  return `with requests as (select * from ${CLOSED_TABLE} where day = date '${day}')
${cube.sql(scope, 'hour')}`;
}

/** The rows of a cube for whole hours of `[from, to)`, out of a roll-up; times are milliseconds. */
export function fromRollupSql({ table, cube }: Rollup, from: number, to: number): string {
  const dimensions = cube.dimensions.join(', ');
  const sums = cube.measures.map((name) => `sum(${name}) as ${name}`).join(', ');
  const groups = cube.dimensions.map((_, place) => place + 1).join(', ');
  const firstDay = new Date(from).toISOString().slice(0, 10);
  return `select ${dimensions}, ${sums}
from ${table}
where day >= date '${firstDay}' and "time" >= ${from} and "time" < ${to}
group by ${groups}
order by ${groups}`;
}
