import type { Query } from '../../../analytics/cubes/build';
import { panels, panelsFor } from '../../../analytics/panels/all';
import type { Scope } from '../../../analytics/panels/panel';
import { computeReport } from '../../../analytics/report/compute-report';
import { SAMPLE_END } from '../../../analytics/sample/story';
import { DAY, HOUR } from '../../../analytics/time-zone';
import { type AccessDatabase, accessDatabase } from '../../support/access-table';
import { sampleRows } from '../../support/sample-rows';

const days: Scope = {
  from: SAMPLE_END - 14 * DAY,
  to: SAMPLE_END,
  timeZone: 'UTC',
  bucket: 'day',
  filter: {},
};

let database: AccessDatabase;
let statements: string[];
const query: Query = async (statement) => {
  statements.push(statement);
  const rows = await database.rows(statement);
  const columns = Object.keys(rows[0] ?? {});
  return { columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
};

beforeAll(async () => {
  database = await accessDatabase(sampleRows(1500));
}, 120_000);
afterAll(() => database.close());

test.each<[string, Scope]>([
  ['days', days],
  ['hours', { ...days, from: days.to - 2 * DAY, bucket: 'hour' }],
])(
  'rows of %s are those of the statements',
  async (_, scope) => {
    statements = [];
    const { rows } = await computeReport(query, scope);

    const told = panels.filter((panel) => !statements.includes(panel.sql(scope)));
    for (const panel of told) {
      const { rows: expected } = await query(panel.sql(scope));
      expect({ [panel.id]: rows[panel.id] }).toEqual({ [panel.id]: expected.map(roughly) });
    }
  },
  120_000,
);

test.each<[string, Scope]>([
  ['a period that begins on no hour', { ...days, from: days.to - 30.25 * HOUR, bucket: 'hour' }],
  ['minutes', { ...days, from: days.to - 2 * HOUR, bucket: 'minute' }],
  ['a customer', { ...days, filter: { customer: 'Noisy Otter Games' } }],
])(
  'of %s the cubes tell nothing exactly',
  async (_, scope) => {
    statements = [];
    await computeReport(query, scope);

    expect(panelsFor(scope).filter((panel) => !statements.includes(panel.sql(scope)))).toEqual([]);
  },
  120_000,
);

test('the engine is not asked for what the cubes tell', async () => {
  statements = [];
  await computeReport(query, days);

  const asked = panels.filter((panel) => statements.includes(panel.sql(days)));
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.length).toBeLessThan(panels.length / 2 + 5);
}, 120_000);

/** The order in which numbers are added up is free. */
const roughly = (row: readonly unknown[]) =>
  row.map((value) =>
    typeof value === 'number' && !Number.isInteger(value) ? expect.closeTo(value, 6) : value,
  );
