import { storedAuditQueries } from '../../../analytics/athena/stored-queries';
import { type Change, changeColumns } from '../../../analytics/audit/changes';
import { allowedFunctions } from '../../../analytics/dialect';
import { auditPanels, panelOf, panels } from '../../../analytics/panels/all';
import { marksSql } from '../../../analytics/panels/audit';
import type { Scope } from '../../../analytics/panels/panel';
import type { Value } from '../../../analytics/result';
import { type AccessDatabase, accessDatabase } from '../../support/access-table';
import { sumoLogicAuditPanels } from '../../support/rival-panels';
import { functionsIn, grammarErrors } from '../../support/trino-grammar';

const from = Date.parse('2026-11-24T00:00:00Z');
const HOUR = 3_600_000;
const scope: Scope = { from, to: from + 24 * HOUR, timeZone: 'UTC', bucket: 'hour', filter: {} };

type Row = Partial<Record<keyof Change | 'country' | 'network' | 'threat', Value>>;

let calls = 0;
function call(hour: number, event_name: string, more: Row = {}): Record<string, Value> {
  const time = from + hour * HOUR;
  return {
    event_time: new Date(time).toISOString().slice(0, 19).replace('T', ' '),
    event_time_epoch: time,
    event_id: `e${String(calls++).padStart(3, '0')}`,
    event_name,
    event_kind: event_name.startsWith('Get') ? 'read' : 'write',
    actor: 'Deploy/ci',
    role: 'Deploy',
    user_type: 'AssumedRole',
    mfa: false,
    source_ip: '192.0.2.1',
    user_agent: 'cdk',
    country: 'DE',
    account_id: '1',
    region: 'eu',
    ...more,
  };
}

const bob = {
  actor: 'bob',
  role: null,
  user_type: 'IAMUser',
  source_ip: '203.0.113.9',
  country: 'FR',
  user_agent: 'console',
};
const key = { api_key_id: 'k1', api_key_name: 'ACME' };
const stage = { api_id: 'a1', stage: 'prod' };

const changes = [
  call(-30, 'CreateApiKey', { ...key, effect: 'key created' }),
  call(-29, 'CreateUsagePlanKey', {
    ...key,
    usage_plan_id: 'p1',
    usage_plan: 'Gold',
    effect: 'key added to plan',
  }),
  call(-3, 'UpdateStage', { ...stage, stage: 'test', effect: 'access log off', actor: 'eva' }),
  call(-2, 'UpdateStage', { ...stage, stage: 'old', effect: 'access log off' }),
  call(-1, 'UpdateStage', { ...stage, stage: 'old', effect: 'access log on' }),
  call(1, 'UpdateStage', {
    ...stage,
    ...bob,
    effect: 'access log off',
    change: 'accessLogSettings: x → –',
  }),
  call(4, 'UpdateStage', { ...stage, effect: 'access log on' }),
  call(5, 'UpdateUsagePlan', {
    ...bob,
    usage_plan_id: 'p1',
    usage_plan: 'Gold',
    effect: 'quota raised, throttle raised',
    change: 'quota.limit: 1 → 2',
    mfa: true,
  }),
  call(6, 'GetApiKeys', { ...bob, effect: 'key values read', threat: 'botnet' }),
  call(6, 'GetRestApis', {
    role: null,
    actor: 'x.amazonaws.com',
    user_type: 'AWSService',
    mfa: null,
    source_ip: 'x.amazonaws.com',
    country: null,
    user_agent: null,
  }),
  call(7, 'DeleteApiKey', {
    ...key,
    ...bob,
    error_code: 'AccessDenied',
    error_message: 'no',
    threat: 'botnet',
  }),
  call(8, 'DeleteApiKey', { ...key, effect: 'key deleted' }),
  call(24, 'DeleteRestApi', { api_id: 'a1' }),
];

const request = (hour: number, more: Record<string, Value> = {}) => ({
  request_time_epoch: from + hour * HOUR,
  extended_request_id: `x${hour}`,
  api_key_id: 'k1',
  customer_name: 'ACME Corp',
  usage_plan: 'Gold',
  source_ip: '198.51.100.1',
  ...more,
});

let database: AccessDatabase;
beforeAll(async () => {
  database = await accessDatabase(
    [request(2), request(7.5), request(8.5), request(9, { api_key_id: 'other' }), request(25)],
    changes,
  );
});
afterAll(() => database.close());

