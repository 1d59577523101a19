/**
 * Panels out of roll-ups: what each needs of them, and its rows. A dashboard reads kilobytes in this way,
 * however many requests there are, and gets the same rows as the panel's statement.
 */

import type { Cubes, Slot } from '../cubes/cube';
import { cubePeriod, historyPeriod } from '../cubes/definitions';
import { columnsOf, cubeOf, type Rows } from '../cubes/from-rows';
import { type LiveRows, liveRows } from '../live/all';
import { bucketStart } from '../panels/fragments';
import type { Panel, Period, Scope } from '../panels/panel';
import { comparedPeriod } from '../panels/periods';
import { fromRollupSql, historyFromRollupSql, rollupOf } from './rollups';

/**
 * How finely a panel resolves time:
 *
 * - `periods`: its own and those that it is compared with
 * - `moments`: the same, with the first and last hour of each group
 * - `buckets`: those that series are cut by
 * - `hours`: all
 */
type Times = 'periods' | 'moments' | 'buckets' | 'hours';

interface Needs {
  readonly times: Times;
  /** By the name of a cube: the dimensions beside the time. */
  readonly cubes: Readonly<Record<string, readonly string[]>>;
}

const traffic = (times: Times, ...dimensions: string[]): Needs => ({
  times,
  cubes: { traffic: dimensions },
});
const endpoints = (times: Times, ...dimensions: string[]): Needs => ({
  times,
  cubes: { endpoints: dimensions },
});
const failures = (times: Times, ...dimensions: string[]): Needs => ({
  times,
  cubes: { failures: dimensions },
});
const agents = (times: Times, ...dimensions: string[]): Needs => ({
  times,
  cubes: { agents: dimensions },
});
const counted = ['status', 'customer_name'];
const where = ['http_method', 'endpoint'];
const plan = ['usage_plan_id', 'usage_plan'];

/** By the id of the panel: every one that the cubes can answer, of the pages that are dashboards. */
const needs: Readonly<Record<string, Needs>> = {
  requests: traffic('periods', ...counted),
  traffic: traffic('buckets'),
  'outcomes-over-time': traffic('buckets', 'outcome'),
  'status-classes-over-time': traffic('buckets', 'status'),
  statuses: traffic('periods', 'status'),
  'statuses-over-time': traffic('buckets', 'status'),
  apis: traffic('periods', ...counted, 'api_id', 'stage', 'api_type'),
  stages: traffic('periods', 'stage'),
  endpoints: { times: 'periods', cubes: { endpoints: [...counted, ...where], traffic: [] } },
  'endpoints-over-time': endpoints('buckets', 'endpoint'),
  domains: endpoints('periods', 'domain_name'),
  'domains-over-time': endpoints('buckets', 'domain_name'),
  methods: endpoints('periods', 'http_method'),
  protocols: endpoints('periods', 'protocol'),
  'websocket-events': endpoints('periods', 'event_type'),
  'busy-hours': traffic('hours'),

  errors: traffic('periods', ...counted),
  'error-rate-over-time': traffic('buckets', 'status'),
  'whose-fault': traffic('periods', ...counted, 'outcome'),
  'whose-fault-over-time': traffic('buckets', 'status', 'outcome'),
  'failed-statuses': traffic('periods', ...counted),
  'failed-statuses-over-time': traffic('buckets', 'status'),
  'errors-by-customer': traffic('periods', ...counted),
  'errors-by-endpoint': failures('periods', ...counted, ...where),
  'client-errors': failures('buckets', ...counted, ...where, 'domain_name', 'error_response_type'),
  'error-messages': failures('periods', ...counted, 'error_message'),
  'failed-apis': traffic('periods', ...counted, 'api_id'),
  'response-types': traffic('periods', ...counted, 'error_response_type'),
  'response-types-over-time': traffic('buckets', 'status', 'error_response_type'),
  'too-many-requests': traffic('periods', ...counted, 'outcome'),
  'too-many-requests-over-time': traffic('buckets', 'status', 'outcome'),
  'authorizer-errors': failures(
    'periods',
    ...counted,
    ...where,
    'api_id',
    'domain_name',
    'stage',
    'authorizer_error',
    'authorizer_principal_id',
    'error_message',
    'error_response_type',
  ),
  'integration-errors': failures(
    'moments',
    ...counted,
    'api_id',
    'domain_name',
    'stage',
    'endpoint',
    'integration_error',
    'integration_status',
    'error_message',
    'error_response_type',
  ),

  'customer-counts': {
    times: 'moments',
    cubes: { traffic: ['customer_name'], history: ['customer_name'] },
  },
  customers: traffic('moments', ...counted, 'api_key_id', 'error_response_type'),
  'customers-over-time': traffic('buckets', 'customer_name'),
  movers: traffic('periods', 'customer_name'),
  'customer-movements': {
    times: 'moments',
    cubes: { traffic: ['customer_name'], history: ['customer_name'] },
  },
  'user-agents': agents('periods', 'user_agent', 'customer_name'),
  'user-agents-over-time': agents('buckets', 'user_agent'),
  clients: agents('moments', 'customer_name', 'user_agent'),

  plans: traffic('periods', ...plan, ...counted, 'api_key_id', 'error_response_type'),
  'plans-over-time': traffic('buckets', ...plan),
  'limits-by-customer': traffic('moments', ...counted, ...plan, 'outcome'),
  'quota-reached-by-endpoint': failures(
    'moments',
    'outcome',
    'customer_name',
    'domain_name',
    'endpoint',
    'usage_plan',
  ),
  'quota-refusals-over-time': failures('buckets', 'outcome', 'domain_name'),
};

