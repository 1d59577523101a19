import { Catalog, type CatalogKey, planFor } from '../../../lambda/core/catalog/catalog';
import type { Snapshot } from '../../../lambda/core/catalog/snapshot';
import type { UsagePlan } from '../../../lambda/core/catalog/usage-plan';
import { Crawler, type CrawlerOptions, type CrawlerSources } from '../../../lambda/crawler/crawler';
import { type Message, readMessage } from '../../../lambda/crawler/message';
import { SnapshotConflict, type SnapshotStore } from '../../../lambda/crawler/snapshot-store';
import { accountEvent } from '../../support/account-changes';

const MINUTE = 60_000;
const sweep: Message = { kind: 'sweep' };

/** An account, a store and a clock; the calls that each run makes, by plan. */
class World {
  now = 1_700_000_000_000;
  plans: Record<string, string[]> = { p1: ['k1'], p2: ['k2'], p3: ['k3'] };
  held: Snapshot | undefined;
  tag = 0;
  writes = 0;
  calls: string[] = [];
  onList: () => void = () => {};
  /** Plans whose keys cannot be read; keys that cannot be asked for. */
  readonly broken = new Set<string>();
  storeTime: number | undefined;
  isRestored = false;
  /** What was put into the queue. */
  queue: Message[] = [];

  readonly sources: CrawlerSources = {
    list: async () => {
      this.calls.push('plans');
      const plans = this.account().map(({ keys: _, ...plan }) => plan);
      this.onList();
      return { plans };
    },
    keysOf: async (planId) => {
      this.calls.push(planId);
      if (this.broken.has(planId)) throw new Error(`${planId} fails`);
      return this.account().find(({ id }) => id === planId)?.keys ?? [];
    },
    ask: async (keyId) => {
      this.calls.push(`key ${keyId}`);
      if (this.broken.has(keyId)) throw new Error(`${keyId} fails`);
      return this.account()
        .map((plan) => ({ ...plan, keys: plan.keys.filter(({ id }) => id === keyId) }))
        .filter(({ keys }) => keys.length > 0);
    },
  };

  readonly store: SnapshotStore = {
    read: async () => ({
      snapshot: this.held,
      tag: this.held && String(this.tag),
      storeTime: this.storeTime,
      isRestored: this.isRestored,
    }),
    replace: async ({ tag }, snapshot) => {
      if (tag !== (this.held && String(this.tag))) throw new SnapshotConflict();
      this.held = snapshot;
      this.tag++;
      this.writes++;
      this.isRestored = false;
      return { tag: String(this.tag), bytes: 1, dropped: 0 };
    },
  };

  account(): UsagePlan[] {
    return Object.entries(this.plans).map(([id, keyIds]) => ({
      id,
      apiStages: [{ apiId: 'orders', stage: 'prod' }],
      keys: keyIds.map((keyId) => ({ id: keyId, name: keyId })),
    }));
  }

  options(): CrawlerOptions {
    return {
      sources: this.sources,
      store: this.store,
      requeue: async (message) => {
        this.queue.push(readMessage(JSON.stringify(message)));
      },
      now: () => this.now,
      graceMs: 24 * 60 * MINUTE,
      absentMs: 5 * MINUTE,
      callsPerPart: 24,
      callsPerFirstPart: 150,
      callsPerMinute: 60,
      rewriteMs: 60 * MINUTE,
    };
  }

  crawler(): Crawler {
    return new Crawler(this.options());
  }

  /** A call that the account was told of now. */
  event(name: string, parameters: object): Message {
    const at = new Date(this.now);
    return readMessage(JSON.stringify(accountEvent(name, parameters, at)));
  }

  planOf(keyId: string, at?: number): string | undefined {
    const key = new Catalog(this.held?.usagePlans ?? []).key(keyId) as CatalogKey;
    return planFor(key, 'orders', 'prod', at);
  }
}

/** A world in which a crawler has written a snapshot, ten minutes ago. */
async function crawledWorld(plans?: World['plans']) {
  const world = new World();
  if (plans) world.plans = plans;
  const crawler = world.crawler();
  await crawler.run([sweep]);
  world.now += 10 * MINUTE;
  world.calls = [];
  world.writes = 0;
  return { world, crawler };
}

test('writes nothing where nothing has changed, until readers would miss it', async () => {
  const { world, crawler } = await crawledWorld();

  expect((await crawler.run([sweep])).outcome).toBe('unchanged');
  world.now += 50 * MINUTE;
  expect((await crawler.run([sweep])).outcome).toBe('written');
});

