import fc from 'fast-check';
import { type Catalog, planFor } from '../../../../lambda/core/catalog/catalog';
import {
  CatalogCache,
  type CatalogCacheOptions,
  type CatalogSources,
  type SharedCatalog,
} from '../../../../lambda/core/catalog/catalog-cache';
import {
  decodeSnapshot,
  encodeSnapshot,
  type Snapshot,
} from '../../../../lambda/core/catalog/snapshot';
import { StoreClock } from '../../../../lambda/core/catalog/store-clock';
import type { UsagePlan } from '../../../../lambda/core/catalog/usage-plan';
import { fuzzRuns } from '../../../support/fuzz-runs';

const MINUTE = 60_000;

/** An account, a store with a snapshot, a clock: what a cache sees of the world. */
class World {
  now = 1_000_000;
  plans: Record<string, string[]> = { p1: ['k1'] };
  snapshot: { snapshot: Snapshot; writtenAt: number } | undefined;
  accountError: Error | undefined;
  storeError: Error | undefined;
  /** What happens when the snapshot's writer is asked for keys. */
  onRequest: (keyIds: readonly string[]) => void = () => {};
  knownSince = 1;
  readonly calls = { list: 0, ask: 0, read: 0, request: 0 };
  readonly failures: string[] = [];

  pass = async (ms: number): Promise<void> => {
    this.now += ms;
  };

  account(): UsagePlan[] {
    return Object.entries(this.plans).map(([id, keyIds]) => ({
      id,
      apiStages: [{ apiId: 'orders', stage: 'prod' }],
      keys: keyIds.map((keyId) => ({ id: keyId, name: keyId })),
    }));
  }

  write(change: Partial<Snapshot> = {}): void {
    const snapshot = {
      generation: this.now,
      writtenAt: this.now,
      usagePlans: this.account(),
      listedAt: this.now,
      knownSince: this.knownSince,
      unread: [],
      absentKeys: new Map(),
      ...change,
    };
    this.snapshot = {
      snapshot: decodeSnapshot(encodeSnapshot(snapshot).bytes),
      writtenAt: this.now,
    };
  }

  readonly list = async (): Promise<UsagePlan[]> => {
    this.calls.list++;
    if (this.accountError) throw this.accountError;
    return this.account();
  };

  readonly ask = async (keyId: string): Promise<UsagePlan[]> => {
    this.calls.ask++;
    if (this.accountError) throw this.accountError;
    return this.account()
      .map((plan) => ({ ...plan, keys: plan.keys.filter(({ id }) => id === keyId) }))
      .filter(({ keys }) => keys.length > 0);
  };

  readonly shared: SharedCatalog = {
    read: async (knownTag) => {
      this.calls.read++;
      if (this.storeError) throw this.storeError;
      if (!this.snapshot) return { kind: 'missing' };
      const { snapshot, writtenAt } = this.snapshot;
      const [tag, ageMs] = [`"${snapshot.generation}"`, this.now - writtenAt];

      return tag === knownTag
        ? { kind: 'unchanged', ageMs }
        : { kind: 'read', snapshot, tag, ageMs };
    },
    request: async (keyIds) => {
      this.calls.request++;
      this.onRequest(keyIds);
    },
  };

  cache(isShared: boolean, change: Partial<CatalogCacheOptions> = {}): CatalogCache {
    const sources: CatalogSources = {
      list: this.list,
      ask: this.ask,
      shared: isShared ? this.shared : undefined,
    };
    return new CatalogCache({
      sources,
      clock: new StoreClock(() => this.now),
      sleep: (ms) => this.pass(ms),
      observer: {
        loaded: () => {},
        failed: (source, error) => this.failures.push(`${source}: ${(error as Error).message}`),
        asked: () => {},
      },
      callsPerMinute: 20,
      ttlMs: 5 * MINUTE,
      checkMs: MINUTE / 2,
      snapshotMaxAgeMs: 180 * MINUTE,
      minLoadIntervalMs: MINUTE / 2,
      graceMs: 24 * 60 * MINUTE,
      absentMs: 5 * MINUTE,
      answerMs: 10_000,
      firstSnapshotMs: 4 * MINUTE,
      ...change,
    });
  }
}

