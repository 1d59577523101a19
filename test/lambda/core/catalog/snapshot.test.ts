import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Catalog, type UsagePlan } from '../../../../lambda/core/catalog/catalog';
import {
  contentOf,
  decodeSnapshot,
  encodeSnapshot,
  nextGeneration,
  type Snapshot,
} from '../../../../lambda/core/catalog/snapshot';

const usagePlans: UsagePlan[] = [
  {
    id: 'p1',
    name: 'Gold',
    tags: { tier: 'paid' },
    apiStages: [{ apiId: 'orders', stage: 'prod', since: 3 }],
    formerStages: [{ apiId: 'orders', stage: 'test', until: 5 }],
    keys: [
      { id: 'k1', name: 'ACME', tags: { team: 'blue' }, customerId: 'mp-7' },
      { id: 'k3', name: 'New', since: 8, askedAt: 10 },
    ],
    formerKeys: [{ id: 'k2', name: 'Gone', since: 3, until: 7 }],
    listedAt: 10,
    readAt: 8,
  },
  {
    id: 'p2',
    name: 'Old',
    apiStages: [],
    keys: [],
    formerKeys: [{ id: 'k1', name: 'ACME', until: 9, tags: { team: 'blue' }, customerId: 'mp-7' }],
    isRetired: true,
    listedAt: 7,
    readAt: 6,
  },
];

const snapshot: Snapshot = {
  generation: 42,
  writtenAt: 2,
  usagePlans,
  absentKeys: new Map([['k9', 1]]),
};

function written(
  change: (head: Record<string, unknown>, body: string) => [unknown, string],
): Buffer {
  const [head = '', body = ''] = gunzipSync(encodeSnapshot(snapshot)).toString().split('\n');
  const [newHead, newBody] = change(JSON.parse(head), body);
  return gzipSync(`${JSON.stringify(newHead)}\n${newBody}`);
}

test('a snapshot is read as it was written', () => {
  expect(decodeSnapshot(encodeSnapshot(snapshot))).toEqual(snapshot);
});

test('says the same whatever the order of plans, keys and stages', () => {
  const [p1, p2] = usagePlans as [UsagePlan, UsagePlan];
  const shuffled = [p2, { ...p1, keys: [...p1.keys].reverse() }];

  expect(contentOf({ ...snapshot, usagePlans: shuffled })).toBe(contentOf(snapshot));
});

test('says the same whenever it was read', () => {
  const later = usagePlans.map((plan) => ({ ...plan, listedAt: 20, readAt: 20 }));

  expect(contentOf({ ...snapshot, usagePlans: later })).toBe(contentOf(snapshot));
});

test('any account is read as it was written', () => {
  const id = fc.stringMatching(/^[a-z]{1,3}$/);
  const plan = fc.record({
    id,
    name: fc.option(fc.string(), { nil: undefined }),
    apiStages: fc.uniqueArray(fc.record({ apiId: id, stage: id }), {
      selector: ({ apiId, stage }) => `${apiId}/${stage}`,
    }),
    keys: fc.uniqueArray(fc.record({ id }), { selector: (key) => key.id }),
  });
  const plans = fc.uniqueArray(plan, { selector: (it) => it.id });
  fc.assert(
    fc.property(plans, (account) => {
      const read = decodeSnapshot(encodeSnapshot({ ...snapshot, usagePlans: account }));

      expect(contentOf(read)).toBe(contentOf({ ...snapshot, usagePlans: account }));
      for (const key of account.flatMap(({ keys }) => keys)) {
        expect(new Catalog(read.usagePlans).key(key.id)?.plans.length).toBe(
          new Catalog(account).key(key.id)?.plans.length,
        );
      }
    }),
  );
});

describe('refused is', () => {
  const whole = encodeSnapshot(snapshot);
  const cases: { title: string; bytes: Buffer; reason: string }[] = [
    { title: 'half a snapshot', bytes: whole.subarray(0, whole.length / 2), reason: 'gzip' },
    { title: 'an empty object', bytes: Buffer.alloc(0), reason: 'gzip' },
    { title: 'something else', bytes: gzipSync('{"a":1}\n{}'), reason: 'format' },
    { title: 'no JSON', bytes: gzipSync('hello\n{}'), reason: 'no JSON' },
    {
      title: 'a newer version',
      bytes: written((head, body) => [{ ...head, version: 3 }, body]),
      reason: 'version is 3',
    },
    {
      title: 'a content that was changed',
      bytes: written((head, body) => [head, body.replace('Gold', 'Geld')]),
      reason: 'damaged',
    },
    {
      title: 'a content that is cut off',
      bytes: written((head, body) => [head, body.slice(0, -9)]),
      reason: 'half written',
    },
    {
      title: 'no generation',
      bytes: written(({ generation, ...head }, body) => [head, body]),
      reason: 'lacks a number',
    },
  ];
  for (const { title, bytes, reason } of cases) {
    test(title, () => {
      expect(() => decodeSnapshot(bytes)).toThrow(reason);
    });
  }
});

test('generations only grow, whatever the clock says', () => {
  expect([
    nextGeneration(undefined, 100),
    nextGeneration(100, 50),
    nextGeneration(100, 200),
  ]).toEqual([100, 101, 200]);
});
