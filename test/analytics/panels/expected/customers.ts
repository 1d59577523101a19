import type { AccessRow } from '../../../support/access-table';
import { forecastOf } from './overview';
import {
  bucketOf,
  column,
  counted,
  DAY,
  dateOf,
  distinct,
  type Expected,
  earliest,
  groupsOf,
  has,
  hasFailed,
  integer,
  isLogged,
  latest,
  moveDate,
  previousOf,
  rowsOf,
  series,
  share,
  sorted,
  startOfDate,
  sum,
  text,
  timeOf,
  type World,
  weekdayOf,
  weekdaysOf,
} from './world';

const nameOf = (row: AccessRow) => text(row, 'customer_name');

/** A customer's requests up to the end of the scope, as far as panels look back. */
function histories(world: World) {
  const { to, timeZone } = world.scope;
  const from = startOfDate(moveDate(dateOf(to, timeZone), -400), timeZone);
  return groupsOf(rowsOf(world, { from, to }).filter(has('customer_name')), (row) => [
    nameOf(row) as string,
  ]).map(({ key: [name], rows }) => ({ name, rows }));
}

function movements(world: World) {
  const { from, to } = world.scope;
  const previous = previousOf(world);
  return histories(world).map(({ name, rows }) => {
    const within = (start: number, end: number) =>
      rows.filter((row) => timeOf(row) >= start && timeOf(row) < end).length;
    const now = within(from, to);
    const then = within(previous.from, previous.to);
    const earlier = within(0, previous.from);
    let movement: string | null = null;
    if (now > 0 && then === 0) movement = earlier === 0 ? 'new' : 'returning';
    if (now === 0 && then > 0) movement = 'silent';
    return { name, rows, now, then, movement };
  });
}

const failedShare = (rows: readonly AccessRow[]) =>
  share(rows.filter(hasFailed).length, rows.length, 20);