/** Many plans, so that no listing is cheaper than a question. */
function manyPlans(): Record<string, string[]> {
  return Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`p${n}`, [`k${n}`]]));
}

function planOf(catalog: Catalog, keyId: string): string | undefined {
  const key = catalog.key(keyId);
  return key && planFor(key, 'orders', 'prod');
}

describe('a cache of its own listings', () => {
  test('lists the account once for containers full of batches', async () => {
    const world = new World();
    const cache = world.cache(false);
    cache.warm();

    await Promise.all([cache.forKeys(['k1']), cache.forKeys(['k1'])]);
    await cache.forKeys(['k1']);

    expect(world.calls).toMatchObject({ list: 1, ask: 0 });
  });

  test('rejects with the cause while there has never been a catalog, and tries again', async () => {
    const world = new World();
    const cache = world.cache(false);
    world.accountError = new Error('denied');

    await expect(cache.forKeys(['k1'])).rejects.toThrow('denied');
    world.accountError = undefined;
    expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p1');
  });

  test('has no catalog and no age before', () => {
    const cache = new World().cache(false);

    expect([cache.latest, cache.ageMs]).toEqual([undefined, undefined]);
  });

  test('that failed ahead of time is tried again by the first batch', async () => {
    const world = new World();
    world.accountError = new Error('denied');
    const cache = world.cache(false);
    cache.warm();
    await new Promise((resolve) => setImmediate(resolve));

    world.accountError = undefined;

    expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p1');
    expect(world.failures).toEqual([]);
  });

  test('is as old as the start of its listing: what changed meanwhile may be missing', async () => {
    const world = new World();
    const cache = world.cache(false);
    const loading = cache.forKeys(['k1']);
    world.now += 20_000;
    await loading;

    expect(cache.ageMs).toBe(20_000);
  });

  test('is used as it is until it is too old', async () => {
    const world = new World();
    const cache = world.cache(false);
    await cache.forKeys(['k1']);

    world.now += 5 * MINUTE - 1;
    await cache.forKeys(['k1']);
    expect(world.calls.list).toBe(1);
    world.now += 1;
    await cache.forKeys(['k1']);
    expect(world.calls.list).toBe(2);
    expect(cache.ageMs).toBe(0);
  });

  test('lists again when it is too old, and keeps the old catalog when that fails', async () => {
    const world = new World();
    const cache = world.cache(false);
    await cache.forKeys(['k1']);
    world.now += 5 * MINUTE;
    world.accountError = new Error('throttled');

    const kept = await cache.forKeys(['k1']);
    await cache.forKeys(['k1']);

    expect(planOf(kept, 'k1')).toBe('p1');
    expect(world.calls.list).toBe(2);
    expect(world.failures).toEqual(['listing: throttled']);
    expect(cache.ageMs).toBe(5 * MINUTE);
  });

  test('is read later than what is known, whatever its clock says', async () => {
    const world = new World();
    const clock = new StoreClock(() => world.now);
    const cache = world.cache(false, { clock });
    await cache.forKeys(['k1']);
    world.plans = { p2: ['k1'] };
    // Set forward, and told so by the account.
    world.now += 10 * MINUTE;
    clock.learn(1_000_000 - 500);

    expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p2');
  });

  test('remembers what is gone', async () => {
    const world = new World();
    const cache = world.cache(false);
    await cache.forKeys(['k1']);
    world.plans = {};
    world.now += 5 * MINUTE;

    expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p1');
    expect(world.calls).toMatchObject({ list: 2, ask: 0 });
  });
});

