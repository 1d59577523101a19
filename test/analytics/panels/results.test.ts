import { panels } from '../../../analytics/panels/all';
import type { Scope } from '../../../analytics/panels/panel';
import type { Value } from '../../../analytics/result';
import { type AccessDatabase, type AccessRow, accessDatabase } from '../../support/access-table';
import { hostileValues } from '../../support/hostile-values';
import { seededAccess } from '../../support/seeded-access';
import { customers } from './expected/customers';
import { dataQuality } from './expected/data-quality';
import { errors } from './expected/errors';
import { latency } from './expected/latency';
import { overview } from './expected/overview';
import { plans } from './expected/plans';
import { security } from './expected/security';
import type { Cell, Expected, Percentile, Row, World } from './expected/world';

const expected: Readonly<Record<string, Expected>> = {
  ...overview,
  ...errors,
  ...customers,
  ...plans,
  ...latency,
  ...security,
  ...dataQuality,
};

const at = (time: string) => Date.parse(time);
const to = at('2026-11-09T00:00:00Z');

const week: Scope = {
  from: at('2026-11-02T00:00:00Z'),
  to,
  timeZone: 'UTC',
  bucket: 'hour',
  filter: {},
};

interface Situation {
  readonly lines: readonly AccessRow[];
  readonly requests: readonly AccessRow[];
  readonly scopes: Readonly<Record<string, Scope>>;
}

const busy: AccessRow = {
  request_time_epoch: at('2026-11-05T10:11:12.345Z'),
  extended_request_id: 'e1',
  request_id: 'r1',
  api_id: 'a1',
  stage: 'prod',
  status: 500,
  customer_name: 'Acme',
  api_key_id: 'k1',
  usage_plan: 'Gold',
  usage_plan_id: 'p1',
  response_latency: 12,
};

const hostile = hostileValues
  .map(({ value }) => value.slice(0, 200_000))
  .filter((value) => value !== '' && value !== '-' && value.isWellFormed() && !value.includes('\0'))
  .flatMap((value, number): AccessRow[] => [
    {
      ...busy,
      extended_request_id: `e${number}`,
      request_time_epoch: Number(busy['request_time_epoch']) + number,
      status: number % 2 === 0 ? 200 : 403,
      customer_name: value,
      usage_plan: value,
      usage_plan_id: value,
      api_key_id: value,
      endpoint: value,
      path: value,
      user_agent: value,
      error_message: value,
      error_response_type: value,
      authorizer_error: value,
      integration_error: value,
      source_ip: value,
      country: value,
      network: value,
      domain_name: value,
      stage: value,
      tls_version: value,
    },
  ]);

const situations: Readonly<Record<string, () => Situation>> = {
  'rows of ten weeks': () => ({
    ...seededAccess(14, { to, days: 70, count: 2_500 }),
    scopes: {
      'a week by the hour': week,
      'a month by the day, over a change of the clocks': {
        from: at('2026-10-09T22:00:00Z'),
        to: at('2026-11-08T23:00:00Z'),
        timeZone: 'Europe/Berlin',
        bucket: 'day',
        filter: {},
      },
      'some hours by the minute': {
        ...week,
        from: at('2026-11-08T08:30:30Z'),
        to: at('2026-11-08T13:10:00Z'),
        bucket: 'minute',
      },
      'half hours from UTC': {
        from: at('2026-11-03T18:30:00Z'),
        to: at('2026-11-08T18:30:00Z'),
        timeZone: 'Asia/Kolkata',
        bucket: 'hour',
        filter: {},
      },
      'a customer with a quote': {
        ...week,
        from: to - 40 * 86_400_000,
        filter: { customer: "O'Brien" },
      },
      'requests without a customer': { ...week, filter: { customer: '-' } },
      'a plan by its id, an API and a stage': {
        ...week,
        filter: { plan: 'p-gold', api: 'rest1', stage: 'prod' },
      },
      'a plan by its name': { ...week, filter: { plan: 'Gold' } },
      'few rows, with a key to be found': { ...week, bucket: 'day', limit: 3, find: 'k1' },
    },
  }),
  'hostile values': () => ({ lines: hostile, requests: hostile, scopes: { 'a week': week } }),
  'no lines': () => ({ lines: [], requests: [], scopes: { 'a week': week } }),
  'one line': () => ({ lines: [busy], requests: [busy], scopes: { 'a week': week } }),
  'one request in all lines': () => ({
    lines: Array.from({ length: 30 }, () => busy),
    requests: [busy],
    scopes: { 'a week': week },
  }),
  'only lines that cannot be read': () => {
    const lines: AccessRow[] = [{ unparsed_line: 'x' }, { unparsed_line_base64: '/w==' }];
    return { lines, requests: [], scopes: { 'a week': week } };
  },
};

