import { buildCubes, type Query } from '../../../analytics/cubes/build';
import type { Cubes, Slot } from '../../../analytics/cubes/cube';
import { decodePayload } from '../../../analytics/cubes/decode';
import { type CubeDefinition, cubeDefinitions } from '../../../analytics/cubes/definitions';
import { encodePayload } from '../../../analytics/cubes/encode';
import { columnsOf, cubeOf } from '../../../analytics/cubes/from-rows';
import { livePanels, liveRows } from '../../../analytics/live/all';
import { panelOf } from '../../../analytics/panels/all';
import type { Panel, Scope } from '../../../analytics/panels/panel';
import { bucketStart } from '../../../analytics/render/buckets';
import type { Value } from '../../../analytics/result';
import { SAMPLE_END } from '../../../analytics/sample/story';
import { DAY, HOUR } from '../../../analytics/time-zone';
import { type AccessDatabase, accessDatabase } from '../../support/access-table';
import { sampleRows } from '../../support/sample-rows';

const report: Scope = {
  from: SAMPLE_END - 14 * DAY,
  to: SAMPLE_END,
  timeZone: 'UTC',
  bucket: 'day',
  filter: {},
};
const inIndia = {
  ...report,
  timeZone: 'Asia/Kolkata',
  from: report.from - 5.5 * HOUR,
  to: report.to - 5.5 * HOUR,
};

const scopes: { title: string; scope: Scope; of: Scope; slots: readonly Slot[] }[] = [
  { title: 'the whole report', scope: report, of: report, slots: ['hour', 'day'] },
  {
    title: 'some days of a customer',
    scope: {
      ...report,
      from: report.from + 4 * DAY,
      to: report.to - 3 * DAY,
      filter: { customer: 'Noisy Otter Games' },
    },
    of: report,
    slots: ['hour', 'day'],
  },
  {
    title: 'hours of an API and stage',
    scope: {
      ...report,
      from: report.from + 5 * HOUR,
      to: report.from + 55 * HOUR,
      bucket: 'hour',
      filter: { api: 'ra7es02b1c', stage: 'prod' },
    },
    of: report,
    slots: ['hour'],
  },
  {
    title: 'a plan by name',
    scope: { ...report, filter: { plan: 'Free' } },
    of: report,
    slots: ['hour', 'day'],
  },
  {
    title: 'a plan by id',
    scope: { ...report, filter: { plan: 'bus1ns' } },
    of: report,
    slots: ['hour'],
  },
  {
    title: 'no customer and no plan',
    scope: { ...report, filter: { customer: '-', plan: '-' } },
    of: report,
    slots: ['hour'],
  },
  {
    title: 'a customer who is not there',
    scope: { ...report, filter: { customer: 'Nobody' } },
    of: report,
    slots: ['hour'],
  },
  {
    title: 'days of half an hour past the hour',
    scope: { ...inIndia, from: inIndia.from + 2 * DAY },
    of: inIndia,
    slots: ['hour', 'day'],
  },
];

let database: AccessDatabase;
let query: Query;
const built = new Map<string, Cubes>();

