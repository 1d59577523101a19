import {
  Catalog,
  type CatalogKey,
  planFor,
  type UsagePlan,
} from '../../../lambda/core/catalog/catalog';
import type { Snapshot } from '../../../lambda/core/catalog/snapshot';
import { Crawler, type CrawlerOptions, type CrawlerSources } from '../../../lambda/crawler/crawler';
import { type Message, readMessage } from '../../../lambda/crawler/message';
import { SnapshotConflict, type SnapshotStore } from '../../../lambda/crawler/snapshot-store';
import type { Look } from '../../../lambda/crawler/sweep';
import { accountEvent } from '../../support/account-changes';

const MINUTE = 60_000;
const look: Message = { kind: 'look' };

/** An account, a store and a clock; the calls that each run makes, by plan. */
class World {
  now = 1_700_000_000_000;
  plans: Record<string, string[]> = { p1: ['k1'], p2: ['k2'], p3: ['k3'] };
  held: Snapshot | undefined;
  tag = 0;
  writes = 0;
  calls: string[] = [];
  onList: () => void = () => {};
  /** Rests of looks that were put into the queue. */
  queue: Message[] = [];

  readonly sources: CrawlerSources = {
    list: async ({ knownKeys }) => {
      this.calls.push('plans');
      const listing = this.account().map((plan) => {
        const known = knownKeys(plan.id);
        if (!known) this.calls.push(plan.id);
        return { ...plan, keys: known ?? plan.keys };
      });
      this.onList();
      return listing;
    },
    ask: async (keyId) => {
      this.calls.push(`key ${keyId}`);
      return this.account()
        .map((plan) => ({ ...plan, keys: plan.keys.filter(({ id }) => id === keyId) }))
        .filter(({ keys }) => keys.length > 0);
    },
  };

  readonly store: SnapshotStore = {
    read: async () => ({ snapshot: this.held, tag: this.held && String(this.tag) }),
    replace: async ({ tag }, snapshot) => {
      if (tag !== (this.held && String(this.tag))) throw new SnapshotConflict();
      this.held = snapshot;
      this.tag++;
      this.writes++;
      return 1;
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
      putBack: async (look: Look) => {
        this.queue.push(readMessage(JSON.stringify({ look })));
      },
      now: () => this.now,
      graceMs: 24 * 60 * MINUTE,
      absentMs: 5 * MINUTE,
      callsPerPart: 24,
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
  await crawler.run([look]);
  world.now += 10 * MINUTE;
  world.calls = [];
  world.writes = 0;
  return { world, crawler };
}

test('writes nothing where nothing has changed, until readers would miss it', async () => {
  const { world, crawler } = await crawledWorld();

  expect((await crawler.run([look])).outcome).toBe('unchanged');
  world.now += 50 * MINUTE;
  expect((await crawler.run([look])).outcome).toBe('written');
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

  test('of which nothing is new any more costs nothing', async () => {
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

    expect(reports.map(({ outcome }) => outcome)).toEqual([
      'written',
      'nothing to do',
      'nothing to do',
      'nothing to do',
    ]);
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

  test('without events counts against the old plan up to the last look', async () => {
    const { world, crawler } = await crawledWorld();
    const lookedAt = world.now;
    await crawler.run([look]);
    world.now += 10 * MINUTE;
    world.plans['p1'] = [];
    world.plans['p2']?.push('k1');

    await crawler.run([look]);

    expect([lookedAt - 1, lookedAt].map((at) => world.planOf('k1', at))).toEqual(['p1', 'p2']);
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
    expect(world.held?.absentKeys.size).toBe(600);
  });
});

describe('a look at many plans', () => {
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
      if (parts > 20) throw new Error('a look without an end');
      world.now += 5000;
      await crawler.run(world.queue.splice(0, 1));
    }
  }

  test('is made in parts, each of which is written', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    world.plans['p01']?.push('a');
    world.plans['p49']?.push('b');

    const report = await crawler.run([look]);
    expect(report).toMatchObject({ outcome: 'written', scope: 'look', left: 26 });
    expect([world.planOf('a'), world.held?.usagePlans.length]).toEqual(['p01', 50]);

    await drain(world, crawler);
    expect(world.planOf('b')).toBe('p49');
    expect(world.calls.filter((call) => call === 'plans')).toHaveLength(3);
    expect(new Set(world.calls).size).toBe(51);
    expect(world.calls).toHaveLength(53);
  });

  test('lets changes and questions through between the parts', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    await crawler.run([look]);
    world.calls = [];
    world.plans['p49']?.push('new');

    await crawler.run([{ kind: 'key', keyId: 'new' }]);

    expect([world.calls, world.planOf('new')]).toEqual([['key new'], 'p49']);
  });

  test('retires what is gone, and nothing that it has not read', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    delete world.plans['p40'];

    await crawler.run([look]);

    const retired = world.held?.usagePlans.filter((plan) => plan.isRetired);
    expect(retired?.map(({ id }) => id)).toEqual(['p40']);
  });

