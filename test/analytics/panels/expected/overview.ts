import { outcomeOf } from './outcomes';
import {
  bucketOf,
  column,
  counted,
  DAY,
  dateOf,
  distinct,
  type Expected,
  groupsOf,
  HOUR,
  has,
  hasFailed,
  hourOf,
  integer,
  isLogged,
  listed,
  moveDate,
  previousOf,
  type Row,
  rowsOf,
  type Span,
  series,
  share,
  sorted,
  startOfDate,
  statusIn,
  timeOf,
  type World,
  weekdayOf,
  weekdaysOf,
} from './world';

const failedShare = (rows: ReturnType<typeof rowsOf>) =>
  share(rows.filter(hasFailed).length, rows.length, 20);

/** By API, endpoint and so on, with the period before. */
function withPrevious(world: World, names: readonly string[], limit: number): Row[] {
  const previous = previousOf(world);
  const before = rowsOf(world, previous);
  const known = isLogged(world, previous);
  const rows = groupsOf([...rowsOf(world), ...before], (row) =>
    names.map((name) => column(name)(row)),
  ).map(({ key, rows: all }) => {
    const now = all.filter((row) => timeOf(row) >= world.scope.from);
    const then = all.filter((row) => timeOf(row) < world.scope.from);
    return [
      ...key,
      now.length,
      known ? then.length : null,
      failedShare(now),
      known ? failedShare(then) : null,
      distinct(now, 'customer_name'),
    ];
  });
  const places = names.map((_, place) => place + 1);
  return sorted(rows, -(names.length + 1), ...places).slice(0, world.scope.limit ?? limit);
}

export const overview: Readonly<Record<string, Expected>> = {
  requests(world) {
    const rows = rowsOf(world);
    const compared = (measure: (rows: ReturnType<typeof rowsOf>) => number | null) => [
      measure(rows),
      ...[previousOf(world), weekdaysOf(world)].map((span: Span) =>
        isLogged(world, span) ? measure(rowsOf(world, span)) : null,
      ),
    ];
    return [
      [
        ...compared((all) => all.length),
        ...compared(failedShare),
        ...compared((all) => distinct(all, 'customer_name')),
        rows.filter(statusIn(200, 299)).length,
        rows.filter(statusIn(300, 399)).length,
        rows.filter(statusIn(400, 499)).length,
        rows.filter(statusIn(500, 999)).length,
      ],
    ];
  },
  traffic(world) {
    const { scope } = world;
    const spans = [scope, previousOf(world), weekdaysOf(world)];
    const moments = spans.flatMap((span, age) =>
      rowsOf(world, span).map((row) => ({
        time: bucketOf(timeOf(row) + scope.from - span.from, scope),
        moment: timeOf(row) + scope.from - span.from,
        age,
      })),
    );
    const times = [
      ...new Set(moments.filter(({ moment }) => moment < scope.to).map(({ time }) => time)),
    ];
    return times
      .toSorted((a, b) => a - b)
      .map((time) => [
        time,
        ...spans.map((span, age) =>
          age > 0 && !isLogged(world, span)
            ? null
            : moments.filter((one) => one.time === time && one.age === age && one.moment < scope.to)
                .length,
        ),
      ]);
  },
  'outcomes-over-time': (world) => series(world, outcomeOf),
  'status-classes-over-time': (world) =>
    series(world, (row) => {
      const status = integer(row, 'status');
      return status === null ? null : `${Math.max(1, Math.min(5, Math.floor(status / 100)))}xx`;
    }),
  statuses: (world) => counted(world, [column('status')]),
  'statuses-over-time': (world) => series(world, column('status')),
  forecast(world) {
    const { month, monthRows, perHour, lastMonth } = forecastOf(world);
    return [
      [
        month,
        monthRows.length,
        perHour === null ? null : monthRows.length + perHour(() => true),
        lastMonth === null ? null : lastMonth.length,
      ],
    ];
  },
  apis: (world) => withPrevious(world, ['api_id', 'stage', 'api_type'], 100),
  stages: (world) => counted(world, [column('stage')]),
  endpoints: (world) => withPrevious(world, ['http_method', 'endpoint'], 50),
  'endpoints-over-time': (world) => series(world, column('endpoint'), { top: 10 }),
  domains: (world) => counted(world, [column('domain_name')], { limit: 10 }),
  'domains-over-time': (world) => series(world, column('domain_name'), { top: 10 }),
  methods: (world) => counted(world, [column('http_method')], { where: has('http_method') }),
  protocols: (world) => counted(world, [column('protocol')], { where: has('protocol') }),
  'websocket-events': (world) =>
    counted(world, [column('event_type')], { where: has('event_type') }),
  'busy-hours'(world) {
    const { timeZone } = world.scope;
    const rows = groupsOf(rowsOf(world), (row) => [
      weekdayOf(timeOf(row), timeZone),
      hourOf(timeOf(row), timeZone),
    ]).map(({ key, rows: own }) => [...key, own.length]);
    return sorted(rows, 1, 2);
  },
  'find-request': (world) =>
    listed(world, [
      'time',
      'customer_name',
      'usage_plan',
      'api_key_id',
      'api_id',
      'stage',
      'domain_name',
      'http_method',
      'path',
      'route_key',
      'status',
      'error_response_type',
      'error_message',
      'response_latency',
      'integration_latency',
      'authorizer_latency',
      'response_length',
      'source_ip',
      'user_agent',
      'request_id',
      'extended_request_id',
      'xray_trace_id',
    ]),
  'recent-successes': (world) =>
    listed(
      world,
      [
        'time',
        'customer_name',
        'api_id',
        'stage',
        'domain_name',
        'http_method',
        'path',
        'route_key',
        'status',
        'response_latency',
        'request_id',
      ],
      { where: statusIn(200, 299) },
    ),
};

