import fc from 'fast-check';
import { Catalog, type CatalogKey, planFor } from '../../../../lambda/core/catalog/catalog';
import { customerNaming } from '../../../../lambda/core/catalog/customer';
import type { Mark } from '../../../../lambda/core/catalog/timeline';
import type { ApiStage, UsagePlan } from '../../../../lambda/core/catalog/usage-plan';

const stage = (apiId: string, name: string): ApiStage => ({ apiId, stage: name });

function plan(name: string, apiStages: ApiStage[], ...keyIds: string[]): UsagePlan {
  return {
    id: `id-${name}`,
    name,
    apiStages,
    keys: keyIds.map((id) => ({ id, name: `of ${id}` })),
  };
}

function planOf(catalog: Catalog, keyId: string, apiId: string, stageName: string) {
  const key = catalog.key(keyId);
  return key && planFor(key, apiId, stageName);
}

test('a key has the name of its customer', () => {
  const catalog = new Catalog([plan('Gold', [], 'k')]);

  expect(catalog.key('k')?.customerName).toBe('of k');
  expect(catalog.key('other')).toBeUndefined();
});

test.each([undefined, ''])('a key with the name %j has none', (name) => {
  const catalog = new Catalog([{ id: 'p', keys: [{ id: 'k', name }] }]);

  expect(catalog.key('k')?.customerName).toBe('-');
});

test.each([undefined, ''])('a plan with the name %j goes by its id', (name) => {
  const apiStages = [stage('api', 'prod')];
  const catalog = new Catalog([{ id: 'p', name, apiStages, keys: [{ id: 'k' }] }]);

  expect(planOf(catalog, 'k', 'api', 'prod')).toBe('p');
});

test('a key in several plans has the plan of the stage', () => {
  const catalog = new Catalog([
    plan('Gold', [stage('orders', 'prod'), stage('invoices', 'prod')], 'k'),
    plan('Sandbox', [stage('orders', 'test')], 'k'),
  ]);

  expect(planOf(catalog, 'k', 'orders', 'prod')).toBe('Gold');
  expect(planOf(catalog, 'k', 'invoices', 'prod')).toBe('Gold');
  expect(planOf(catalog, 'k', 'orders', 'test')).toBe('Sandbox');
  expect(planOf(catalog, 'k', 'invoices', 'test')).toBeUndefined();
});

test('a key that seems to be in two plans for one stage has neither', () => {
  const apiStages = [stage('orders', 'prod')];
  const catalog = new Catalog([plan('Gold', apiStages, 'k'), plan('Silver', apiStages, 'k')]);

  expect(planOf(catalog, 'k', 'orders', 'prod')).toBeUndefined();
});

test('a plan that is listed twice is one plan', () => {
  const gold = plan('Gold', [stage('orders', 'prod')], 'k');
  const catalog = new Catalog([gold, { ...gold }]);

  expect([catalog.planCount, planOf(catalog, 'k', 'orders', 'prod')]).toEqual([1, 'Gold']);
});

test('a key that is listed twice in a plan has that plan', () => {
  const catalog = new Catalog([plan('Gold', [stage('orders', 'prod')], 'k', 'k')]);

  expect(planOf(catalog, 'k', 'orders', 'prod')).toBe('Gold');
});

test.each(['__proto__', 'constructor', 'toString'])('%s is an id like any other', (id) => {
  const catalog = new Catalog([plan('Gold', [stage(id, id)], id)]);

  expect(planOf(catalog, id, id, id)).toBe('Gold');
  expect(planOf(catalog, id, id, 'valueOf')).toBeUndefined();
  expect(Catalog.empty.key(id)).toBeUndefined();
});

test('counts plans, and each key once', () => {
  const catalog = new Catalog([plan('Gold', [], 'k1', 'k2'), plan('Silver', [], 'k2')]);

  expect(catalog.planCount).toBe(2);
  expect(catalog.keyCount).toBe(2);
});

