import { Catalog, planFor } from '../../../../lambda/core/catalog/catalog';
import {
  bounded,
  type Change,
  type History,
  join,
  noHistory,
  unite,
} from '../../../../lambda/core/catalog/catalog-history';
import type { Mark } from '../../../../lambda/core/catalog/timeline';
import type { UsagePlan } from '../../../../lambda/core/catalog/usage-plan';

const SECOND = 1000;
const graceMs = 1000 * SECOND;
const prod = { apiId: 'orders', stage: 'prod' };

function plan(id: string, ...keyIds: string[]): UsagePlan {
  return { id, apiStages: [prod], keys: keyIds.map((keyId) => ({ id: keyId, name: keyId })) };
}

/** What a reading of the whole account at that second makes of a history. */
function read(
  history: History,
  second: number,
  plans: readonly UsagePlan[],
  changes: readonly Change[] = [],
): History {
  const at = second * SECOND;
  const keys = new Map(plans.map((it) => [it.id, { at, by: at, items: it.keys }]));
  return join(history, { at, by: at, plans, keys }, changes, { now: at, graceMs });
}

function tell(history: History, second: number, ...changes: Change[]): History {
  return join(history, undefined, changes, { now: second * SECOND, graceMs });
}

const removed = (second: number, planId: string, keyId: string): Change => ({
  kind: 'removed',
  at: second * SECOND,
  planId,
  keyId,
});
const added = (second: number, planId: string, keyId: string): Change => ({
  kind: 'added',
  at: second * SECOND,
  planId,
  keyId,
});
const stageChange = (kind: 'added' | 'removed', second: number, planId: string): Change => ({
  kind,
  at: second * SECOND,
  planId,
  stage: prod,
});

function plansAt({ usagePlans }: History, keyId: string, ...seconds: (number | undefined)[]) {
  const key = new Catalog(usagePlans).key(keyId);
  return seconds.map((second) =>
    key ? planFor(key, 'orders', 'prod', second && second * SECOND) : 'unknown',
  );
}

const before = read(noHistory, 100, [plan('p1', 'k1', 'k2'), plan('p2', 'k3')]);

describe('a key that is gone', () => {
  const gone = read(before, 200, [plan('p1', 'k2'), plan('p2', 'k3')]);

  test('keeps its name and its plan', () => {
    expect(new Catalog(gone.usagePlans).key('k1')?.customerName).toBe('k1');
    expect(plansAt(gone, 'k1', 50, 500)).toEqual(['p1', 'p1']);
  });

  test('is forgotten after the grace period, which counts from when it was found to be gone', () => {
    const later = (second: number) => read(gone, second, [plan('p1', 'k2'), plan('p2', 'k3')]);

    expect([1199, 1200].map((second) => plansAt(later(second), 'k1', 50)[0])).toEqual([
      'p1',
      'unknown',
    ]);
  });

  test('is forgotten no earlier for having been read long before', () => {
    const found = read(before, 5000, [plan('p1', 'k2'), plan('p2', 'k3')]);
    const later = read(found, 5999, [plan('p1', 'k2'), plan('p2', 'k3')]);

    expect(plansAt(later, 'k1', 50, 4999)).toEqual(['p1', 'p1']);
  });

  test('that came back and went again has its grace period from then', () => {
    const back = tell(gone, 600, added(500, 'p1', 'k1'));
    const again = tell(back, 700, removed(690, 'p1', 'k1'));
    const of = ({ usagePlans }: History) =>
      usagePlans[0]?.formerKeys?.find(({ id }) => id === 'k1')?.goneAt;

    expect([of(gone), of(again)]).toEqual([200 * SECOND, 700 * SECOND]);
  });

  test('that came back and went again before anybody read it has its grace period from then', () => {
    const all = [plan('p1', 'k2'), plan('p2', 'k3')];
    const told = read(gone, 600, all, [added(500, 'p1', 'k1'), removed(590, 'p1', 'k1')]);
    const of = told.usagePlans[0]?.formerKeys?.find(({ id }) => id === 'k1');

    expect(of?.goneAt).toBe(600 * SECOND);
  });

  test('has its grace period from when that was found, whatever tells later when it was', () => {
    const told = tell(gone, 900, removed(150, 'p1', 'k1'));

    expect(told.usagePlans[0]?.formerKeys?.map(({ goneAt }) => goneAt)).toEqual([200 * SECOND]);
  });

  test('is not brought back by an event that comes when it is forgotten', () => {
    const forgotten = read(gone, 1300, [plan('p1', 'k2'), plan('p2', 'k3')]);

    expect(plansAt(tell(forgotten, 1301, removed(150, 'p1', 'k1')), 'k1', 50)).toEqual(['unknown']);
  });
});

