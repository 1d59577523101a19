import {
  customerNaming,
  parseExtraFields,
  tagsNamed,
  wantedDetails,
} from '../../../../lambda/core/catalog/customer';
import type { UsagePlan, UsagePlanKey } from '../../../../lambda/core/catalog/usage-plan';

const key: UsagePlanKey = {
  id: 'k1',
  name: 'ACME',
  customerId: 'mp-7',
  tags: { team: 'blue', 'cost center': '42' },
};
const plan: UsagePlan = { id: 'p1', name: 'Gold', keys: [key], tags: { tier: 'paid' } };

describe('a customer name', () => {
  const cases = [
    { template: '{key.name}', name: 'ACME' },
    { template: '{key.tags.team}', name: 'blue' },
    { template: '{key.tags.cost center}', name: '42' },
    { template: '{key.customerId}', name: 'mp-7' },
    { template: '{plan.tags.tier}/{key.id}', name: 'paid/k1' },
    { template: '{key.tags.none|plan.tags.none|key.name}', name: 'ACME' },
    { template: '{plan.name}: {key.tags.none}', name: '-' },
    { template: '{key.tags.constructor}', name: '-' },
  ];
  for (const { template, name } of cases) {
    test(`from ${template} is ${name}`, () => {
      const naming = customerNaming({ customerName: template, extraFields: {} });

      expect(naming(key, plan).customerName).toBe(name);
    });
  }

  test('of a request that counts against no plan has no facts of a plan', () => {
    const naming = customerNaming({ customerName: '{plan.name|key.name}', extraFields: {} });

    expect([naming(key, plan).customerName, naming(key).customerName]).toEqual(['Gold', 'ACME']);
  });

  const bad = ['', 'ACME', '{key.name', '{key.nome}', '{key.tags.}', '{key.value}', '{}'];
  for (const template of bad) {
    test(`refuses the template "${template}"`, () => {
      expect(() => customerNaming({ customerName: template, extraFields: {} })).toThrow('template');
    });
  }
});

describe('further columns', () => {
  test('come in the order in which they are configured', () => {
    const extraFields = parseExtraFields('usage_plan_id={plan.id}, team={key.tags.team}');

    const { columns } = customerNaming({ customerName: '{key.name}', extraFields })(key, plan);

    expect(columns).toEqual([
      ['usage_plan_id', 'p1'],
      ['team', 'blue'],
    ]);
  });

  for (const text of ['team', '={plan.id}', 'a={plan.id},a={plan.id}', 'team=blue']) {
    test(`refuses "${text}"`, () => {
      expect(() => parseExtraFields(text)).toThrow();
    });
  }
});

test('only tags and customer ids of keys need the list of API keys', () => {
  const needs = (template: string) => wantedDetails([template]).isListOfKeys;

  expect(
    ['{key.name}', '{plan.tags.x}', '{key.tags.x}', '{key.name|key.customerId}'].map(needs),
  ).toEqual([false, false, true, true]);
});

test('of tags those are kept that a template names', () => {
  const { keyTags, planTags } = wantedDetails([
    '{key.tags.team|plan.tags.tier}',
    '{plan.tags.a b}',
  ]);

  expect([[...keyTags], [...planTags]]).toEqual([['team'], ['tier', 'a b']]);
  expect(tagsNamed({ tier: 'free', secret: 'x' }, planTags)).toEqual({ tier: 'free' });
  expect(tagsNamed({ secret: 'x' }, planTags)).toBeUndefined();
});