beforeAll(async () => {
  database = await accessDatabase(sampleRows(6000));
  // What the histogram is compared with must not be approximate itself.
  await database.run('create or replace macro approx_percentile(x, p) as quantile_disc(x, p)');
  query = async (statement) => {
    const rows = await database.rows(statement);
    const columns = Object.keys(rows[0] ?? {});
    return { columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
  };
}, 120_000);
afterAll(() => database.close());

describe.each(scopes)('for $title', ({ scope, of, slots }) => {
  const answers = new Map<string, Promise<Record<string, Value>[]>>();
  /** The same whatever cubes are compared with it. */
  const answerOf = (panel: Panel) => {
    const answer = answers.get(panel.id) ?? database.rows(panel.sql(scope));
    answers.set(panel.id, answer);
    return answer;
  };

  for (const slot of slots) {
    const told = Object.entries(livePanels).filter(
      ([, { needsHours }]) => !needsHours || slot === 'hour',
    );
    test.each(told.map(([id]) => id))(
      `cubes by ${slot}s give what the statement of %s gives`,
      async (id) => {
        const panel = panelOf(id);
        const expected = await answerOf(panel);

        const live = liveRows(panel, await cubesOf(of, slot), scope);

        expect(live?.isWidened).toBe(false);
        const rows = live?.rows.map((row) =>
          Object.fromEntries(
            panel.columns.map(({ name }, place) => [
              name,
              comparable(name, row[place] ?? null, slot),
            ]),
          ),
        );
        expect(rows).toEqual(
          expected.map((row) =>
            Object.fromEntries(
              panel.columns.map(({ name }) => [name, comparableTo(name, row[name] ?? null, slot)]),
            ),
          ),
        );
      },
    );
  }

  /** First and last moments are told to the slot; the rest exactly, but for the last digits. */
  const comparable = (name: string, value: Value, slot: Slot): unknown => {
    if (typeof value === 'number' && /_seen$/.test(name))
      return bucketStart(value, of.timeZone, slot);
    return value;
  };
  const comparableTo = (name: string, value: Value, slot: Slot): unknown => {
    if (typeof value !== 'number') return value;
    if (/_seen$/.test(name)) return bucketStart(value, of.timeZone, slot);
    // The middle of a step of the histogram, which is 9 % wide.
    if (/p\d\d_ms$/.test(name)) return near(value, 0.5 + value * 0.046);
    return Number.isInteger(value) ? value : near(value, 1e-9 * Math.abs(value));
  };
});

function near(value: number, tolerance: number): unknown {
  return {
    asymmetricMatch: (other: unknown) =>
      typeof other === 'number' && Math.abs(other - value) <= tolerance,
    toString: () => `near ${value}`,
  };
}

/** Cubes as a page gets them: written and read. */
async function cubesOf(scope: Scope, slot: Slot): Promise<Cubes> {
  const key = JSON.stringify([scope, slot]);
  const known = built.get(key);
  if (known) return known;
  const cubes: Record<string, Cubes[string]> = {};
  for (const { name, dimensions, sql } of cubeDefinitions) {
    cubes[name] = cubeOf(name, slot, dimensions, columnsOf(await query(sql(scope, slot))));
  }
  const read = decodePayload(encodePayload(null, cubes)).cubes;
  built.set(key, read);
  return read;
}

describe('cubes', () => {
  test('are by hours where that is not too much', async () => {
    const cubes = await buildCubes(query, report);

    expect(Object.values(cubes).map(({ slot }) => slot)).toEqual(cubeDefinitions.map(() => 'hour'));
  });

  test('of days answer for whole days, and say so', async () => {
    const cubes = await cubesOf(report, 'day');
    const scope: Scope = { ...report, from: report.from + HOUR, bucket: 'hour' };

    const live = liveRows(panelOf('endpoints'), cubes, scope);

    expect(live).toMatchObject({ isWidened: true, bucket: 'day' });
    expect(live?.rows).toEqual(liveRows(panelOf('endpoints'), cubes, report)?.rows);
  });

  test('of a customer have no line that nobody could read', async () => {
    const request = { request_time_epoch: report.from, request_id: 'r1', customer_name: 'Acme' };
    const lines = await accessDatabase([request, { unparsed_line: 'x' }]);
    const { sql } = cubeDefinitions.find(({ name }) => name === 'lines') as CubeDefinition;
    const kinds = async (filter: Scope['filter']) => {
      const rows = await lines.rows(sql({ ...report, filter }, 'hour'));
      return rows.map(({ kind }) => kind);
    };

    expect(await kinds({ api: 'a1' })).toEqual(['unparsed']);
    expect(await kinds({ customer: 'Acme' })).toEqual(['timed']);
    lines.close();
  });

  test('that a report does not have are not answered for', async () => {
    const { endpoints, ...others } = await cubesOf(report, 'day');

    expect(endpoints).toBeDefined();
    expect(liveRows(panelOf('endpoints'), others, report)).toBeUndefined();
    expect(liveRows({ id: 'no-such-panel' }, others, report)).toBeUndefined();
  });
});