describe('a move', () => {
  const now = [plan('p1', 'k2'), plan('p2', 'k1', 'k3')];

  test('of which no event told is after the last reading that showed the old plan', () => {
    expect(plansAt(read(before, 200, now), 'k1', 99, 150, undefined)).toEqual(['p1', 'p2', 'p2']);
  });

  test('is of the moment that events told, whether they come before or after the reading', () => {
    const moves = [removed(150, 'p1', 'k1'), added(155, 'p2', 'k1')];
    const histories = [
      read(before, 200, now, moves),
      tell(read(before, 200, now), 300, ...moves),
      read(tell(before, 160, ...moves), 200, now),
      moves.reduceRight((history, move) => tell(history, 300, move), read(before, 200, now)),
    ];

    for (const history of histories) {
      expect(plansAt(history, 'k1', 149, 153, 155, undefined)).toEqual(['p1', 'p1', 'p2', 'p2']);
    }
  });

  test('there and back between two readings is known from events alone', () => {
    const moves = [
      removed(120, 'p1', 'k1'),
      added(120, 'p2', 'k1'),
      removed(140, 'p2', 'k1'),
      added(140, 'p1', 'k1'),
    ];
    const history = read(before, 200, [plan('p1', 'k1', 'k2'), plan('p2', 'k3')], moves);

    expect(plansAt(history, 'k1', 119, 130, 141)).toEqual(['p1', 'p2', 'p1']);
  });

  test('away and back that events tell late, each after readings that showed the key', () => {
    const once = read(before, 150, [plan('p1', 'k1', 'k2'), plan('p2', 'k3')]);
    const twice = read(once, 200, [plan('p1', 'k1', 'k2'), plan('p2', 'k3')]);

    const away = tell(twice, 300, removed(120, 'p1', 'k1'));
    const back = tell(away, 400, added(122, 'p1', 'k1'));

    expect(plansAt(away, 'k1', 119, 210, undefined)).toEqual(['p1', 'p1', 'p1']);
    const k1 = back.usagePlans[0]?.keys.find(({ id }) => id === 'k1');
    expect(k1?.marks).toEqual([
      ['removed', 120_000],
      ['added', 122_000],
      ['seen', 200_000, 200_000],
    ]);
  });

  test('of a stage is of the moment that events told', () => {
    const withoutStage = { ...plan('p1', 'k1', 'k2'), apiStages: [] };
    const moved = read(
      read(noHistory, 100, [plan('p1', 'k1'), { ...plan('p2', 'k1'), apiStages: [] }]),
      200,
      [withoutStage, plan('p2', 'k1')],
      [stageChange('removed', 150, 'p1'), stageChange('added', 160, 'p2')],
    );

    expect(plansAt(moved, 'k1', 149, 155, 161)).toEqual(['p1', 'p1', 'p2']);
  });
});

