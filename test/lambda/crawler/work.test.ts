import type { UsagePlan } from '../../../lambda/core/catalog/catalog';
import { type Message, readMessage } from '../../../lambda/crawler/message';
import { changesOf, inTurn, workOf } from '../../../lambda/crawler/work';
import { accountEvent } from '../../support/account-changes';

const held: UsagePlan[] = [
  { id: 'p1', keys: [{ id: 'k1' }] },
  { id: 'p2', keys: [{ id: 'k2' }] },
];

function event(name: string, parameters: object, at?: Date): Message {
  return readMessage(JSON.stringify(accountEvent(name, parameters, at)));
}

describe('what has to be read again', () => {
  const cases: { title: string; messages: Message[]; plans: string[] | 'all' }[] = [
    { title: 'a look round', messages: [{ kind: 'look' }], plans: 'all' },
    {
      title: 'a key that left a plan',
      messages: [event('DeleteUsagePlanKey', { usagePlanId: 'p1', keyId: 'k1' })],
      plans: ['p1'],
    },
    {
      title: 'a key that came to a plan: where it was, too',
      messages: [event('CreateUsagePlanKey', { usagePlanId: 'p2', keyId: 'k1' })],
      plans: ['p1', 'p2'],
    },
    {
      title: 'a key that was deleted',
      messages: [event('DeleteApiKey', { apiKey: 'k2' })],
      plans: ['p2'],
    },
    {
      title: 'a plan that was changed: no keys',
      messages: [event('UpdateUsagePlan', { usagePlanId: 'p1' })],
      plans: [],
    },
    { title: 'an import', messages: [event('ImportApiKeys', {})], plans: 'all' },
    {
      title: 'an event of a shape that nobody knows',
      messages: [event('CreateUsagePlanKey', { huh: 1 })],
      plans: 'all',
    },
  ];
  for (const { title, messages, plans } of cases) {
    test(`${title}`, () => {
      const { plansToRead, isLooking } = workOf(messages, held);

      expect(isLooking ? 'all' : [...plansToRead]).toEqual(plans);
    });
  }

  test('a missing key lists nothing', () => {
    expect(workOf([{ kind: 'key', keyId: 'k9' }], held)).toMatchObject({
      isListing: false,
      isLooking: false,
      keysToAsk: ['k9'],
    });
  });
});

test('what somebody waits for comes before a look', () => {
  const [look, key]: Message[] = [{ kind: 'look' }, { kind: 'key', keyId: 'k9' }];

  expect(inTurn([look, key] as Message[])).toEqual([[key], [look]]);
  expect(inTurn([look] as Message[])).toEqual([[look]]);
});

test('moments are those of the plans and keys that an event mentions', () => {
  const at = new Date('2026-11-20T10:00:00Z');
  const messages = [
    event('DeleteUsagePlanKey', { usagePlanId: 'p1', keyId: 'k1' }, at),
    event('UpdateApiKey', { apiKey: 'k1' }, at),
    event('DeleteUsagePlan', { usagePlanId: 'p1' }, at),
    event('DeleteApiKey', { apiKey: 'k1' }, at),
    event('DeleteUsagePlanKey', { usagePlanId: 'gone', keyId: 'k1' }, at),
  ];

  expect(changesOf(messages, held)).toEqual([
    { at: at.getTime(), kind: 'removed', planId: 'p1', keyId: 'k1' },
  ]);
});
