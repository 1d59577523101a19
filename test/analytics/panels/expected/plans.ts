import type { AccessRow } from '../../../support/access-table';
import { isAccepted, outcomeOf } from './outcomes';
import {
  bucketOf,
  column,
  counted,
  DAY,
  distinct,
  type Expected,
  earliest,
  groupsOf,
  hasFailed,
  isLogged,
  latest,
  planKey,
  previousOf,
  rowsOf,
  series,
  share,
  sorted,
  statusIn,
  text,
  timeOf,
  type World,
  weekdaysOf,
} from './world';

const isKnown = (row: AccessRow) => planKey(row) !== null;
const isQuota = (row: AccessRow) => outcomeOf(row) === 'quota';
const isLimited = statusIn(429, 429);

/** The latest name that a plan had. */
function nameOf(rows: readonly AccessRow[]): string | null {
  const named = rows.filter((row) => text(row, 'usage_plan') !== null);
  const last = named.reduce<AccessRow | undefined>(
    (best, row) => (best === undefined || timeOf(row) > timeOf(best) ? row : best),
    undefined,
  );
  return last === undefined ? null : text(last, 'usage_plan');
}

const monthOf = (instant: number) => new Date(instant).toISOString().slice(0, 7);
const dayOf = (instant: number) => Math.floor(instant / DAY) * DAY;

/** Requests that count against quotas, from the first of the month (UTC) in which the scope starts. */
function acceptedRows(world: World): AccessRow[] {
  const from = Date.parse(`${monthOf(world.scope.from)}-01`);
  return rowsOf(world, { from, to: world.scope.to }).filter(isAccepted);
}

function refused(world: World) {
  return groupsOf(rowsOf(world).filter(isQuota), (row) => [
    text(row, 'customer_name'),
    planKey(row),
  ]);
}

export const plans: Readonly<Record<string, Expected>> = {
  plans(world) {
    const spans = [world.scope, previousOf(world), weekdaysOf(world)];
    const all = rowsOf(world, {
      from: Math.min(...spans.map(({ from }) => from)),
      to: world.scope.to,
    }).filter(isKnown);
    const rows = groupsOf(all, (row) => [planKey(row)]).map(({ key, rows: own }) => {
      const per = spans.map(({ from, to }) =>
        own.filter((row) => timeOf(row) >= from && timeOf(row) < to),
      );
      const compared = (measure: (rows: readonly AccessRow[]) => number | null) =>
        per.map((part, place) =>
          place === 0 || isLogged(world, spans[place] as World['scope']) ? measure(part) : null,
        );
      const now = per[0] as AccessRow[];
      const ofType = (type: string) =>
        now.filter((row) => row['error_response_type'] === type).length;
      return [
        ...key,
        nameOf(own),
        ...compared((part) => part.length),
        ...compared((part) => share(part.filter(hasFailed).length, part.length, 20)),
        ...compared((part) => distinct(part, 'customer_name')),
        distinct(now, 'api_key_id'),
        ofType('THROTTLED'),
        ofType('QUOTA_EXCEEDED'),
      ];
    });
    return sorted(rows, -3, 1).slice(0, world.scope.limit ?? 100);
  },
  'plans-over-time'(world) {
    const rows = rowsOf(world).filter(isKnown);
    const largest = sorted(
      groupsOf(rows, (row) => [planKey(row)]).map(({ key, rows: own }) => [
        ...key,
        own.length,
        nameOf(own),
      ]),
      -2,
      1,
    ).slice(0, world.scope.limit ?? 10);
    const nameFor = new Map(largest.map(([key, , name]) => [key, name ?? null]));
    return sorted(
      groupsOf(rows, (row) => [
        bucketOf(timeOf(row), world.scope),
        nameFor.has(planKey(row)) ? planKey(row) : null,
      ]).map(({ key: [time, key], rows: own }) => [
        time,
        key,
        nameFor.get(key) ?? null,
        own.length,
      ]),
      1,
      2,
    );
  },
  'plan-usage': (world) =>
    counted(
      world,
      [
        (row) => bucketOf(timeOf(row), { bucket: 'day', timeZone: world.scope.timeZone }),
        ...['usage_plan', 'domain_name', 'endpoint', 'status'].map(column),
      ],
      {
        where: isKnown,
        measures: (rows) => [distinct(rows, 'customer_name')],
        limit: 200,
      },
    ),
  'limits-by-customer'(world) {
    const rows = groupsOf(rowsOf(world), (row) => [
      text(row, 'customer_name'),
      text(row, 'usage_plan'),
    ]).flatMap(({ key, rows: own }) => {
      const limited = own.filter(isLimited);
      if (limited.length === 0) return [];
      const by = (outcome: string) => limited.filter((row) => outcomeOf(row) === outcome).length;
      const [throttled, overQuota] = [by('throttle'), by('quota')];
      return [
        [
          ...key,
          limited.length,
          throttled,
          overQuota,
          limited.length - throttled - overQuota,
          own.length,
          latest(limited),
        ],
      ];
    });
    return sorted(rows, -3, 1, 2).slice(0, world.scope.limit ?? 100);
  },
  'quota-reached'(world) {
    const rows = refused(world).map(({ key: [customer, plan], rows: own }) => {
      const first = earliest(own) as number;
      const counted = acceptedRows(world).filter(
        (row) =>
          text(row, 'customer_name') === customer &&
          planKey(row) === plan &&
          monthOf(timeOf(row)) === monthOf(first) &&
          timeOf(row) < first,
      );
      const accepted = customer === null || plan === null ? null : counted.length;
      return [customer, plan, nameOf(own), own.length, first, latest(own), accepted];
    });
    return sorted(rows, -4, 1, 2).slice(0, world.scope.limit ?? 100);
  },
  'quota-reached-by-endpoint': (world) =>
    counted(world, ['domain_name', 'endpoint', 'usage_plan'].map(column), {
      where: isQuota,
      measures: (rows) => [distinct(rows, 'customer_name'), earliest(rows), latest(rows)],
    }),
  'quota-burn-down'(world) {
    const isRefused = new Set(refused(world).map(({ key }) => JSON.stringify(key)));
    const rows = groupsOf(
      acceptedRows(world).filter((row) => {
        const key = [text(row, 'customer_name'), planKey(row)];
        return !key.includes(null) && isRefused.has(JSON.stringify(key));
      }),
      (row) => [dayOf(timeOf(row)), text(row, 'customer_name'), planKey(row)],
    );
    return sorted(
      rows.map(({ key: [day, customer, plan] }) => [
        day,
        customer,
        plan,
        rows
          .filter(
            ({ key: [other, name, id] }) =>
              name === customer && id === plan && other <= day && monthOf(other) === monthOf(day),
          )
          .reduce((total, { rows: own }) => total + own.length, 0),
      ]),
      1,
      2,
      3,
    );
  },
  'quota-refusals-over-time': (world) => series(world, column('domain_name'), { where: isQuota }),
};