test('a line of before the grace period gets no plan where its key has come back since', async () => {
  const world = new World();
  const graceMs = 30 * MINUTE;
  const cache = world.cache(false, { graceMs });
  const readAt = async (sinceStartMs: number, plans: Record<string, string[]>) => {
    world.now = 1_000_000 + sinceStartMs;
    world.plans = plans;
    await cache.forKeys(['k1']);
  };
  await readAt(0, { p1: ['k1'], p2: [] });
  await readAt(10 * MINUTE, { p1: [], p2: ['k1'] });
  await readAt(20 * MINUTE, { p1: ['k1'], p2: [] });
  const planAt = async (sinceStartMs: number, requestedAt: number) => {
    world.now = 1_000_000 + sinceStartMs;
    const key = (await cache.forKeys(['k1'])).key('k1');
    return key && planFor(key, 'orders', 'prod', 1_000_000 + requestedAt);
  };

  expect(await planAt(30 * MINUTE, 9 * MINUTE)).toBe('p2');
  // By now the other plan may be forgotten.
  expect(await planAt(60 * MINUTE, 9 * MINUTE)).toBeUndefined();
  expect(await planAt(60 * MINUTE, 50 * MINUTE)).toBe('p1');
});

describe('unknown keys', () => {
  test('are asked for by their ids, and no others', async () => {
    const world = new World();
    world.plans = manyPlans();
    const cache = world.cache(false);
    await cache.forKeys(['k1']);
    world.plans['p1']?.push('new');

    const catalog = await cache.forKeys(['k1', 'new']);

    expect([planOf(catalog, 'new'), planOf(catalog, 'k2')]).toEqual(['p1', 'p2']);
    expect(world.calls).toMatchObject({ list: 1, ask: 1 });
  });

  test('that are not there cost nothing for a while', async () => {
    const world = new World();
    world.plans = manyPlans();
    const cache = world.cache(false);
    await cache.forKeys(['wrong']);
    for (let batch = 0; batch < 100; batch++) await cache.forKeys(['wrong']);
    expect(world.calls.ask).toBe(1);

    world.now += 5 * MINUTE;
    await cache.forKeys(['wrong']);
    expect(world.calls.ask).toBe(2);
  });

  test('of few plans are found with one listing', async () => {
    const world = new World();
    const cache = world.cache(false);
    await cache.forKeys(['k1']);
    world.now += MINUTE;
    world.plans['p1'] = ['k1', 'n1', 'n2', 'n3'];

    const catalog = await cache.forKeys(['n1', 'n2', 'n3']);

    expect(planOf(catalog, 'n3')).toBe('p1');
    expect(world.calls).toMatchObject({ list: 2, ask: 0 });
  });

  test('that cannot be asked for are not asked for with every batch', async () => {
    const world = new World();
    world.plans = manyPlans();
    const cache = world.cache(false);
    await cache.forKeys(['k1']);
    world.accountError = new Error('throttled');

    await cache.forKeys(['new']);
    await cache.forKeys(['new']);

    expect(world.calls.ask).toBe(1);
    expect(world.failures).toEqual(['question: throttled']);
  });

  for (const planCount of [1, 5, 30]) {
    test(`cost at most 20 calls a minute with ${planCount} plans, whatever comes`, async () => {
      const world = new World();
      world.plans = Object.fromEntries(Object.entries(manyPlans()).slice(0, planCount));
      const cache = world.cache(false, { ttlMs: Number.POSITIVE_INFINITY });
      await cache.forKeys(['k0']);
      world.calls.list = 0;
      const start = world.now;

      for (let batch = 0; world.now < start + 10 * MINUTE; batch++, world.now += 500) {
        await cache.forKeys(Array.from({ length: 50 }, (_, n) => `wrong-${batch}-${n}`));
      }

      const calls = world.calls.list * (1 + planCount) + world.calls.ask * 2;
      expect(calls).toBeGreaterThan(0);
      expect(calls).toBeLessThanOrEqual(10 * 20 + 20);
    });
  }
});

