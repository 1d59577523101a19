/** The course of a tile's numbers over the buckets of a scope, by the column. */

import type { Cubes } from '../cubes/cube';
import type { Scope } from '../panels/panel';
import { MINIMUM } from '../panels/patterns';
import { bucketsOf } from '../render/buckets';
import type { Value } from '../result';
import { livePanels } from './all';
import { distinctOf, grouped, sumOf } from './group';
import { Look, type Selections } from './look';
import { bucketKey, isFailed, percent, statusIn } from './patterns';

export type Courses = Readonly<Record<string, readonly (number | null)[]>>;

/**
 * None for a panel whose numbers have no course.
 *
 * @param selections what panels of the same scope share
 */
export function coursesOf(
  id: string,
  cubes: Cubes,
  scope: Scope,
  selections: Selections = new Map(),
): Courses {
  const look = new Look(cubes, scope, selections);
  if ((id === 'requests' || id === 'errors') && look.has(['traffic'])) return ofTraffic(look);
  if (id === 'latency' && look.has(['latencies', 'times'])) return ofLatency(look);
  return {};
}

function ofTraffic(look: Look): Courses {
  const cube = look.cube('traffic');
  const failed = isFailed(cube);
  const broken = statusIn(500, 999)(cube);
  const rows = grouped(
    look.rows('traffic'),
    [bucketKey(look)(cube)],
    [
      sumOf(cube),
      sumOf(cube, 'requests', [failed]),
      sumOf(cube, 'requests', [broken]),
      distinctOf(cube, 'customer_name'),
      distinctOf(cube, 'customer_name', [failed]),
      sumOf(cube, 'requests', [statusIn(200, 299)(cube)]),
      sumOf(cube, 'requests', [statusIn(300, 399)(cube)]),
    ],
  );
  const counts = inBuckets(look, rows, 0);
  const [all = [], failures = [], breaks = [], people = [], affected = [], fine = [], moved = []] =
    counts;
  const shareOf = (part: readonly (number | null)[]) =>
    part.map((count, bucket) => percent(count ?? 0, all[bucket] ?? 0, MINIMUM));
  return {
    requests: all,
    failed_requests: failures,
    failed_percent: shareOf(failures),
    server_error_percent: shareOf(breaks),
    customers: people,
    affected_customers: affected,
    ok_requests: fine,
    redirects: moved,
    server_errors: breaks,
    client_errors: failures.map((count, bucket) => (count ?? 0) - (breaks[bucket] ?? 0)),
  };
}

function ofLatency(look: Look): Courses {
  const rows = livePanels['latency-over-time']?.rows(look) ?? [];
  const names = [
    'p50_ms',
    'p95_ms',
    'p99_ms',
    'average_ms',
    'integration_average_ms',
    'authorizer_average_ms',
  ];
  const columns = inBuckets(look, rows, null);
  return Object.fromEntries(names.map((name, place) => [name, columns[place] ?? []]));
}

/** The columns of rows that start with a bucket, with something for the buckets without a row. */
function inBuckets(look: Look, rows: Value[][], missing: 0 | null): (number | null)[][] {
  const times = bucketsOf({ ...look.scope, bucket: look.bucket });
  const rowAt = new Map(rows.map((row) => [row[0], row]));
  const width = rows[0]?.length ?? 1;
  return Array.from({ length: width - 1 }, (_, place) =>
    times.map((time) => {
      const row = rowAt.get(time);
      if (!row) return missing;
      const value = row[place + 1];
      return typeof value === 'number' ? value : null;
    }),
  );
}