describe('a change', () => {
  test('costs one call for the plans and one for the plan that it is about', async () => {
    const { world, crawler } = await crawledWorld();
    world.plans['p1']?.push('new');

    const message = world.event('CreateUsagePlanKey', { usagePlanId: 'p1', keyId: 'new' });
    world.now += 3000;
    const report = await crawler.run([message]);

    expect(report).toMatchObject({ outcome: 'written', scope: 'part', keys: 4 });
    expect(world.calls).toEqual(['plans', 'p1']);
    expect(world.planOf('new')).toBe('p1');
  });

  test('of which all has been read costs no calls any more', async () => {
    const { world, crawler } = await crawledWorld();
    const burst = Array.from({ length: 40 }, (_, n) => {
      world.plans['p1']?.push(`new-${n}`);
      return world.event('CreateUsagePlanKey', { usagePlanId: 'p1', keyId: `new-${n}` });
    });
    world.now += 5000;

    const reports = [];
    for (let from = 0; from < 40; from += 10) {
      reports.push(await crawler.run(burst.slice(from, from + 10)));
    }

    // What the events tell of moments is new all the same.
    expect(new Set(reports.map(({ outcome }) => outcome))).toEqual(new Set(['written']));
    expect(world.calls).toEqual(['plans', 'p1']);
  });

  test('that happened after the last reading is read, however soon it comes', async () => {
    const { world, crawler } = await crawledWorld();
    await crawler.run([world.event('UpdateApiKey', { apiKey: 'k1' })]);
    world.plans['p1']?.push('new');

    await crawler.run([world.event('CreateUsagePlanKey', { usagePlanId: 'p1', keyId: 'new' })]);

    expect(world.planOf('new')).toBe('p1');
  });

  test('of a plan that is new reads its keys', async () => {
    const { world, crawler } = await crawledWorld();
    world.plans['p9'] = ['k9'];

    await crawler.run([world.event('CreateUsagePlan', { name: 'Nine' })]);

    expect(world.calls).toEqual(['plans', 'p9']);
    expect(world.planOf('k9')).toBe('p9');
  });
});

describe('a key that moves', () => {
  test('is dated by its events, in whichever order they come', async () => {
    for (const isReversed of [false, true]) {
      const { world, crawler } = await crawledWorld();
      const movedAt = world.now;
      world.plans['p1'] = [];
      world.plans['p2']?.push('k1');
      const events = [
        world.event('DeleteUsagePlanKey', { usagePlanId: 'p1', keyId: 'k1' }),
        world.event('CreateUsagePlanKey', { usagePlanId: 'p2', keyId: 'k1' }),
      ];
      if (isReversed) events.reverse();

      for (const event of events) {
        world.now += 5000;
        await crawler.run([event]);
      }

      const plans = [movedAt - 1000, movedAt, world.now].map((at) => world.planOf('k1', at));
      expect(plans).toEqual(['p1', 'p2', 'p2']);
    }
  });

  test('without events counts against the old plan up to the last sweep', async () => {
    const { world, crawler } = await crawledWorld();
    const sweptAt = world.now;
    await crawler.run([sweep]);
    world.now += 10 * MINUTE;
    world.plans['p1'] = [];
    world.plans['p2']?.push('k1');

    await crawler.run([sweep]);

    expect([sweptAt - 1, sweptAt].map((at) => world.planOf('k1', at))).toEqual(['p1', 'p2']);
  });
});

describe('a key that containers miss', () => {
  test('is asked for by its id', async () => {
    const { world, crawler } = await crawledWorld();
    world.plans['p2']?.push('new');

    await crawler.run([{ kind: 'key', keyId: 'new' }]);

    expect(world.calls).toEqual(['key new']);
    expect(world.planOf('new')).toBe('p2');
  });

  test('and that is not there is written down as absent, and not asked for again', async () => {
    const { world, crawler } = await crawledWorld();

    await crawler.run([{ kind: 'key', keyId: 'wrong' }]);
    await crawler.run([{ kind: 'key', keyId: 'wrong' }]);

    expect(world.calls).toEqual(['key wrong']);
    expect([...(world.held?.absentKeys.keys() ?? [])]).toEqual(['wrong']);
  });

  test('costs at most 60 calls a minute, whatever comes', async () => {
    const { world, crawler } = await crawledWorld();
    for (let batch = 0; batch < 60; batch++, world.now += 1000) {
      const keys = Array.from({ length: 10 }, (_, n): Message => {
        return { kind: 'key', keyId: `wrong-${batch}-${n}` };
      });
      await crawler.run(keys);
    }

    expect(world.calls.length * 2).toBe(60);
    // What was not asked is not told to be absent.
    expect(world.held?.absentKeys.size).toBe(30);
  });
});

