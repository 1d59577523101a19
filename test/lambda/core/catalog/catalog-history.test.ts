import {
  Catalog,
  type CatalogKey,
  planFor,
  type UsagePlan,
} from '../../../../lambda/core/catalog/catalog';
import { type Change, learnKey, succeed } from '../../../../lambda/core/catalog/catalog-history';

const prod = { apiId: 'orders', stage: 'prod' };
const graceMs = 1000;

function plan(id: string, ...keyIds: string[]): UsagePlan {
  return { id, apiStages: [prod], keys: keyIds.map((keyId) => ({ id: keyId, name: keyId })) };
}

function planAt(usagePlans: readonly UsagePlan[], keyId: string, at?: number) {
  const key = new Catalog(usagePlans).key(keyId);
  return key && planFor(key as CatalogKey, 'orders', 'prod', at);
}

/** The second listing began at 200, the first at 100. */
function relisted(previous: UsagePlan[], listing: UsagePlan[], changes?: Change[]) {
  return succeed(readAt(100, previous), listing, { at: 200, graceMs, changes });
}

function readAt(at: number, usagePlans: readonly UsagePlan[]): UsagePlan[] {
  return usagePlans.map((plan) => ({ ...plan, listedAt: at, readAt: at }));
}

describe('a key that is gone', () => {
  const gone = relisted([plan('p1', 'k1', 'k2')], [plan('p1', 'k2')]);

  test('keeps its name and its plan', () => {
    expect(new Catalog(gone).key('k1')?.customerName).toBe('k1');
    expect([planAt(gone, 'k1', 50), planAt(gone, 'k1', 500)]).toEqual(['p1', 'p1']);
  });

  test('is forgotten after the grace period', () => {
    const after = (at: number) => succeed(gone, [plan('p1', 'k2')], { at, graceMs });

    expect([1099, 1100].map((at) => planAt(after(at), 'k1'))).toEqual(['p1', undefined]);
  });
});

test('a plan that is gone keeps its name for the keys that it had', () => {
  const gone = relisted([plan('p1', 'k1')], []);

  expect(planAt(gone, 'k1')).toBe('p1');
  expect(new Catalog(gone).planCount).toBe(0);
  expect(succeed(gone, [], { at: 1100, graceMs })).toEqual([]);
});

test('a stage that is gone counts for requests that were made before', () => {
  const gone = relisted([plan('p1', 'k1')], [{ ...plan('p1', 'k1'), apiStages: [] }]);

  expect([planAt(gone, 'k1', 99), planAt(gone, 'k1')]).toEqual(['p1', 'p1']);
});

describe('a key that moved', () => {
  const before = [plan('p1', 'k1'), plan('p2', 'k2')];
  const now = [plan('p1'), plan('p2', 'k1', 'k2')];

  test('counts against the newest plan since the last listing that showed the old one', () => {
    const moved = relisted(before, now);

    expect([99, 100, undefined].map((at) => planAt(moved, 'k1', at))).toEqual(['p1', 'p2', 'p2']);
  });

  test('counts against the plan of the request’s time where the moment is known', () => {
    const moved = relisted(before, now, [
      { at: 150, kind: 'removed', planId: 'p1', keyId: 'k1' },
      { at: 150, kind: 'added', planId: 'p2', keyId: 'k1' },
    ]);

    expect([149, 150].map((at) => planAt(moved, 'k1', at))).toEqual(['p1', 'p2']);
  });

  test('counts so too where the moment becomes known later', () => {
    const moved = succeed(relisted(before, now), now, {
      at: 300,
      graceMs,
      changes: [{ at: 150, kind: 'removed', planId: 'p1', keyId: 'k1' }],
    });

    expect([149, 150].map((at) => planAt(moved, 'k1', at))).toEqual(['p1', 'p2']);
  });

  test('back and forth counts against the plan of the request’s time', () => {
    const there = relisted(before, now);
    const back = succeed(readAt(250, there), before, { at: 300, graceMs });

    expect([99, 100, 249, 250].map((at) => planAt(back, 'k1', at))).toEqual([
      'p1',
      'p2',
      'p2',
      'p1',
    ]);
  });
});