export const customers: Readonly<Record<string, Expected>> = {
  'customer-counts'(world) {
    const all = movements(world);
    const known = isLogged(world, previousOf(world));
    const moved = (kind: string) =>
      known ? all.filter(({ movement }) => movement === kind).length : null;
    return [
      [
        all.filter(({ now }) => now > 0).length,
        known ? all.filter(({ then }) => then > 0).length : null,
        moved('new'),
        moved('returning'),
        moved('silent'),
      ],
    ];
  },
  customers(world) {
    const spans = [world.scope, previousOf(world), weekdaysOf(world)];
    // One pass over all that lies between them.
    const all = rowsOf(world, {
      from: Math.min(...spans.map(({ from }) => from)),
      to: world.scope.to,
    }).filter(has('customer_name'));
    const rows = groupsOf(all, (row) => [nameOf(row)]).map(({ key, rows: own }) => {
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
        ...compared((part) => part.length),
        ...compared(failedShare),
        distinct(now, 'api_key_id'),
        ofType('THROTTLED'),
        ofType('QUOTA_EXCEEDED'),
        sum(now.map((row) => integer(row, 'response_length'))),
        earliest(now),
        latest(now),
      ];
    });
    return sorted(rows, -2, 1).slice(0, world.scope.limit ?? 500);
  },
  'customers-over-time': (world) => series(world, nameOf, { top: 10 }),
  movers(world) {
    if (!isLogged(world, previousOf(world))) return [];
    const changes = movements(world)
      .filter(({ now, then }) => now + then > 0)
      .map(({ name, now, then }) => [
        name,
        now,
        then,
        now - then,
        then === 0 ? null : (100 * (now - then)) / then,
      ]);
    const limit = 10;
    const isRise = ([, , , change]: (typeof changes)[number]) => Number(change) > 0;
    const isFall = ([, , , change]: (typeof changes)[number]) => Number(change) < 0;
    const rises = sorted(changes.filter(isRise), -4, 1).slice(0, limit);
    const falls = sorted(changes.filter(isFall), 4, 1).slice(0, limit);
    return sorted([...rises, ...falls], -4, 1);
  },
  'customer-movements'(world) {
    const previous = previousOf(world);
    if (!isLogged(world, previous)) return [];
    const { timeZone } = world.scope;
    const toldMoment = (moment: number | null) =>
      moment !== null && moment < previous.from
        ? bucketOf(moment, { bucket: 'hour', timeZone })
        : moment;
    const rows = movements(world)
      .filter(({ movement }) => movement !== null)
      .map(({ name, rows: own, now, then, movement }) => [
        movement,
        name,
        now,
        then,
        toldMoment(earliest(own)),
        toldMoment(latest(own)),
        now + then,
      ]);
    return sorted(rows, 1, -7, 2)
      .slice(0, world.scope.limit ?? 300)
      .map((row) => row.slice(0, 6));
  },
  retention(world) {
    const { to, timeZone } = world.scope;
    const mondayOf = (instant: number) =>
      moveDate(dateOf(instant, timeZone), 1 - weekdayOf(instant, timeZone));
    const active = histories(world).map(({ rows }) => [
      ...new Set(rows.map((row) => mondayOf(timeOf(row)))),
    ]);
    const firstOf = (mondays: string[]) => mondays.toSorted()[0] as string;
    const oldest = moveDate(mondayOf(to - 1), -7 * 11);
    const cohorts = [...new Set(active.map(firstOf))].filter((monday) => monday >= oldest);
    return cohorts.toSorted().flatMap((cohort) => {
      const members = active.filter((mondays) => firstOf(mondays) === cohort);
      const ages = [...new Set(members.flat())].toSorted();
      return ages.map((monday) => {
        const there = members.filter((mondays) => mondays.includes(monday)).length;
        return [
          startOfDate(cohort, timeZone),
          (Date.parse(monday) - Date.parse(cohort)) / (7 * DAY),
          there,
          members.length,
          (100 * there) / members.length,
        ];
      });
    });
  },
  anomalies(world) {
    const { from, to, timeZone } = world.scope;
    const end = dateOf(to, timeZone);
    const first = dateOf(from, timeZone);
    const isWhole = startOfDate(first, timeZone) === from;
    const looked = [
      isWhole ? first : moveDate(first, 1),
      moveDate(end, -31),
    ].toSorted()[1] as string;
    const days: string[] = [];
    for (let day = moveDate(looked, -28); day < end; day = moveDate(day, 1)) days.push(day);
    const rows = rowsOf(world, {
      from: startOfDate(days[0] ?? end, timeZone),
      to: startOfDate(end, timeZone),
    }).filter(has('customer_name'));
    const found = groupsOf(rows, (row) => [nameOf(row)]).flatMap(({ key, rows: own }) => {
      const counts = new Map<string, number>();
      for (const row of own) {
        const day = dateOf(timeOf(row), timeZone);
        counts.set(day, (counts.get(day) ?? 0) + 1);
      }
      const firstDay = [...counts.keys()].toSorted()[0] as string;
      const filled = days
        .filter((day) => day >= firstDay)
        .map((day) => ({ day, requests: counts.get(day) ?? 0 }));
      return filled.flatMap(({ day, requests }, place) => {
        const before = filled.slice(Math.max(0, place - 28), place).map((one) => one.requests);
        if (day < looked || before.length < 7) return [];
        const mean = before.reduce((total, one) => total + one, 0) / before.length;
        if (requests < 20 && mean < 20) return [];
        const squares = before.reduce((total, one) => total + (one - mean) ** 2, 0);
        const deviation = Math.sqrt(squares / (before.length - 1));
        const score = (requests - mean) / Math.max(deviation, Math.sqrt(mean), 1);
        if (Math.abs(score) < 3) return [];
        return [[startOfDate(day, timeZone), ...key, requests, mean, score, Math.abs(score)]];
      });
    });
    return sorted(found, -6, 1, 2)
      .slice(0, world.scope.limit ?? 50)
      .map((row) => row.slice(0, 5));
  },
  'customer-forecast'(world) {
    const { monthRows, perHour, lastMonth } = forecastOf(world);
    const seen = [...monthRows, ...lastMonthRows(world)].filter(has('customer_name'));
    const names = new Set(seen.map((row) => nameOf(row) as string));
    const rows = [...names].map((name) => {
      const belongs = (row: AccessRow) => nameOf(row) === name;
      const so = monthRows.filter(belongs).length;
      return [
        name,
        so,
        perHour === null ? null : so + perHour(belongs),
        lastMonth === null ? null : lastMonth.filter(belongs).length,
      ];
    });
    return sorted(rows, -3, -2, 1).slice(0, world.scope.limit ?? 100);
  },
  'user-agents': (world) =>
    counted(world, [column('user_agent')], {
      where: has('user_agent'),
      measures: (rows) => [distinct(rows, 'customer_name')],
      limit: 10,
    }),
  'user-agents-over-time': (world) => series(world, column('user_agent'), { top: 10 }),
  clients: (world) =>
    counted(
      world,
      [nameOf, (row) => (text(row, 'user_agent') as string).split(' ')[0]?.split('/')[0] ?? ''],
      {
        where: has('user_agent'),
        measures: (rows) => [earliest(rows), latest(rows)],
        limit: 200,
      },
    ),
};

function lastMonthRows(world: World): AccessRow[] {
  const { to, timeZone } = world.scope;
  const first = `${dateOf(to - 1, timeZone).slice(0, 7)}-01`;
  const last = `${moveDate(first, -1).slice(0, 7)}-01`;
  return rowsOf(world, {
    from: startOfDate(last, timeZone),
    to: startOfDate(first, timeZone),
  });
}
