/** How complete the rows of a result are, over the time that it is about. */

import { isReadable, isUnattributed } from '../../analytics/requests';
import type { Completeness } from '../../analytics/result';
import { HOUR } from '../../analytics/time-zone';
import type { Engine } from './duckdb';
import type { Ingested } from './ingest';
import type { TimeSpan } from './source';

/** What a result counts: panels only what has a time, a query all rows of `requests`. */
export type Counting = 'timed' | 'all';

export async function completenessOf(
  engine: Engine,
  { counts, conflicts, files, unread }: Ingested,
  { counting = 'timed', ...span }: TimeSpan & { readonly counting?: Counting },
): Promise<Completeness> {
  const inTime = [
    'request_time_epoch is not null',
    ...(span.from === undefined ? [] : [`request_time_epoch >= ${span.from}`]),
    ...(span.to === undefined ? [] : [`request_time_epoch < ${span.to}`]),
  ].join(' and ');
  const lines = await numbersOf(
    engine,
    `select count(case when ${inTime} then 1 end),
      count(case when request_time_epoch is null and ${isReadable} then 1 end)
    from access`,
  );
  const requests = await numbersOf(
    engine,
    `select count(*), count(case when ${isUnattributed} then 1 end),
      min(request_time_epoch), max(request_time_epoch),
      count(distinct floor(request_time_epoch / ${HOUR}))
    from requests${counting === 'all' ? '' : ` where ${inTime}`}`,
  );
  const [timed = 0, untimed = 0] = lines;
  const [count = 0, unattributed = 0, from, to, hours = 0] = requests;
  const isEmpty = from === undefined || to === undefined;
  const allHours = isEmpty ? 0 : Math.floor(to / HOUR) - Math.floor(from / HOUR) + 1;
  return {
    lines: timed + untimed + counts.unparsed,
    requests: count,
    duplicates: timed + (counting === 'all' ? untimed : 0) - count,
    conflicts,
    unparsed: counts.unparsed,
    untimed,
    unattributed,
    emptyHours: allHours - hours,
    failedRecords: counts.failedRecords,
    files,
    unreadFiles: unread,
    from: from ?? null,
    to: to ?? null,
  };
}

async function numbersOf(engine: Engine, sql: string): Promise<(number | undefined)[]> {
  const { rows } = await engine.query(sql);
  return (rows[0] ?? []).map((value) => (value === null ? undefined : Number(value)));
}
