import { type ControlPlane, startControlPlane } from '../../../emulator/control-plane';
import { plansOfKey } from '../../../lambda/account/find-key';
import { controlPlaneClient } from '../../../lambda/aws/control-plane-client';
import { wantedDetails } from '../../../lambda/core/catalog/customer';

let controlPlane: ControlPlane;
let client: ReturnType<typeof controlPlaneClient>;

beforeEach(async () => {
  const prod = { apiId: 'orders', stage: 'prod' };
  controlPlane = await startControlPlane({
    usagePlans: [
      { id: 'p1', name: 'Gold', apiStages: [prod], keys: [{ id: 'k1', name: 'ACME' }] },
      { id: 'p2', name: 'Trial', tags: { tier: 'free' }, keys: [{ id: 'k1' }, { id: 'k2' }] },
    ],
    apiKeys: [{ id: 'k1', name: 'ACME', tags: { team: 'blue' }, customerId: 'mp-7' }, { id: 'k3' }],
  });
  client = controlPlaneClient({
    endpoint: controlPlane.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await controlPlane.close();
});

function ask(keyId: string, ...templates: string[]) {
  const details = wantedDetails(templates);
  return plansOfKey(client, keyId, { signal: AbortSignal.timeout(5000), details });
}

test('a key is found in all of its plans, with two calls', async () => {
  expect(await ask('k1')).toEqual([
    {
      id: 'p1',
      name: 'Gold',
      apiStages: [{ apiId: 'orders', stage: 'prod' }],
      keys: [{ id: 'k1', name: 'ACME' }],
    },
    {
      id: 'p2',
      name: 'Trial',
      apiStages: [],
      keys: [{ id: 'k1', name: 'ACME' }],
    },
  ]);
  expect(controlPlane.calls.map(({ operation }) => operation)).toEqual([
    'GetUsagePlans',
    'GetUsagePlanKey',
  ]);
});

test('tags and customer id come with the key, where they are wanted, and its value does not', async () => {
  const [plan] = await ask('k1', '{key.tags.team}', '{key.customerId}');

  expect(plan?.keys).toEqual([
    { id: 'k1', name: 'ACME', tags: { team: 'blue' }, customerId: 'mp-7' },
  ]);
  const [, call] = controlPlane.calls;
  expect([call?.operation, call?.query.get('includeValue')]).toEqual(['GetApiKey', 'false']);
});

test('a key that is in no plan, or not at all, costs one call', async () => {
  expect([await ask('k3'), await ask('nobody/knows?it')]).toEqual([[], []]);
  expect(controlPlane.calls).toHaveLength(2);
});

test('a key that goes between the two calls is not there', async () => {
  controlPlane.fault = ({ operation }) => {
    if (operation === 'GetUsagePlanKey') for (const plan of controlPlane.usagePlans) plan.keys = [];
    return undefined;
  };

  expect(await ask('k2')).toEqual([]);
});

test('a plan that the key has left between the two calls says nothing of the others', async () => {
  controlPlane.fault = ({ path }) =>
    path === '/usageplans/p1/keys/k1' ? { status: 404, errorType: 'NotFoundException' } : undefined;

  expect((await ask('k1')).map(({ id, keys }) => [id, keys[0]?.id])).toEqual([
    ['p1', 'k1'],
    ['p2', 'k1'],
  ]);
});

test('an id that the service does not take for one is no key', async () => {
  controlPlane.fault = () => ({ status: 400, errorType: 'BadRequestException' });

  expect(await ask('a b/../c')).toEqual([]);
});

test('fails with the cause', async () => {
  controlPlane.fault = () => ({ status: 403, errorType: 'AccessDeniedException' });

  await expect(ask('k1')).rejects.toThrow('cannot load the usage plans: denied');
});