describe('a sweep of many plans', () => {
  /** Fifty plans take three parts. */
  const crawledWorldOfMany = () =>
    crawledWorld(
      Object.fromEntries(
        Array.from({ length: 50 }, (_, n) => [`p${String(n).padStart(2, '0')}`, [`k${n}`]]),
      ),
    );

  /** The messages of the queue, until it is empty. */
  async function drain(world: World, crawler: Crawler): Promise<void> {
    for (let parts = 0; world.queue.length > 0; parts++) {
      if (parts > 20) throw new Error('a sweep without an end');
      world.now += 5000;
      await crawler.run(world.queue.splice(0, 1));
    }
  }

  test('is made in parts, each of which is written', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    world.plans['p01']?.push('a');
    world.plans['p49']?.push('b');

    const report = await crawler.run([sweep]);
    expect(report).toMatchObject({ outcome: 'written', scope: 'sweep', left: 26 });
    expect([world.planOf('a'), world.held?.usagePlans.length]).toEqual(['p01', 50]);

    await drain(world, crawler);
    expect(world.planOf('b')).toBe('p49');
    expect(new Set(world.calls).size).toBe(51);
    expect(world.calls).toHaveLength(51);
  });

  test('lets changes and questions through between the parts', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    await crawler.run([sweep]);
    world.calls = [];
    world.plans['p49']?.push('new');

    await crawler.run([{ kind: 'key', keyId: 'new' }]);

    expect([world.calls, world.planOf('new')]).toEqual([['key new'], 'p49']);
  });

  test('retires what is gone, and nothing that it has not read', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    delete world.plans['p40'];

    await crawler.run([sweep]);

    const retired = world.held?.usagePlans.filter((plan) => plan.endedAt !== undefined);
    expect(retired?.map(({ id }) => id)).toEqual(['p40']);
  });

  test('dates what goes by the last reading of its own plan', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    const sweptAt = world.now;
    await crawler.run([sweep]);
    await drain(world, crawler);
    world.plans['p49'] = [];
    world.plans['p01']?.push('k49');
    world.now += 10 * MINUTE;

    await crawler.run([sweep]);
    await drain(world, crawler);

    const lastRead = sweptAt + 2 * 5000;
    const plans = [lastRead - 1, lastRead].map((at) => world.planOf('k49', at));
    expect(plans).toEqual(['p49', 'p01']);
  });

  test('is taken over by another one that is asked for meanwhile', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    await crawler.run([sweep]);
    world.calls = [];
    world.now += 5000;

    await crawler.run([sweep]);
    await drain(world, crawler);

    expect(world.calls.slice(1, 3)).toEqual(['p24', 'p25']);
    expect(new Set(world.calls).size).toBe(51);
    expect(world.calls).toHaveLength(51);
  });

  test('is done once, though a part of it comes twice', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    await crawler.run([sweep]);
    const part = world.queue.splice(0, 1);
    await crawler.run(part);
    world.calls = [];

    expect(await crawler.run(part)).toMatchObject({ outcome: 'nothing to do' });
    expect(world.calls).toEqual([]);
  });

  test('is gone on with by another container', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    world.plans['p49']?.push('new');
    await crawler.run([sweep]);

    await drain(world, world.crawler());

    expect(world.planOf('new')).toBe('p49');
    expect(world.calls).toHaveLength(51);
  });

  test('hands on when it read which plan, though nothing has changed and containers come and go', async () => {
    const { world } = await crawledWorldOfMany();
    for (let hour = 0; hour < 30; hour++) {
      world.now += 60 * MINUTE;
      const crawler = world.crawler();
      await crawler.run([sweep]);
      await drain(world, crawler);
    }
    const sweptAt = world.now;
    world.now += 60 * MINUTE;
    world.plans['p48'] = [];
    world.plans['p49'] = [];
    world.plans['p01']?.push('k49');

    const crawler = world.crawler();
    await crawler.run([sweep]);
    await drain(world, crawler);

    expect(world.planOf('k48')).toBe('p48');
    const plans = [sweptAt - 1, sweptAt].map((at) => world.planOf('k49', at));
    expect(plans).toEqual(['p49', 'p01']);
  });

  test('comes back where what is left cannot be put into the queue', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    const { queue } = world;
    world.queue = Object.freeze([]) as unknown as Message[];

    await expect(crawler.run([sweep])).rejects.toThrow();
    world.queue = queue;
    await crawler.run([sweep]);
    await drain(world, crawler);

    expect(new Set(world.calls).size).toBe(51);
  });

  test('is made in one piece where there is no queue', async () => {
    const { world } = await crawledWorldOfMany();
    const crawler = new Crawler({ ...world.options(), requeue: undefined });

    expect(await crawler.run([sweep])).toMatchObject({ scope: 'sweep', left: 0 });
    expect(world.calls).toHaveLength(51);
  });
});