describe('a deletion', () => {
  test('of a plan leaves its stages and keys the moments that they had', () => {
    const emptied = tell(before, 150, stageChange('removed', 150, 'p1'));
    const history = read(
      tell(emptied, 160, { kind: 'deleted', at: 152_000, planId: 'p1' }, added(155, 'p2', 'k1')),
      200,
      [plan('p2', 'k1', 'k3')],
    );

    expect(plansAt(history, 'k1', 120, 149, 156)).toEqual(['p1', 'p1', 'p2']);
  });

  test('of a plan dates what it had until then', () => {
    const history = read(
      before,
      200,
      [plan('p2', 'k1', 'k3')],
      [{ kind: 'deleted', at: 150_000, planId: 'p1' }, added(170, 'p2', 'k1')],
    );

    expect(plansAt(history, 'k1', 149, 160, 171)).toEqual(['p1', 'p1', 'p2']);
    expect(new Catalog(history.usagePlans).planCount).toBe(1);
  });

  test('of a plan dates what it ends, before and after the list that lacks it', () => {
    const deleted: Change = { kind: 'deleted', at: 150_000, planId: 'p1' };
    const between = [added(155, 'p2', 'k1'), removed(170, 'p2', 'k1')];
    const now = [plan('p2', 'k3')];
    const ended: Mark = ['ended', 150_000];

    for (const history of [
      read(before, 200, now, [deleted, ...between]),
      read(tell(before, 180, deleted, ...between), 200, now),
      tell(read(before, 200, now, between), 300, deleted),
    ]) {
      expect(plansAt(history, 'k1', 149, 160, 180)).toEqual(['p1', 'p2', 'p2']);
      const p1 = history.usagePlans.find(({ id }) => id === 'p1');
      const facts = [...(p1?.formerKeys ?? []), ...(p1?.formerStages ?? [])];
      expect(facts).toHaveLength(3);
      for (const { marks } of facts) expect(marks).toContainEqual(ended);
    }
  });

  test('of a key ends it in all of its plans', () => {
    const gone = read(
      before,
      200,
      [plan('p1', 'k2'), plan('p2', 'k3')],
      [{ kind: 'deleted', at: 180_000, keyId: 'k1' }],
    );

    expect(gone.usagePlans[0]?.formerKeys?.[0]?.marks).toContainEqual(['ended', 180_000]);
    expect(plansAt(gone, 'k1', 179)).toEqual(['p1']);
  });
});

test('a plan that is new had nothing before it was made', () => {
  const history = read(
    before,
    200,
    [plan('p1', 'k2'), plan('p2', 'k3'), plan('p3', 'k1')],
    [
      removed(150, 'p1', 'k1'),
      { kind: 'created', at: 160_000, planId: 'p3' },
      added(170, 'p3', 'k1'),
    ],
  );

  expect(plansAt(history, 'k1', 140, 165, 171)).toEqual(['p1', 'p1', 'p3']);
});

test('what an event does not name is not dated by it', () => {
  const history = read(
    before,
    200,
    [{ ...plan('p1', 'k1', 'k2'), apiStages: [] }, plan('p2', 'k3')],
    [{ kind: 'removed', at: 150_000, planId: 'p1', stage: { apiId: 'orders', stage: 'test' } }],
  );

  const [p1] = history.usagePlans;
  expect(p1?.formerStages?.find(({ stage }) => stage === 'prod')?.marks).toEqual([
    ['seen', 100_000, 100_000],
    ['lacked', 200_000, 200_000],
  ]);
});

test('what nobody knew of had come unseen where an event tells that it went', () => {
  const made: Change = { kind: 'created', at: 120_000, planId: 'p3' };
  const p3 = { ...plan('p3', 'k1'), apiStages: [] };
  const all = [plan('p1', 'k2'), plan('p2', 'k3'), p3];
  const read3 = read(read(before, 200, all, [made]), 300, all);

  const told = (second: number) => tell(read3, 400, stageChange('removed', second, 'p3'));
  const marksOf = ({ usagePlans }: History) => usagePlans[2]?.formerStages?.[0]?.marks;

  expect(marksOf(told(350))).toEqual([
    ['lacked', 300_000, 300_000],
    ['removed', 350_000],
  ]);
  expect(marksOf(told(250))).toEqual([
    ['lacked', 120_000, 120_000],
    ['removed', 250_000],
  ]);
});