/** The month that the scope ends in, hour by hour. */
export function forecastOf(world: World) {
  const { to, timeZone } = world.scope;
  const first = `${dateOf(to - 1, timeZone).slice(0, 7)}-01`;
  const next = `${moveDate(first, 31).slice(0, 7)}-01`;
  const last = `${moveDate(first, -1).slice(0, 7)}-01`;
  const month = startOfDate(first, timeZone);
  const end = startOfDate(next, timeZone);
  const lastSpan = { from: startOfDate(last, timeZone), to: month };
  const slotOf = (instant: number) =>
    `${weekdayOf(instant, timeZone)} ${hourOf(instant, timeZone)}`;
  const since = to - 35 * DAY;
  const oldest = Math.min(
    ...world.requests.map(timeOf).filter((time) => time >= since && time < to),
  );
  const weeks = Math.min(4, Math.floor((to - oldest) / (7 * DAY)));
  const left: { slot: string; part: number }[] = [];
  for (let start = to; start < end; ) {
    const stop = Math.min(end, Math.floor(start / HOUR) * HOUR + HOUR);
    left.push({ slot: slotOf(start), part: (stop - start) / HOUR });
    start = stop;
  }
  const past = rowsOf(world, { from: to - weeks * 7 * DAY, to });
  return {
    month,
    monthRows: rowsOf(world, { from: month, to }),
    lastMonth: isLogged(world, lastSpan) ? rowsOf(world, lastSpan) : null,
    perHour:
      weeks >= 1
        ? (belongs: (row: (typeof past)[number]) => boolean) => {
            const counts = new Map<string, number>();
            for (const row of past.filter(belongs)) {
              const slot = slotOf(timeOf(row));
              counts.set(slot, (counts.get(slot) ?? 0) + 1);
            }
            return left.reduce(
              (total, { slot, part }) => total + ((counts.get(slot) ?? 0) * part) / weeks,
              0,
            );
          }
        : null,
  };
}
