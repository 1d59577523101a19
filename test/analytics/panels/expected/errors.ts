import type { AccessRow } from '../../../support/access-table';
import { limitKindOf, outcomeOf } from './outcomes';
import {
  bucketOf,
  column,
  counted,
  distinct,
  type Expected,
  earliest,
  groupsOf,
  has,
  hasFailed,
  integer,
  isLogged,
  latest,
  listed,
  previousOf,
  rowsOf,
  series,
  share,
  sorted,
  statusIn,
  text,
  timeOf,
  weekdaysOf,
} from './world';

type Rows = readonly AccessRow[];

const affected = (rows: Rows) => [distinct(rows, 'customer_name')];
const failures = (rows: Rows) => rows.filter(hasFailed).length;
const serverErrors = (rows: Rows) => rows.filter(statusIn(500, 999)).length;
const clientErrors = (rows: Rows) => rows.filter(statusIn(400, 499)).length;
const columns = (...names: string[]) => names.map(column);

const integrationStatus = (row: AccessRow) =>
  integer(row, 'integration_status') ?? integer(row, 'integration_service_status');

export const errors: Readonly<Record<string, Expected>> = {
  errors(world) {
    const rows = rowsOf(world);
    const compared = (measure: (rows: Rows) => number | null) => [
      measure(rows),
      ...[previousOf(world), weekdaysOf(world)].map((span) =>
        isLogged(world, span) ? measure(rowsOf(world, span)) : null,
      ),
    ];
    return [
      [
        ...compared(failures),
        ...compared((all) => share(failures(all), all.length, 20)),
        ...compared((all) => share(serverErrors(all), all.length, 20)),
        ...compared((all) => distinct(all.filter(hasFailed), 'customer_name')),
        clientErrors(rows),
        serverErrors(rows),
      ],
    ];
  },
  'error-rate-over-time': (world) =>
    sorted(
      groupsOf(rowsOf(world), (row) => [bucketOf(timeOf(row), world.scope)]).map(
        ({ key, rows }) => [
          ...key,
          share(failures(rows), rows.length, 20),
          share(serverErrors(rows), rows.length, 20),
          rows.length,
        ],
      ),
      1,
    ),
  'whose-fault': (world) =>
    counted(world, [outcomeOf], { where: hasFailed, measures: affected, limit: null }),
  'whose-fault-over-time': (world) => series(world, outcomeOf, { where: hasFailed }),
  'failed-statuses': (world) =>
    counted(world, columns('status'), { where: hasFailed, measures: affected }),
  'failed-statuses-over-time': (world) => series(world, column('status'), { where: hasFailed }),
  'errors-by-customer'(world) {
    const previous = previousOf(world);
    const known = isLogged(world, previous);
    const all = [...rowsOf(world), ...rowsOf(world, previous)].filter(has('customer_name'));
    const rows = groupsOf(all, (row) => [text(row, 'customer_name')]).map(({ key, rows: own }) => {
      const now = own.filter((row) => timeOf(row) >= world.scope.from);
      const then = own.filter((row) => timeOf(row) < world.scope.from);
      return [
        ...key,
        failures(now),
        known ? failures(then) : null,
        share(failures(now), now.length, 20),
        known ? share(failures(then), then.length, 20) : null,
        now.length,
        clientErrors(now),
        serverErrors(now),
      ];
    });
    return sorted(rows, -2, 1).slice(0, world.scope.limit ?? 100);
  },
  'errors-by-endpoint': (world) =>
    counted(world, columns('http_method', 'endpoint', 'status'), {
      where: hasFailed,
      measures: affected,
    }),
  'client-errors': (world) =>
    counted(
      world,
      [
        (row) => bucketOf(timeOf(row), { bucket: 'day', timeZone: world.scope.timeZone }),
        ...columns('status', 'domain_name', 'http_method', 'endpoint', 'error_response_type'),
      ],
      { where: statusIn(400, 499), measures: affected },
    ),
  'error-messages': (world) =>
    counted(world, columns('error_message'), {
      where: (row) => hasFailed(row) && has('error_message')(row),
      measures: affected,
      limit: 10,
    }),
  'failed-apis': (world) =>
    counted(world, columns('api_id'), { where: hasFailed, measures: affected, limit: 10 }),
  'response-types': (world) =>
    counted(world, columns('error_response_type'), {
      where: (row) => hasFailed(row) && has('error_response_type')(row),
      measures: affected,
    }),
  'response-types-over-time': (world) =>
    series(world, column('error_response_type'), {
      where: (row) => hasFailed(row) && has('error_response_type')(row),
    }),
  'too-many-requests': (world) =>
    counted(world, [limitKindOf], { where: statusIn(429, 429), measures: affected, limit: null }),
  'too-many-requests-over-time': (world) =>
    series(world, limitKindOf, { where: statusIn(429, 429) }),
  'authorizer-errors': (world) =>
    counted(
      world,
      columns(
        'api_id',
        'domain_name',
        'stage',
        'http_method',
        'endpoint',
        'authorizer_error',
        'authorizer_principal_id',
        'error_message',
        'error_response_type',
        'status',
      ),
      { where: (row) => hasFailed(row) && has('authorizer_error')(row), measures: affected },
    ),
  'integration-errors': (world) =>
    counted(
      world,
      columns(
        'api_id',
        'domain_name',
        'stage',
        'endpoint',
        'integration_error',
        'integration_status',
        'error_message',
        'error_response_type',
        'status',
      ),
      {
        where: has('integration_error'),
        measures: (rows) => [...affected(rows), earliest(rows), latest(rows)],
      },
    ),
  'integration-statuses-over-time': (world) =>
    series(world, integrationStatus, { where: (row) => integrationStatus(row) !== null }),
  'recent-errors': (world) =>
    listed(
      world,
      [
        'time',
        'customer_name',
        'api_id',
        'stage',
        'domain_name',
        'http_method',
        'path',
        'route_key',
        'status',
        'error_response_type',
        'error_message',
        'response_latency',
        'response_length',
        'request_id',
      ],
      { where: hasFailed },
    ),
};
