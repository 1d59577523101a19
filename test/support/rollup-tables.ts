/** The tables of roll-ups beside `requests`, as the nightly step would have written them. */

import { rollups } from '../../analytics/athena/rollups';
import { SAMPLE_END } from '../../analytics/sample/story';
import { DAY } from '../../analytics/time-zone';
import type { AccessDatabase } from './access-table';

export async function addRollups(database: AccessDatabase): Promise<void> {
  const all = {
    from: SAMPLE_END - 400 * DAY,
    to: SAMPLE_END + DAY,
    timeZone: 'UTC',
    bucket: 'hour',
    filter: {},
  } as const;
  for (const { table, cube } of rollups) {
    await database.run(
      `create table ${table} as select *, cast(make_timestamp(time * 1000) as date) as day from (${cube.sql(all, 'hour')})`,
    );
  }
}
