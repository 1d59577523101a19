/** The life of each API key: made, given plans, used, changed, deleted. */

import {
  callsDuring,
  callsWithin,
  changesSomething,
  did,
  keyName,
  succeeded,
} from './audit-fragments';
import { columnsNamed } from './columns';
import { bucketStart, during } from './fragments';
import type { Panel, Scope } from './panel';
import { LISTED, limited } from './patterns';
import { sql } from './sql';

/** The keys that calls of the period, or of before it, are about. */
const keysOfChanges = (scope: Scope) => sql`
  select distinct api_key_id
  from changes
  where ${callsWithin({ from: 0, to: scope.to }, scope.filter, 'api_key_id is not null')}
    and ${changesSomething}
    and ${succeeded}
`;

export const keyLife: readonly Panel[] = [
  {
    id: 'key-life',
    page: 'key-life',
    title: 'Lives of keys',
    question: 'Who made each key, who uses it since when, and who ended it?',
    definition:
      'API keys that were made, changed or deleted, by all records that were read, beside their requests of the period. The plan is the last one that the key was added to or was used with. A deleted key may have requests after: API Gateway takes a moment to forget it.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'api_key_name',
      'api_key_id',
      'created_time',
      'created_by',
      'usage_plan',
      'first_call',
      'last_call',
      'requests',
      'changed_calls',
      'last_change',
      'deleted_time',
      'deleted_by',
      'late_requests',
    ),
    empty: 'No key was made, changed or deleted, as far as the records go back.',
    needs: [],
    sql: (scope) => sql`
      with lives as (
        select api_key_id,
          max_by(api_key_name, case when api_key_name is not null then event_time_epoch end) as api_key_name,
          min(event_time_epoch) filter (where ${did('key created')}) as created_time,
          min_by(actor, event_time_epoch) filter (where ${did('key created')}) as created_by,
          max_by(coalesce(usage_plan, usage_plan_id), event_time_epoch)
            filter (where ${did('key added to plan')}) as usage_plan,
          count(*) as changed_calls,
          max(event_time_epoch) as last_change,
          max(event_time_epoch) filter (where ${did('key deleted')}) as deleted_time,
          max_by(actor, event_time_epoch) filter (where ${did('key deleted')}) as deleted_by
        from changes
        where ${callsDuring({ from: 0, to: scope.to })}
          and ${changesSomething}
          and ${succeeded}
          and api_key_id in (${keysOfChanges(scope)})
        group by 1
      ), used as (
        select requests.api_key_id,
          max_by(requests.usage_plan, request_time_epoch) as used_plan,
          min(request_time_epoch) as first_call,
          max(request_time_epoch) as last_call,
          count(*) as requests,
          count(*) filter (where request_time_epoch > deleted_time) as late_requests
        from requests
        join lives on lives.api_key_id = requests.api_key_id
        where ${during(scope)}
        group by 1
      )
      select lives.api_key_name,
        lives.api_key_id,
        created_time,
        created_by,
        coalesce(used_plan, lives.usage_plan) as usage_plan,
        first_call,
        last_call,
        coalesce(requests, 0) as requests,
        changed_calls,
        last_change,
        deleted_time,
        deleted_by,
        coalesce(late_requests, 0) as late_requests
      from lives
      left join used on used.api_key_id = lives.api_key_id
      order by last_change desc, lives.api_key_id
      ${limited(scope)}
    `,
  },
  {
    id: 'key-traffic',
    page: 'key-life',
    title: 'Requests of these keys',
    question: 'What did the changes do to the traffic?',
    definition: 'Requests over time of the keys that were made, changed or deleted.',
    shape: 'series',
    columns: columnsNamed('time', 'api_key_name', 'requests'),
    empty: 'None of these keys was used in this period.',
    needs: [],
    sql: (scope) => sql`
      with named as (
        select api_key_id as key_id,
          max_by(${keyName}, event_time_epoch) as api_key_name
        from changes
        where api_key_id in (${keysOfChanges(scope)})
        group by 1
      )
      select ${bucketStart('request_time_epoch', scope, scope.bucket, scope.from)} as time,
        named.api_key_name,
        count(*) as requests
      from requests
      join named on named.key_id = requests.api_key_id
      where ${during(scope)}
      group by 1, 2
      order by 1, 2
    `,
  },
  {
    id: 'key-events',
    page: 'key-life',
    title: 'From made to deleted',
    question: 'What happened to each key, in order?',
    definition:
      'Every recorded change of a key and, between them, its first and its last request of the period.',
    shape: 'table',
    limit: 500,
    columns: columnsNamed(
      'api_key_name',
      'api_key_id',
      'time',
      'happened',
      'settings',
      'usage_plan',
      'actor',
      'source_ip',
    ),
    empty: 'No key was made, changed or deleted, as far as the records go back.',
    needs: [],
    sql: (scope) => sql`
      with happenings as (
        select api_key_id,
          event_time_epoch as time,
          coalesce(effect, event_name) as happened,
          change as settings,
          coalesce(usage_plan, usage_plan_id) as usage_plan,
          actor,
          source_ip
        from changes
        where ${callsDuring({ from: 0, to: scope.to })}
          and ${changesSomething}
          and ${succeeded}
          and api_key_id in (${keysOfChanges(scope)})
        union all
        select api_key_id, min(request_time_epoch), 'first request', null,
          min_by(usage_plan, request_time_epoch), null, min_by(source_ip, request_time_epoch)
        from requests
        where ${during(scope)}
          and api_key_id in (${keysOfChanges(scope)})
        group by 1
        union all
        select api_key_id, max(request_time_epoch), 'last request', null,
          max_by(usage_plan, request_time_epoch), null, max_by(source_ip, request_time_epoch)
        from requests
        where ${during(scope)}
          and api_key_id in (${keysOfChanges(scope)})
        group by 1
      ), named as (
        select api_key_id as key_id,
          max_by(${keyName}, event_time_epoch) as api_key_name
        from changes
        where api_key_id is not null
        group by 1
      )
      select api_key_name, api_key_id, time, happened, settings, usage_plan, actor, source_ip
      from happenings
      join named on named.key_id = happenings.api_key_id
      order by 1, 2, 3, 4
      ${limited(scope)}
    `,
  },
];