test('of two that run at once the second starts over from what the first has written', async () => {
  const { world, crawler } = await crawledWorld();
  world.plans['p1']?.push('a');
  // Between the reading of the one and its writing, the other gets through.
  const { list } = world.sources;
  let other: Promise<unknown> | undefined;
  Object.assign(world.sources, {
    list: async () => {
      const listing = await list();
      if (!other) {
        world.plans['p2']?.push('b');
        other = world.crawler().run([sweep]);
        await other;
      }
      return listing;
    },
  });

  await crawler.run([sweep]);

  expect([world.planOf('a'), world.planOf('b')]).toEqual(['p1', 'p2']);
  expect(world.held?.usagePlans.flatMap(({ formerKeys = [] }) => formerKeys)).toEqual([]);
});

test('one that dies half-way has written nothing, and the next one does its work', async () => {
  const { world } = await crawledWorld();
  world.plans['p1']?.push('new');
  const message = world.event('CreateUsagePlanKey', { usagePlanId: 'p1', keyId: 'new' });
  world.onList = () => {
    world.onList = () => {};
    throw new Error('killed');
  };

  await expect(world.crawler().run([message])).rejects.toThrow('killed');
  expect(world.writes).toBe(0);
  await world.crawler().run([message]);
  expect(world.planOf('new')).toBe('p1');
});

test('a snapshot that was rolled back is brought up to date, with a generation of its own', async () => {
  const { world, crawler } = await crawledWorld();
  const old = world.held;
  world.plans['p1']?.push('new');
  await crawler.run([sweep]);
  const newest = world.held?.generation ?? 0;
  world.held = old;
  world.tag++;
  world.now += MINUTE;

  await crawler.run([sweep]);

  expect(world.planOf('new')).toBe('p1');
  expect(world.held?.generation).toBeGreaterThan(newest);
});

test('a clock that goes back makes no older generation', async () => {
  const { world, crawler } = await crawledWorld();
  const before = world.held?.generation ?? 0;
  world.now -= 60 * MINUTE;
  world.plans['p1']?.push('new');

  await crawler.run([sweep]);

  expect(world.held?.generation).toBe(before + 1);
});

describe('a first snapshot', () => {
  const manyPlans = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, [`k${n}`]]));

  test('is made in parts that are kept, by whichever container', async () => {
    const world = new World();
    world.plans = manyPlans(400);

    const reports = [await world.crawler().run([sweep])];
    while (world.queue.length > 0)
      reports.push(await world.crawler().run(world.queue.splice(0, 1)));

    expect(reports.map(({ scope, left }) => [scope, left])).toEqual([
      ['first', 250],
      ['first', 100],
      ['first', 0],
    ]);
    expect(world.calls).toHaveLength(401);
    expect(world.held?.unread).toEqual([]);
  });

  test('shows that it is being made before it reads keys', async () => {
    const world = new World();
    const seen: (number | undefined)[] = [];
    const { keysOf } = world.sources;
    Object.assign(world.sources, {
      keysOf: (id: string) => {
        seen.push(world.held?.unread.length);
        return keysOf(id);
      },
    });

    await world.crawler().run([sweep]);

    expect(seen).toEqual([3, 3, 3]);
  });

  test('knows what has changed while it was made', async () => {
    const world = new World();
    world.plans = manyPlans(200);
    const crawler = world.crawler();
    await crawler.run([sweep]);
    world.now += 10_000;
    world.plans['p0']?.push('new');
    world.plans['p999'] = ['k999'];

    await crawler.run([world.event('CreateUsagePlanKey', { usagePlanId: 'p0', keyId: 'new' })]);
    while (world.queue.length > 0) await crawler.run(world.queue.splice(0, 1));

    expect([world.held?.unread, world.planOf('new'), world.planOf('k999')]).toEqual([
      [],
      'p0',
      'p999',
    ]);
  });

  test('ends where an account has no plans', async () => {
    const world = new World();
    world.plans = {};

    const report = await world.crawler().run([sweep]);

    expect([report.left, world.held?.unread, world.queue]).toEqual([0, [], []]);
  });

  test('stops in time for what is left to come back', async () => {
    const world = new World();
    const { keysOf } = world.sources;
    Object.assign(world.sources, {
      keysOf: (id: string) => {
        world.now += 1000;
        return keysOf(id);
      },
    });
    world.plans = manyPlans(100);

    const report = await world.crawler().run([sweep], world.now + 10_000);

    expect(report.left).toBeGreaterThan(80);
    expect(world.queue).toEqual([{ kind: 'check' }]);
  });
});