test('a key has the name that was read last, in plans that were not read and for old lines, too', () => {
  const before = readAt(100, [plan('p1', 'k1'), plan('p2', 'k1'), plan('p3', 'k1')]);
  const renamed = succeed(
    before,
    [
      { ...plan('p1'), keys: [{ id: 'k1', name: 'New' }] },
      { ...plan('p2', 'k1'), readAt: 100 },
      plan('p3'),
    ],
    { at: 200, graceMs },
  );

  const names = renamed.flatMap(({ keys, formerKeys = [] }) => [...keys, ...formerKeys]);
  expect(names.map(({ name }) => name)).toEqual(['New', 'New', 'New']);
});

describe('a moment that an event tells', () => {
  test('of an update is that of the stages that it mentions, and of no others', () => {
    const before = [{ ...plan('p1', 'k1'), apiStages: [prod, { apiId: 'orders', stage: 'test' }] }];
    const mentions = new Set(['p1', 'orders:test']);
    const lost = relisted(
      before,
      [{ ...plan('p1', 'k1'), apiStages: [] }],
      [{ at: 150, kind: 'updated', planId: 'p1', mentions }],
    );

    expect(lost[0]?.formerStages?.map(({ stage, until }) => [stage, until])).toEqual([
      ['prod', 100],
      ['test', 150],
    ]);
  });

  test('of a later update does not date anew what the plan has lost before', () => {
    const lost = relisted([plan('p1', 'k1')], [{ ...plan('p1', 'k1'), apiStages: [] }]);
    const mentions = new Set(['p1', '1000']);
    const updated = succeed(lost, [{ ...plan('p1', 'k1'), apiStages: [] }], {
      at: 300,
      graceMs,
      changes: [{ at: 250, kind: 'updated', planId: 'p1', mentions }],
    });

    expect(updated[0]?.formerStages?.map(({ until }) => until)).toEqual([100]);
  });

  test('is not that of the first time, where a key left a plan twice', () => {
    const left = relisted([plan('p1', 'k1')], [plan('p1')]);
    const back = succeed(left, [plan('p1', 'k1')], { at: 300, graceMs });
    const again = succeed(back, [plan('p1')], {
      at: 400,
      graceMs,
      changes: [{ at: 350, kind: 'removed', planId: 'p1', keyId: 'k1' }],
    });

    expect(again[0]?.formerKeys?.map(({ until }) => until)).toEqual([100, 350]);
  });
});

describe('what the account says of one key', () => {
  const times = { at: 200, graceMs };

  test('is added, and leaves all others as they are', () => {
    const learned = learnKey([plan('p1', 'k1')], 'k2', [plan('p1', 'k2'), plan('p2', 'k2')], times);

    expect(learned.map(({ id, keys }) => [id, keys.map((key) => key.id)])).toEqual([
      ['p1', ['k1', 'k2']],
      ['p2', ['k2']],
    ]);
  });

  test('takes it out of the plans that have it no more', () => {
    const before = readAt(100, [plan('p1', 'k1', 'k2')]);
    const learned = learnKey(before, 'k1', [plan('p2', 'k1')], times);

    expect([99, 100].map((at) => planAt(learned, 'k1', at))).toEqual(['p1', 'p2']);
    expect(planAt(learned, 'k2')).toBe('p1');
  });

  test('dates that the key goes, and nothing else', () => {
    const learned = learnKey(readAt(100, [plan('p1', 'k1')]), 'k2', [plan('p1', 'k2')], times);
    const gone = succeed(learned, [plan('p1')], { at: 300, graceMs });

    expect(gone[0]?.formerKeys).toMatchObject([
      { id: 'k1', until: 100 },
      { id: 'k2', until: 200 },
    ]);
  });
});

describe('a listing that brings the keys of some plans from an earlier reading', () => {
  const before = readAt(100, [plan('p1', 'k1'), plan('p2', 'k2')]);
  const partly = succeed(before, [plan('p1', 'k1'), { ...plan('p2', 'k2'), readAt: 100 }], {
    at: 200,
    graceMs,
  });

  test('dates what goes by the reading that showed it', () => {
    const gone = succeed(partly, [plan('p1'), plan('p2')], { at: 300, graceMs });

    expect(gone.flatMap(({ formerKeys = [] }) => formerKeys.map(({ until }) => until))).toEqual([
      200, 100,
    ]);
  });
});
