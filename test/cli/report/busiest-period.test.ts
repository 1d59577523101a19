import { busiestPeriod } from '../../../cli/report/busiest-period';
import { accessDatabase } from '../../support/access-table';

const DAY = 86_400_000;
const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

async function busiestOf(times: readonly number[]) {
  const database = await accessDatabase(
    times.map((time, id) => ({ request_time_epoch: time, extended_request_id: `e${id}` })),
  );
  try {
    return await busiestPeriod({
      query: async (sql) => {
        const rows = await database.rows(sql);
        return { columns: [], types: [], rows: rows.map((row) => Object.values(row)) };
      },
    });
  } finally {
    database.close();
  }
}

test('lines of a wrong clock are outside', async () => {
  const november = Array.from({ length: 20 }, (_, number) => day('2026-11-01') + number * DAY + 5);

  expect(await busiestOf([0, -5, day('2100-01-01'), ...november, ...november])).toEqual({
    from: day('2026-11-01'),
    to: day('2026-11-21'),
    outside: 3,
  });
});

test('of as many requests the latest days are taken', async () => {
  expect(await busiestOf([day('2020-05-01'), day('2026-11-20') + 1])).toEqual({
    from: day('2026-11-20'),
    to: day('2026-11-21'),
    outside: 1,
  });
});

test('days further apart than panels look back are not shown together', async () => {
  const first = day('2025-01-01');

  expect(await busiestOf([first, first + 399 * DAY])).toMatchObject({ outside: 0 });
  expect(await busiestOf([first, first + 400 * DAY])).toMatchObject({ outside: 1 });
});
