/** Requests one by one, the latest or the most extreme first. */

import { literal } from '../dialect';
import type { Scope } from './panel';
import { limited, selected, where } from './patterns';
import { sql } from './sql';

export interface RequestList {
  readonly names: readonly string[];
  sql(scope: Scope): string;
}

/** The columns by which a request can be found, from what a caller, a log or a trace has. */
const findable = [
  'request_id',
  'extended_request_id',
  'xray_trace_id',
  'integration_request_id',
  'connection_id',
  'api_key_id',
  'source_ip',
];

/** Ties are broken by the ids, so that a list is the same every time. */
const unique = [
  'request_time_epoch desc',
  "coalesce(extended_request_id, '')",
  "coalesce(request_id, '')",
  "coalesce(path, '')",
];

function requestList(
  names: readonly string[],
  conditions: readonly string[],
  first: readonly string[] = [],
): RequestList {
  const columns = Object.fromEntries(
    names.map((name) => [name, name === 'time' ? 'request_time_epoch' : name]),
  );
  const order = [...first, ...unique];
  const [decisive = ''] = order;
  const [column = ''] = decisive.split(' ');
  return {
    names,
    sql: (scope) => {
      const chosen = where(scope, scope.filter, { where: [...conditions, ...found(scope)] });
      // One column is enough to find the requests: the others are read of these alone.
      return sql`
        select ${selected(columns).join(',\n  ')}
        from requests
        where ${chosen}
          and ${column} in (
            select ${column}
            from requests
            where ${chosen}
            order by ${decisive}
            ${limited(scope)}
          )
        order by ${order.join(', ')}
        ${limited(scope)}
      `;
    },
  };
}

function found({ find }: Scope): string[] {
  if (find === undefined) return [];
  return [`(${findable.map((column) => `${column} = ${literal(find)}`).join(' or ')})`];
}

const place = ['api_id', 'stage', 'domain_name', 'http_method', 'path', 'route_key'] as const;

export const recentRequests = {
  found: requestList(
    [
      'time',
      'customer_name',
      'usage_plan',
      'api_key_id',
      ...place,
      'status',
      'error_response_type',
      'error_message',
      'response_latency',
      'integration_latency',
      'authorizer_latency',
      'response_length',
      'source_ip',
      'user_agent',
      'request_id',
      'extended_request_id',
      'xray_trace_id',
    ],
    [],
  ),
  successes: requestList(
    ['time', 'customer_name', ...place, 'status', 'response_latency', 'request_id'],
    ['status between 200 and 299'],
  ),
  failures: requestList(
    [
      'time',
      'customer_name',
      ...place,
      'status',
      'error_response_type',
      'error_message',
      'response_latency',
      'response_length',
      'request_id',
    ],
    ['status >= 400'],
  ),
  slowest: requestList(
    [
      'response_latency',
      'integration_latency',
      'time',
      'customer_name',
      ...place,
      'status',
      'request_id',
    ],
    // A WebSocket event has no latency of a response.
    ['response_latency is not null'],
    ['response_latency desc'],
  ),
  largest: requestList(
    ['response_length', 'time', 'customer_name', ...place, 'status', 'request_id'],
    ['response_length is not null'],
    ['response_length desc'],
  ),
} as const;
