/** Whatever happens: what docs/catalog.md promises, of containers by themselves and with a crawler. */

import fc from 'fast-check';
import { Catalog, membershipFor, planFor } from '../../../../lambda/core/catalog/catalog';
import type { Crawler } from '../../../../lambda/crawler/crawler';
import {
  oldestReading,
  plansSeen,
  untrueAttributions,
  untrueFacts,
} from '../../../support/catalog-promise';
import { CatalogWorld, MINUTE, times } from '../../../support/catalog-world';
import {
  API_ID,
  type Change,
  ChangingAccount,
  nameOf,
  planHeld,
} from '../../../support/changing-account';

/** Of which the last three are in no plan at first. */
const keyIds = ['k1', 'k2', 'k3', 'k4', 'k5'];
const stages = ['s1', 's2'];
const pairs = keyIds.flatMap((id) => stages.map((stage) => [id, stage] as const));
const places = [0, 1, 2];
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 150);

type Step = (world: CatalogWorld) => unknown;

interface Named {
  readonly name: string;
  readonly step: Step;
  readonly [fc.toStringMethod]: () => string;
}

const place = fc.constantFrom(...places);
const keyId = fc.constantFrom(...keyIds);
const change: fc.Arbitrary<Change> = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('put' as const), keyId, plan: place }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constant('take' as const), keyId, plan: place }), weight: 2 },
  fc.record({
    kind: fc.constantFrom('attach' as const, 'detach' as const),
    stage: fc.constantFrom(...stages),
    plan: place,
  }),
  fc.record({ kind: fc.constantFrom('replace' as const, 'limit' as const), plan: place }),
  fc.record({ kind: fc.constant('rename' as const), keyId }),
);

const named = (name: string, step: Step): Named => ({
  name,
  step,
  [fc.toStringMethod]: () => name,
});

