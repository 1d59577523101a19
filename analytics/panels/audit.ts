/** Who changed what: CloudTrail's records of API Gateway. */

import { integerLiteral } from '../dialect';
import {
  callStatus,
  callsDuring,
  callsWithin,
  changesSomething,
  did,
  isFailure,
  lacksMfa,
  mfaText,
  succeeded,
} from './audit-fragments';
import { columnsNamed } from './columns';
import { bucketStart } from './fragments';
import type { Panel, Scope } from './panel';
import { LISTED, limited, TOP } from './patterns';
import { sql } from './sql';

const about = ['api_id', 'api_name', 'stage', 'usage_plan', 'api_key_name', 'api_key_id'];
const details = [
  'event_name',
  'actor',
  'user_type',
  'account_id',
  'region',
  'source_ip',
  'user_agent',
  'request_id',
];

interface Counted {
  /** Result columns and the expressions of their values. */
  readonly by: Readonly<Record<string, string>>;
  readonly where?: readonly string[];
  readonly measures?: Readonly<Record<string, string>>;
}

/** The groups with the most calls. */
function callsBy(scope: Scope, { by, where = [], measures = {} }: Counted): string {
  const names = Object.keys(by);
  const columns = [
    ...Object.entries(by).map(([name, expression]) => `${expression} as ${name}`),
    'count(*) as calls',
    '1e2 * count(*) / sum(count(*)) over () as percent',
    ...Object.entries(measures).map(([name, expression]) => `${expression} as ${name}`),
  ];
  return sql`
    select ${columns.join(',\n  ')}
    from changes
    where ${callsWithin(scope, scope.filter, ...where)}
    group by ${names.map((_, place) => place + 1).join(', ')}
    order by ${[`${names.length + 1} desc`, ...names.map((_, place) => place + 1)].join(', ')}
    ${limited(scope)}
  `;
}

function callSeries(scope: Scope, name: string, expression: string): string {
  return sql`
    select ${bucketStart('event_time_epoch', scope, scope.bucket, scope.from)} as time,
      ${expression} as ${name},
      count(*) as calls
    from changes
    where ${callsWithin(scope, scope.filter)}
    group by 1, 2
    order by 1, 2
  `;
}

/** The latest calls. */
function latestCalls(
  scope: Scope,
  columns: readonly string[],
  ...where: readonly string[]
): string {
  return sql`
    select event_time_epoch as time,
      ${columns.join(',\n  ')}
    from changes
    where ${callsWithin(scope, scope.filter, ...where)}
    order by event_time_epoch desc, event_id, event_name, request_id
    ${limited(scope)}
  `;
}

const seen = { first_seen: 'min(event_time_epoch)', last_seen: 'max(event_time_epoch)' };
const fromSumo = (title: string) => [`Sumo Logic: ${title}`];