describe('a cache with a shared snapshot', () => {
  test('lists nothing while there is one', async () => {
    const world = new World();
    world.write();
    const cache = world.cache(true);

    for (let batch = 0; batch < 20; batch++, world.now += MINUTE) await cache.forKeys(['k1']);

    expect(world.calls).toMatchObject({ list: 0, ask: 0, read: 20 });
  });

  test('takes a newer one as soon as it looks again', async () => {
    const world = new World();
    world.write();
    const cache = world.cache(true);
    await cache.forKeys(['k1']);
    world.now += MINUTE / 2;
    world.plans = { p2: ['k1'] };
    world.write();

    expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p2');
  });

  const withoutSnapshot: { title: string; prepare: (world: World) => void; failures: string[] }[] =
    [
      { title: 'there is none and nobody makes one', prepare: () => {}, failures: [] },
      {
        title: 'it cannot be read',
        prepare: (world) => {
          world.storeError = new Error('AccessDenied');
        },
        failures: ['snapshot: AccessDenied'],
      },
      {
        title: 'nobody writes it any more',
        prepare: (world) => {
          world.plans = { p0: ['k1'] };
          world.write();
          world.plans = { p1: ['k1'] };
          world.now += 180 * MINUTE;
        },
        failures: [],
      },
    ];
  for (const { title, prepare, failures } of withoutSnapshot) {
    test(`lists the account where ${title}`, async () => {
      const world = new World();
      prepare(world);
      const cache = world.cache(true);

      expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p1');
      world.now += MINUTE;
      await cache.forKeys(['k1']);

      expect(world.calls.list).toBe(1);
      expect(world.failures.slice(0, 1)).toEqual(failures);
    });
  }

  test('lets the writer know that there is none', async () => {
    const world = new World();
    const told: (readonly string[])[] = [];
    world.onRequest = (keyIds) => told.push(keyIds);

    await world.cache(true).forKeys(['k1']);

    expect(told).toEqual([[]]);
  });

  test('waits for the writer that makes the first one, and asks the account nothing', async () => {
    const world = new World();
    const cache = world.cache(true);
    const { pass } = world;
    world.pass = async (ms) => {
      await pass(ms);
      const second = Math.round((world.now - 1_000_000) / 1000);
      if (second % 30 === 0) world.write({ unread: Array(Math.max(0, 7 - second / 30)).fill('p') });
      if (second === 3) world.write({ unread: ['p1', 'p2', 'p3'] });
    };

    expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p1');
    expect(world.calls).toMatchObject({ list: 0, ask: 0, request: 1 });
    expect(world.now - 1_000_000).toBe(210_000);
  });

  test('lists by itself where the writer shows nothing for a while', async () => {
    const world = new World();

    expect(planOf(await world.cache(true).forKeys(['k1']), 'k1')).toBe('p1');
    expect([world.now - 1_000_000, world.calls.list]).toEqual([45_000, 1]);
  });

  test('has a batch come again where the first one takes longer than it may wait', async () => {
    const world = new World();
    world.write({ unread: ['p1', 'p2'] });
    let left = 1000;
    const { pass } = world;
    world.pass = async (ms) => {
      await pass(ms);
      if (world.now % 20_000 === 0) world.write({ unread: Array(left--).fill('p') });
    };

    const batch = world.cache(true).forKeys(['k1']);

    await expect(batch).rejects.toThrow(/for the first time, 9\d\d are left/);
    expect(world.calls.list).toBe(0);
  });

  test('keeps what it has while another first one is made', async () => {
    const world = new World();
    world.write();
    const cache = world.cache(true);
    await cache.forKeys(['k1']);
    world.now += MINUTE;
    world.plans = { p2: ['k1'] };
    world.write({ unread: ['p2'] });

    expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p1');
    expect(world.calls.list).toBe(0);
  });

  test('keeps what is gone where the writer has lost its past', async () => {
    const world = new World();
    world.plans = { p1: ['k1', 'gone'] };
    world.write();
    const cache = world.cache(true);
    await cache.forKeys(['k1']);
    world.now += MINUTE;
    world.plans = { p1: ['k1'] };
    world.knownSince = world.now;
    world.write();

    expect(planOf(await cache.forKeys(['k1']), 'gone')).toBe('p1');
  });

  test('takes the snapshot as soon as there is one', async () => {
    const world = new World();
    const cache = world.cache(true);
    await cache.forKeys(['k1']);
    world.now += MINUTE;
    world.plans = { p2: ['k1'] };
    world.write();

    expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p2');
  });

  test('keeps what it has while the store fails, until nothing vouches for it', async () => {
    const world = new World();
    world.write();
    const cache = world.cache(true);
    await cache.forKeys(['k1']);
    world.storeError = new Error('SlowDown');

    world.now += 179 * MINUTE;
    await cache.forKeys(['k1']);
    expect(world.calls.list).toBe(0);
    expect(world.failures).toEqual(['snapshot: SlowDown']);
    world.now += MINUTE;
    await cache.forKeys(['k1']);
    expect(world.calls.list).toBe(1);
  });

  test('refuses an older snapshot than it has had, and takes the next newer one', async () => {
    const world = new World();
    world.write();
    const cache = world.cache(true);
    await cache.forKeys(['k1']);
    world.now += MINUTE;
    world.plans = { p0: ['k1'] };
    world.write({ generation: 1 });

    expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p1');
    expect(world.failures[0]).toContain('generation 1 is older');
    world.now += MINUTE;
    world.write();
    expect(planOf(await cache.forKeys(['k1']), 'k1')).toBe('p0');
  });

  test('finds a new key in a snapshot that was written since, without waiting', async () => {
    const world = new World();
    world.write();
    const cache = world.cache(true);
    await cache.forKeys(['k1']);
    world.now += 2000;
    world.plans = { p1: ['k1', 'new'] };
    world.write();

    expect(planOf(await cache.forKeys(['new']), 'new')).toBe('p1');
    expect(world.calls).toMatchObject({ request: 0, ask: 0, list: 0 });
  });

  test('has the writer look a key up, and asks the account nothing', async () => {
    const world = new World();
    world.write();
    const cache = world.cache(true);
    await cache.forKeys(['k1']);
    world.plans = { p1: ['k1', 'new'] };
    world.onRequest = () => {
      world.now += 1;
      world.write();
    };

    expect(planOf(await cache.forKeys(['new']), 'new')).toBe('p1');
    expect(world.calls).toMatchObject({ request: 1, ask: 0, list: 0 });
  });

  test('believes the writer that a key is not there', async () => {
    const world = new World();
    world.write();
    const cache = world.cache(true);
    world.onRequest = () => {
      world.now += 1;
      world.write({ absentKeys: new Map([['wrong', world.now]]) });
    };

    for (let batch = 0; batch < 10; batch++, world.now += MINUTE / 4)
      await cache.forKeys(['wrong']);

    expect(world.calls).toMatchObject({ request: 1, ask: 0, list: 0 });
  });

  test('asks the account by itself where the writer does not answer in time', async () => {
    const world = new World();
    world.write();
    const cache = world.cache(true);
    await cache.forKeys(['k1']);
    world.plans = { p1: ['k1', 'new'] };
    const before = world.now;

    expect(planOf(await cache.forKeys(['new']), 'new')).toBe('p1');
    expect(world.now - before).toBe(10_000);
    expect(world.calls).toMatchObject({ request: 1, ask: 1, list: 0 });
  });
});

