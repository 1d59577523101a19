import {
  APIGatewayClient,
  BadRequestException,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  NotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-api-gateway';
import { type ControlPlane, startControlPlane } from '../../emulator/control-plane';
import { keyValue } from '../../emulator/usage-plans-api';

let controlPlane: ControlPlane;
let client: APIGatewayClient;

async function start(options: Parameters<typeof startControlPlane>[0]) {
  controlPlane = await startControlPlane(options);
  client = new APIGatewayClient({
    endpoint: controlPlane.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

afterEach(async () => {
  client.destroy();
  await controlPlane.close();
});

const plan = (index: number) => ({ id: `plan${index}`, name: `Plan ${index}` });

describe('usage plans', () => {
  test('are listed without their keys', async () => {
    const apiStages = [{ apiId: 'api1', stage: 'prod' }];
    await start({
      usagePlans: [{ ...plan(1), apiStages, tags: { team: 'a' }, keys: [{ id: 'k' }] }],
    });

    const { items, position } = await client.send(new GetUsagePlansCommand({}));

    expect(items).toEqual([{ id: 'plan1', name: 'Plan 1', apiStages, tags: { team: 'a' } }]);
    expect(position).toBeUndefined();
  });

  test('come in pages of 25 by default and 500 at most', async () => {
    await start({ usagePlans: Array.from({ length: 501 }, (_, index) => plan(index)) });

    const first = await client.send(new GetUsagePlansCommand({}));
    const largest = await client.send(new GetUsagePlansCommand({ limit: 500 }));
    const tooLarge = client.send(new GetUsagePlansCommand({ limit: 501 }));

    expect(first.items).toHaveLength(25);
    expect(largest.items).toHaveLength(500);
    await expect(tooLarge).rejects.toThrow(BadRequestException);
  });

  test('continue behind the last one of the page before, whatever changed since', async () => {
    await start({ usagePlans: [plan(1), plan(2), plan(3), plan(4)] });
    const { position } = await client.send(new GetUsagePlansCommand({ limit: 2 }));

    controlPlane.usagePlans.shift();
    const { items } = await client.send(new GetUsagePlansCommand({ limit: 2, position }));

    expect(items?.map(({ id }) => id)).toEqual(['plan3', 'plan4']);
  });

  test('are filtered by key', async () => {
    await start({ usagePlans: [plan(1), { ...plan(2), keys: [{ id: 'k' }] }] });

    const { items } = await client.send(new GetUsagePlansCommand({ keyId: 'k' }));

    expect(items?.map(({ id }) => id)).toEqual(['plan2']);
  });

  test('are given one by one', async () => {
    await start({ usagePlans: [plan(1)] });

    const { name } = await client.send(new GetUsagePlanCommand({ usagePlanId: 'plan1' }));

    expect(name).toBe('Plan 1');
  });
});

describe('usage plan keys', () => {
  test('come with their values, as the service gives them', async () => {
    await start({ usagePlans: [{ ...plan(1), keys: [{ id: 'k', name: 'Acme' }] }] });

    const { items } = await client.send(new GetUsagePlanKeysCommand({ usagePlanId: 'plan1' }));

    expect(items).toEqual([{ id: 'k', type: 'API_KEY', value: keyValue('k'), name: 'Acme' }]);
  });

  test('are given one by one', async () => {
    await start({ usagePlans: [{ ...plan(1), keys: [{ id: 'k', name: 'Acme' }] }] });

    const one = new GetUsagePlanKeyCommand({ usagePlanId: 'plan1', keyId: 'k' });
    const none = new GetUsagePlanKeyCommand({ usagePlanId: 'plan1', keyId: 'x' });

    expect((await client.send(one)).name).toBe('Acme');
    await expect(client.send(none)).rejects.toThrow(NotFoundException);
  });

  test('of a plan that is not there are not found', async () => {
    await start({ usagePlans: [] });

    const keys = client.send(new GetUsagePlanKeysCommand({ usagePlanId: 'gone' }));

    await expect(keys).rejects.toThrow(NotFoundException);
  });

  test('reject a position of another list', async () => {
    const keys = [{ id: 'k1' }, { id: 'k2' }];
    await start({
      usagePlans: [
        { ...plan(1), keys },
        { ...plan(2), keys },
      ],
    });
    const page = { usagePlanId: 'plan1', limit: 1 };
    const { position } = await client.send(new GetUsagePlanKeysCommand(page));

    const other = new GetUsagePlanKeysCommand({ usagePlanId: 'plan2', position });

    await expect(client.send(other)).rejects.toThrow(BadRequestException);
  });
});

describe('API keys', () => {
  const apiKeys = [{ id: 'k1', customerId: 'c1', tags: { tier: 'gold' } }, { id: 'k2' }];

  test('are those of the plans and the others, without values unless asked for', async () => {
    await start({ usagePlans: [{ ...plan(1), keys: [{ id: 'k1', name: 'Acme' }] }], apiKeys });

    const { items } = await client.send(new GetApiKeysCommand({}));
    const withValues = await client.send(new GetApiKeysCommand({ includeValues: true }));

    expect(items).toMatchObject([{ id: 'k1', name: 'Acme', tags: { tier: 'gold' } }, { id: 'k2' }]);
    expect(items?.map(({ value }) => value)).toEqual([undefined, undefined]);
    expect(withValues.items?.map(({ value }) => value)).toEqual([keyValue('k1'), keyValue('k2')]);
  });

  test('are filtered by customer', async () => {
    await start({ apiKeys });

    const { items } = await client.send(new GetApiKeysCommand({ customerId: 'c1' }));

    expect(items?.map(({ id }) => id)).toEqual(['k1']);
  });

  test('are given one by one, with a date', async () => {
    await start({ apiKeys });

    const key = await client.send(new GetApiKeyCommand({ apiKey: 'k2' }));

    expect(key).toMatchObject({ id: 'k2', enabled: true, createdDate: expect.any(Date) });
  });
});

test('calls of another kind are answered by whoever knows them', async () => {
  const answerOther = jest.fn(({ path }: { path: string }) =>
    path === '/usageplans/plan1' ? { status: 200, body: { name: 'another' } } : undefined,
  );
  await start({ usagePlans: [plan(1), plan(2)], answerOther });

  const [first, second] = await Promise.all(
    ['plan1', 'plan2'].map((usagePlanId) => client.send(new GetUsagePlanCommand({ usagePlanId }))),
  );

  expect([first?.name, second?.name]).toEqual(['another', 'Plan 2']);
  expect(answerOther).toHaveBeenCalledWith(expect.objectContaining({ method: 'GET', body: '' }));
});

describe('faults', () => {
  const listPlans = () => client.send(new GetUsagePlansCommand({}));

  test('answer as told, for the calls they are told', async () => {
    await start({ usagePlans: [plan(1)] });
    controlPlane.fault = ({ operation }) =>
      operation === 'GetUsagePlans'
        ? { status: 403, errorType: 'AccessDeniedException', message: 'not authorized' }
        : undefined;

    await expect(listPlans()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'not authorized',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(
      client.send(new GetUsagePlanCommand({ usagePlanId: 'plan1' })),
    ).resolves.toBeDefined();
  });

  test.each(['before', 'amid'] as const)('end the connection %s the answer', async (hangUp) => {
    await start({ usagePlans: [plan(1)], fault: () => ({ hangUp }) });

    await expect(listPlans()).rejects.toThrow(/socket hang up|aborted|terminated|ECONNRESET/);
  });

  test('throttle beyond the burst', async () => {
    await start({ throttle: { ratePerSecond: 0.001, burst: 2 } });
    await Promise.all([listPlans(), listPlans()]);

    await expect(listPlans()).rejects.toThrow(TooManyRequestsException);
  });

  test('refuse an unsigned call', async () => {
    await start({});

    const response = await fetch(`${controlPlane.url}/usageplans`);

    expect(response.status).toBe(403);
  });
});

test('every call is written down', async () => {
  await start({ usagePlans: [plan(1)] });

  await client.send(new GetUsagePlanKeysCommand({ usagePlanId: 'plan1', limit: 7 }));

  expect(controlPlane.calls).toMatchObject([
    { operation: 'GetUsagePlanKeys', path: '/usageplans/plan1/keys', status: 200 },
  ]);
  expect(controlPlane.calls[0]?.query.get('limit')).toBe('7');
});
