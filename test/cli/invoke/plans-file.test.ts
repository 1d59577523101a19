import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlansFile } from '../../../cli/invoke/plans-file';
import { UsageError } from '../../../cli/usage-error';
import { recordedTerminal } from '../../support/recorded-terminal';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plans-file-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const terminal = recordedTerminal();

function read(content: unknown) {
  const file = join(folder, 'plans.json');
  writeFileSync(file, JSON.stringify(content));
  return readPlansFile(file, terminal);
}

test('gives the plans with their stages and keys', async () => {
  const plan = {
    id: 'p',
    name: 'Gold',
    apiStages: [{ apiId: 'api', stage: 'prod' }],
    keys: [{ id: 'k', name: 'Acme' }],
  };

  await expect(read({ usagePlans: [plan] })).resolves.toEqual({ usagePlans: [plan], apiKeys: [] });
});

test('asks for ids only, and ignores what else AWS answers', async () => {
  const usagePlans = [{ id: 'p', quota: {}, keys: [{ id: 'k', value: 'secret', name: '' }] }];

  await expect(read({ usagePlans })).resolves.toEqual({
    usagePlans: [{ id: 'p', name: undefined, apiStages: [], keys: [{ id: 'k', name: undefined }] }],
    apiKeys: [],
  });
});

test('takes tags and customer ids, of keys in plans and of keys on their own', async () => {
  const usagePlans = [
    {
      id: 'p',
      tags: { tier: '1' },
      keys: [{ id: 'k', name: 'A', customerId: 'c', tags: { t: 'x' } }],
    },
  ];
  const apiKeys = { items: [{ id: 'l', name: 'B', tags: { t: 'y' }, value: 'secret' }] };

  const { usagePlans: plans, apiKeys: keys } = await read({ usagePlans, apiKeys });

  expect(plans).toEqual([
    { id: 'p', tags: { tier: '1' }, apiStages: [], keys: [{ id: 'k', name: 'A' }] },
  ]);
  expect(keys).toEqual([
    { id: 'k', name: 'A', customerId: 'c', tags: { t: 'x' } },
    { id: 'l', name: 'B', tags: { t: 'y' } },
  ]);
});

test("takes AWS's own answers", async () => {
  const apiStages = [{ apiId: 'api', stage: 'prod', throttle: {} }];
  const keys = { items: [{ id: 'k', type: 'API_KEY', value: 'secret', name: 'Acme' }] };

  const { usagePlans } = await read({ items: [{ id: 'p', name: 'Gold', apiStages, keys }] });

  expect(usagePlans).toEqual([
    {
      id: 'p',
      name: 'Gold',
      apiStages: [{ apiId: 'api', stage: 'prod' }],
      keys: [{ id: 'k', name: 'Acme' }],
    },
  ]);
});

test('warns of plans that no key is in', async () => {
  const file = join(folder, 'plans.json');
  terminal.warned.length = 0;
  await read({ usagePlans: [{ id: 'p' }, { id: 'q', keys: [] }] });
  await read({ usagePlans: [{ id: 'p' }], apiKeys: [{ id: 'k' }] });
  await read({ usagePlans: [{ id: 'p', keys: [{ id: 'k' }] }, { id: 'q' }] });
  await read({ usagePlans: [] });

  expect(terminal.warned).toEqual([`${file}: 2 plans, no keys: every key stays unknown`]);
});

const malformed: [content: unknown, message: string][] = [
  [[], 'the file: expected an object, got a list'],
  [{}, 'usagePlans: expected a list, got nothing'],
  [{ usagePlan: [] }, 'the file: unknown member "usagePlan"; did you mean usagePlans?'],
  [
    { usagePlans: [{ id: 'p', apistages: [] }] },
    'usagePlans[0]: unknown member "apistages"; did you mean apiStages?',
  ],
  [
    { usagePlans: [{ id: 'p', apiStages: [{ apiID: 'a', stage: 's' }] }] },
    'usagePlans[0].apiStages[0]: unknown member "apiID"; did you mean apiId?',
  ],
  [
    { apiKeys: [{ id: 'k', owner: 'x' }], usagePlans: [] },
    'apiKeys[0]: unknown member "owner", expected id, name, description, customerId, tags, type, value, enabled, createdDate, lastUpdatedDate, stageKeys',
  ],
  [{ usagePlans: {} }, 'usagePlans: expected a list, got an object'],
  [
    { usagePlans: [{ id: 'p', tags: { a: 1 } }] },
    'usagePlans[0].tags.a: expected a text, got a number',
  ],
  [{ usagePlans: ['gold'] }, 'usagePlans[0]: expected an object, got a text'],
  [{ usagePlans: [{ name: 'Gold' }] }, 'usagePlans[0].id: expected a text, got nothing'],
  [{ usagePlans: [{ id: '' }] }, 'usagePlans[0].id: expected a text, got an empty text'],
  [{ usagePlans: [{ id: 'p', name: 7 }] }, 'usagePlans[0].name: expected a text, got a number'],
  [
    { usagePlans: [{ id: 'p' }, { id: 'q', apiStages: [{ apiId: 'a' }] }] },
    'usagePlans[1].apiStages[0].stage: expected a text, got nothing',
  ],
  [{ usagePlans: [{ id: 'p', keys: null }] }, 'usagePlans[0].keys: expected a list, got null'],
  [
    { usagePlans: [{ id: 'p', keys: [{ id: 'k' }, { id: 'k' }] }] },
    'usagePlans[0].keys[1].id: "k" stands in usagePlans[0].keys[0] already',
  ],
  [
    { usagePlans: [{ id: 'p' }, { id: 'p' }] },
    'usagePlans[1].id: "p" stands in usagePlans[0] already',
  ],
];

for (const [content, message] of malformed) {
  test(`rejects ${JSON.stringify(content)}`, async () => {
    await expect(read(content)).rejects.toThrow(
      new UsageError(`${join(folder, 'plans.json')} is not a plans file: ${message}`),
    );
  });
}
