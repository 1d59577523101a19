/** Making a cube in steps gives what its statement gives at once. */

import { cubeDefinitions } from '../../../analytics/cubes/definitions';
import { SAMPLE_END } from '../../../analytics/sample/story';
import { DAY } from '../../../analytics/time-zone';
import { type AccessDatabase, accessDatabase } from '../../support/access-table';
import { sampleRows } from '../../support/sample-rows';

let database: AccessDatabase;
beforeAll(async () => {
  // Over the end of summer time in Europe.
  database = await accessDatabase(sampleRows(1500));
}, 120_000);
afterAll(() => database.close());

const inSteps = cubeDefinitions.flatMap(({ name, sql, steps }) =>
  steps ? [{ name, sql, steps }] : [],
);

test('all cubes but the history are made in steps', () => {
  expect(inSteps.map(({ name }) => name)).toEqual(
    cubeDefinitions.map(({ name }) => name).filter((name) => name !== 'history'),
  );
});

describe.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns'])('in %s', (timeZone) => {
  test.each(inSteps)(
    'the cube $name',
    async ({ sql, steps }) => {
      const scope = {
        from: SAMPLE_END - 15 * DAY,
        to: SAMPLE_END,
        timeZone,
        bucket: 'day',
        filter: { stage: 'prod' },
      } as const;
      await database.run(`create or replace temp table hours as ${steps.rows(scope, 'hour')}`);
      await database.run(`create or replace temp table days as ${steps.daysOf(scope, 'hours')}`);

      await database.run(
        `create or replace temp table days_at_once as ${steps.rows(scope, 'day')}`,
      );

      for (const [slot, table] of [
        ['hour', 'hours'],
        ['day', 'days'],
        ['day', 'days_at_once'],
      ] as const) {
        const expected = await database.rows(sql(scope, slot));
        expect(expected.length).toBeGreaterThan(0);
        expect(await database.rows(steps.inOrder(table))).toEqual(expected);
      }
    },
    120_000,
  );
});