const rows = (id: string, of: Scope = scope) => database.rows(panelOf(id).sql(of));
const at = (hour: number) => from + hour * HOUR;

test.each<[string, Record<string, Value>[]]>([
  [
    'audit-calls',
    [{ calls: 7, write_calls: 5, read_calls: 2, failed_calls: 1, identities: 3, value_reads: 1 }],
  ],
  [
    'audit-status-trend',
    [
      { time: at(1), event_status: 'Success', calls: 1 },
      { time: at(4), event_status: 'Success', calls: 1 },
      { time: at(5), event_status: 'Success', calls: 1 },
      { time: at(6), event_status: 'Success', calls: 2 },
      { time: at(7), event_status: 'Failure', calls: 1 },
      { time: at(8), event_status: 'Success', calls: 1 },
    ],
  ],
  [
    'audit-access-logs',
    [
      expect.objectContaining({
        stage: 'test',
        from_time: at(-3),
        to_time: null,
        dark_hours: 27,
        actor: 'eva',
      }),
      expect.objectContaining({
        stage: 'prod',
        from_time: at(1),
        to_time: at(4),
        dark_hours: 3,
        actor: 'bob',
      }),
    ],
  ],
  [
    'audit-key-values',
    [
      expect.objectContaining({
        actor: 'bob',
        event_name: 'GetApiKeys',
        mfa: 'no',
        calls: 1,
        percent: 100,
        addresses: 1,
        first_seen: at(6),
      }),
    ],
  ],
  [
    'audit-without-mfa',
    [
      expect.objectContaining({ actor: 'Deploy/ci', calls: 2 }),
      expect.objectContaining({ actor: 'bob', mfa: 'no', calls: 2 }),
    ],
  ],
  [
    'audit-roles',
    [
      expect.objectContaining({ role: 'bob', calls: 3, failed_calls: 1, percent: 60 }),
      expect.objectContaining({ role: 'Deploy', calls: 2, failed_calls: 0, percent: 40 }),
    ],
  ],
  [
    'audit-countries',
    [
      { country: 'FR', calls: 3, percent: 60, identities: 1 },
      { country: 'DE', calls: 2, percent: 40, identities: 1 },
    ],
  ],
  ['audit-failure-countries', [{ country: 'FR', calls: 1, percent: 100, identities: 1 }]],
  [
    'audit-status',
    [
      { event_status: 'Success', calls: 6, percent: 600 / 7 },
      { event_status: 'Failure', calls: 1, percent: 100 / 7 },
    ],
  ],
  ['audit-error-codes', [{ error_code: 'AccessDenied', calls: 1, percent: 100, identities: 1 }]],
  ['audit-failed-events', [{ event_name: 'DeleteApiKey', calls: 1, percent: 100, identities: 1 }]],
  [
    'audit-users',
    [
      expect.objectContaining({ actor: 'bob', calls: 4, failed_calls: 1 }),
      expect.objectContaining({ actor: 'Deploy/ci', calls: 2 }),
      expect.objectContaining({ actor: 'x.amazonaws.com', user_type: 'AWSService', calls: 1 }),
    ],
  ],
  [
    'audit-user-agents',
    [
      expect.objectContaining({ user_agent: 'console', calls: 4 }),
      expect.objectContaining({ user_agent: 'cdk', calls: 2 }),
    ],
  ],
  [
    'audit-threats',
    [
      expect.objectContaining({
        source_ip: '203.0.113.9',
        threat: 'botnet',
        event_name: 'DeleteApiKey',
        failed_calls: 1,
      }),
      expect.objectContaining({
        source_ip: '203.0.113.9',
        threat: 'botnet',
        event_name: 'GetApiKeys',
        failed_calls: 0,
      }),
    ],
  ],
  [
    'key-life',
    [
      {
        api_key_name: 'ACME',
        api_key_id: 'k1',
        created_time: at(-30),
        created_by: 'Deploy/ci',
        usage_plan: 'Gold',
        first_call: at(2),
        last_call: at(8.5),
        requests: 3,
        changed_calls: 3,
        last_change: at(8),
        deleted_time: at(8),
        deleted_by: 'Deploy/ci',
        late_requests: 1,
      },
    ],
  ],
  ['key-traffic', [2, 7, 8].map((hour) => ({ time: at(hour), api_key_name: 'ACME', requests: 1 }))],
])('%s', async (id, expected) => {
  expect(await rows(id)).toEqual(expected);
});