describe('whatever happens', () => {
  type Step = (world: World) => void;
  const keys = ['k1', 'k2', 'k3'];
  const plans = ['p1', 'p2', 'p3'];
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...plans, undefined)).map(
      ([key, to]): Step =>
        (world) => {
          for (const plan of plans) {
            world.plans[plan] = (world.plans[plan] ?? []).filter((it) => it !== key);
          }
          if (to) world.plans[to]?.push(key);
        },
    ),
    fc.constant<Step>((world) => world.write()),
    fc.boolean().map(
      (fails): Step =>
        (world) => {
          world.storeError = fails ? new Error('store') : undefined;
        },
    ),
    fc.boolean().map(
      (fails): Step =>
        (world) => {
          world.accountError = fails ? new Error('account') : undefined;
        },
    ),
  );

  interface Moment {
    readonly at: number;
    readonly planOf: ReadonlyMap<string, string>;
  }

  /** Names of the plans as the account held them. */
  function momentOf(world: World): Moment {
    const pairs = Object.entries(world.plans).flatMap(([plan, ids]) =>
      ids.map((id): [string, string] => [id, plan]),
    );
    return { at: world.now, planOf: new Map(pairs) };
  }

  for (const isShared of [false, true]) {
    test(`a batch says what the account held at a moment, ${isShared ? 'with' : 'without'} a snapshot`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({ steps: fc.array(step, { maxLength: 3 }), passMs: fc.nat(6 * MINUTE) }),
          ),
          async (rounds) => {
            const world = new World();
            world.plans = { p1: ['k1'], p2: ['k2'], p3: [] };
            world.write();
            // Only whole listings: a question is about one key, at another moment than the rest.
            const cache = world.cache(isShared, { callsPerMinute: 0, graceMs: 0 });
            const moments = [momentOf(world)];
            for (const { steps, passMs } of rounds) {
              for (const apply of steps) {
                apply(world);
                moments.push(momentOf(world));
              }
              world.now += passMs;
              const catalog = await cache.forKeys(keys).catch(() => undefined);
              if (!catalog) continue;
              const said = keys.map((key) => planOf(catalog, key));
              const held = moments.map(({ planOf: plan }) => keys.map((key) => plan.get(key)));
              expect(held).toContainEqual(said);
            }
          },
        ),
        { numRuns: fuzzRuns(200) },
      );
    });
  }

  test('what it says is never older than the TTL while the account answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ step, passMs: fc.nat(6 * MINUTE) }), { minLength: 1 }),
        async (rounds) => {
          const world = new World();
          world.plans = { p1: ['k1'], p2: ['k2'], p3: [] };
          const cache = world.cache(false, { graceMs: 0 });
          const moments = [momentOf(world)];
          for (const { step: apply, passMs } of rounds) {
            apply(world);
            world.accountError = undefined;
            moments.push(momentOf(world));
            world.now += passMs;
            const catalog = await cache.forKeys(keys);

            for (const key of keys) {
              const since = world.now - 5 * MINUTE;
              const lastBefore = moments.findLastIndex(({ at }) => at <= since);
              const window = moments.slice(Math.max(0, lastBefore));
              const allowed = window.map(({ planOf: plan }) => plan.get(key));
              expect(allowed).toContain(planOf(catalog, key));
            }
          }
        },
      ),
      { numRuns: fuzzRuns(200) },
    );
  });

  test('a key that is known stays known for the grace period', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ step, passMs: fc.nat(6 * MINUTE) })),
        fc.boolean(),
        async (rounds, isShared) => {
          const world = new World();
          const cache = world.cache(isShared);
          const known = new Set<string>();
          for (const { step: apply, passMs } of rounds) {
            apply(world);
            // The writer keeps what is gone too; here it would forget.
            world.snapshot = undefined;
            world.now += passMs;
            const catalog = await cache.forKeys(keys).catch(() => undefined);
            for (const key of known) expect(catalog?.key(key)).toBeDefined();
            for (const key of keys) if (catalog?.key(key)) known.add(key);
          }
        },
      ),
      { numRuns: fuzzRuns(100) },
    );
  });
});