  test('dates what goes by the last reading of its own plan', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    const lookedAt = world.now;
    await crawler.run([look]);
    await drain(world, crawler);
    world.plans['p49'] = [];
    world.plans['p01']?.push('k49');
    world.now += 10 * MINUTE;

    await crawler.run([look]);
    await drain(world, crawler);

    const lastRead = lookedAt + 2 * 5000;
    const plans = [lastRead - 1, lastRead].map((at) => world.planOf('k49', at));
    expect(plans).toEqual(['p49', 'p01']);
  });

  test('is taken over by another one that is asked for meanwhile', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    await crawler.run([look]);
    world.calls = [];
    world.now += 5000;

    await crawler.run([look]);
    await drain(world, crawler);

    expect(world.calls.filter((call) => call === 'plans')).toHaveLength(3);
    expect(world.calls.slice(1, 3)).toEqual(['p24', 'p25']);
    expect(new Set(world.calls).size).toBe(51);
    expect(world.calls).toHaveLength(53);
  });

  test('is done once, though a part of it comes twice', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    await crawler.run([look]);
    const part = world.queue.splice(0, 1);
    await crawler.run(part);
    world.calls = [];

    expect(await crawler.run(part)).toMatchObject({ outcome: 'nothing to do' });
    expect(world.calls).toEqual([]);
  });

  test('is gone on with by another container', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    world.plans['p49']?.push('new');
    await crawler.run([look]);

    await drain(world, world.crawler());

    expect(world.planOf('new')).toBe('p49');
    expect(world.calls).toHaveLength(53);
  });

  test('hands on when it read which plan, though nothing has changed and containers come and go', async () => {
    const { world } = await crawledWorldOfMany();
    for (let hour = 0; hour < 30; hour++) {
      world.now += 60 * MINUTE;
      const crawler = world.crawler();
      await crawler.run([look]);
      await drain(world, crawler);
    }
    const lookedAt = world.now;
    world.now += 60 * MINUTE;
    world.plans['p48'] = [];
    world.plans['p49'] = [];
    world.plans['p01']?.push('k49');

    const crawler = world.crawler();
    await crawler.run([look]);
    await drain(world, crawler);

    expect(world.planOf('k48')).toBe('p48');
    const plans = [lookedAt - 1, lookedAt].map((at) => world.planOf('k49', at));
    expect(plans).toEqual(['p49', 'p01']);
  });

  test('finds plans that were made since it began', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    await crawler.run([look]);
    world.plans['p99'] = ['k99'];

    await drain(world, crawler);

    expect(world.planOf('k99')).toBe('p99');
  });

  test('comes back where what is left cannot be put into the queue', async () => {
    const { world, crawler } = await crawledWorldOfMany();
    const { queue } = world;
    world.queue = Object.freeze([]) as unknown as Message[];

    await expect(crawler.run([look])).rejects.toThrow();
    world.queue = queue;
    await crawler.run([look]);
    await drain(world, crawler);

    expect(new Set(world.calls).size).toBe(51);
  });

  test('is made in one piece where there is no queue', async () => {
    const { world } = await crawledWorldOfMany();
    const crawler = new Crawler({ ...world.options(), putBack: undefined });

    expect(await crawler.run([look])).toMatchObject({ scope: 'look', left: 0 });
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
    list: async (options: Parameters<typeof list>[0]) => {
      const listing = await list(options);
      if (!other) {
        world.plans['p2']?.push('b');
        other = world.crawler().run([look]);
        await other;
      }
      return listing;
    },
  });

  await crawler.run([look]);

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
  await crawler.run([look]);
  const newest = world.held?.generation ?? 0;
  world.held = old;
  world.tag++;
  world.now += MINUTE;

  await crawler.run([look]);

  expect(world.planOf('new')).toBe('p1');
  expect(world.held?.generation).toBeGreaterThan(newest);
});

test('a clock that goes back makes no older generation', async () => {
  const { world, crawler } = await crawledWorld();
  const before = world.held?.generation ?? 0;
  world.now -= 60 * MINUTE;
  world.plans['p1']?.push('new');

  await crawler.run([look]);

  expect(world.held?.generation).toBe(before + 1);
});