test('what is told of a plan only after it was found to be gone ended with it', () => {
  const gone = read(
    before,
    200,
    [plan('p2', 'k3')],
    [{ kind: 'deleted', at: 150_000, planId: 'p1' }],
  );

  const moves = [removed(138, 'p2', 'k3'), added(140, 'p1', 'k3'), added(160, 'p2', 'k3')];
  const told = tell(gone, 300, ...moves);

  expect(plansAt(told, 'k3', 137, 145)).toEqual(['p2', 'p1']);
  expect(told.usagePlans[0]?.formerKeys?.find(({ id }) => id === 'k3')?.marks).toEqual([
    ['lacked', 100_000, 100_000],
    ['added', 140_000],
    ['ended', 150_000],
  ]);
});

test('what is told of a key only after its deletion ended with it', () => {
  const deleted = tell(before, 300, { kind: 'deleted', at: 150_000, keyId: 'k9' });

  const [p1] = tell(deleted, 400, added(140, 'p1', 'k9')).usagePlans;

  expect(p1?.formerKeys?.map(({ id, marks }) => [id, marks])).toEqual([
    [
      'k9',
      [
        ['lacked', 100_000, 100_000],
        ['added', 140_000],
        ['ended', 150_000],
      ],
    ],
  ]);
});

test('a plan that has ended is remembered for the grace period, whether it had keys or not', () => {
  const empty = read(noHistory, 100, [plan('p1'), plan('p2', 'k3')]);
  const gone = read(empty, 200, [plan('p2', 'k3')]);
  const later = (second: number) =>
    tell(gone, second, added(150, 'p1', 'k1')).usagePlans.map(({ id }) => id);

  expect([later(1199), later(1200)]).toEqual([['p1', 'p2'], ['p2']]);
});

describe('an answer about one key', () => {
  const answer = (second: number, ...plans: UsagePlan[]) => ({
    at: second * SECOND,
    by: second * SECOND,
    ofKey: { keyId: 'k1', plans },
  });
  const times = { now: 300 * SECOND, graceMs };

  test('adds the key, and leaves all others as they are', () => {
    const learned = join(
      before,
      { ...answer(200), ofKey: { keyId: 'k9', plans: [plan('p2', 'k9')] } },
      [],
      times,
    );

    expect(learned.usagePlans.map(({ id, keys }) => [id, keys.map((key) => key.id)])).toEqual([
      ['p1', ['k1', 'k2']],
      ['p2', ['k3', 'k9']],
    ]);
  });

  test('takes it out of the plans that have it no more', () => {
    const learned = join(before, answer(200, plan('p2', 'k1')), [], times);

    expect(plansAt(learned, 'k1', 99, 201)).toEqual(['p1', 'p2']);
    expect(plansAt(learned, 'k2', 201)).toEqual(['p1']);
  });

  test('that is older than a listing does not undo it', () => {
    const moved = read(before, 250, [plan('p1', 'k2'), plan('p2', 'k1', 'k3')]);

    expect(plansAt(join(moved, answer(200, plan('p1', 'k1')), [], times), 'k1', undefined)).toEqual(
      ['p2'],
    );
  });
});

test('a key has the name that was read last, in plans that were not read and for old lines, too', () => {
  const three = read(noHistory, 100, [plan('p1', 'k1'), plan('p2', 'k1'), plan('p3', 'k1')]);
  const at = 200 * SECOND;
  const keys = new Map([
    ['p1', { at, by: at, items: [{ id: 'k1', name: 'New' }] }],
    ['p3', { at, by: at, items: [] }],
  ]);

  const renamed = join(three, { at, by: at, keys }, [], { now: at, graceMs });

  const all = renamed.usagePlans.flatMap(({ keys: held, formerKeys = [] }) => [
    ...held,
    ...formerKeys,
  ]);
  expect(all.map(({ name }) => name)).toEqual(['New', 'New', 'New']);
});

