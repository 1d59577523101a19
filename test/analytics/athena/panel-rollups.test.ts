import { MAX_ROWS, rolledUpPanels, rowsFromRollups } from '../../../analytics/athena/panel-rollups';
import type { Rows } from '../../../analytics/cubes/from-rows';
import { livePanels } from '../../../analytics/live/all';
import { panelOf, panels } from '../../../analytics/panels/all';
import type { Scope } from '../../../analytics/panels/panel';
import { SAMPLE_END } from '../../../analytics/sample/story';
import { DAY, HOUR } from '../../../analytics/time-zone';
import { type AccessDatabase, accessDatabase } from '../../support/access-table';
import { addRollups } from '../../support/rollup-tables';
import { sampleRows } from '../../support/sample-rows';
import { grammarErrors } from '../../support/trino-grammar';

const week: Scope = {
  from: SAMPLE_END - 7 * DAY,
  to: SAMPLE_END,
  timeZone: 'UTC',
  bucket: 'hour',
  filter: {},
};

const scopes: { title: string; scope: Scope }[] = [
  { title: 'a week by hours', scope: week },
  {
    title: 'a fortnight by days, two hours ahead of UTC',
    scope: {
      ...week,
      from: SAMPLE_END - 14 * DAY - 2 * HOUR,
      to: SAMPLE_END - 2 * HOUR,
      timeZone: 'Etc/GMT-2',
      bucket: 'day',
    },
  },
  {
    title: 'some hours',
    scope: { ...week, from: SAMPLE_END - 31 * HOUR, to: SAMPLE_END - 4 * HOUR },
  },
];

let database: AccessDatabase;
const statements = new Set<string>();

beforeAll(async () => {
  database = await accessDatabase(sampleRows(6000));
  await addRollups(database);
}, 120_000);
afterAll(() => database.close());

async function query(statement: string): Promise<Rows> {
  statements.add(statement);
  const rows = await database.rows(statement);
  const columns = Object.keys(rows[0] ?? {});
  return { columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
}

describe.each(scopes)('roll-ups of $title', ({ scope }) => {
  test.each(rolledUpPanels)('give what the statement of %s gives', async (id) => {
    const panel = panelOf(id);
    const expected = (await database.rows(panel.sql(scope))).map((row) =>
      panel.columns.map(({ name }) => row[name] ?? null),
    );

    const { rows, isWidened, bucket } = await rowsFromRollups(panel, scope, query);

    expect({ isWidened, bucket }).toEqual({ isWidened: false, bucket: scope.bucket });
    const isMoment = panel.columns.map(({ name }) => name.endsWith('_seen'));
    const hour = (value: unknown) => (typeof value === 'number' ? value - (value % HOUR) : value);
    const comparable = (row: readonly unknown[]) =>
      row.map((value, place) => (isMoment[place] ? hour(value) : value));
    expect(rows.map(comparable)).toEqual(
      expected.map((row) =>
        comparable(row).map((value) =>
          typeof value === 'number' && !Number.isInteger(value) ? expect.closeTo(value, 9) : value,
        ),
      ),
    );
  });
});

describe('the statements over roll-ups', () => {
  test('are such as Athena takes', () => {
    // Moments alone tell some of them from others.
    const forms = [
      ...new Map(
        [...statements].map((it) => [it.replace(/\b\d{5,}\b|\d{4}-\d\d-\d\d/g, ''), it]),
      ).values(),
    ].slice(0, 12);

    expect(forms.length).toBe(12);
    expect(forms.flatMap(grammarErrors)).toEqual([]);
  }, 120_000);

  test('read roll-ups, and no lines and requests', () => {
    for (const statement of statements) {
      expect(statement.match(/\bfrom (\w+)/g)?.every((it) => it.startsWith('from rollup_'))).toBe(
        true,
      );
    }
  });
});

describe('panels of roll-ups', () => {
  test('are all that cubes answer, of the pages of dashboards', () => {
    const pages = ['overview', 'errors', 'customers', 'plans'];

    expect([...rolledUpPanels].sort()).toEqual(
      panels
        .filter(({ id, page }) => Object.hasOwn(livePanels, id) && pages.includes(page))
        .map(({ id }) => id)
        .sort(),
    );
  });

  test('are asked for by the day where hours are too many, and else refused', async () => {
    const asked: string[] = [];
    const tooMany = { columns: [], rows: new Array<[]>(MAX_ROWS + 1).fill([]) };
    const all = rowsFromRollups(panelOf('customers-over-time'), week, async (statement) => {
      asked.push(statement);
      return tooMany;
    });

    await expect(all).rejects.toThrow('more than 50000 rows');
    expect(asked).toHaveLength(2);
    expect(asked[1]).toContain('% 86400000');
  });

  test('that nobody has rolled up are refused', async () => {
    await expect(rowsFromRollups({ id: 'recent-errors' }, week, query)).rejects.toThrow(
      'the panel recent-errors is not told by roll-ups',
    );
    await expect(rowsFromRollups({ id: 'constructor' }, week, query)).rejects.toThrow('not told');
  });
});
