import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Catalog, membershipFor } from '../../../../lambda/core/catalog/catalog';
import { type Change, join, unite } from '../../../../lambda/core/catalog/catalog-history';
import {
  decodeSnapshot,
  encodeSnapshot,
  isRestored,
  MAX_SNAPSHOT_BYTES,
  nextGeneration,
  type Snapshot,
  SnapshotError,
  saysOf,
} from '../../../../lambda/core/catalog/snapshot';
import type { Mark } from '../../../../lambda/core/catalog/timeline';
import type { UsagePlan } from '../../../../lambda/core/catalog/usage-plan';
import { fuzzRuns } from '../../../support/fuzz-runs';

const usagePlans: UsagePlan[] = [
  {
    id: 'p1',
    name: 'Gold',
    tags: { tier: 'paid' },
    apiStages: [{ apiId: 'orders', stage: 'prod', marks: [['added', 3]] }],
    formerStages: [{ apiId: 'orders', stage: 'test', marks: [['removed', 5]], goneAt: 6 }],
    keys: [
      { id: 'k1', name: 'ACME', tags: { team: 'blue' }, customerId: 'mp-7' },
      {
        id: 'k3',
        name: 'New',
        marks: [
          ['lacked', 8, 9],
          ['seen', 10, 11],
        ],
      },
    ],
    formerKeys: [
      {
        id: 'k2',
        name: 'Gone',
        marks: [
          ['seen', 3, 3],
          ['ended', 7],
        ],
        goneAt: 8,
      },
    ],
    listedAt: 10,
    readAt: 8,
    absentAt: 2,
  },
  {
    id: 'p2',
    name: 'Old',
    apiStages: [],
    keys: [],
    formerKeys: [{ id: 'k1', name: 'ACME', marks: [['removed', 9]], goneAt: 9 }],
    endedAt: 9,
    listedAt: 7,
    readAt: 6,
  },
];

const snapshot: Snapshot = {
  generation: 42,
  writtenAt: 2,
  listedAt: 10,
  knownSince: 1,
  unread: ['p1'],
  usagePlans,
  endedKeys: new Map([['k8', 7]]),
  absentKeys: new Map([['k9', 1]]),
};

const encode = (it: Snapshot) => encodeSnapshot(it).bytes;

function written(
  change: (head: Record<string, unknown>, body: string) => [unknown, string],
): Buffer {
  const [head = '', body = ''] = gunzipSync(encode(snapshot)).toString().split('\n');
  const [newHead, newBody] = change(JSON.parse(head), body);
  return gzipSync(`${JSON.stringify(newHead)}\n${newBody}`);
}

/** With a first line that is right, whatever the content. */
function saying(change: (body: never) => void): Buffer {
  return written((head, body) => {
    const content = JSON.parse(body);
    change(content as never);
    const text = JSON.stringify(content);
    const sha256 = createHash('sha256').update(text).digest('hex');
    return [{ ...head, bytes: Buffer.byteLength(text), sha256 }, text];
  });
}

test('a snapshot is read as it was written', () => {
  expect(decodeSnapshot(encode(snapshot))).toEqual(snapshot);
});

test('says the same whatever the order of plans, keys and stages', () => {
  const [p1, p2] = usagePlans as [UsagePlan, UsagePlan];
  const shuffled = [p2, { ...p1, keys: [...p1.keys].reverse() }];

  expect(saysOf({ ...snapshot, usagePlans: shuffled })).toBe(saysOf(snapshot));
});

test('says the same whenever it was read', () => {
  const later = usagePlans.map((plan) => ({ ...plan, listedAt: 20, readAt: 20 }));

  expect(saysOf({ ...snapshot, usagePlans: later })).toBe(saysOf(snapshot));
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
      const read = decodeSnapshot(encode({ ...snapshot, usagePlans: account }));

      expect(saysOf(read)).toBe(saysOf({ ...snapshot, usagePlans: account }));
      for (const key of account.flatMap(({ keys }) => keys)) {
        expect(new Catalog(read.usagePlans).key(key.id)?.plans.length).toBe(
          new Catalog(account).key(key.id)?.plans.length,
        );
      }
    }),
  );
});

describe('refused is', () => {
  const whole = encode(snapshot);
  const cases: { title: string; bytes: Buffer; reason: string }[] = [
    { title: 'half a snapshot', bytes: whole.subarray(0, whole.length / 2), reason: 'gzip' },
    { title: 'an empty object', bytes: Buffer.alloc(0), reason: 'gzip' },
    { title: 'something else', bytes: gzipSync('{"a":1}\n{}'), reason: 'format' },
    { title: 'no JSON', bytes: gzipSync('hello\n{}'), reason: 'no JSON' },
    {
      title: 'a newer version',
      bytes: written((head, body) => [{ ...head, version: 5 }, body]),
      reason: 'version is 5',
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
      reason: 'generation is not',
    },
    { title: 'what is too large', bytes: Buffer.alloc(MAX_SNAPSHOT_BYTES + 1), reason: 'at most' },
    { title: 'a bomb', bytes: gzipSync(Buffer.alloc(100 << 20)), reason: 'gzip' },
    {
      title: 'a name that is a number',
      bytes: saying((body: { usagePlans: { name: unknown }[] }) => {
        for (const plan of body.usagePlans) plan.name = 5;
      }),
      reason: 'plan.name',
    },
    {
      title: 'a mark of an unknown kind',
      bytes: saying((body: { usagePlans: { keys: object[] }[] }) => {
        body.usagePlans[0]?.keys.push({ id: 'k', marks: [['felt', 1]] });
      }),
      reason: 'mark',
    },
  ];
  for (const { title, bytes, reason } of cases) {
    test(title, () => {
      expect(() => decodeSnapshot(bytes)).toThrow(reason);
    });
  }
});

