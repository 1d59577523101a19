import { panelOf, panels } from '../../../analytics/panels/all';
import { namedQueries } from '../../../analytics/render/named-queries';
import { type AccessDatabase, accessDatabase } from '../../support/access-table';
import { seededAccess } from '../../support/seeded-access';
import { grammarErrors } from '../../support/trino-grammar';

const DAY = 86_400_000;
const queries = namedQueries();

describe('a named query', () => {
  let database: AccessDatabase;
  let today: number;

  beforeAll(async () => {
    today = Math.floor(Date.now() / DAY) * DAY;
    const { lines } = seededAccess(3, { to: today, days: 40, count: 500 });
    database = await accessDatabase(lines);
  }, 60_000);
  afterAll(() => database.close());

  test.each(queries.map(({ name, sql }) => [name, sql]))(
    '%s gives what its panel gives of the last seven days',
    async (name, sql) => {
      const scope = {
        from: today - 7 * DAY,
        to: today,
        timeZone: 'UTC',
        bucket: 'hour',
        filter: {},
      } as const;

      expect(sql).not.toMatch(/\d{13}/);
      expect(await database.rows(sql)).toEqual(await database.rows(panelOf(name).sql(scope)));
    },
  );

  test("is accepted by Trino's grammar and short enough for Athena", () => {
    const sample = queries.filter(({ name }) => ['requests', 'anomalies'].includes(name));

    expect(sample.flatMap(({ sql }) => grammarErrors(sql))).toEqual([]);
    expect(Math.max(...queries.map(({ sql }) => sql.length))).toBeLessThan(262_144);
  }, 120_000);

  test('is there for every panel but those that list weeks or months of the calendar', () => {
    const names = queries.map(({ name }) => name);

    expect(panels.map(({ id }) => id).filter((id) => !names.includes(id))).toEqual([
      'forecast',
      'retention',
      'customer-forecast',
      'quota-reached',
      'quota-burn-down',
    ]);
  });
});
