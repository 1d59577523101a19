import { attribute } from '../../../../lambda/core/attribution/attribute';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { fieldOfVariable, namesOf } from '../../../../lambda/core/fields';
import type { LogLine } from '../../../../lambda/core/record/log-line';
import { readLogLine } from '../../../../lambda/core/record/read-log-line';

const catalog = new Catalog([
  {
    id: 'p-gold',
    name: 'Gold',
    apiStages: [
      { apiId: 'orders', stage: 'prod' },
      { apiId: 'billing', stage: 'prod' },
    ],
    keys: [{ id: 'k-acme', name: 'ACME' }],
  },
  {
    id: 'p-free',
    name: 'Free',
    apiStages: [{ apiId: 'orders', stage: 'beta' }],
    keys: [{ id: 'k-acme', name: 'ACME' }],
  },
]);

function attributionOf(fields: Record<string, unknown>) {
  return attribute(readLogLine(JSON.stringify(fields)) as LogLine, catalog);
}

describe('attribute', () => {
  const cases = [
    {
      title: 'takes the plan that the key has for the stage',
      fields: { apiKeyId: 'k-acme', apiId: 'orders', stage: 'prod' },
      expected: {
        usagePlan: 'Gold',
        usagePlanId: 'p-gold',
        customerName: 'ACME',
        outcome: 'enriched',
      },
    },
    {
      title: 'takes another plan of the same key for another stage',
      fields: { apiKeyId: 'k-acme', apiId: 'orders', stage: 'beta' },
      expected: {
        usagePlan: 'Free',
        usagePlanId: 'p-free',
        customerName: 'ACME',
        outcome: 'enriched',
      },
    },
    {
      title: 'names the customer, but no plan, for a stage that none of its plans has',
      fields: { apiKeyId: 'k-acme', apiId: 'billing', stage: 'beta' },
      expected: {
        usagePlan: '-',
        usagePlanId: '-',
        customerName: 'ACME',
        outcome: 'noPlanForStage',
      },
    },
    {
      title: 'names no plan where the line says nothing of the stage',
      fields: { apiKeyId: 'k-acme', apiId: 'orders' },
      expected: {
        usagePlan: '-',
        usagePlanId: '-',
        customerName: 'ACME',
        outcome: 'noPlanForStage',
      },
    },
    {
      title: 'names nothing for a key that the catalog does not know',
      fields: { apiKeyId: 'k-other', apiId: 'orders', stage: 'prod' },
      expected: {
        usagePlan: '-',
        usagePlanId: '-',
        customerName: '-',
        outcome: 'unknownKey',
        keyId: 'k-other',
      },
    },
    ...['-', '', null, undefined, {}, ['k-acme']].map((apiKeyId) => ({
      title: `sees no key in ${JSON.stringify(apiKeyId)}`,
      fields: { apiKeyId, apiId: 'orders', stage: 'prod' },
      expected: { usagePlan: '-', usagePlanId: '-', customerName: '-', outcome: 'withoutKey' },
    })),
    {
      title: 'sees no key in what a client, an authorizer or a backend can shape',
      fields: {
        authorizer: { apiKeyId: 'k-acme', claims: { apiKeyId: 'k-acme' } },
        headers: { apiKeyId: 'k-acme' },
        claims: { identity: { apiKeyId: 'k-acme' } },
        identity: '{"apiKeyId":"k-acme"}',
        context: [{ identity: { apiKeyId: 'k-acme' } }],
        path: '","apiKeyId":"k-acme"',
      },
      expected: { usagePlan: '-', customerName: '-', outcome: 'withoutKey' },
    },
    {
      title: 'finds key, API and stage on the paths of their variables',
      fields: {
        context: { identity: { 'api-key-id': 'k-acme' }, ApiId: 'orders' },
        $context: { stage: 'prod' },
      },
      expected: { usagePlan: 'Gold', customerName: 'ACME', outcome: 'enriched' },
    },
    {
      title: 'sees no key where one that is nested contradicts another',
      fields: {
        'identity.apiKeyId': 'k-acme',
        identity: { apiKeyId: 'k-other' },
        apiId: 'orders',
        stage: 'prod',
      },
      expected: { usagePlan: '-', customerName: '-', outcome: 'withoutKey' },
    },
    {
      title: 'believes a line that names the key twice and alike',
      fields: { apiKeyId: 'k-acme', key_id: 'k-acme', apiId: 'orders', stage: 'prod' },
      expected: {
        usagePlan: 'Gold',
        usagePlanId: 'p-gold',
        customerName: 'ACME',
        outcome: 'enriched',
      },
    },
    {
      title: 'sees no key where two names of it tell two',
      fields: { apiKeyId: '-', key_id: 'k-acme', apiId: 'orders', stage: 'prod' },
      expected: { usagePlan: '-', usagePlanId: '-', customerName: '-', outcome: 'withoutKey' },
    },
  ];
  for (const { title, fields, expected } of cases) {
    test(title, () => {
      expect(attributionOf(fields)).toMatchObject(expected);
    });
  }

  for (const variable of ['identity.apiKeyId', 'apiId', 'stage']) {
    for (const name of namesOf(fieldOfVariable(variable) as never)) {
      test(`finds $context.${variable} by the name ${name}, wherever it stands`, () => {
        const values = { 'identity.apiKeyId': 'k-acme', apiId: 'orders', stage: 'prod' };
        const others = Object.entries(values).filter(([other]) => other !== variable);
        const named = others.map(([other, value]) => [fieldOfVariable(other)?.column, value]);
        const found = [name, values[variable as keyof typeof values]];

        for (const members of [
          [found, ...named],
          [...named, found],
        ]) {
          expect(attributionOf(Object.fromEntries(members)).usagePlan).toBe('Gold');
        }
      });
    }
  }

  const injected = [
    { member: '"apiKeyId":"k-acme"', told: ['-', '-'] },
    { member: '"api_key_id":"k-acme"', told: ['-', '-'] },
    { member: '"stage":"beta"', told: ['-', 'Globex'] },
    { member: '"apiId":"billing"', told: ['-', 'Globex'] },
  ];
  for (const { member, told } of injected) {
    for (const path of [`"path":"/x",${member},"y":"z"`, `${member},"path":"/x"`]) {
      test(`does not believe what an unescaped quote in a path has added: ${path}`, () => {
        const globex = new Catalog([
          ...catalog.usagePlans,
          {
            id: 'p-silver',
            name: 'Silver',
            apiStages: [{ apiId: 'orders', stage: 'prod' }],
            keys: [{ id: 'k-globex', name: 'Globex' }],
          },
        ]);
        const json = `{"apiKeyId":"k-globex","apiId":"orders","stage":"prod",${path}}`;
        const { usagePlan, customerName } = attribute(readLogLine(json) as LogLine, globex);

        expect([usagePlan, customerName]).toEqual(told);
      });
    }
  }

  test('reads a stage that is written as a number as it is written', () => {
    const numbered = new Catalog([
      {
        id: 'p',
        name: 'P',
        apiStages: [{ apiId: 'a', stage: '1e3' }],
        keys: [{ id: 'k', name: 'K' }],
      },
    ]);
    const line = readLogLine('{"apiKeyId":"k","apiId":"a","stage":1e3}') as LogLine;

    expect(attribute(line, numbered).usagePlan).toBe('P');
  });
});

