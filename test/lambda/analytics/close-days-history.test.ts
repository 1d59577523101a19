/**
 * Days as they may come: lines late, repeated, without a time, of the future; nights without a run, runs that
 * are stopped, two at a time. Whatever happens, each request ends in exactly one closed day.
 */

import fc from 'fast-check';
import { CLOSED_TABLE, requestsViewSql } from '../../../analytics/athena/closed-days';
import { type AnalyticsAccount, startAnalytics } from '../../support/analytics-account';
import { type DeliveredLine, deliver, FIRST } from '../../support/closing';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse(FIRST);
/** The latest line of all, in days after its request. */
const LATEST = 5;
/** After the last line, with nothing stopped. */
const QUIET_NIGHTS = LATEST + 3;

let account: AnalyticsAccount;

beforeAll(async () => {
  account = await startAnalytics();
  account.athena.looks = 0;
});
afterAll(() => account.end());

interface Request {
  /** Minutes after the first day's start. */
  readonly minute: number;
  readonly hasId: boolean;
  readonly time: 'logged' | 'none' | 'of the future';
  /** Hours from the request to each of its lines. */
  readonly lines: readonly number[];
  /** The line that names the customer, if any does. */
  readonly attributed: number;
}

type Night = 'nothing' | 'a run' | 'two at a time' | 'a run that is stopped';

interface History {
  readonly requests: readonly Request[];
  readonly nights: readonly {
    readonly night: Night;
    readonly stopAt: number;
    readonly isDone: boolean;
  }[];
}

function histories(days: number, requests: number): fc.Arbitrary<History> {
  const hours = fc.oneof(
    { weight: 12, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 30 }) },
    { weight: 1, arbitrary: fc.integer({ min: 31, max: LATEST * 24 }) },
  );
  const request = fc.record({
    minute: fc.integer({ min: 0, max: days * 24 * 60 - 1 }),
    hasId: fc.integer({ min: 0, max: 9 }).map((one) => one > 0),
    time: fc.oneof(
      { weight: 20, arbitrary: fc.constant('logged' as const) },
      { weight: 1, arbitrary: fc.constantFrom('none' as const, 'of the future' as const) },
    ),
    lines: fc.array(hours, { minLength: 1, maxLength: 3 }),
    attributed: fc.integer({ min: -1, max: 2 }),
  });
  const night = fc.record({
    night: fc.oneof(
      { weight: 6, arbitrary: fc.constant('a run' as const) },
      { weight: 2, arbitrary: fc.constant('nothing' as const) },
      { weight: 1, arbitrary: fc.constant('two at a time' as const) },
      { weight: 2, arbitrary: fc.constant('a run that is stopped' as const) },
    ),
    stopAt: fc.integer({ min: 0, max: 20 }),
    isDone: fc.boolean(),
  });
  return fc.record({
    requests: fc.array(request, { minLength: requests / 2, maxLength: requests }),
    nights: fc.array(night, { minLength: days, maxLength: days }),
  });
}

function linesOf(
  { minute, hasId, time, lines, attributed }: Request,
  index: number,
): DeliveredLine[] {
  const moment = START + minute * 60_000;
  const logged = { logged: moment, none: undefined, 'of the future': moment + 400 * DAY }[time];
  // Lines without an id are requests of their own.
  return (hasId ? lines : lines.slice(0, 1)).map((late, place) => ({
    id: hasId ? `id-${index}` : undefined,
    at: logged,
    arrived: moment + late * HOUR,
    customer: place === attributed ? `customer-${index}` : undefined,
  }));
}

