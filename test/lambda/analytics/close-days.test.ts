import { addDays, CLOSED_TABLE, requestsViewSql } from '../../../analytics/athena/closed-days';
import { rolledUpPanels, rowsFromRollups } from '../../../analytics/athena/panel-rollups';
import { rollups } from '../../../analytics/athena/rollups';
import { isApproximate } from '../../../analytics/live/all';
import { panelOf } from '../../../analytics/panels/all';
import { OpenDayBefore } from '../../../lambda/analytics/close-days';
import { QueryError } from '../../../lambda/aws/run-query';
import { type AnalyticsAccount, startAnalytics } from '../../support/analytics-account';
import { at, closedIds, deliver, FIRST, request } from '../../support/closing';
import { deliveredSample } from '../../support/delivered-sample';
import { openLaptop, roughly } from '../../support/laptop';
import { withoutColumn } from '../../support/parquet-column';

const DAY = 86_400_000;

let account: AnalyticsAccount;

beforeEach(async () => {
  account = await startAnalytics();
});
afterEach(() => account.end());

const query: AnalyticsAccount['rows'] = (statement) => account.rows(statement);

/** A run of the step on the morning of a day. */
const close = (day: string, options: { lateDays?: number; from?: string; to?: string } = {}) =>
  account.closeOn(Date.parse(day) + 3_600_000, options);