/** Changes come now, or while the calls of whatever happens next are made. */
const changes = fc
  .array(fc.record({ change, afterMs: fc.oneof(fc.constant(0), fc.nat(4000)) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((list) =>
    named(`changes ${JSON.stringify(list)}`, ({ account }) => {
      for (const { change: it, afterMs } of list) account.after(afterMs, () => account.change(it));
      account.pass(0);
    }),
  );
const passing = fc
  .oneof(fc.nat(10_000), fc.nat(20 * MINUTE))
  .map((ms) => named(`pass ${ms}`, ({ account }) => account.pass(ms)));
/** Now, or in the middle of the calls of whatever happens next. */
const accountFailing = fc
  .record({ fails: fc.boolean(), afterMs: fc.nat(4000) })
  .map(({ fails, afterMs }) =>
    named(`account ${fails ? 'fails' : 'answers'} after ${afterMs}`, ({ account }) =>
      account.after(afterMs, () => {
        account.isFailing = fails;
      }),
    ),
  );
const storeFailing = fc.boolean().map((fails) =>
  named(`store ${fails ? 'fails' : 'answers'}`, (world) => {
    world.isStoreFailing = fails;
  }),
);
const crawling = fc.constantFrom<Named>(
  named('look', (world) => world.look()),
  named('crawl', (world) => world.work()),
  named('other crawler', (world) => world.work(world.crawlers[1] as Crawler)),
  named('both crawlers', (world) => world.race()),
  named('both crawlers with the same messages', (world) => world.work(...world.crawlers)),
  named('look and crawl', async (world) => {
    world.look();
    await world.work();
  }),
);
const events = fc.constantFrom(undefined, 5000, 5 * MINUTE).map((delay) =>
  named(`events ${delay === undefined ? 'lost' : `after ${delay}`}`, (world) => {
    world.eventDelayMs = delay;
  }),
);
const accidents = fc.oneof(
  accountFailing,
  storeFailing,
  fc.boolean().map((isLost) =>
    named(`putting back ${isLost ? 'fails' : 'works'}`, (world) => {
      world.isPutBackLost = isLost;
    }),
  ),
  fc.nat(3).map((versions) => named(`roll back ${versions}`, (world) => world.rollBack(versions))),
  fc.constant(named('remove', (world) => world.remove())),
);
const batch = fc
  .record({ container: fc.nat(1), keys: fc.subarray(keyIds, { minLength: 1 }) })
  .map(({ container, keys }) => ({ container, keys }));

type Round = {
  readonly steps: readonly Named[];
  readonly container: number;
  readonly keys: string[];
};

function roundsOf(...steps: readonly fc.Arbitrary<Named>[]): fc.Arbitrary<Round[]> {
  const step = fc.oneof(...steps);
  const round = fc.tuple(fc.array(step, { maxLength: 4 }), batch);
  return fc.array(
    round.map(([list, it]) => ({ steps: list, ...it })),
    { minLength: 1, maxLength: 12 },
  );
}

function worldOf(isShared: boolean): CatalogWorld {
  const account = new ChangingAccount([
    { stages: ['s1', 's2'], keys: ['k1'] },
    { stages: ['s1'], keys: ['k2'] },
    { stages: ['s2'], keys: ['k2'] },
  ]);
  return new CatalogWorld(account, isShared);
}

/** One in which a crawler has written a snapshot. */
async function crawledWorld(): Promise<CatalogWorld> {
  const world = worldOf(true);
  world.look();
  await world.work();
  return world;
}

/** Lets the crawler work until nothing is left for it to do. */
async function drain(world: CatalogWorld, crawler = 0): Promise<void> {
  for (let turn = 0; world.queued > 0; turn++) {
    if (turn > 100) throw new Error('the crawler never comes to an end');
    await world.work(world.crawlers[crawler] as Crawler);
  }
}

/** What containers say wrongly of keys that the account has, once they have looked. */
async function wrong(world: CatalogWorld): Promise<string[]> {
  const { account } = world;
  account.pass(times.checkMs);
  const found: string[] = [];
  for (const cache of world.caches) {
    const catalog = await cache.forKeys(keyIds);
    for (const [id, stage] of pairs) {
      const planId = planHeld(account.held, id, stage);
      const key = catalog.key(id);
      const name = nameOf(account.held, id);
      if (planId === undefined) continue;
      const said = key && planFor(key, API_ID, stage);
      if (said !== planId) found.push(`${id} at ${stage}: ${said}, not ${planId}`);
      for (const at of [undefined, account.now - 10 * MINUTE]) {
        const customer = (key && membershipFor(key, API_ID, stage, at)) ?? key;
        if (customer?.customerName === name) continue;
        found.push(`${id}: ${customer?.customerName} at ${at}, not ${name}`);
      }
    }
  }
  return found;
}

function untrueOf({ account }: CatalogWorld, catalog: Catalog): string[] {
  const { now } = account;
  const asked = {
    keyIds,
    stages,
    times: [undefined, now, now - 1, now - MINUTE, now - 7 * MINUTE, now - 40 * MINUTE],
  };
  const from = oldestReading(catalog);
  return [
    ...untrueFacts(account, catalog, asked),
    ...untrueAttributions(account, catalog, { ...asked, from, graceMs: times.graceMs }),
  ];
}

/** Plays the rounds; told of each batch's catalog, and when the batch began. */
async function play(
  world: CatalogWorld,
  rounds: readonly Round[],
  onBatch: (catalog: Catalog, beganAt: number, round: Round) => void,
): Promise<void> {
  for (const round of rounds) {
    for (const { step } of round.steps) await step(world);
    const beganAt = world.account.now;
    const catalog = await world.caches[round.container]?.forKeys(round.keys).catch(() => undefined);
    if (catalog) onBatch(catalog, beganAt, round);
  }
}

function show(rounds: readonly Round[]): string {
  return rounds
    .map(({ steps, container, keys }) =>
      [...steps.map(({ name }) => name), `container ${container}: ${keys}`].join('\n  '),
    )
    .join('\n');
}

function holds(
  rounds: fc.Arbitrary<Round[]>,
  predicate: (rounds: Round[]) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(rounds, async (list) => {
    try {
      await predicate(list);
    } catch (error) {
      throw new Error(`${(error as Error).message}\nafter\n${show(list)}`);
    }
  });
  return fc.assert(property, { numRuns });
}

describe('whatever happens, a batch says what the account held since it was read', () => {
  test('of containers by themselves', () =>
    holds(roundsOf(changes, passing, accountFailing), async (rounds) => {
      const world = worldOf(false);

      await play(world, rounds, (catalog) => expect(untrueOf(world, catalog)).toEqual([]));
    }));

  test('of containers with a shared catalog', () =>
    holds(roundsOf(changes, passing, crawling, events, accidents), async (rounds) => {
      const world = await crawledWorld();
      const written: string[] = [];
      world.onWritten = ({ usagePlans }) => {
        written.push(...untrueOf(world, new Catalog(usagePlans)));
      };

      await play(world, rounds, (catalog) => expect(untrueOf(world, catalog)).toEqual([]));
      expect(written).toEqual([]);
    }));
});

test('what a container by itself says is no older than the TTL while the account answers', () =>
  holds(roundsOf(changes, passing), async (rounds) => {
    const world = worldOf(false);

    await play(world, rounds, (catalog, beganAt) =>
      expect(oldestReading(catalog)).toBeGreaterThan(beganAt - times.ttlMs),
    );
  }));

describe('when all is well again, every container says what the account holds', () => {
  test('after a look, whatever has happened before', () =>
    holds(roundsOf(changes, passing, crawling, events, accidents), async (rounds) => {
      const world = await crawledWorld();
      await play(world, rounds, () => {});
      world.account.pass(30 * MINUTE);
      world.account.isFailing = world.isStoreFailing = world.isPutBackLost = false;
      const crawls = world.crawls;

      world.look();
      await drain(world);

      // What was left of former looks, and a part for each plan.
      expect(world.crawls - crawls).toBeLessThan(20);
      expect(await wrong(world)).toEqual([]);
    }));

  test('after the events of the changes alone', () =>
    holds(roundsOf(changes, passing), async (rounds) => {
      const world = await crawledWorld();
      for (const round of rounds) {
        await play(world, [round], () => {});
        world.account.pass(10_000);
        if (round.container === 1) await world.race();
        await drain(world, round.container);
        expect(await wrong(world)).toEqual([]);
      }
    }));
});

test('a request counts against the plan of its time, to the second, where events told the moment', () => {
  const moves = fc.array(
    fc.record({ kind: fc.constantFrom('put' as const, 'take' as const), keyId, plan: place }),
    { minLength: 1, maxLength: 8 },
  );
  return fc.assert(
    fc.asyncProperty(moves, fc.nat(8), async (list, looksAt) => {
      const world = await crawledWorld();
      const { account } = world;
      const asked: number[] = [];
      for (const [index, move] of list.entries()) {
        account.change(move);
        asked.push(account.now - 1500, account.now + 1500);
        // What came and went between two readings, nobody has seen.
        account.pass(8000);
        if (index === looksAt) world.look();
        await drain(world);
      }

      const catalog = new Catalog(world.snapshot?.usagePlans ?? []);
      for (const at of asked) {
        const [held] = account.between(at, at);
        for (const [key, stage] of pairs) {
          const planId = held && planHeld(held, key, stage);
          const said = catalog.key(key);
          if (planId) expect(said && planFor(said, API_ID, stage, at)).toBe(planId);
        }
      }
    }),
    { numRuns },
  );
});

test('what is gone keeps the plan that it had, for the grace period', () =>
  holds(roundsOf(changes, passing, accountFailing), async (rounds) => {
    const world = worldOf(false);
    const { account } = world;
    const said = new Map<string, { readonly planId: string; readonly from: number }[]>();

    await play(world, rounds, (catalog, _, { container }) => {
      for (const [key, stage] of pairs) {
        const known = catalog.key(key);
        const planId = known && planFor(known, API_ID, stage);
        const id = `${container} ${key} ${stage}`;
        for (const before of said.get(id) ?? []) {
          if (account.now >= before.from + times.graceMs) continue;
          const seen = plansSeen(account, { keyId: key, stage, from: before.from });
          if (seen.size === 1) expect([key, stage, planId]).toEqual([key, stage, before.planId]);
        }
        const from = oldestReading(catalog);
        const held = account.between(from, account.now).map((it) => planHeld(it, key, stage));
        if (planId && held.every((holder) => holder === planId)) {
          said.set(id, [...(said.get(id) ?? []), { planId, from }]);
        }
      }
    });
  }));
