/**
 * What the catalog costs an account, and what it costs a batch: containers that start together, an
 * hour at rest, an hour in which a key is replaced every minute, and the time from a new key to its
 * first attributed line. Simulated time, real code: see `catalog-world`.
 *
 *   npm run bench:catalog                 prints the tables; some minutes
 *   npm run bench:catalog -- --quick      fewer of everything
 *   npm run bench:catalog -- --first      one table: first starts, and likewise
 *                                         --start, --calls, --new-key
 *   npm run bench:catalog -- --record     writes bench/catalog.md
 */

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { VirtualTime } from './catalog-virtual-time';
import { World, type WorldOptions } from './catalog-world';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const KEYS_PER_PLAN = 33;
const EVENT_DELAY_MS = 10 * SECOND;

const time = new VirtualTime();
time.install();

const isQuick = process.argv.includes('--quick');
const tableNames = ['--first', '--start', '--calls', '--new-key'] as const;
const wanted = tableNames.filter((name) => process.argv.includes(name));
const isWanted = (name: (typeof tableNames)[number]) =>
  wanted.length === 0 || wanted.includes(name);
const planCounts = isQuick ? [10, 100] : [10, 100, 300];
const firstPlanCounts = isQuick ? [0, 1, 300] : [0, 1, 300, 1000, 3000];
const firstContainerCounts = isQuick ? [1, 50] : [1, 10, 50];
const containerCounts = isQuick ? [1, 6] : [1, 3, 6, 50];

interface Start {
  readonly p50Ms: number;
  readonly maxMs: number;
  readonly failed: number;
}

/** Containers that start together, each with a batch; a failed batch comes again up to three times. */
async function start(options: WorldOptions, containers: number): Promise<Start> {
  const world = await worldOf(options);
  const startedAt = time.now;
  let failed = 0;
  const times = await Promise.all(
    Array.from({ length: containers }, async () => {
      const handler = world.container();
      for (let attempt = 0; attempt < 4; attempt++) {
        try {
          await handler(batchOf([{ keyId: 'key0x0', at: time.now }]));
          return time.now - startedAt;
        } catch {
          failed++;
        }
      }
      return Number.POSITIVE_INFINITY;
    }),
  );
  const sorted = times.sort((a, b) => a - b);
  return { p50Ms: middle(sorted), maxMs: sorted.at(-1) ?? 0, failed };
}

interface FirstStart {
  readonly p50Ms: number;
  readonly maxMs: number;
  readonly failed: number;
  readonly snapshotMs: number;
  readonly calls: number;
  readonly mostInTenSeconds: number;
}

/** Containers and crawler that start together where nothing is stored; a failed batch comes again. */
async function firstStart(options: WorldOptions, containers: number): Promise<FirstStart> {
  const world = new World(time, options);
  const startedAt = time.now;
  const schedule = setTimeout(function again() {
    world.schedule();
    setTimeout(again, 15 * MINUTE);
  }, 15 * MINUTE);
  let failed = 0;
  const times = await Promise.all(
    Array.from({ length: containers }, async () => {
      const handler = world.container();
      for (;;) {
        try {
          await handler(batchOf([{ keyId: 'key0x0', at: time.now }]));
          return time.now - startedAt;
        } catch {
          failed++;
          await time.sleep(SECOND);
        }
        if (time.now - startedAt > 60 * MINUTE) return Number.POSITIVE_INFINITY;
      }
    }),
  );
  clearTimeout(schedule);
  const sorted = times.sort((a, b) => a - b);
  return {
    p50Ms: middle(sorted),
    maxMs: sorted.at(-1) ?? 0,
    failed,
    snapshotMs: (world.object?.at ?? Number.POSITIVE_INFINITY) - startedAt,
    calls: world.calls,
    mostInTenSeconds: mostIn(10, world.callsIn),
  };
}

/** The most calls in so many seconds that follow each other. */
function mostIn(seconds: number, callsIn: ReadonlyMap<number, number>): number {
  const within = (from: number) =>
    Array.from({ length: seconds }, (_, n) => callsIn.get(from + n) ?? 0).reduce((a, b) => a + b);
  return Math.max(0, ...Array.from(callsIn.keys(), within));
}

