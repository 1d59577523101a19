/**
 * What a page weighs and how fast it filters, with cubes as ten million requests of 500 customers in
 * 31 days would make them: seeded, without an engine. Exits with 1 where a bound is missed.
 */

import { deflateRawSync } from 'node:zlib';
import type { Cube, Cubes, DimensionValue, Slot } from '../analytics/cubes/cube';
import { cubeDefinitions } from '../analytics/cubes/definitions';
import { encodePayload } from '../analytics/cubes/encode';
import { livePanels, liveRows } from '../analytics/live/all';
import { coursesOf } from '../analytics/live/courses';
import { panelOf, panels } from '../analytics/panels/all';
import type { Scope } from '../analytics/panels/panel';
import { seeded } from '../analytics/sample/seeded';
import { DAY, HOUR } from '../analytics/time-zone';

const REQUESTS = 10_000_000;
const CUSTOMERS = 500;
const DAYS = 31;
const MAX_BYTES = 6_000_000;
/** Milliseconds of a processor for what a window shows of a page. */
const MAX_FILTER = 200;

const from = Date.UTC(2026, 9, 1);
const source = seeded(7);
const statuses = [
  { status: 200, outcome: 'ok', type: null, share: 0.9 },
  { status: 201, outcome: 'ok', type: null, share: 0.05 },
  { status: 404, outcome: 'caller', type: null, share: 0.02 },
  { status: 400, outcome: 'caller', type: null, share: 0.012 },
  { status: 429, outcome: 'throttle', type: 'THROTTLED', share: 0.01 },
  { status: 500, outcome: 'integration', type: null, share: 0.005 },
  { status: 502, outcome: 'integration', type: 'INTEGRATION_FAILURE', share: 0.003 },
] as const;

interface Caller {
  readonly who: Readonly<Record<string, string>>;
  readonly perDay: number;
}

const weights = Array.from({ length: CUSTOMERS }, (_, rank) => 1 / (rank + 3));
const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
const callers = weights.flatMap((weight, rank): Caller[] => {
  const apis = [0.7, 0.3].slice(0, source.chance(0.5) ? 2 : 1);
  const whole = apis.reduce((sum, share) => sum + share, 0);
  return apis.map((share, index) => ({
    who: {
      customer_name: `Customer ${String(rank).padStart(3, '0')} Ltd`,
      usage_plan_id: `plan${rank % 6}`,
      usage_plan: `Plan ${rank % 6}`,
      api_id: `api${(rank + 2 * index) % 5}`,
      stage: 'prod',
      api_type: 'REST',
      api_key_id: `key${rank}`,
    },
    perDay: (REQUESTS / DAYS) * (weight / totalWeight) * (share / whole),
  }));
});

type Row = Record<string, DimensionValue>;

/** A cube of rows that come in the order of a statement's. */
class CubeWriter {
  readonly #values = new Map<string, Map<DimensionValue, number>>();
  readonly #indexes = new Map<string, number[]>();
  readonly #measures = new Map<string, number[]>();
  readonly #name: string;
  readonly #slot: Slot;

  constructor(name: string, slot: Slot) {
    this.#name = name;
    this.#slot = slot;
  }