export const audit: readonly Panel[] = [
  {
    id: 'audit-calls',
    page: 'audit',
    title: 'Calls to the control plane',
    question: 'How much was changed, and by how many?',
    definition:
      "CloudTrail's records of API Gateway: calls to change something, calls that only read, and calls that failed.",
    shape: 'kpi',
    columns: columnsNamed(
      'calls',
      'write_calls',
      'read_calls',
      'failed_calls',
      'identities',
      'value_reads',
    ),
    empty: 'No call in this period.',
    needs: [],
    sql: (scope) => sql`
      select count(*) as calls,
        count(*) filter (where ${changesSomething}) as write_calls,
        count(*) filter (where event_kind = 'read') as read_calls,
        count(*) filter (where ${isFailure}) as failed_calls,
        count(distinct actor) as identities,
        count(*) filter (where ${did('key values read')}) as value_reads
      from changes
      where ${callsWithin(scope, scope.filter)}
    `,
  },
  {
    id: 'audit-status-trend',
    page: 'audit',
    title: 'Calls over time',
    question: 'When was the account worked on, and did it succeed?',
    definition: 'Calls by whether they succeeded. A call with an error code failed.',
    shape: 'series',
    columns: columnsNamed('time', 'event_status', 'calls'),
    empty: 'No call in this period.',
    needs: [],
    covers: fromSumo('Event Status Trend'),
    sql: (scope) => callSeries(scope, 'event_status', callStatus),
  },
  {
    id: 'audit-changes',
    page: 'audit',
    title: 'Changes',
    question: 'Who changed what, from which value to which?',
    definition:
      'The latest calls to change something, with values before and after: the value before is that of an earlier record, ? where there is none.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'time',
      'event_name',
      'effect',
      'settings',
      ...about,
      'actor',
      'source_ip',
      'error_code',
    ),
    empty: 'Nothing was changed in this period.',
    needs: [],
    sql: (scope) =>
      latestCalls(
        scope,
        [
          'event_name',
          'effect',
          'change as settings',
          ...about,
          'actor',
          'source_ip',
          'error_code',
        ],
        changesSomething,
      ),
  },
  {
    id: 'audit-access-logs',
    page: 'audit',
    title: 'Access logs switched off or moved',
    question: 'Which stage went dark, since when, and who did it?',
    definition:
      'Stages whose access log was switched off or sent elsewhere, with the hours until it was set again, the stage deleted, or the period over; also from before the period, where they lasted into it.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'from_time',
      'to_time',
      'dark_hours',
      'api_id',
      'api_name',
      'stage',
      'effect',
      'settings',
      'actor',
    ),
    empty: 'No access log was switched off or moved.',
    needs: [],
    sql: (scope) => sql`
      with logs as (
        select changes.*,
          lag(event_time_epoch) over (
            partition by account_id, region, api_id, stage
            order by event_time_epoch desc, event_id desc
          ) as next_time
        from changes
        where ${succeeded}
          and event_time_epoch < ${integerLiteral(scope.to)}
          and (${[
            did('access log on'),
            did('access log off'),
            did('access log moved'),
            did('access log set'),
            did('stage deleted'),
          ].join('\n    or ')})
      )
      select event_time_epoch as from_time,
        next_time as to_time,
        (coalesce(next_time, ${integerLiteral(scope.to)}) - event_time_epoch) / 36e5 as dark_hours,
        api_id,
        api_name,
        stage,
        effect,
        change as settings,
        actor
      from logs
      where ${callsWithin({ from: 0, to: scope.to }, scope.filter)}
        and (${did('access log off')} or ${did('access log moved')})
        and coalesce(next_time, ${integerLiteral(scope.to)}) > ${integerLiteral(scope.from)}
      order by 3 desc, 1, 4, 6
      ${limited(scope)}
    `,
  },
  {
    id: 'audit-key-values',
    page: 'audit',
    title: 'Key values read',
    question: 'Who has read the values of API keys?',
    definition:
      "Calls that ask for keys with their values, or for the keys of a plan, which come with them. They are known only where CloudTrail records reads. Failed calls don't count.",
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'actor',
      'event_name',
      'mfa',
      'calls',
      'percent',
      'addresses',
      'first_seen',
      'last_seen',
    ),
    empty: 'No value of a key was read in this period, as far as reads are recorded.',
    needs: [],
    sql: (scope) =>
      callsBy(scope, {
        by: { actor: 'actor', event_name: 'event_name', mfa: mfaText },
        where: [did('key values read')],
        measures: { addresses: 'count(distinct source_ip)', ...seen },
      }),
  },
  {
    id: 'audit-without-mfa',
    page: 'audit',
    title: 'Changes without MFA',
    question: 'Who changes things without a second factor?',
    definition:
      'Calls to change something by sessions that were not opened with MFA, or of which no record says so. Services of AWS are left out.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'actor',
      'user_type',
      'mfa',
      'calls',
      'percent',
      'addresses',
      'first_seen',
      'last_seen',
    ),
    empty: 'Nothing was changed without MFA in this period.',
    needs: [],
    sql: (scope) =>
      callsBy(scope, {
        by: { actor: 'actor', user_type: 'user_type', mfa: mfaText },
        where: [changesSomething, lacksMfa],
        measures: { addresses: 'count(distinct source_ip)', ...seen },
      }),
  },
  {
    id: 'audit-roles',
    page: 'audit',
    title: 'Roles that change things',
    question: 'Does anything but the deploying role change the account?',
    definition:
      'Calls to change something by role; by user where there is no role. One role should do nearly all of them.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'role',
      'user_type',
      'invoked_by',
      'calls',
      'percent',
      'failed_calls',
      'first_seen',
      'last_seen',
    ),
    empty: 'Nothing was changed in this period.',
    needs: [],
    sql: (scope) =>
      callsBy(scope, {
        by: { role: 'coalesce(role, actor)', user_type: 'user_type', invoked_by: 'invoked_by' },
        where: [changesSomething],
        measures: { failed_calls: `count(*) filter (where ${isFailure})`, ...seen },
      }),
  },
  ...(['Success', 'Failure'] as const).map(
    (status): Panel => ({
      id: status === 'Success' ? 'audit-countries' : 'audit-failure-countries',
      page: 'audit',
      title: status === 'Success' ? 'Where calls come from' : 'Where failed calls come from',
      question:
        status === 'Success'
          ? 'From which countries is the account worked on?'
          : 'From which countries do calls fail?',
      definition: `Calls that ${status === 'Success' ? 'succeeded' : 'failed'}, by the country that the address is registered in. Services of AWS have none.`,
      shape: 'map',
      columns: columnsNamed('country', 'calls', 'percent', 'identities'),
      empty: 'No such call from an address with a known country in this period.',
      needs: [],
      covers: fromSumo(
        status === 'Success' ? 'Successful Activity Location' : 'Failure Activity Location',
      ),
      sql: (scope) =>
        callsBy(scope, {
          by: { country: 'country' },
          where: ['country is not null', status === 'Success' ? succeeded : isFailure],
          measures: { identities: 'count(distinct actor)' },
        }),
    }),
  ),
  {
    id: 'audit-status',
    page: 'audit',
    title: 'Success and failure',
    question: 'How many calls fail?',
    definition: 'Calls by whether they succeeded.',
    shape: 'bars',
    columns: columnsNamed('event_status', 'calls', 'percent'),
    empty: 'No call in this period.',
    needs: [],
    covers: fromSumo('Event Status'),
    sql: (scope) => callsBy(scope, { by: { event_status: callStatus } }),
  },
  {
    id: 'audit-error-codes',
    page: 'audit',
    title: 'Error codes of calls',
    question: 'Why do calls fail?',
    definition: 'Failed calls by error code.',
    shape: 'bars',
    limit: TOP,
    columns: columnsNamed('error_code', 'calls', 'percent', 'identities'),
    empty: 'No call failed in this period.',
    needs: [],
    covers: fromSumo('Top Error Codes'),
    sql: (scope) =>
      callsBy(scope, {
        by: { error_code: 'error_code' },
        where: [isFailure],
        measures: { identities: 'count(distinct actor)' },
      }),
  },
  {
    id: 'audit-successful-events',
    page: 'audit',
    title: 'Calls that succeeded',
    question: 'Which calls succeed?',
    definition: 'Successful calls by action.',
    shape: 'bars',
    limit: LISTED,
    columns: columnsNamed('event_name', 'calls', 'percent', 'identities'),
    empty: 'No call succeeded in this period.',
    needs: [],
    covers: fromSumo('Successful Events'),
    sql: (scope) =>
      callsBy(scope, {
        by: { event_name: 'event_name' },
        where: [succeeded],
        measures: { identities: 'count(distinct actor)' },
      }),
  },
  {
    id: 'audit-failed-events',
    page: 'audit',
    title: 'Calls that failed',
    question: 'Which calls fail?',
    definition: 'Failed calls by action.',
    shape: 'bars',
    limit: LISTED,
    columns: columnsNamed('event_name', 'calls', 'percent', 'identities'),
    empty: 'No call failed in this period.',
    needs: [],
    covers: fromSumo('Failed Events'),
    sql: (scope) =>
      callsBy(scope, {
        by: { event_name: 'event_name' },
        where: [isFailure],
        measures: { identities: 'count(distinct actor)' },
      }),
  },
  {
    id: 'audit-events-trend',
    page: 'audit',
    title: 'Actions over time',
    question: 'What was done when?',
    definition: 'Calls by action.',
    shape: 'series',
    columns: columnsNamed('time', 'event_name', 'calls'),
    empty: 'No call in this period.',
    needs: [],
    covers: fromSumo('Events Trend by Event Name'),
    sql: (scope) => callSeries(scope, 'event_name', 'event_name'),
  },
  {
    id: 'audit-users',
    page: 'audit',
    title: 'Who calls',
    question: 'Who calls the control plane most?',
    definition:
      'Calls by identity: the user, the role and its session, root, or the service of AWS.',
    shape: 'bars',
    limit: TOP,
    columns: columnsNamed('actor', 'user_type', 'calls', 'percent', 'failed_calls'),
    empty: 'No call in this period.',
    needs: [],
    covers: fromSumo('Top Users'),
    sql: (scope) =>
      callsBy(scope, {
        by: { actor: 'actor', user_type: 'user_type' },
        measures: { failed_calls: `count(*) filter (where ${isFailure})` },
      }),
  },
  {
    id: 'audit-user-agents',
    page: 'audit',
    title: 'Programs that call',
    question: 'With what is the account worked on?',
    definition: 'Calls by user agent.',
    shape: 'bars',
    limit: TOP,
    columns: columnsNamed('user_agent', 'calls', 'percent', 'identities'),
    empty: 'No call with a user agent in this period.',
    needs: [],
    covers: fromSumo('Top User Agents'),
    sql: (scope) =>
      callsBy(scope, {
        by: { user_agent: 'user_agent' },
        where: ['user_agent is not null'],
        measures: { identities: 'count(distinct actor)' },
      }),
  },
  {
    id: 'audit-failed-calls',
    page: 'audit',
    title: 'Latest calls that failed',
    question: 'What was refused, to whom?',
    definition: 'The latest failed calls, with all that their records say.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed('time', ...details, ...about, 'error_code', 'error_message'),
    empty: 'No call failed in this period.',
    needs: [],
    covers: fromSumo('Failed Event Details'),
    sql: (scope) =>
      latestCalls(scope, [...details, ...about, 'error_code', 'error_message'], isFailure),
  },
  {
    id: 'audit-successful-calls',
    page: 'audit',
    title: 'Latest calls that succeeded',
    question: 'What was done last?',
    definition: 'The latest successful calls, reads included, with all that their records say.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed('time', ...details, ...about),
    empty: 'No call succeeded in this period.',
    needs: [],
    covers: fromSumo('Successful Event Details'),
    sql: (scope) => latestCalls(scope, [...details, ...about], succeeded),
  },
  {
    id: 'audit-threats',
    page: 'audit',
    title: 'Calls from addresses on your list of threats',
    question: 'Does anybody call whom we know to be dangerous?',
    definition:
      'Calls from addresses on the list of threats that was given, by address and action.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'source_ip',
      'threat',
      'event_name',
      'actor',
      'country',
      'calls',
      'percent',
      'failed_calls',
      'last_seen',
    ),
    empty: 'No call came from an address on the list of threats.',
    needs: [],
    covers: fromSumo('Threat Table based on Caller IP Address'),
    sql: (scope) =>
      callsBy(scope, {
        by: {
          source_ip: 'source_ip',
          threat: 'threat',
          event_name: 'event_name',
          actor: 'actor',
          country: 'country',
        },
        where: ['threat is not null'],
        measures: {
          failed_calls: `count(*) filter (where ${isFailure})`,
          last_seen: 'max(event_time_epoch)',
        },
      }),
  },
];

/** A panel as it is shown where no list of threats was given. */
export function withoutThreatList(panel: Panel): Panel {
  if (panel.id !== 'audit-threats') return panel;
  const empty =
    'No list of threats was given: --threats FILE takes one, with an address or network a line.';
  return { ...panel, empty };
}

/** Successful changes that somebody who looks at traffic wants to know of, for marks in its charts. */
export function marksSql(scope: Scope, limit = 500): string {
  return sql`
    select event_time_epoch as time,
      effect,
      change as settings,
      api_id,
      stage,
      usage_plan_id,
      usage_plan,
      coalesce(owner.customer_name, api_key_name) as customer_name,
      actor
    from changes
    left join (
      select api_key_id as key_id, max_by(customer_name, request_time_epoch) as customer_name
      from requests
      where api_key_id is not null and customer_name is not null
      group by 1
    ) as owner on owner.key_id = changes.api_key_id
    where ${callsDuring(scope)}
      and ${succeeded}
      and ${changesSomething}
      and effect is not null
    order by event_time_epoch desc, event_id, event_name
    limit ${limit}
  `;
}