describe('closing days', () => {
  test('writes every request of a day that is over once, the attributed line of several', async () => {
    deliver(account, [
      request('a', at(0, 5)),
      request('a', at(0, 5), 3_600_000, 'Acme'),
      request('b', at(0, 23)),
    ]);

    const report = await close(addDays(FIRST, 2));

    expect(report).toEqual({
      closed: [FIRST],
      rolledUp: [FIRST],
      behind: 0,
      covered: { first: FIRST, last: FIRST },
    });
    expect(
      await query(`select extended_request_id, customer_name from ${CLOSED_TABLE} order by 1`),
    ).toEqual([
      ['a', 'Acme'],
      ['b', null],
    ]);
  });

  test('leaves open what is not over, and what late lines are waited for', async () => {
    deliver(account, [request('a', at(0, 5)), request('b', at(1, 5))]);

    expect((await close(addDays(FIRST, 1))).closed).toEqual([]);
    expect((await close(addDays(FIRST, 2))).closed).toEqual([FIRST]);
    expect((await close(addDays(FIRST, 4), { lateDays: 3 })).closed).toEqual([]);
  });

  test('changes nothing when it runs a second time', async () => {
    deliver(account, [request('a', at(0, 5)), request('b', at(1, 5))]);
    await close(addDays(FIRST, 3));
    const before = [...account.bucket.objects.keys()];

    expect(await close(addDays(FIRST, 3))).toMatchObject({
      closed: [],
      rolledUp: [],
      behind: 0,
    });
    expect([...account.bucket.objects.keys()]).toEqual(before);
  });

  test('catches up after an outage, a day without lines included', async () => {
    deliver(account, [request('a', at(0, 5)), request('c', at(4, 5))]);

    const { closed } = await close(addDays(FIRST, 7));

    expect(closed).toEqual([0, 1, 2, 3, 4, 5].map((days) => addDays(FIRST, days)));
    expect(await closedIds(account)).toEqual(['a', 'c']);
  });

  test('takes a line along that came after its day was closed, with its own time', async () => {
    deliver(account, [
      request('a', at(0, 5)),
      request('b', at(1, 5)),
      request('late', at(0, 6), 2 * DAY),
    ]);

    await close(addDays(FIRST, 2));
    expect(await closedIds(account)).toEqual(['a']);
    await close(addDays(FIRST, 3));

    expect(await closedIds(account)).toEqual(['a', 'b', 'late']);
    expect(
      await query(
        `select day, request_time_epoch from ${CLOSED_TABLE} where extended_request_id = 'late'`,
      ),
    ).toEqual([[addDays(FIRST, 1), String(at(0, 6))]]);
  });

  test('counts a request once that is delivered again days later', async () => {
    deliver(account, [
      request('a', at(0, 5)),
      request('b', at(3, 5)),
      request('a', at(0, 5), 3 * DAY),
    ]);

    for (let day = 2; day < 8; day++) await close(addDays(FIRST, day));

    expect(await closedIds(account)).toEqual(['a', 'b']);
  });

  test('loses no line without an id, however late', async () => {
    deliver(account, [
      request('a', at(0, 5)),
      request(undefined, at(0, 6), 2 * DAY),
      request(undefined, at(1, 6)),
    ]);

    await close(addDays(FIRST, 2));
    await close(addDays(FIRST, 3));

    expect(await query(`select count(*) from ${CLOSED_TABLE}`)).toEqual([['3']]);
    expect(await query('select sum(requests) from rollup_traffic')).toEqual([['3']]);
  });

  test('counts a line of the future as one without a time, on the day of its folder', async () => {
    deliver(account, [
      request('a', at(0, 5)),
      request('ahead', at(1, 0), -1),
      request('future', at(9, 5), -9 * DAY),
      request(
        'far',
        Date.parse('9999-12-31T23:00:00Z'),
        at(0, 7) - Date.parse('9999-12-31T23:00:00Z'),
      ),
    ]);

    await close(addDays(FIRST, 3));

    expect(
      await query(
        `select extended_request_id, day, request_time_epoch from ${CLOSED_TABLE} order by 1`,
      ),
    ).toEqual([
      ['a', FIRST, String(at(0, 5))],
      ['ahead', addDays(FIRST, 1), String(at(1, 0))],
      ['far', FIRST, null],
      ['future', FIRST, null],
    ]);
    expect(await query('select sum(requests) from rollup_traffic')).toEqual([['2']]);
    expect(await query('select kind, sum(lines) from rollup_lines group by 1 order by 1')).toEqual([
      ['timed', '2'],
      ['untimed', '2'],
    ]);
  });

  test('rolls up a line that is older than all that panels look at', async () => {
    deliver(account, [request('a', at(0, 5)), request('old', at(0, 5) - 600 * DAY, 601 * DAY)]);

    await close(addDays(FIRST, 2));

    expect(await query('select sum(requests) from rollup_traffic')).toEqual([['2']]);
  });

  test('begins a day anew that was stopped half-way', async () => {
    deliver(account, [request('a', at(0, 5)), request('b', at(1, 5))]);
    account.athena.fails = (statement) =>
      statement.startsWith('unload') ? { reason: 'stopped', isDone: true } : undefined;
    await expect(close(addDays(FIRST, 3))).rejects.toThrow(new QueryError('stopped'));
    account.athena.fails = undefined;

    await close(addDays(FIRST, 3));

    expect(await closedIds(account)).toEqual(['a', 'b']);
  });

  test('writes roll-ups that an earlier run did not get to', async () => {
    deliver(account, [request('a', at(0, 5))]);
    account.athena.fails = (statement) =>
      /^unload[\s\S]*with requests as/.test(statement)
        ? { reason: 'stopped', isDone: false }
        : undefined;
    await expect(close(addDays(FIRST, 2))).rejects.toThrow('stopped');
    account.athena.fails = undefined;

    expect(await close(addDays(FIRST, 2))).toMatchObject({ closed: [], rolledUp: [FIRST] });
    expect(await query('select sum(requests) from rollup_traffic')).toEqual([['1']]);
  });

  test('does a range by hand, after all days before it', async () => {
    deliver(account, [request('a', at(0, 5)), request('b', at(1, 5)), request('c', at(2, 5))]);
    const by = (from: number, to: number) =>
      close(addDays(FIRST, 9), { from: addDays(FIRST, from), to: addDays(FIRST, to) });

    await expect(by(1, 1)).rejects.toThrow(new OpenDayBefore(addDays(FIRST, 1), FIRST));
    expect((await by(0, 1)).closed).toEqual([FIRST, addDays(FIRST, 1)]);
    expect(await by(1, 1)).toMatchObject({ closed: [], behind: 0 });
    expect((await by(2, 2)).closed).toEqual([addDays(FIRST, 2)]);
    expect((await close(addDays(FIRST, 5))).closed).toEqual([addDays(FIRST, 3)]);
    expect(await closedIds(account)).toEqual(['a', 'b', 'c']);
  });

  test('closes days of earlier logs that come later', async () => {
    deliver(account, [request('b', at(5, 5))]);
    await close(addDays(FIRST, 7));
    deliver(account, [request('a', at(3, 5)), request('b', at(5, 5), -2 * DAY)]);

    expect((await close(addDays(FIRST, 7))).closed).toEqual([addDays(FIRST, 3), addDays(FIRST, 4)]);
    expect(await closedIds(account)).toEqual(['a', 'b']);
  });

  test('begins no earlier than queries look', async () => {
    deliver(account, [request('a', Date.parse('2025-12-31T05:00:00Z')), request('b', at(0, 5))]);

    const { closed } = await close('2026-11-03');

    expect(closed).toEqual([FIRST]);
  });

  test('gives the rest to the next run where there is no time', async () => {
    deliver(account, [request('a', at(0, 5)), request('b', at(1, 5))]);
    let days = 0;

    const report = await account.closeOn(Date.parse(addDays(FIRST, 5)), {}, () => days++ < 1);

    expect(report).toMatchObject({ closed: [FIRST], behind: 3 });
  });

  test('has nothing to do without lines', async () => {
    expect(await close(FIRST)).toMatchObject({
      closed: [],
      rolledUp: [],
      behind: 0,
    });
  });
});

