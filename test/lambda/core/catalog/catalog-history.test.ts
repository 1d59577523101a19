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
  return succeed(previous, listing, { at: 200, previousAt: 100, graceMs, changes });
}

describe('a key that is gone', () => {
  const gone = relisted([plan('p1', 'k1', 'k2')], [plan('p1', 'k2')]);

  test('keeps its name and its plan', () => {
    expect(new Catalog(gone).key('k1')?.customerName).toBe('k1');
    expect([planAt(gone, 'k1', 50), planAt(gone, 'k1', 500)]).toEqual(['p1', 'p1']);
  });

  test('is forgotten after the grace period', () => {
    const times = { previousAt: 1000, graceMs };

    expect(planAt(succeed(gone, [plan('p1', 'k2')], { at: 1099, ...times }), 'k1')).toBe('p1');
    expect(planAt(succeed(gone, [plan('p1', 'k2')], { at: 1100, ...times }), 'k1')).toBe(undefined);
  });
});

test('a plan that is gone keeps its name for the keys that it had', () => {
  const gone = relisted([plan('p1', 'k1')], []);

  expect(planAt(gone, 'k1')).toBe('p1');
  expect(new Catalog(gone).planCount).toBe(0);
  expect(succeed(gone, [], { at: 1100, previousAt: 1000, graceMs })).toEqual([]);
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
      previousAt: 200,
      graceMs,
      changes: [{ at: 150, kind: 'removed', planId: 'p1', keyId: 'k1' }],
    });

    expect([149, 150].map((at) => planAt(moved, 'k1', at))).toEqual(['p1', 'p2']);
  });

  test('back and forth counts against the plan of the request’s time', () => {
    const there = relisted(before, now);
    const back = succeed(there, before, { at: 300, previousAt: 250, graceMs });

    expect([99, 100, 249, 250].map((at) => planAt(back, 'k1', at))).toEqual([
      'p1',
      'p2',
      'p2',
      'p1',
    ]);
  });
});

describe('what the account says of one key', () => {
  const times = { at: 200, previousAt: 100, graceMs };

  test('is added, and leaves all others as they are', () => {
    const learned = learnKey([plan('p1', 'k1')], 'k2', [plan('p1', 'k2'), plan('p2', 'k2')], times);

    expect(learned.map(({ id, keys }) => [id, keys.map((key) => key.id)])).toEqual([
      ['p1', ['k1', 'k2']],
      ['p2', ['k2']],
    ]);
  });

  test('takes it out of the plans that have it no more', () => {
    const learned = learnKey([plan('p1', 'k1', 'k2')], 'k1', [plan('p2', 'k1')], times);

    expect([99, 100].map((at) => planAt(learned, 'k1', at))).toEqual(['p1', 'p2']);
    expect(planAt(learned, 'k2')).toBe('p1');
  });
});