/** The ids of the panels that roll-ups answer. */
export const rolledUpPanels: readonly string[] = Object.keys(needs);

/** The roll-ups that a panel reads. */
export function rollupTablesOf(id: string): string[] {
  return [...new Set(Object.keys(needsOf(id).cubes).map((cube) => rollupOf(cube).table))];
}

/** More rows than this take longer to read than anybody waits. */
export const MAX_ROWS = 50_000;

/** The answer has more rows than can be read. */
export class TooManyRows extends Error {}

/**
 * The rows of a panel for whole hours of UTC. What is too much by the hour is asked for by the day, where
 * the panel can do with days; rejects with `TooManyRows` where that is too much as well.
 */
export async function rowsFromRollups(
  panel: Pick<Panel, 'id' | 'limit'>,
  scope: Scope,
  query: (statement: string) => Promise<Rows>,
): Promise<LiveRows> {
  const { id } = panel;
  const { times } = needsOf(id);
  const slots: readonly Slot[] =
    times === 'buckets' ? (scope.bucket === 'day' ? ['day'] : ['hour', 'day']) : ['hour'];
  for (const slot of slots) {
    const cubes = await cubesFor(id, scope, slot, query);
    const rows = cubes && liveRows(panel, cubes, scope);
    if (rows) return rows;
  }
  throw new TooManyRows(`more than ${MAX_ROWS} rows`);
}

/** Undefined where one of them has too many rows. */
async function cubesFor(
  id: string,
  scope: Scope,
  slot: Slot,
  query: (statement: string) => Promise<Rows>,
): Promise<Cubes | undefined> {
  const { times, cubes } = needsOf(id);
  const found = await Promise.all(
    Object.entries(cubes).map(async ([name, dimensions]) => {
      const statement = cubeSql(name, dimensions, times, slot, scope);
      const result = await query(`${statement}\nlimit ${MAX_ROWS + 1}`);
      if (result.rows.length > MAX_ROWS) return undefined;
      return [name, cubeOf(name, slot, ['time', ...dimensions], columnsOf(result))] as const;
    }),
  );
  const told = found.filter((it) => it !== undefined);
  return told.length === found.length ? Object.fromEntries(told) : undefined;
}

function cubeSql(
  name: string,
  dimensions: readonly string[],
  times: Times,
  slot: Slot,
  scope: Scope,
): string {
  if (name === 'history') return historyFromRollupSql(historyPeriod(scope), dimensions);
  const period = cubePeriod(scope);
  const rollup = rollupOf(name);
  switch (times) {
    case 'hours':
      return fromRollupSql(rollup, { period, dimensions });
    case 'buckets':
      return fromRollupSql(rollup, {
        period,
        dimensions,
        time: slot === 'day' ? bucketStart('"time"', scope, 'day', period.from) : undefined,
      });
    default:
      return fromRollupSql(rollup, {
        period,
        dimensions,
        time: startOfPeriod(scope, period),
        hasMoments: times === 'moments',
      });
  }
}

/** The first hour of those that all panels count as one. */
function startOfPeriod(scope: Scope, { from }: Period): string {
  const periods = [
    scope,
    comparedPeriod('previous period', scope),
    comparedPeriod('same weekday', scope),
  ];
  // Whether a log reaches back to a period is decided by its first tenth.
  const edges = periods.flatMap((it) => [
    it.from,
    it.from + Math.ceil((it.to - it.from) / 10),
    it.to,
  ]);
  const starts = [...new Set(edges)].filter((edge) => edge > from && edge < scope.to);
  starts.sort((one, other) => other - one);
  const whens = starts.map((start) => `when "time" >= ${start} then ${start}`);
  return `case ${whens.join(' ')} else ${from} end`;
}

function needsOf(id: string): Needs {
  const found = Object.hasOwn(needs, id) ? needs[id] : undefined;
  if (!found) throw new Error(`the panel ${id} is not told by roll-ups`);
  return found;
}
