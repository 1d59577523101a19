import { panelOf } from '../../../analytics/panels/all';
import { accessDatabase } from '../../support/access-table';

const from = Date.parse('2026-11-24T00:00:00Z');
const DAY = 86_400_000;
const scope = {
  from,
  to: from + DAY,
  timeZone: 'UTC',
  bucket: 'hour',
  filter: {},
} as const;

test('requests are counted beside those of the day before and of the week before', async () => {
  const times = [from - 7 * DAY, from - DAY, from - DAY + 1, from, from + 3_600_000, from + DAY];
  const database = await accessDatabase(
    times.map((time, index) => ({
      request_time_epoch: time,
      extended_request_id: `id-${index}`,
      status: index === 3 ? 500 : 200,
    })),
  );

  expect(await database.rows(panelOf('requests').sql(scope))).toEqual([
    expect.objectContaining({
      requests: 2,
      previous_requests: 2,
      weekday_requests: 1,
      ok_requests: 1,
      server_errors: 1,
      failed_percent: null,
    }),
  ]);
  expect(await database.rows(panelOf('traffic').sql(scope))).toEqual([
    { time: from, requests: 1, previous_requests: 2, weekday_requests: 1 },
    { time: from + 3_600_000, requests: 1, previous_requests: 0, weekday_requests: 0 },
  ]);
  database.close();
});