/** Calls in an hour, after all have started; with a key replaced every minute, or at rest. */
async function hour(options: WorldOptions, containers: number, isRotating: boolean) {
  const world = await worldOf(options);
  const handlers = Array.from({ length: containers }, () => world.container());
  let newest = 'key0x0';
  const deliver = async (index: number) => {
    const keyIds = [newest, `key${index % options.plans}x1`];
    await handlers[index]?.(batchOf(keyIds.map((keyId) => ({ keyId, at: time.now })))).catch(
      () => {},
    );
  };
  await Promise.all(handlers.map((_, index) => deliver(index)));
  const [calls, crawls] = [world.calls, world.crawls];

  const sweeps = options.isShared ? everyFor(15 * MINUTE, () => world.schedule()) : undefined;
  const changes = isRotating
    ? everyFor(MINUTE, (round) => {
        const plan = `plan${(round * 7) % options.plans}`;
        world.change('Create', plan, `new${round}`);
        if (round > 0) {
          const former = `plan${((round - 1) * 7) % options.plans}`;
          world.change('Delete', former, `new${round - 1}`);
        }
        newest = `new${round}`;
      })
    : undefined;
  const batches = handlers.map(async (_, index) => {
    await time.sleep((index * MINUTE) / containers);
    await everyFor(MINUTE, () => deliver(index));
  });
  await Promise.all([sweeps, changes, ...batches]);
  return { calls: world.calls - calls, crawls: world.crawls - crawls };
}

/**
 * From a key's creation to its first attributed line, with a request every second from the creation on
 * and a batch every minute, as Firehose buffers by default; how long the longest such batch took, and
 * how many lines came too early to be attributed.
 */
async function staleness(options: WorldOptions) {
  const world = await worldOf(options);
  const handler = world.container();
  await handler(batchOf([{ keyId: 'key0x0', at: time.now }]));
  const delays: number[] = [];
  const waits: number[] = [];
  let unattributed = 0;
  for (let round = 0; round < 20; round++) {
    // Wherever in the minute a key is made.
    await time.sleep(20 * MINUTE + round * 3 * SECOND);
    await handler(batchOf([{ keyId: 'key0x0', at: time.now }]));
    const keyId = `new${round}`;
    await time.sleep(round * 3 * SECOND);
    const createdAt = time.now;
    world.change('Create', `plan${round % options.plans}`, keyId);
    let delay: number | undefined;
    for (let at = createdAt; delay === undefined; ) {
      const untilFlush = MINUTE - ((at - createdAt + round * 3 * SECOND) % MINUTE);
      await time.sleep(untilFlush);
      const seconds = Math.ceil(untilFlush / SECOND);
      const lines = Array.from({ length: seconds }, (_, n) => ({ keyId, at: at + n * SECOND }));
      at += untilFlush;
      const startedAt = time.now;
      const plans = plansOf(await handler(batchOf(lines)));
      at += time.now - startedAt;
      const missed = plans.filter((plan) => plan === '-').length;
      unattributed += missed;
      waits.push(time.now - startedAt);
      if (missed < plans.length) delay = time.now - createdAt;
    }
    delays.push(delay);
  }
  return {
    p50Ms: middle(delays.sort((a, b) => a - b)),
    maxMs: Math.max(...delays),
    waitMs: Math.max(...waits),
    unattributed,
  };
}

async function everyFor(ms: number, act: (round: number) => unknown): Promise<void> {
  for (let round = 0; round * ms < 60 * MINUTE; round++) {
    await Promise.all([act(round), time.sleep(ms)]);
  }
}

async function worldOf(options: WorldOptions): Promise<World> {
  const world = new World(time, options);
  if (options.isShared) {
    world.schedule();
    // The first crawl is through, and the account's limits are as if nothing had been.
    await time.sleep(5 * MINUTE);
  }
  return world;
}

function batchOf(lines: readonly { readonly keyId: string; readonly at: number }[]) {
  const text = lines.map(({ keyId, at }) =>
    JSON.stringify({ apiKeyId: keyId, apiId: 'orders', stage: 'prod', requestTimeEpoch: at }),
  );
  const data = Buffer.from(`${text.join('\n')}\n`).toString('base64');
  return { records: [{ recordId: 'r', data }] };
}

function plansOf({ records }: { records: { data?: string }[] }): string[] {
  const text = Buffer.from(records[0]?.data ?? '', 'base64')
    .toString()
    .trimEnd();
  return text.split('\n').map((line) => JSON.parse(line).usage_plan);
}

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

const seconds = (ms: number) => (Number.isFinite(ms) ? (ms / SECOND).toFixed(1) : 'never');