test('a generation of a time that has not come yet is refused', () => {
  const bytes = encode({ ...snapshot, generation: 10_000_000 });

  expect(() => decodeSnapshot(bytes, 1_000_000)).toThrow('lies in the future');
  expect(decodeSnapshot(bytes, 9_000_000).generation).toBe(10_000_000);
});

test('an object that was stored long after it was written was restored', () => {
  expect([60_002, 60_003, undefined].map((storedAt) => isRestored(snapshot, storedAt))).toEqual([
    false,
    true,
    false,
  ]);
});

test('what equal keys say in several plans is one object', () => {
  const key = { id: 'k1', name: 'ACME' };
  const plans = ['p1', 'p2'].map((id) => ({ id, keys: [{ ...key }] }));

  const [p1, p2] = decodeSnapshot(encode({ ...snapshot, usagePlans: plans })).usagePlans;

  expect(p1?.keys[0]).toBe(p2?.keys[0]);
});

describe('what is too much to be read', () => {
  const marks = Array.from(
    { length: 5000 },
    (_, n): Mark => [n % 2 === 0 ? 'added' : 'removed', n * 1000],
  );
  const moving = { ...snapshot, usagePlans: [{ id: 'p1', keys: [{ id: 'k1', marks }] }] };

  test('loses the oldest of its past, and says how much', () => {
    const { bytes, dropped } = encodeSnapshot(moving, 50_000);

    const kept = decodeSnapshot(bytes).usagePlans[0]?.keys[0]?.marks ?? [];
    expect(gunzipSync(bytes).byteLength).toBeLessThan(51_000);
    expect([kept.length + dropped, kept.at(-1)]).toEqual([5000, marks.at(-1)]);
  });

  test('is refused where the present alone is too much', () => {
    const large = { ...snapshot, usagePlans: [{ id: 'p1', name: 'x'.repeat(60_000), keys: [] }] };

    expect(() => encodeSnapshot(large, 50_000)).toThrow('expected 50000 at most');
  });
});

test('generations only grow, whatever the clock says', () => {
  expect([
    nextGeneration(undefined, 100),
    nextGeneration(100, 50),
    nextGeneration(100, 200),
  ]).toEqual([100, 101, 200]);
});

describe('any content under a right first line', () => {
  type Path = readonly (string | number)[];

  const pathsOf = (value: unknown, path: Path = []): Path[] => [
    path,
    ...(typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]))
      : []),
  ];
  const body = JSON.parse(gunzipSync(encode(snapshot)).toString().split('\n')[1] ?? '');
  const change = fc.record({
    path: fc.constantFrom(...pathsOf(body).slice(1)),
    to: fc.oneof(
      fc.constantFrom<unknown>(
        null,
        '',
        0,
        -1,
        1e15,
        2 ** 53,
        0.5,
        true,
        [],
        {},
        [[]],
        '__proto__',
      ),
      fc.constantFrom<unknown>(...pathsOf(body).map((path) => at(body, path))),
      fc.jsonValue({ maxDepth: 2 }),
    ),
    isRemoved: fc.boolean(),
  });

  function at(value: unknown, path: Path): unknown {
    return path.reduce((it, name) => (it as Record<string, unknown>)?.[name], value);
  }

  function use(read: Snapshot): void {
    const catalog = new Catalog(read.usagePlans, undefined, read.knownSince);
    for (const { keys, formerKeys = [] } of read.usagePlans) {
      for (const { id } of [...keys, ...formerKeys]) {
        const key = catalog.key(id);
        for (const time of [0, 5, 9, undefined]) {
          if (key) membershipFor(key, 'orders', 'prod', time);
        }
      }
    }
    const times = { now: 20, graceMs: 100 };
    const reading = { at: 12, by: 13, plans: usagePlans };
    const told: Change[] = [{ kind: 'deleted', at: 11, planId: 'p1' }];
    encode({ ...read, ...join(read, reading, told, times) });
    encode({ ...read, ...unite(read, snapshot, times) });
  }

  test('is refused as a snapshot that is none, or can be read, joined and written', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const bytes = saying((content) => {
          for (const { path, to, isRemoved } of changes) {
            const owner = at(content, path.slice(0, -1)) as Record<string, unknown> | undefined;
            const name = path.at(-1) as string;
            if (typeof owner !== 'object' || owner === null) continue;
            if (isRemoved) delete owner[name];
            else owner[name] = structuredClone(to);
          }
        });
        let read: Snapshot;
        try {
          read = decodeSnapshot(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(SnapshotError);
          return;
        }
        use(read);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });
});