describe('a key that has moved', () => {
  const prod = { apiId: 'orders', stage: 'prod' };
  const moved = new Catalog([
    {
      id: 'Free',
      apiStages: [prod],
      keys: [],
      formerKeys: [{ id: 'k', marks: [['removed', 1_700_000_000_000]] }],
    },
    { id: 'Gold', apiStages: [prod], keys: [{ id: 'k' }] },
  ]);
  const line = { apiKeyId: 'k', apiId: 'orders', stage: 'prod' };
  const cases = [
    { title: 'the epoch', time: { requestTimeEpoch: '1699999999999' }, plan: 'Free' },
    { title: 'the epoch, later', time: { requestTimeEpoch: '1700000000000' }, plan: 'Gold' },
    { title: 'CLF’s time', time: { requestTime: '14/Nov/2023:22:13:19 +0000' }, plan: 'Free' },
    {
      title: 'CLF’s time, later',
      time: { requestTime: '14/Nov/2023:22:13:20 +0000' },
      plan: 'Gold',
    },
    { title: 'no time', time: {}, plan: 'Gold' },
    { title: 'a time that cannot be read', time: { requestTime: 'yesterday' }, plan: 'Gold' },
  ];
  for (const { title, time, plan } of cases) {
    test(`counts against ${plan} by ${title}`, () => {
      const read = readLogLine(JSON.stringify({ ...line, ...time })) as LogLine;

      expect(attribute(read, moved).usagePlan).toBe(plan);
    });
  }
});