async function main(): Promise<string> {
  const out: string[] = [];
  const row = (...cells: unknown[]) => out.push(`| ${cells.join(' | ')} |`);
  const table = (...names: string[]) => {
    out.push('');
    row(...names);
    row(...names.map(() => '---'));
  };
  const simulate = async <T>(work: () => Promise<T>): Promise<T> => {
    const result = await time.until(work());
    time.clear();
    return result;
  };

  /** Calls of one container: by itself each causes as many, with the shared catalog all together do. */
  const hours = async () => {
    out.push('', '## Control-plane calls in an hour, one container');
    table(
      'plans',
      'by itself: at rest',
      'a key a minute',
      'shared: at rest',
      'a key a minute, events',
      'crawls',
      'a key a minute, no events',
      'crawls',
    );
    for (const plans of planCounts) {
      const own = { plans, keysPerPlan: KEYS_PER_PLAN, isShared: false };
      const shared = { ...own, isShared: true };
      const withEvents = { ...shared, eventDelayMs: EVENT_DELAY_MS };
      const rest = await simulate(() => hour(own, 1, false));
      const rotation = await simulate(() => hour(own, 1, true));
      const sharedRest = await simulate(() => hour(shared, 1, false));
      const events = await simulate(() => hour(withEvents, 1, true));
      const noEvents = await simulate(() => hour(shared, 1, true));
      const cells = [
        ...[plans, rest.calls, rotation.calls, sharedRest.calls],
        ...[events.calls, events.crawls, noEvents.calls, noEvents.crawls],
      ];
      row(...cells);
      console.error(cells.join('  '));
    }
  };

  const firstStarts = async () => {
    out.push('', '## A first start: no object yet, crawler and containers at once');
    table(
      'plans',
      'keys',
      'containers',
      'first attributed batch: p50 s',
      'max s',
      'failed batches',
      'snapshot after s',
      'calls',
      'most in ten seconds',
    );
    for (const plans of firstPlanCounts) {
      for (const containers of plans <= 300 ? firstContainerCounts : [1, 50]) {
        const keysPerPlan = plans > 300 ? Math.ceil(10_000 / plans) : KEYS_PER_PLAN;
        const options = { plans, keysPerPlan, isShared: true };
        const it = await simulate(() => firstStart(options, containers));
        const cells = [
          ...[plans, plans * keysPerPlan, containers],
          ...[seconds(it.p50Ms), seconds(it.maxMs), it.failed],
          ...[seconds(it.snapshotMs), it.calls, it.mostInTenSeconds],
        ];
        row(...cells);
        console.error(cells.join('  '));
      }
    }
  };

  const starts = async () => {
    out.push('', '## Containers that start together, the object is there');
    table(
      'plans',
      'containers',
      'each its own: p50 s',
      'max s',
      'failed batches',
      'shared: p50 s',
      'max s',
      'failed batches',
    );
    for (const plans of planCounts) {
      for (const containers of containerCounts) {
        const cells: unknown[] = [plans, containers];
        for (const isShared of [false, true]) {
          const options = { plans, keysPerPlan: KEYS_PER_PLAN, isShared };
          const { p50Ms, maxMs, failed } = await simulate(() => start(options, containers));
          cells.push(seconds(p50Ms), seconds(maxMs), failed);
        }
        row(...cells);
        console.error(cells.join('  '));
      }
    }
  };

  const newKeys = async () => {
    out.push('', '## From CreateUsagePlanKey to the first attributed line');
    table('plans', 'catalog', 'p50 s', 'max s', 'longest batch s', 'lines that came too early');
    for (const plans of planCounts) {
      const own = { plans, keysPerPlan: KEYS_PER_PLAN, isShared: false };
      const cases: [string, WorldOptions][] = [
        ['each its own', own],
        ['shared, events', { ...own, isShared: true, eventDelayMs: EVENT_DELAY_MS }],
        ['shared, no events', { ...own, isShared: true }],
      ];
      for (const [name, options] of cases) {
        const { p50Ms, maxMs, waitMs, unattributed } = await simulate(() => staleness(options));
        const cells = [plans, name, seconds(p50Ms), seconds(maxMs), seconds(waitMs), unattributed];
        row(...cells);
        console.error(cells.join('  '));
      }
    }
  };

  if (isWanted('--first')) await firstStarts();
  if (isWanted('--start')) await starts();
  if (isWanted('--calls')) await hours();
  if (isWanted('--new-key')) await newKeys();
  return out.join('\n').trim();
}

main().then((tables) => {
  console.log(tables);
  if (process.argv.includes('--record')) {
    const machine = `${cpus()[0]?.model}, Node ${process.version}`;
    const text = `# The catalog, simulated\n\nWritten by \`npm run bench:catalog -- --record\` (${machine}).\n\n${tables}\n`;
    writeFileSync(join(__dirname, 'catalog.md'), text);
  }
  process.exit(0);
});