  add(row: Row, measures: Record<string, number>): void {
    for (const name of cubeDefinitions.find((it) => it.name === this.#name)?.dimensions ?? []) {
      const values = this.#values.get(name) ?? new Map();
      this.#values.set(name, values);
      const value = row[name] ?? null;
      if (!values.has(value)) values.set(value, values.size);
      const indexes = this.#indexes.get(name) ?? [];
      this.#indexes.set(name, indexes);
      indexes.push(values.get(value));
    }
    for (const [name, value] of Object.entries(measures)) {
      const list = this.#measures.get(name) ?? [];
      this.#measures.set(name, list);
      list.push(value);
    }
  }

  cube(): Cube {
    const dimensions = Object.fromEntries(
      Array.from(this.#indexes, ([name, indexes]) => [
        name,
        { values: [...(this.#values.get(name)?.keys() ?? [])], indexes: Uint32Array.from(indexes) },
      ]),
    );
    const measures = Object.fromEntries(
      Array.from(this.#measures, ([name, list]) => [name, Float64Array.from(list)]),
    );
    const rowCount = this.#indexes.get('time')?.length ?? 0;
    return { name: this.#name, slot: this.#slot, rowCount, dimensions, measures };
  }
}

function slotsOf(slot: Slot): number[] {
  const length = slot === 'hour' ? HOUR : DAY;
  return Array.from({ length: (DAYS * DAY) / length }, (_, place) => from + place * length);
}

/** Rows of each caller and group, over time. */
function filled(
  name: string,
  slot: Slot,
  groupsOf: (caller: Caller) => readonly { row: Row; share: number }[],
  more: (count: number) => Record<string, number> = () => ({}),
): Cube {
  const writer = new CubeWriter(name, slot);
  for (const caller of callers) {
    for (const { row, share } of groupsOf(caller)) {
      for (const time of slotsOf(slot)) {
        const hour = (time / HOUR) % 24;
        const rhythm = slot === 'hour' ? (0.4 + Math.sin((hour / 24) * Math.PI) * 0.95) / 24 : 1;
        const count = source.count(caller.perDay * rhythm * share);
        if (count > 0)
          writer.add({ ...caller.who, ...row, time }, { requests: count, ...more(count) });
      }
    }
  }
  return writer.cube();
}

const ofStatus = () =>
  statuses.map(({ status, outcome, type, share }) => ({
    row: { status, outcome, error_response_type: type },
    share,
  }));

function makeCubes(): Cubes {
  const bytes = (count: number) => ({ bytes: source.around(count * 1800, 0.3) });
  const sums = (count: number) => ({
    responses: count,
    response_ms: source.around(count * 90, 0.3),
    integrations: count,
    integration_ms: source.around(count * 80, 0.3),
    authorizers: 0,
    authorizer_ms: 0,
    lengths: count,
    length_ms: source.around(count * 1800, 0.3),
    overheads: count,
    overhead_ms: source.around(count * 10, 0.3),
    underhead_ms: 0,
  });
  const traffic = filled('traffic', 'hour', ofStatus, bytes);
  const limit = cubeDefinitions.find(({ name }) => name === 'traffic')?.maxRows.hour ?? 0;
  const made: Record<string, Cube> = {
    traffic: traffic.rowCount <= limit ? traffic : filled('traffic', 'day', ofStatus, bytes),
    endpoints: filled('endpoints', 'day', ({ who }) =>
      [0.4, 0.2, 0.15, 0.1, 0.08, 0.07].flatMap((share, place) =>
        statuses.slice(0, 4).map((it) => ({
          row: {
            domain_name: `${who['api_id']}.example.com`,
            http_method: place % 2 ? 'POST' : 'GET',
            endpoint: `/things/${place}/{id}`,
            protocol: 'HTTP/1.1',
            status: it.status,
          },
          share: share * it.share,
        })),
      ),
    ),
    agents: filled('agents', 'day', () =>
      [0.8, 0.2].map((share, place) => ({ row: { user_agent: `sdk/${place}` }, share })),
    ),
    places: filled('places', 'day', () =>
      ['DE', 'US', 'FR'].map((country) => ({ row: { country, is_failed: 0 }, share: 1 / 3 })),
    ),
    latencies: filled('latencies', 'day', () =>
      Array.from({ length: 25 }, (_, step) => ({
        row: { step: 30 + step, latency_range: Math.floor(step / 4) },
        share: Math.exp(-((step - 12) ** 2) / 30) / 9.7,
      })),
    ),
    times: filled('times', 'day', () => [{ row: {}, share: 1 }], sums),
  };
  return Object.fromEntries(
    Object.entries(made).filter(([name, { rowCount, slot }]) => {
      const limits = cubeDefinitions.find((it) => it.name === name)?.maxRows;
      return rowCount <= (limits?.[slot] ?? 0);
    }),
  );
}

const cubes = makeCubes();
for (const { name, slot, rowCount } of Object.values(cubes)) {
  const size = deflateRawSync(encodePayload(null, { [name]: cubes[name] as Cube })).length;
  console.log(`${name} by ${slot}s: ${rowCount} rows, ${Math.round(size / 1000)} kB`);
}
const size = Math.ceil((deflateRawSync(encodePayload(null, cubes), { level: 9 }).length * 4) / 3);
console.log(`data in the page: ${(size / 1e6).toFixed(2)} MB (at most ${MAX_BYTES / 1e6})`);

const whole: Scope = { from, to: from + DAYS * DAY, timeZone: 'UTC', bucket: 'day', filter: {} };
const scopes: readonly [string, Scope][] = [
  ['a customer', { ...whole, filter: { customer: 'Customer 000 Ltd' } }],
  ['a plan', { ...whole, filter: { plan: 'plan1' } }],
  ['half of the time', { ...whole, from: from + 15 * DAY }],
];
/** What a window of 900 pixels shows at first. */
const seen = panels.filter(({ page }) => page === 'overview').slice(0, 4);

/** Milliseconds that a processor was busy: other programs of the machine do not count. */
function processorTime(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

let slowest = 0;
for (const [title, scope] of scopes) {
  const times = Array.from({ length: 5 }, () => {
    const selections = new Map();
    return processorTime(() => {
      for (const panel of seen) {
        liveRows(panel, cubes, scope, selections);
        coursesOf(panel.id, cubes, scope, selections);
      }
    });
  });
  const time = Math.min(...times);
  slowest = Math.max(slowest, time);
  console.log(`filter by ${title}: ${time.toFixed(0)} ms for what is seen (at most ${MAX_FILTER})`);
}
const each = Object.keys(livePanels).map((id) => {
  return { id, time: processorTime(() => liveRows(panelOf(id), cubes, whole)) };
});
each.sort((one, other) => other.time - one.time);
console.log(
  `slowest panels of all rows: ${each
    .slice(0, 5)
    .map(({ id, time }) => `${id} ${time.toFixed(0)} ms`)
    .join(', ')}`,
);
if (size > MAX_BYTES || slowest > MAX_FILTER) process.exitCode = 1;