test('every panel has something to be compared with', () => {
  expect(Object.keys(expected).toSorted()).toEqual(panels.map(({ id }) => id).toSorted());
});

describe.each(Object.entries(situations))('of %s', (_, situation) => {
  const { lines, requests, scopes } = situation();
  let database: AccessDatabase;

  beforeAll(async () => {
    database = await accessDatabase(lines);
  }, 60_000);
  afterAll(() => database.close());

  describe.each(Object.entries(scopes))('over %s', (__, scope) => {
    test.each(panels.map((panel) => [panel.id, panel] as const))(
      '%s shows what it should',
      async (id, panel) => {
        const world: World = { lines, requests, scope };
        const names = panel.columns.map(({ name }) => name);
        const rows = await database.rows(panel.sql(scope));
        const wanted = expected[id]?.(world) ?? [];

        expect(Object.keys(rows[0] ?? {})).toEqual(rows.length > 0 ? names : []);
        const got = rows.map((row) => names.map((name) => row[name] ?? null));
        expect(got).toEqual(wanted.map((row, place) => matched(row, got[place])));
      },
    );
  });
});

/** Where the log has few columns: a panel without rows must not deny the requests that there are. */
describe('of a log without most columns', () => {
  const statuses = [200, 403, 404, 429, 500, 504];
  const poor = statuses.map((status, place) => ({
    request_time_epoch: week.from + place,
    request_id: `r${place}`,
    status,
  }));
  /** All true of some log that has these requests. */
  const sayings =
    /^No (?:failed )?(?:request|address)s? (?:of|with|from|that|counted|reached)|as far as the log says|the log (?:does not|is too young)|^No (?:WebSocket events|error messages) |^Every request with a key/;

  test('no panel says that there were no requests', async () => {
    const database = await accessDatabase(poor);
    const said: string[] = [];
    for (const panel of panels) {
      const rows = await database.rows(panel.sql(week));
      if (rows.length === 0) said.push(`${panel.id}: ${panel.empty}`);
    }
    database.close();

    expect(said).toContain('domains-over-time: No request with a domain in this period.');
    expect(said.filter((text) => !sayings.test(text.replace(/^[^:]+: /, '')))).toEqual([]);
  });
});

/** What is wanted, with numbers that are equal but for rounding, and percentiles, as they were got. */
function matched(wanted: Row, got: readonly Value[] | undefined): Row {
  return wanted.map((cell, place) => {
    const value = got?.[place] ?? null;
    return isMatch(cell, value) ? value : cell;
  });
}

function isMatch(cell: Cell, value: Value): boolean {
  if (typeof value !== 'number' || cell === null) return false;
  if (typeof cell === 'object') return isPercentile(cell, value);
  if (typeof cell !== 'number' || Number.isInteger(cell)) return false;
  return Math.abs(cell - value) <= 1e-9 * Math.max(1, Math.abs(cell));
}

/** A sketch may miss the rank by a hundredth of the values, or by two of few. */
function isPercentile({ percentile, of }: Percentile, value: number): boolean {
  const values = of.toSorted((a, b) => a - b);
  const rank = percentile * (values.length - 1);
  const error = Math.max(2, values.length / 100);
  const low = values[Math.max(0, Math.floor(rank - error))] ?? Number.NaN;
  const high = values[Math.min(values.length - 1, Math.ceil(rank + error))] ?? Number.NaN;
  return value >= low && value <= high;
}