describe('a snapshot that is lost', () => {
  test('is made anew from what the container remembers of what is gone', async () => {
    const { world, crawler } = await crawledWorld();
    world.plans['p1'] = [];
    await crawler.run([sweep]);
    world.held = undefined;
    world.now += MINUTE;

    const report = await crawler.run([{ kind: 'check' }]);

    expect(report).toMatchObject({ outcome: 'written', rebuiltFrom: 'memory', left: 0 });
    expect(world.planOf('k1')).toBe('p1');
  });

  test('is said to have lost what is gone where no container remembers', async () => {
    const { world } = await crawledWorld();
    world.held = undefined;

    const report = await world.crawler().run([{ kind: 'check' }]);

    expect(report).toMatchObject({ outcome: 'written', rebuiltFrom: 'nothing' });
    expect((world.held as Snapshot | undefined)?.knownSince).toBe(world.now);
  });
});

test('an older snapshot that was restored is not written before all plans were read', async () => {
  const { world } = await crawledWorld({ p1: ['k1'], p2: [] });
  const old = world.held;
  world.plans = { p1: [], p2: ['k1'] };
  await world.crawler().run([sweep]);
  world.held = old;
  world.isRestored = true;
  world.now += MINUTE;
  const written: (Snapshot | undefined)[] = [];
  const { replace } = world.store;
  Object.assign(world.store, {
    replace: async (...args: Parameters<typeof replace>) => {
      written.push(args[1]);
      return replace(...args);
    },
  });

  await world.crawler().run([world.event('UpdateApiKey', { apiKey: 'k9' })]);

  expect(written.map((snapshot) => snapshot?.unread.length)).toEqual([2, 0]);
  expect(world.planOf('k1')).toBe('p2');
});

test('what cannot be read costs itself, and nothing beside it', async () => {
  const { world, crawler } = await crawledWorld();
  world.broken.add('p1').add('strange');
  world.plans['p2']?.push('new');

  const report = await crawler.run([
    world.event('CreateUsagePlanKey', { usagePlanId: 'p1', keyId: 'k7' }),
    world.event('CreateUsagePlanKey', { usagePlanId: 'p2', keyId: 'new' }),
    { kind: 'key', keyId: 'strange' },
  ]);

  expect(report).toMatchObject({ outcome: 'written', failed: 2 });
  expect(world.planOf('new')).toBe('p2');
  expect(world.held?.absentKeys.size).toBe(0);
  // The plan has one more turn, the key is left to who asked.
  world.broken.clear();
  world.plans['p1']?.push('k7');
  await crawler.run(world.queue.splice(0));
  expect(world.planOf('k7')).toBe('p1');
});

for (const minutes of [-5, 5]) {
  test(`a clock that is ${minutes} minutes wrong hides no change`, async () => {
    const world = new World();
    const right = () => world.now - minutes * MINUTE;
    world.storeTime = right();
    const crawler = world.crawler();
    await crawler.run([sweep]);
    world.now += MINUTE;
    world.storeTime = right();
    world.plans['p1']?.push('new');
    const event = accountEvent(
      'CreateUsagePlanKey',
      { usagePlanId: 'p1', keyId: 'new' },
      new Date(right()),
    );

    world.now += 5000;
    world.storeTime = right();
    await crawler.run([readMessage(JSON.stringify(event))]);

    expect(world.planOf('new')).toBe('p1');
    expect(world.held?.generation).toBeLessThan(right() + 5000);
  });
}

test('a burst of changes that were read already is joined without a call', async () => {
  const { world, crawler } = await crawledWorld();
  const moved = world.event('DeleteUsagePlanKey', { usagePlanId: 'p1', keyId: 'k1' });
  const movedAt = world.now;
  world.now += MINUTE;
  world.plans = { ...world.plans, p1: [], p2: ['k1', 'k2'] };
  await crawler.run([sweep]);
  world.calls = [];

  const report = await crawler.run([moved]);

  expect([report.outcome, world.calls]).toEqual(['written', []]);
  expect([movedAt - 1000, movedAt + 1000].map((at) => world.planOf('k1', at))).toEqual([
    'p1',
    'p2',
  ]);
});
