import { historySql } from '../../../analytics/athena/history';
import { panelOf } from '../../../analytics/panels/all';
import { DAY, HOUR } from '../../../analytics/time-zone';
import { grammarErrors } from '../../support/trino-grammar';

const to = Date.parse('2026-11-20T00:00:00Z');
const period = { from: to - 7 * DAY, to };

function sqlOf(id: string, timeZone = 'UTC', closedEnd = to): string | undefined {
  const scope = { ...period, timeZone, bucket: 'hour', filter: {} } as const;
  const closedUntil = new Date(closedEnd - 1).toISOString().slice(0, 10);
  const options = { database: 'orders', period, timeZone, closedEnd, closedUntil };
  return historySql(panelOf(id).sql(scope), options);
}

describe('a history of customers', () => {
  test.each(['retention', 'customer-movements'])(
    'of %s is told by roll-ups, its periods by requests',
    (id) => {
      const statement = sqlOf(id) ?? '';
      const split = period.from - 7 * DAY - 2 * HOUR;

      expect(statement).toContain('"orders".rollup_traffic');
      expect(statement).toContain(`"time" < ${split}`);
      expect(statement).toContain(`request_time_epoch >= ${split}`);
      expect(grammarErrors(statement)).toEqual([]);
    },
  );

  test('ends with the closed days', () => {
    const end = to - 20 * DAY;
    const statement = sqlOf('retention', 'UTC', end);

    expect(statement).toContain(`"time" < ${end}`);
    expect(statement).toContain('"orders".requests where');
  });

  test.each([
    ['statuses', 'UTC'],
    ['forecast', 'UTC'],
    ['retention', 'Asia/Kolkata'],
  ])('of %s in %s is no matter of hours of UTC', (id, timeZone) => {
    expect(sqlOf(id, timeZone)).toBeUndefined();
  });

  test('is not told where no day is closed that long', () => {
    expect(sqlOf('retention', 'UTC', to - 500 * DAY)).toBeUndefined();
  });
});