test('changes come with what was there before, the latest first', async () => {
  const found = await rows('audit-changes');

  expect(found.map(({ time, event_name, settings }) => [time, event_name, settings])).toEqual([
    [at(8), 'DeleteApiKey', null],
    [at(7), 'DeleteApiKey', null],
    [at(5), 'UpdateUsagePlan', 'quota.limit: 1 → 2'],
    [at(4), 'UpdateStage', null],
    [at(1), 'UpdateStage', 'accessLogSettings: x → –'],
  ]);
});

test('the life of a key is told in order, with its traffic in between', async () => {
  expect((await rows('key-events')).map(({ time, happened }) => [time, happened])).toEqual([
    [at(-30), 'key created'],
    [at(-29), 'key added to plan'],
    [at(2), 'first request'],
    [at(8), 'key deleted'],
    [at(8.5), 'last request'],
  ]);
});

test.each([
  [{ customer: 'ACME Corp' }, 2],
  [{ customer: 'ACME' }, 2],
  [{ customer: 'other' }, 0],
  [{ plan: 'Gold' }, 1],
  [{ api: 'a1' }, 2],
  [{ stage: '-' }, 5],
])('the filter %j leaves %i calls', async (filter, expected) => {
  expect((await rows('audit-calls', { ...scope, filter }))[0]?.['calls']).toBe(expected);
});

test('marks for traffic are the successful changes, with the customer whose key it was', async () => {
  const found = await database.rows(marksSql(scope));

  expect(
    found.map(({ effect, customer_name, usage_plan }) => [effect, customer_name, usage_plan]),
  ).toEqual([
    ['key deleted', 'ACME Corp', null],
    ['quota raised, throttle raised', null, 'Gold'],
    ['access log on', null, null],
    ['access log off', null, null],
  ]);
});

describe('audit panels', () => {
  beforeAll(() => grammarErrors(panelOf('audit-calls').sql(scope)), 120_000);

  const asked: Scope = {
    ...scope,
    timeZone: 'Europe/Berlin',
    bucket: 'day',
    filter: { customer: "O'Brien", plan: 'gold', api: 'a1', stage: '-' },
  };

  test('cover each panel that Sumo Logic has of audit events', () => {
    const covered = auditPanels.flatMap(({ covers = [] }) => covers);

    expect(covered.toSorted()).toEqual(sumoLogicAuditPanels.toSorted());
    expect(sumoLogicAuditPanels).toHaveLength(13);
  });

  test('have ids and titles that no other panel has', () => {
    const all = [...panels, ...auditPanels];

    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  });

  test.each(auditPanels.map((panel) => [panel.id, panel] as const))(
    '%s is of both engines, and says what it means',
    async (_, panel) => {
      const statement = panel.sql(asked);

      expect(grammarErrors(statement)).toEqual([]);
      expect(functionsIn(statement).filter((name) => !allowedFunctions.has(name))).toEqual([]);
      expect(statement).not.toMatch(/;|\n\s*\n/);
      expect(panel.question).toMatch(/^[A-Z].*\?$/);
      expect(panel.definition).toMatch(/^[A-Z].*\.$/);
      expect(panel.empty).toMatch(/^[A-Z].*\.$/);
      const [row] = await database.rows(panel.sql({ ...scope, from: 0 }));
      if (row) expect(Object.keys(row)).toEqual(panel.columns.map(({ name }) => name));
    },
  );

  test('the columns of calls are described, each once', () => {
    const names = changeColumns.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    for (const { name, description } of changeColumns) {
      expect([name, description]).toEqual([name, expect.stringMatching(/^[^.]+[^.]$/)]);
    }
  });
});

describe('as Athena keeps them', () => {
  const queries = storedAuditQueries('orders');

  test('panels are there, but for those that show countries or threats', () => {
    const left = auditPanels.filter(({ id }) => !queries.some(({ name }) => name === id));

    expect(left.map(({ id }) => id)).toEqual([
      'audit-countries',
      'audit-failure-countries',
      'audit-threats',
    ]);
  });

  test.each(queries)('$name is a statement of Trino about the last days', ({ sql }) => {
    expect(grammarErrors(sql)).toEqual([]);
    expect(sql).not.toMatch(/\b\d{13}\b/);
  });
});
