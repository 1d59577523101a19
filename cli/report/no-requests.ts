/** Explains why there is nothing to report about. */

import { literal } from '../../analytics/dialect';
import { isReadable } from '../../analytics/requests';
import { counted } from '../terminal/counted';
import type { Engine } from './duckdb';
import type { TimeSpan } from './source';

export function noneReadable(lines: number): string {
  return `none of ${counted(lines, 'line')} could be read: \`apigw-logs formats --check\` tells whether a format can be, LOG_FORMATS adds one`;
}

/** What was read, at whatever time. */
export interface HeldLines {
  readonly lines: number;
  /** Those with a time. */
  readonly timed: number;
  /** The first and the last time. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The first and last time of readable lines, whatever time is asked for. */
export async function timesOf(engine: Engine, parquet: readonly string[]): Promise<HeldLines> {
  const { rows } = await engine.query(
    `select count(*), count(request_time_epoch), min(request_time_epoch), max(request_time_epoch)
    from read_parquet([${parquet.map(literal).join(', ')}]) where ${isReadable}`,
  );
  const [lines, timed, from, to] = (rows[0] ?? []).map((value) =>
    value === null ? undefined : Number(value),
  );
  return { lines: lines ?? 0, timed: timed ?? 0, from, to };
}

export function whyNoRequests(span: TimeSpan, { lines, timed, from, to }: HeldLines): string {
  if (lines > 0 && timed === 0) {
    return `${counted(lines, 'line')} read, none has a time: log $context.requestTime or $context.requestTimeEpoch`;
  }
  const asked = [
    ...(span.from === undefined ? [] : [` from ${iso(span.from)}`]),
    ...(span.to === undefined ? [] : [` before ${iso(span.to)}`]),
  ].join('');
  const held =
    from === undefined || to === undefined
      ? ''
      : `; those that were read are from ${iso(from)} to ${iso(to)}`;
  return `no requests${asked}${held}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
