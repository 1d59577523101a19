import type { UsagePlan } from '../../../lambda/core/catalog/usage-plan';
import { type AccountChange, type Message, readMessage } from '../../../lambda/crawler/message';
import { inTurn, KnownIds } from '../../../lambda/crawler/work';
import { accountEvent } from '../../support/account-changes';

const held: UsagePlan[] = [
  { id: 'p1', keys: [{ id: 'k1' }] },
  { id: 'p2', keys: [{ id: 'k2' }], formerKeys: [{ id: 'k3', marks: [['removed', 1]] }] },
];
const known = new KnownIds(held);
const at = new Date('2026-11-20T10:00:00Z');

function event(name: string, parameters: object, response?: object): AccountChange {
  const told = accountEvent(name, parameters, at, response);
  return readMessage(JSON.stringify(told)) as AccountChange;
}

describe('the plans whose keys have to be read again', () => {
  const cases: { title: string; message: AccountChange; plans: string[] | 'all' }[] = [
    {
      title: 'a key that left a plan',
      message: event('DeleteUsagePlanKey', { usagePlanId: 'p1', keyId: 'k1' }),
      plans: ['p1'],
    },
    {
      title: 'a key that came to a plan: where it was, too',
      message: event('CreateUsagePlanKey', { usagePlanId: 'p2', keyId: 'k1' }),
      plans: ['p2', 'p1'],
    },
    {
      title: 'a key that was deleted',
      message: event('DeleteApiKey', { apiKey: 'k2' }),
      plans: ['p2'],
    },
    { title: 'a key of no plan', message: event('DeleteApiKey', { apiKey: 'k9' }), plans: [] },
    {
      title: 'a plan: no keys',
      message: event('UpdateUsagePlan', { usagePlanId: 'p1' }),
      plans: [],
    },
    { title: 'an import', message: event('ImportApiKeys', {}), plans: 'all' },
    {
      title: 'an event of an unknown shape',
      message: event('CreateUsagePlanKey', { huh: 1 }),
      plans: 'all',
    },
  ];
  for (const { title, message, plans } of cases) {
    test(title, () => {
      expect([...(known.plansConcerned(message) ?? ['all'])]).toEqual([plans].flat());
    });
  }
});

test('what somebody waits for comes before a sweep', () => {
  const turns = (...all: Message[]) =>
    inTurn(all.map((message) => ({ message }))).map((turn) =>
      turn.map(({ message }) => message.kind),
    );

  expect(turns({ kind: 'sweep' }, { kind: 'key', keyId: 'k9' })).toEqual([['key'], ['sweep']]);
  expect(turns({ kind: 'check' })).toEqual([['check']]);
});

describe('what an event dates', () => {
  const time = at.getTime();
  const stage = { apiId: 'a', stage: 'prod' };
  const patchOperations = [{ op: 'remove', path: '/apiStages', value: 'a:prod' }];
  const cases: [title: string, message: AccountChange, changes: object[]][] = [
    [
      'a key that leaves',
      event('DeleteUsagePlanKey', { usagePlanId: 'p1', keyId: 'k1' }),
      [{ kind: 'removed', planId: 'p1', keyId: 'k1' }],
    ],
    [
      'a key that is not known yet',
      event('CreateUsagePlanKey', { usagePlanId: 'p1', keyId: 'k9' }),
      [{ kind: 'added', planId: 'p1', keyId: 'k9' }],
    ],
    [
      'a key in an event of an unknown shape',
      event('DeleteUsagePlanKey', { of: ['p2', 'k3'] }),
      [{ kind: 'removed', planId: 'p2', keyId: 'k3' }],
    ],
    [
      'a key that is deleted',
      event('DeleteApiKey', { apiKey: 'k1' }),
      [{ kind: 'deleted', keyId: 'k1' }],
    ],
    [
      'a stage',
      event('UpdateUsagePlan', { usagePlanId: 'p1', patchOperations }),
      [{ kind: 'removed', planId: 'p1', stage }],
    ],
    [
      'a plan that is made',
      event('CreateUsagePlan', { id: 'p1', apiStages: [stage] }),
      [
        { kind: 'created', planId: 'p1' },
        { kind: 'added', planId: 'p1', stage },
      ],
    ],
    [
      'a plan that is deleted',
      event('DeleteUsagePlan', { usagePlanId: 'p1' }),
      [{ kind: 'deleted', planId: 'p1' }],
    ],
    [
      'a plan that is made with the id of another one as its name',
      event('CreateUsagePlan', { name: 'p2', apiStages: [stage] }, { id: 'p1', name: 'p2' }),
      [
        { kind: 'created', planId: 'p1' },
        { kind: 'added', planId: 'p1', stage },
      ],
    ],
    [
      'a plan that is not read yet, with the id of another one as its name: nothing',
      event('CreateUsagePlan', { name: 'p2', apiStages: [stage] }, { id: 'new', name: 'p2' }),
      [],
    ],
    [
      'a stage of a plan that is given the id of another one as its name',
      event('UpdateUsagePlan', {
        patchOperations: [{ op: 'replace', path: '/name', value: 'p2' }, ...patchOperations],
        usagePlanId: 'p1',
      }),
      [{ kind: 'removed', planId: 'p1', stage }],
    ],
    ['a name: nothing', event('UpdateApiKey', { apiKey: 'k1' }), []],
    [
      'a plan that is not known: nothing',
      event('DeleteUsagePlanKey', { usagePlanId: 'gone', keyId: 'k1' }),
      [],
    ],
  ];
  for (const [title, message, changes] of cases) {
    test(title, () => {
      expect(known.changesOf(message)).toEqual(changes.map((change) => ({ ...change, at: time })));
    });
  }
});