async function live({ requests, nights }: History) {
  account.bucket.objects.clear();
  for (const partitions of account.athena.partitions.values()) partitions.clear();
  account.athena.views.set('requests', requestsViewSql(undefined));
  const lines = requests.flatMap(linesOf).sort((one, other) => one.arrived - other.arrived);
  const count = { nights: 0, stopped: 0, lines: lines.length };
  let behind = 0;
  for (let index = 0; index < nights.length + QUIET_NIGHTS; index++) {
    const morning = START + (index + 1) * DAY + HOUR;
    const arrived = lines.findIndex((line) => line.arrived >= morning);
    deliver(account, lines.splice(0, arrived < 0 ? lines.length : arrived));
    const { night, stopAt, isDone } = nights[index] ?? { night: 'a run', stopAt: 0, isDone: false };
    if (night === 'nothing') continue;
    count.nights++;
    const stops =
      night === 'a run that is stopped' ? account.athena.statements.length + stopAt : -1;
    account.athena.fails = () =>
      stops >= 0 && account.athena.statements.length > stops
        ? { reason: 'stopped', isDone }
        : undefined;
    const runs = await Promise.allSettled(
      Array.from({ length: night === 'two at a time' ? 2 : 1 }, () => account.closeOn(morning)),
    );
    account.athena.fails = undefined;
    for (const run of runs) {
      if (run.status === 'fulfilled') behind = run.value.behind;
      else {
        expect((run.reason as Error).message).toBe('stopped');
        count.stopped++;
      }
    }
  }
  expect(behind).toBe(0);
  return count;
}

async function judge({ requests }: History): Promise<void> {
  const identified = requests.flatMap(({ hasId }, index) => (hasId ? [`id-${index}`] : []));
  const found = await account.rows(
    `select extended_request_id, count(*), max(customer_name) from ${CLOSED_TABLE}
    where extended_request_id is not null group by 1`,
  );
  expect(found.map(([id, count]) => [id, count]).sort()).toEqual(
    identified.map((id) => [id, '1']).sort(),
  );
  const [[unnamed] = []] = await account.rows(
    `select count(*) from ${CLOSED_TABLE} where extended_request_id is null`,
  );
  expect(Number(unnamed)).toBe(requests.length - identified.length);
  // A customer is a request's own, or not known.
  for (const [id, , customer] of found) {
    if (customer !== null) expect(customer).toBe(String(id).replace('id', 'customer'));
  }
  const kinds = await account.rows('select kind, sum(lines) from rollup_lines group by 1');
  const lines = requests.flatMap(linesOf);
  const isTimed = (line: DeliveredLine) =>
    line.at !== undefined && line.at < line.arrived + 2 * DAY;
  expect(Object.fromEntries(kinds)).toEqual(
    Object.fromEntries(
      [
        ['timed', String(lines.filter(isTimed).length)],
        ['untimed', String(lines.filter((line) => !isTimed(line)).length)],
      ].filter(([, count]) => count !== '0'),
    ),
  );
  // By the hour of the request, whenever its line came.
  const byHour = new Map<string, number>();
  for (const { minute, time } of requests) {
    if (time !== 'logged') continue;
    const hour = String(START + Math.floor(minute / 60) * HOUR);
    byHour.set(hour, (byHour.get(hour) ?? 0) + 1);
  }
  const rolledUp = await account.rows(
    'select "time", sum(requests) from rollup_traffic group by 1',
  );
  expect(new Map(rolledUp.map(([hour, count]) => [hour, Number(count)]))).toEqual(byHour);
  expect(await account.rows('select count(*) from requests')).toEqual([[String(requests.length)]]);
}

test('a week: every request is in exactly one closed day, and nothing is missing', async () => {
  await fc.assert(
    fc.asyncProperty(histories(7, 60), async (history) => {
      await live(history);
      await judge(history);
    }),
    { numRuns: 1 },
  );
}, 240_000);

/** Minutes of queries: a part of `npm run fuzz` only. */
const inFuzzRuns = process.env['FUZZ_RUNS'] ? test : test.skip;

inFuzzRuns(
  'a month: every request is in exactly one closed day, and nothing is missing',
  async () => {
    const total = { months: 0, requests: 0, lines: 0, nights: 0, stopped: 0 };
    await fc.assert(
      fc.asyncProperty(histories(31, 900), async (history) => {
        const { lines, nights, stopped } = await live(history);
        await judge(history);
        total.months++;
        total.requests += history.requests.length;
        total.lines += lines;
        total.nights += nights;
        total.stopped += stopped;
      }),
      { numRuns: Number(process.env['FUZZ_RUNS']) },
    );
    console.log(JSON.stringify(total));
  },
  7_200_000,
);