test('says what a walk through all plans says', () => {
  const ids = fc.constantFrom('a', 'b', 'c');
  const plans = fc.array(
    fc.record({
      id: fc.uuid(),
      name: fc.constantFrom('Gold', 'Silver', 'Bronze'),
      apiStages: fc.array(fc.record({ apiId: ids, stage: ids })),
      keys: fc.array(fc.record({ id: ids })),
    }),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(plans, ids, ids, ids, (usagePlans, keyId, apiId, stageName) => {
      const withKey = usagePlans.filter(({ keys }) => keys.some(({ id }) => id === keyId));
      const forStage = withKey.filter(({ apiStages }) =>
        apiStages.some((one) => one.apiId === apiId && one.stage === stageName),
      );
      const expected = forStage.length === 1 ? forStage[0]?.name : undefined;

      const catalog = new Catalog(usagePlans);

      expect(catalog.key(keyId) !== undefined).toBe(withKey.length > 0);
      expect(planOf(catalog, keyId, apiId, stageName)).toBe(expected);
    }),
  );
});

describe('the plan of a request whose key, stage or plan has changed', () => {
  const prod = stage('orders', 'prod');

  function planAt(usagePlans: readonly UsagePlan[], at?: number) {
    const key = new Catalog(usagePlans).key('k1') as CatalogKey;
    return planFor(key, 'orders', 'prod', at);
  }

  const k1 = { id: 'k1', name: 'ACME' };
  const removed = (at: number): { marks: Mark[] } => ({ marks: [['removed', at]] });
  const added = (at: number): { marks: Mark[] } => ({ marks: [['added', at]] });
  const plans = (...all: Partial<UsagePlan>[]): UsagePlan[] =>
    all.map((it, index) => ({ id: `p${index + 1}`, apiStages: [prod], keys: [], ...it }));

  test('is that of its time where the key has moved', () => {
    const moved = plans({ formerKeys: [{ ...k1, ...removed(100) }] }, { keys: [k1] });

    expect([planAt(moved, 99), planAt(moved, 100), planAt(moved)]).toEqual(['p1', 'p2', 'p2']);
  });

  test('is that of its time where the key has moved there and back', () => {
    const marks: Mark[] = [
      ['removed', 10_000],
      ['added', 20_000],
    ];
    const there: Mark[] = [
      ['added', 10_000],
      ['removed', 20_000],
    ];
    const moved = plans({ keys: [{ ...k1, marks }] }, { formerKeys: [{ ...k1, marks: there }] });

    expect([9999, 10_000, 19_999, 20_000].map((at) => planAt(moved, at))).toEqual([
      'p1',
      'p2',
      'p2',
      'p1',
    ]);
  });

  test('is that of its time where the stage has moved', () => {
    const moved = plans(
      { apiStages: [], keys: [k1], formerStages: [{ ...prod, ...removed(100) }] },
      { apiStages: [{ ...prod, ...added(100) }], keys: [k1] },
    );

    expect([planAt(moved, 99), planAt(moved, 100)]).toEqual(['p1', 'p2']);
  });

  test('is none of which the key had left before the stage came', () => {
    const moved = plans(
      { apiStages: [{ ...prod, ...added(200) }], formerKeys: [{ ...k1, ...removed(100) }] },
      { keys: [k1] },
    );

    expect([50, 300].map((at) => planAt(moved, at))).toEqual(['p2', 'p2']);
  });

  test('is none before the key came to any', () => {
    const fresh = plans({ keys: [{ ...k1, ...added(100) }] });

    expect([99, 100].map((at) => planAt(fresh, at))).toEqual([undefined, 'p1']);
  });

  test('is the one that it had where it has none, until it comes to another one', () => {
    const moved = plans(
      { formerKeys: [{ ...k1, ...removed(100) }] },
      { keys: [{ ...k1, ...added(200) }] },
    );

    expect([99, 150, 200].map((at) => planAt(moved, at))).toEqual(['p1', 'p1', 'p2']);
  });

  test('is the last one where the key is gone, however late the line', () => {
    const gone = plans(
      { formerKeys: [{ ...k1, ...removed(100) }] },
      {
        formerKeys: [
          {
            ...k1,
            marks: [
              ['added', 100],
              ['removed', 200],
            ],
          },
        ],
      },
    );

    expect([planAt(gone, 999), planAt(gone)]).toEqual(['p2', 'p2']);
  });

  test('is certainly the old one up to its last reading, then the new one, where no event told', () => {
    const moved = plans(
      {
        formerKeys: [
          {
            ...k1,
            marks: [
              ['seen', 100, 100],
              ['lacked', 200, 200],
            ],
          },
        ],
      },
      {
        keys: [
          {
            ...k1,
            marks: [
              ['lacked', 90, 90],
              ['seen', 200, 200],
            ],
          },
        ],
      },
    );

    expect([95, 150, 300].map((at) => planAt(moved, at))).toEqual(['p1', 'p2', 'p2']);
  });

  test('is the one of which an event told where the other is uncertain', () => {
    const moved = plans(
      {
        formerKeys: [
          {
            ...k1,
            marks: [
              ['seen', 1_000, 1_000],
              ['removed', 9_000],
            ],
          },
        ],
      },
      {
        keys: [
          {
            ...k1,
            marks: [
              ['lacked', 900, 900],
              ['seen', 20_000, 20_000],
            ],
          },
        ],
      },
    );

    expect([5_000, 10_000].map((at) => planAt(moved, at))).toEqual(['p1', 'p2']);
  });

  test('is the one that ended later of those that it had, in whichever order they stand', () => {
    const there: Mark[] = [
      ['added', 10_000],
      ['removed', 20_000],
    ];
    const first = { formerKeys: [{ ...k1, ...removed(10_000) }] };
    const second = { formerKeys: [{ ...k1, marks: there }] };
    const [one, other] = [plans(first, second), plans(second, first)];

    expect([9_000, 15_000, 30_000].map((at) => planAt(one, at))).toEqual(['p1', 'p2', 'p2']);
    expect([9_000, 15_000, 30_000].map((at) => planAt(other, at))).toEqual(['p2', 'p1', 'p1']);
  });

  describe('that ended and came back', () => {
    const planOnceForgottenUntil = (until: number, marks: Mark[], at: number) => {
      const [p1] = plans({ keys: [{ ...k1, marks }] });
      const key = new Catalog(p1 ? [p1] : [], undefined, until).key('k1') as CatalogKey;
      return planFor(key, 'orders', 'prod', at);
    };
    const cases: { title: string; marks: Mark[]; at: number; from?: number }[] = [
      {
        title: 'where events told it',
        from: 12_000,
        marks: [
          ['removed', 10_000],
          ['added', 20_000],
        ],
        at: 15_000,
      },
      {
        title: 'where it was last seen before',
        marks: [
          ['seen', 10_000, 10_000],
          ['lacked', 14_000, 15_000],
          ['added', 20_000],
        ],
        at: 12_000,
      },
      {
        title: 'where it was seen again afterwards',
        marks: [
          ['removed', 10_000],
          ['lacked', 14_000, 14_000],
          ['seen', 20_000, 21_000],
        ],
        at: 15_000,
      },
    ];
    for (const { title, marks, at, from = at } of cases) {
      test(`is none once what was in its place may be forgotten, ${title}`, () => {
        expect(planOnceForgottenUntil(from - 1, marks, at)).toBe('p1');
        expect(planOnceForgottenUntil(from, marks, at)).toBeUndefined();
        expect(planOnceForgottenUntil(at, marks, 9_000)).toBe('p1');
        expect(planOnceForgottenUntil(at, marks, 22_000)).toBe('p1');
      });
    }
  });

  describe('that has ended for good', () => {
    const planOf = (until: number, requestedAt: number, ...all: UsagePlan[]) => {
      const key = new Catalog(all, undefined, until).key('k1') as CatalogKey;
      return planFor(key, 'orders', 'prod', requestedAt);
    };

    test('is none where a later one, which may be forgotten, can have been in its place', () => {
      const left: Mark[] = [['removed', 10_000]];
      const [p1] = plans({ formerKeys: [{ ...k1, marks: left, goneAt: 40_000 }] });

      // Of the second in which an event says that it ended, and of what a clock may be wrong.
      expect(planOf(11_999, 20_000, p1 as UsagePlan)).toBe('p1');
      expect(planOf(12_000, 20_000, p1 as UsagePlan)).toBeUndefined();
      expect(planOf(20_000, 9_000, p1 as UsagePlan)).toBe('p1');
    });

    test('takes no line of the next one, of which nobody can tell any more', () => {
      const gone: Mark[] = [
        ['seen', 10_000, 10_000],
        ['lacked', 40_000, 40_000],
      ];
      const came: Mark[] = [
        ['lacked', 5000, 5000],
        ['seen', 30_000, 30_000],
      ];
      const both = plans(
        { formerKeys: [{ ...k1, marks: gone, goneAt: 40_000 }] },
        { keys: [{ ...k1, marks: came }] },
      );

      expect(planOf(19_999, 20_000, ...both)).toBe('p2');
      expect(planOf(20_000, 20_000, ...both)).toBeUndefined();
    });
  });

  test('is the one that it had until it was deleted, though the stage was away for a moment', () => {
    const [p1] = plans({
      apiStages: [
        {
          apiId: 'orders',
          stage: 'prod',
          marks: [
            ['removed', 20_000],
            ['added', 22_000],
          ],
        },
      ],
      formerKeys: [
        {
          ...k1,
          marks: [
            ['seen', 5000, 5000],
            ['ended', 30_000],
          ],
          goneAt: 31_000,
        },
      ],
    });
    const key = new Catalog(p1 ? [p1] : [], undefined, 15_000).key('k1') as CatalogKey;

    expect(planFor(key, 'orders', 'prod', 10_000)).toBe('p1');
  });

  test('is, where there was none, the last one that had certainly begun', () => {
    const all = plans(
      {
        formerKeys: [
          {
            ...k1,
            marks: [
              ['added', 1000],
              ['removed', 10_000],
            ],
            goneAt: 10_000,
          },
        ],
      },
      {
        formerKeys: [
          {
            ...k1,
            marks: [
              ['lacked', 11_000, 11_000],
              ['ended', 20_000],
            ],
            goneAt: 20_000,
          },
        ],
      },
    );
    const perhaps = plans(
      {},
      {
        apiStages: [
          {
            apiId: 'orders',
            stage: 'prod',
            marks: [
              ['lacked', 1000, 1000],
              ['seen', 18_000, 18_000],
            ],
          },
        ],
        formerKeys: [
          {
            ...k1,
            marks: [
              ['added', 11_000],
              ['removed', 15_000],
            ],
            goneAt: 15_000,
          },
        ],
      },
    );
    const planAfter = (...usagePlans: UsagePlan[]) => {
      const key = new Catalog(usagePlans, undefined, 0).key('k1') as CatalogKey;
      return planFor(key, 'orders', 'prod', 30_000);
    };

    expect(planAfter(...all)).toBe('p1');
    const [, , seenLast] = plans(
      {},
      {},
      {
        formerKeys: [
          {
            ...k1,
            marks: [
              ['added', 12_000],
              ['lacked', 16_000, 16_000],
            ],
            goneAt: 16_000,
          },
        ],
      },
    );
    expect(planAfter(...all, seenLast as UsagePlan)).toBe('p3');
    expect(planAfter(all[0] as UsagePlan, perhaps[1] as UsagePlan)).toBe('p1');
  });

  test('is the one that it had until it was found to be gone, for as long as that is kept', () => {
    const lacked: Mark[] = [
      ['seen', 10_000, 10_000],
      ['lacked', 40_000, 40_000],
    ];
    const [p1] = plans({ formerKeys: [{ ...k1, marks: lacked, goneAt: 40_000 }] });
    const key = new Catalog(p1 ? [p1] : [], undefined, 39_999).key('k1') as CatalogKey;

    expect([9_000, 20_000, 50_000].map((at) => planFor(key, 'orders', 'prod', at))).toEqual([
      'p1',
      'p1',
      'p1',
    ]);
  });

  test('is none where two seem to hold', () => {
    const two = plans({ keys: [k1] }, { keys: [{ ...k1, ...added(100) }] });

    expect([99, 100].map((at) => planAt(two, at))).toEqual(['p1', undefined]);
  });
});

describe('a key', () => {
  test('has the name that it has now, not one that it had', () => {
    const catalog = new Catalog([
      { id: 'p1', keys: [], formerKeys: [{ id: 'k1', name: 'Old', marks: [['removed', 100]] }] },
      { id: 'p2', keys: [{ id: 'k1', name: 'New' }] },
    ]);

    expect(catalog.key('k1')?.customerName).toBe('New');
  });

  test('is named by its plan where that is configured', () => {
    const naming = customerNaming({ customerName: '{plan.tags.team}', extraFields: {} });

    const catalog = new Catalog(
      [{ id: 'p1', keys: [{ id: 'k1' }], tags: { team: 'blue' } }],
      naming,
    );

    const key = catalog.key('k1');
    expect([key?.customerName, key?.plans[0]?.customerName]).toEqual(['-', 'blue']);
  });
});

test('retired plans are no plans of the account', () => {
  const catalog = new Catalog([
    { id: 'p1', keys: [{ id: 'k1' }] },
    { id: 'p2', keys: [], formerKeys: [{ id: 'k2', marks: [['removed', 1]] }], endedAt: 1 },
  ]);

  expect([catalog.planCount, catalog.keyCount]).toEqual([1, 2]);
});
