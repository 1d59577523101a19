import type { AccessRow } from '../../../support/access-table';
import { percentilesBy } from './latency';
import { outcomeOf } from './outcomes';
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
  latest,
  rowsOf,
  share,
  sorted,
  statusIn,
  timeOf,
} from './world';

type Rows = readonly AccessRow[];

const people = (rows: Rows) => [distinct(rows, 'customer_name')];
const columns = (...names: string[]) => names.map(column);
const failedWith = (name: string) => (row: AccessRow) => hasFailed(row) && has(name)(row);
const any =
  (...names: string[]) =>
  (row: AccessRow) =>
    names.some((name) => has(name)(row));

export const security: Readonly<Record<string, Expected>> = {
  countries: (world) =>
    counted(world, columns('country'), { where: has('country'), measures: people, limit: null }),
  'error-countries': (world) =>
    counted(world, columns('country'), {
      where: failedWith('country'),
      measures: people,
      limit: null,
    }),
  addresses: (world) =>
    counted(world, columns('source_ip'), { where: has('source_ip'), measures: people, limit: 10 }),
  'error-addresses': (world) =>
    counted(world, columns('source_ip'), {
      where: failedWith('source_ip'),
      measures: people,
      limit: 10,
    }),
  networks: (world) =>
    counted(world, columns('network', 'country'), {
      where: has('network'),
      measures: (rows) => [
        share(rows.filter(hasFailed).length, rows.length, 20),
        ...people(rows),
        distinct(rows, 'source_ip'),
      ],
    }),
  'spread-of-customers'(world) {
    const rows = rowsOf(world).filter((row) => has('customer_name')(row) && has('source_ip')(row));
    return sorted(
      groupsOf(rows, (row) => [column('customer_name')(row)]).map(({ key, rows: own }) => [
        ...key,
        distinct(own, 'country'),
        distinct(own, 'network'),
        distinct(own, 'source_ip'),
        distinct(own, 'api_key_id'),
        own.length,
      ]),
      -2,
      -3,
      -4,
      1,
    ).slice(0, world.scope.limit ?? 100);
  },
  'waf-blocks': (world) =>
    counted(
      world,
      columns(
        'api_id',
        'domain_name',
        'stage',
        'http_method',
        'endpoint',
        'waf_error',
        'waf_status',
        'waf_response_code',
        'webacl_arn',
        'error_message',
        'error_response_type',
        'status',
      ),
      {
        where: (row) => outcomeOf(row) === 'waf',
        measures: (rows) => [distinct(rows, 'source_ip'), ...people(rows)],
      },
    ),
  'waf-latency-by-api': (world) => percentilesBy(world, 'waf_latency', ['api_id', 'stage']),
  'waf-latency-by-endpoint': (world) =>
    percentilesBy(world, 'waf_latency', [
      'api_id',
      'domain_name',
      'stage',
      'http_method',
      'endpoint',
    ]),
  'authentication-failures': (world) =>
    counted(
      world,
      [
        ...columns('domain_name', 'status'),
        outcomeOf,
        ...columns('error_response_type', 'http_method', 'endpoint', 'usage_plan', 'customer_name'),
      ],
      {
        where: (row) => statusIn(401, 403)(row) || outcomeOf(row) === 'authorizer',
        measures: (rows) => [distinct(rows, 'source_ip'), earliest(rows), latest(rows)],
      },
    ),
  'cognito-users': (world) =>
    counted(
      world,
      [
        (row) => bucketOf(timeOf(row), { bucket: 'day', timeZone: world.scope.timeZone }),
        ...columns(
          'usage_plan',
          'domain_name',
          'endpoint',
          'status',
          'authorizer_principal_id',
          'authorizer_claims_property',
          'cognito_authentication_type',
          'cognito_identity_id',
          'cognito_identity_pool_id',
        ),
      ],
      {
        where: any(
          'authorizer_claims_property',
          'cognito_authentication_type',
          'cognito_identity_id',
        ),
      },
    ),
  'iam-callers': (world) =>
    counted(
      world,
      columns(
        'domain_name',
        'http_method',
        'endpoint',
        'status',
        'usage_plan',
        'customer_name',
        'user',
        'user_arn',
        'caller',
        'caller_account_id',
      ),
      {
        where: any('user_arn', 'caller'),
        measures: (rows) => [distinct(rows, 'source_ip'), earliest(rows), latest(rows)],
      },
    ),
  'tls-versions': (world) =>
    counted(world, columns('tls_version'), { where: has('tls_version'), measures: people }),
};
