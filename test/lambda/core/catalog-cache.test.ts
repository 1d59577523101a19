import fc from 'fast-check';
import { Catalog } from '../../../lambda/core/catalog';
import { CatalogCache } from '../../../lambda/core/catalog-cache';

const TTL_MS = 300_000;
const INTERVAL_MS = 30_000;

/** A cache whose clock and whose account are in the test's hands. */
function setUp() {
  const account = {
    now: 0,
    keys: ['known'],
    failure: undefined as Error | undefined,
    loads: [] as number[],
    reloadFailures: [] as unknown[],
    cache: undefined as unknown as CatalogCache,
  };
  account.cache = new CatalogCache({
    load: async () => {
      account.loads.push(account.now);
      await Promise.resolve();
      if (account.failure) throw account.failure;
      return new Catalog([{ id: 'p', keys: account.keys.map((id) => ({ id })) }]);
    },
    now: () => account.now,
    ttlMs: TTL_MS,
    minLoadIntervalMs: INTERVAL_MS,
    onReloadFailed: (error) => account.reloadFailures.push(error),
  });
  return account;
}

describe('the first load', () => {
  test('is what the first batch gets', async () => {
    const account = setUp();

    const catalog = await account.cache.forKeys(['known']);

    expect(catalog.key('known')).toBeDefined();
    expect(account.cache.latest).toBe(catalog);
    expect(account.loads).toHaveLength(1);
  });

  test('can start before there is a batch, which then waits for it', async () => {
    const account = setUp();

    account.cache.warm();
    const catalog = await account.cache.forKeys(['known']);

    expect(catalog.key('known')).toBeDefined();
    expect(account.loads).toHaveLength(1);
  });

  test('is shared by all who wait', async () => {
    const account = setUp();

    const catalogs = await Promise.all([1, 2, 3].map(() => account.cache.forKeys(['known'])));

    expect(new Set(catalogs).size).toBe(1);
    expect(account.loads).toHaveLength(1);
  });

  test('fails whoever needs it, and is tried again by the next', async () => {
    const account = setUp();
    account.failure = new Error('denied');

    await expect(account.cache.forKeys(['known'])).rejects.toThrow('denied');
    account.failure = undefined;
    const catalog = await account.cache.forKeys(['known']);

    expect(catalog.key('known')).toBeDefined();
    expect(account.reloadFailures).toEqual([]);
  });

  test('that fails ahead of time shows nowhere, and is tried again by the first batch', async () => {
    const account = setUp();
    account.failure = new Error('denied');
    account.cache.warm();
    await new Promise((resolve) => setImmediate(resolve));

    account.failure = undefined;

    await expect(account.cache.forKeys(['known'])).resolves.toBeInstanceOf(Catalog);
    expect(account.cache.ageMs).toBe(0);
  });
});

test('there is no catalog and no age before a load', () => {
  const { cache } = setUp();

  expect(cache.latest).toBeUndefined();
  expect(cache.ageMs).toBeUndefined();
});

describe('a catalog', () => {
  test('is used as it is until it is too old', async () => {
    const account = setUp();
    await account.cache.forKeys(['known']);

    account.now = TTL_MS - 1;
    await account.cache.forKeys(['known']);
    expect(account.loads).toHaveLength(1);

    account.now = TTL_MS;
    await account.cache.forKeys(['known']);
    expect(account.loads).toHaveLength(2);
    expect(account.cache.ageMs).toBe(0);
  });

  test('ages from the start of its load: what changes meanwhile may be missing', async () => {
    const account = setUp();
    const loading = account.cache.forKeys(['known']);
    account.now = 20_000;
    await loading;

    expect(account.cache.ageMs).toBe(20_000);
  });

  test('that lacks a key is loaded again, but not soon after the last load', async () => {
    const account = setUp();
    await account.cache.forKeys(['known']);
    account.keys.push('new');

    account.now = INTERVAL_MS - 1;
    expect((await account.cache.forKeys(['new'])).key('new')).toBeUndefined();
    account.now = INTERVAL_MS;
    expect((await account.cache.forKeys(['known', 'new'])).key('new')).toBeDefined();

    expect(account.loads).toHaveLength(2);
  });

  test('is not loaded again for the keys it has', async () => {
    const account = setUp();
    await account.cache.forKeys(['known']);

    account.now = TTL_MS - 1;
    await account.cache.forKeys(['known']);
    await account.cache.forKeys([]);

    expect(account.loads).toHaveLength(1);
  });

  test('stays in use where a reload fails, which is told', async () => {
    const account = setUp();
    const first = await account.cache.forKeys(['known']);
    account.failure = new Error('throttled');

    account.now = TTL_MS;
    const kept = await account.cache.forKeys(['known']);

    expect(kept).toBe(first);
    expect(account.reloadFailures).toEqual([account.failure]);
    expect(account.cache.ageMs).toBe(TTL_MS);
  });

  test('whose reload failed is loaded again, but not soon', async () => {
    const account = setUp();
    await account.cache.forKeys(['known']);
    account.failure = new Error('throttled');
    account.now = TTL_MS;
    await account.cache.forKeys(['known']);
    account.failure = undefined;

    account.now = TTL_MS + INTERVAL_MS - 1;
    await account.cache.forKeys(['known']);
    expect(account.loads).toHaveLength(2);

    account.now = TTL_MS + INTERVAL_MS;
    await account.cache.forKeys(['known']);
    expect(account.loads).toHaveLength(3);
    expect(account.cache.ageMs).toBe(0);
  });
});

test('whatever happens: loads keep their distance, and no catalog is used that could be newer', async () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 200_000 }),
    keyIds: fc.subarray(['known', 'unknown']),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const account = setUp();
      await account.cache.forKeys([]);
      for (const { waitMs, keyIds, fails } of steps) {
        account.now += waitMs;
        account.failure = fails ? new Error('failed') : undefined;
        const catalog = await account.cache.forKeys(keyIds);

        expect(catalog).toBe(account.cache.latest);
        const sinceTried = account.now - (account.loads.at(-1) ?? 0);
        const isOutdated = (account.cache.ageMs ?? 0) >= TTL_MS;
        expect(isOutdated && !fails && sinceTried >= INTERVAL_MS).toBe(false);
      }
      for (const [index, at] of account.loads.slice(1).entries()) {
        expect(at - (account.loads[index] ?? 0)).toBeGreaterThanOrEqual(INTERVAL_MS);
      }
    }),
  );
});
