import { neededColumns } from '../../../../analytics/panels/data-quality';
import type { AccessRow } from '../../../support/access-table';
import {
  bucketOf,
  column,
  type Expected,
  earliest,
  groupsOf,
  HOUR,
  has,
  latest,
  matches,
  rowsOf,
  sorted,
  timeOf,
  type World,
} from './world';

const isUnreadable = (row: AccessRow) =>
  has('unparsed_line')(row) || has('unparsed_line_base64')(row);

function readableLines(world: World, isOurs = matches(world)): AccessRow[] {
  const { from, to } = world.scope;
  return world.lines.filter(
    (row) =>
      !isUnreadable(row) &&
      has('request_time_epoch')(row) &&
      timeOf(row) >= from &&
      timeOf(row) < to &&
      isOurs(row),
  );
}

const hasNoPlan = (row: AccessRow) =>
  has('api_key_id')(row) && !has('usage_plan')(row) && !has('usage_plan_id')(row);
const hasNoCustomer = (row: AccessRow) => has('api_key_id')(row) && !has('customer_name')(row);

export const dataQuality: Readonly<Record<string, Expected>> = {
  completeness(world) {
    const requests = rowsOf(world);
    const lines = readableLines(world);
    return [
      [
        lines.length,
        requests.length,
        lines.length - requests.length,
        world.scope.filter.customer === undefined ? world.lines.filter(isUnreadable).length : null,
        world.lines.filter(
          (row) => !isUnreadable(row) && !has('request_time_epoch')(row) && matches(world)(row),
        ).length,
        requests.filter(hasNoPlan).length,
        requests.filter(hasNoCustomer).length,
        requests.filter((row) => !has('api_key_id')(row)).length,
      ],
    ];
  },
  'hours-without-lines'(world) {
    const { from, to } = world.scope;
    const hourOf = (time: number) => bucketOf(time, { ...world.scope, bucket: 'hour' });
    const filled = new Set(readableLines(world, () => true).map((row) => hourOf(timeOf(row))));
    const gaps: number[][] = [];
    const first = hourOf(from) === from ? from : hourOf(from) + HOUR;
    for (let hour = first; hour + HOUR <= to; hour += HOUR) {
      if (filled.has(hour)) continue;
      const last = gaps.at(-1);
      if (last && last[1] === hour) {
        last[1] += HOUR;
        last[2] = Number(last[2]) + 1;
      } else {
        gaps.push([hour, hour + HOUR, 1]);
      }
    }
    return gaps.slice(0, world.scope.limit ?? 100);
  },
  'lines-over-time'(world) {
    const lines = readableLines(world);
    const requests = rowsOf(world);
    const inBucket = (rows: readonly AccessRow[], time: number) =>
      rows.filter((row) => bucketOf(timeOf(row), world.scope) === time).length;
    const times = new Set(lines.map((row) => bucketOf(timeOf(row), world.scope)));
    return [...times]
      .toSorted((a, b) => a - b)
      .map((time) => {
        const [all, told] = [inBucket(lines, time), inBucket(requests, time)];
        return [time, all, told, all - told];
      });
  },
  'unattributed-keys': (world) =>
    sorted(
      groupsOf(
        rowsOf(world).filter((row) => hasNoPlan(row) || hasNoCustomer(row)),
        (row) =>
          ['api_key_id', 'customer_name', 'usage_plan', 'api_id', 'stage'].map((name) =>
            column(name)(row),
          ),
      ).map(({ key, rows }) => [...key, rows.length, earliest(rows), latest(rows)]),
      -6,
      1,
      2,
      3,
      4,
      5,
    ).slice(0, world.scope.limit ?? 100),
  'filled-columns'(world) {
    const rows = rowsOf(world);
    if (rows.length === 0) return [];
    const all = neededColumns.map((name) => {
      const filled = rows.filter(has(name)).length;
      return [name, filled, (100 * filled) / rows.length];
    });
    return sorted(all, -2, 1);
  },
};
