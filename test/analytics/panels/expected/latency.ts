import type { AccessRow } from '../../../support/access-table';
import {
  average,
  bucketOf,
  type Cell,
  column,
  type Expected,
  groupsOf,
  has,
  integer,
  isLogged,
  listed,
  percentiles,
  previousOf,
  rowsOf,
  share,
  sorted,
  timeOf,
  type World,
} from './world';

const latencies = (rows: readonly AccessRow[], name = 'response_latency') =>
  rows.map((row) => integer(row, name));
const authorizer = (row: AccessRow) =>
  integer(row, 'authorizer_latency') ?? integer(row, 'authorizer_integration_latency');

/** Percentiles by group, those with the highest sum first. */
export function percentilesBy(
  world: World,
  latency: string,
  names: readonly string[],
  where: (row: AccessRow) => boolean = () => true,
) {
  const rows = rowsOf(world).filter((row) => has(latency)(row) && where(row));
  const groups = groupsOf(rows, (row) => names.map((name) => column(name)(row)));
  const measured = groups.map(({ key, rows: own }) => {
    const values = latencies(own, latency) as number[];
    const total = values.reduce((all, value) => all + value, 0);
    return [...key, own.length, average(values), ...percentiles(values), total];
  });
  const places = names.map((_, place) => place + 1);
  return sorted(measured, -(names.length + 6), ...places)
    .slice(0, world.scope.limit ?? 100)
    .map((row) => row.slice(0, -1));
}

const API = ['api_id', 'stage'];
const ENDPOINT = ['api_id', 'domain_name', 'stage', 'http_method', 'endpoint'];
const LISTED = ['time', 'customer_name', 'api_id', 'stage', 'domain_name', 'http_method', 'path'];
const OUTCOME = ['route_key', 'status', 'request_id'];

export const latency: Readonly<Record<string, Expected>> = {
  latency(world) {
    const rows = rowsOf(world);
    const previous = previousOf(world);
    const before = isLogged(world, previous) ? rowsOf(world, previous) : null;
    const now = percentiles(latencies(rows));
    const then = before === null ? [null, null, null] : percentiles(latencies(before));
    return [
      [
        ...now.flatMap((value, place): Cell[] => [value, then[place] ?? null]),
        average(latencies(rows)),
        before === null ? null : average(latencies(before)),
        average(latencies(rows, 'integration_latency')),
        average(rows.map(authorizer)),
        average(
          rows.map((row) => {
            const [all, part] = [
              integer(row, 'response_latency'),
              integer(row, 'integration_latency'),
            ];
            return all === null || part === null ? null : all - part;
          }),
        ),
        average(latencies(rows, 'response_length')),
      ],
    ];
  },
  'latency-over-time': (world) =>
    sorted(
      groupsOf(rowsOf(world), (row) => [bucketOf(timeOf(row), world.scope)]).map(
        ({ key, rows }) => [
          ...key,
          ...percentiles(latencies(rows)),
          average(latencies(rows)),
          average(latencies(rows, 'integration_latency')),
          average(rows.map(authorizer)),
        ],
      ),
      1,
    ),
  'latency-distribution'(world) {
    const ends = [0, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, Infinity];
    const values = latencies(rowsOf(world)).filter((value) => value !== null);
    return ends.slice(0, -1).flatMap((from, place) => {
      const to = ends[place + 1] as number;
      const inside = values.filter((value) => value >= from && value < to).length;
      if (inside === 0) return [];
      return [[from, to === Infinity ? null : to, inside, share(inside, values.length)]];
    });
  },
  'latency-by-api': (world) => percentilesBy(world, 'response_latency', API),
  'latency-by-endpoint': (world) => percentilesBy(world, 'response_latency', ENDPOINT),
  'latency-by-customer': (world) =>
    percentilesBy(world, 'response_latency', ['customer_name'], has('customer_name')),
  'latency-by-customer-and-endpoint': (world) =>
    percentilesBy(
      world,
      'response_latency',
      ['customer_name', 'http_method', 'endpoint'],
      has('customer_name'),
    ),
  'latency-parts'(world) {
    const names = [
      'domain_name',
      'endpoint',
      'usage_plan',
      'status',
      'error_response_type',
      'authorizer_error',
    ];
    const groups = groupsOf(rowsOf(world).filter(has('response_latency')), (row) => [
      ...names.map((name) => column(name)(row)),
      integer(row, 'authorizer_status') ?? integer(row, 'authorizer_integration_status'),
    ]);
    const rows = groups.map(({ key, rows: own }) => [
      ...key,
      own.length,
      average(latencies(own)),
      average(latencies(own, 'integration_latency')),
      average(own.map(authorizer)),
      own.length * (average(latencies(own)) ?? 0),
    ]);
    // Sums of whole numbers, told apart by less than their rounding.
    const rounded = rows.map((row) => [...row.slice(0, -1), Math.round(Number(row.at(-1)))]);
    return sorted(rounded, -12, 1, 2, 3, 4, 5, 6, 7)
      .slice(0, world.scope.limit ?? 100)
      .map((row) => row.slice(0, -1));
  },
  'integration-latency-by-api': (world) => percentilesBy(world, 'integration_latency', API),
  'integration-latency-by-endpoint': (world) =>
    percentilesBy(world, 'integration_latency', ENDPOINT),
  'slowest-requests': (world) =>
    listed(world, ['response_latency', 'integration_latency', ...LISTED, ...OUTCOME], {
      where: has('response_latency'),
      first: 'response_latency',
      limit: 10,
    }),
  'largest-responses': (world) =>
    listed(world, ['response_length', ...LISTED, ...OUTCOME], {
      where: has('response_length'),
      first: 'response_length',
      limit: 10,
    }),
};