test('a plan whose keys were not read keeps those of its last reading, and when it was', () => {
  const at = 200 * SECOND;
  const listed = join(before, { at, by: at, plans: [plan('p1'), plan('p2')] }, [], {
    now: at,
    graceMs,
  });

  expect(
    listed.usagePlans.map(({ keys, readAt, listedAt }) => [keys.length, readAt, listedAt]),
  ).toEqual([
    [2, 100_000, 200_000],
    [1, 100_000, 200_000],
  ]);
});

describe('two histories of an account', () => {
  const times = { now: 400 * SECOND, graceMs };
  const moved = [plan('p1', 'k2'), plan('p2', 'k1', 'k3')];

  test('as one know what either knows, whichever is the first', () => {
    const told = read(before, 200, moved, [removed(150, 'p1', 'k1'), added(150, 'p2', 'k1')]);
    const lost = read(noHistory, 300, moved);

    for (const united of [unite(told, lost, times), unite(lost, told, times)]) {
      expect(plansAt(united, 'k1', 149, 151, undefined)).toEqual(['p1', 'p2', 'p2']);
      expect([united.listedAt, united.knownSince]).toEqual([300_000, 100_000]);
    }
  });

  test('as one have the plan that an answer has shown since the later list', () => {
    const ofKey = { keyId: 'new', plans: [plan('p9', 'new')] };
    const reading = { at: 350 * SECOND, by: 350 * SECOND, ofKey };
    const asked = join(before, reading, [], times);
    const newer = read(noHistory, 300, moved);

    for (const united of [unite(asked, newer, times), unite(newer, asked, times)]) {
      expect(plansAt(united, 'new', 360, undefined)).toEqual(['p9', 'p9']);
      expect(united.usagePlans.find(({ id }) => id === 'p9')?.endedAt).toBeUndefined();
    }
  });

  test('as one have every key of either that the account still has, whenever its plan was read', () => {
    // Listed, and not read yet: one key is known from an answer, or from an event.
    const listed = join(
      noHistory,
      { at: 300 * SECOND, by: 300 * SECOND, plans: [plan('p1'), plan('p2')] },
      [added(301, 'p1', 'told')],
      times,
    );
    const ofKey = { keyId: 'asked', plans: [plan('p2', 'asked')] };
    const unread = join(listed, { at: 320_000, by: 320_000, ofKey }, [], times);

    for (const united of [unite(before, unread, times), unite(unread, before, times)]) {
      expect(plansAt(united, 'told', undefined)).toEqual(['p1']);
      expect(plansAt(united, 'asked', undefined)).toEqual(['p2']);
      expect(plansAt(united, 'k1', undefined)).toEqual(['p1']);
    }
  });

  test('as one say of now what the later one says', () => {
    const newer = read(noHistory, 300, moved);

    for (const united of [unite(before, newer, times), unite(newer, before, times)]) {
      expect(plansAt(united, 'k1', 99, undefined)).toEqual(['p1', 'p2']);
    }
  });
});

test('what is kept of the past is bounded, and the oldest is dropped first', () => {
  const marks = (from: number): Mark[] => [
    ['added', from],
    ['removed', from + 5000],
  ];
  const key = (id: string, from: number) => ({ id, marks: marks(from), goneAt: from + 5000 });
  const history: History = {
    ...before,
    usagePlans: [{ id: 'p1', keys: [], formerKeys: [key('old', 1000), key('new', 100_000)] }],
  };

  const { history: kept, dropped } = bounded(history, 2);

  expect([kept.usagePlans[0]?.formerKeys?.map(({ id }) => id), dropped]).toEqual([['new'], 2]);
  expect(bounded(history, 4)).toEqual({ history, dropped: 0 });
});