describe('the view of requests', () => {
  test('joins closed days and the open rest, each request once', async () => {
    deliver(account, [
      request('a', at(0, 5)),
      request('a', at(0, 5)),
      request('b', at(1, 5)),
      request('c', at(2, 1)),
      request('c', at(2, 1)),
    ]);
    const ids = async () =>
      (await query('select extended_request_id from requests order by 1')).map(([id]) => id);

    expect(await ids()).toEqual(['a', 'b', 'c']);
    await close(addDays(FIRST, 2));
    expect(await ids()).toEqual(['a', 'b', 'c']);
    await close(addDays(FIRST, 3));
    expect(await ids()).toEqual(['a', 'b', 'c']);
  });
});

describe('an update of the stack', () => {
  test('puts the first view back; the next run has it read closed days again', async () => {
    deliver(account, [request('a', at(0, 5))]);
    await close(addDays(FIRST, 2));
    const renewed = account.athena.views.get('requests');
    expect(renewed).toContain(CLOSED_TABLE);
    account.athena.views.set('requests', requestsViewSql(undefined));

    expect((await close(addDays(FIRST, 2))).closed).toEqual([]);

    expect(account.athena.views.get('requests')).toBe(renewed);
    await close(addDays(FIRST, 2));
    expect(account.athena.statements.at(-1)).toBe('show create view requests');
  });

  test('adds a column: days of before have NULL in it, and all panels tell both', async () => {
    const column = 'error_message';
    const delivered = deliveredSample(3);
    const [first = '', second = '', last = ''] = delivered.keys();
    for (const day of [first, second]) {
      const text = delivered.get(day) ?? '';
      delivered.set(
        day,
        text.replaceAll(new RegExp(`"${column}":"(?:[^"\\\\]|\\\\.)*",?`, 'g'), ''),
      );
    }
    for (const [day, text] of delivered) account.deliver(day, text);
    await account.close(first, second);
    // What the version before has left: days without the column, roll-ups under other names, its view.
    for (const [key, { body }] of account.bucket.objects) {
      if (!key.includes(`${CLOSED_TABLE}/`)) continue;
      account.bucket.objects.set(key, {
        body: await withoutColumn(body, column),
        lastModified: new Date(),
      });
    }
    const changed = rollups.filter(({ columns }) => columns.some(({ name }) => name === column));
    expect(changed.map(({ table }) => table)).toEqual(['rollup_failures']);
    for (const { table } of changed) account.athena.partitions.get(table)?.clear();
    account.athena.views.set('requests', requestsViewSql(undefined));

    const report = await account.close(first, last);

    expect(report).toMatchObject({ closed: [last], rolledUp: [first, second, last], behind: 0 });
    expect(
      await query(`select day, count(${column}) > 0 from ${CLOSED_TABLE} group by 1 order by 1`),
    ).toEqual([
      [first, 'false'],
      [second, 'false'],
      [last, 'true'],
    ]);
    const laptop = await openLaptop(delivered);
    const scope = {
      from: Date.parse(first),
      to: Date.parse(addDays(last, 1)),
      timeZone: 'UTC',
      bucket: 'hour',
      filter: {},
    } as const;
    try {
      for (const id of rolledUpPanels) {
        if (isApproximate(panelOf(id))) continue;
        const told = await rowsFromRollups(panelOf(id), scope, account.answer);
        const { rows } = await laptop.engine.query(panelOf(id).sql(scope));
        expect({ [id]: told.rows }).toEqual({ [id]: rows.map((row) => row.map(roughly)) });
      }
      for (const id of ['error-messages', 'recent-errors', 'retention', 'latency-by-customer']) {
        const sql = panelOf(id).sql(scope);
        const { rows } = await laptop.engine.query(sql);
        expect({ [id]: (await account.answer(sql)).rows }).toEqual({
          [id]: rows.map((row) => row.map(roughly)),
        });
      }
    } finally {
      laptop.close();
    }
  }, 240_000);
});
