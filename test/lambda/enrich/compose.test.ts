import '../../support/one-realm';
import { keyValue } from '../../../emulator/usage-plans-api';
import type { BatchCounts } from '../../../lambda/core/batch/batch-pass';
import { composeHandler, type EnrichHandler } from '../../../lambda/enrich/compose';
import { loggedTelemetry } from '../../../lambda/enrich/logged-telemetry';
import type { CatalogState, Telemetry } from '../../../lambda/enrich/telemetry';
import { type Account, startAccount } from '../../support/account';
import { startFastClock } from '../../support/fast-clock';
import { firehoseEvent, textOf } from '../../support/firehose';

let account: Account;
/** How far the clock is put forward. */
let aheadMs: number;

beforeEach(async () => {
  account = await startAccount();
  aheadMs = 0;
  const { now } = Date;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await account.close();
});

/** Telemetry that remembers the last of everything. */
function listen() {
  const heard: {
    counts?: BatchCounts;
    catalog?: CatalogState | undefined;
    failure?: unknown;
    reloadFailure?: unknown;
    loads: number;
  } = { loads: 0 };
  const telemetry: Telemetry = {
    catalogs: {
      loaded: () => void heard.loads++,
      failed: (_, error) => void Object.assign(heard, { reloadFailure: error }),
      asked: () => {},
    },
    reingestFailed: () => {},
    batchDone: (counts, catalog) => void Object.assign(heard, { counts, catalog }),
    batchFailed: (error) => void Object.assign(heard, { failure: error }),
  };
  return { heard, telemetry };
}

function compose(telemetry = listen().telemetry, environment = {}, services = {}): EnrichHandler {
  return composeHandler(environment, telemetry, { controlPlane: account.client, ...services });
}

const line = (keyId: string, apiId = 'api', stage = 'prod') =>
  JSON.stringify({ apiId, stage, apiKeyId: keyId });

/** The lines that come back for these, read. */
async function deliver(handler: EnrichHandler, ...lines: string[]) {
  const { records } = await handler(firehoseEvent(`${lines.join('\n')}\n`));
  return textOf(records[0])
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as Record<string, string>);
}

const gold = () => ({
  id: 'p1',
  name: 'Gold',
  apiStages: [{ apiId: 'api', stage: 'prod' }],
  keys: [{ id: 'k1', name: 'Acme' }],
});

describe('an account of 1,000 plans with 30 keys each, and one with 1,201', () => {
  const customers = Array.from({ length: 9_000 }, (_, index) => ({
    id: `key${index}`,
    // Some keys have no name.
    name: index % 500 === 7 ? undefined : `Customer ${index}`,
  }));
  const usagePlans = Array.from({ length: 1_000 }, (_, index) => ({
    id: `plan${index}`,
    name: `Plan ${index}`,
    // A stage has one plan, so that a key in several plans has one for each stage.
    apiStages: Array.from({ length: index % 4 }, (_, version) => ({
      apiId: `api${index % 40}`,
      stage: `${Math.floor(index / 40)}-${version}`,
    })),
    keys: Array.from({ length: 30 }, (_, key) => customers[(index * 17 + key * 293) % 9_000]).map(
      (key) => ({ id: '', ...key }),
    ),
  }));
  usagePlans.push({
    id: 'large',
    name: 'Large',
    apiStages: [{ apiId: 'large', stage: 'prod' }],
    keys: customers.slice(0, 1_201).map((key) => ({ ...key })),
  });

  /** The outcome table, read from the plans by a plain walk. */
  function expected(keyId: string, apiId: string, stage: string) {
    const plans = plansByKey.get(keyId) ?? [];
    const plan = plans.find(({ apiStages }) =>
      apiStages.some((one) => one.apiId === apiId && one.stage === stage),
    );
    const key = plans[0]?.keys.find(({ id }) => id === keyId);
    return { usage_plan: plan?.name ?? '-', customer_name: key?.name ?? '-' };
  }

  const plansByKey = new Map<string, typeof usagePlans>();
  for (const plan of usagePlans) {
    for (const { id } of plan.keys) plansByKey.set(id, [...(plansByKey.get(id) ?? []), plan]);
  }

  /** For every plan and key: a line for each stage, and lines for a stage that the plan has not. */
  const requests = usagePlans.flatMap(({ apiStages, keys }, index) =>
    keys.flatMap(({ id }) => [
      ...apiStages.map(({ apiId, stage }) => ({ apiId, stage, apiKeyId: id })),
      { apiId: `api${(index + 1) % 40}`, stage: 'none', apiKeyId: id },
    ]),
  );
  requests.push({ apiId: 'api1', stage: '0-0', apiKeyId: 'nobody' });
  requests.push({ apiId: 'api1', stage: '0-0', apiKeyId: '-' });
  requests.push({ apiId: 'api1', stage: '0-0', apiKeyId: '' });

  test('has every line attributed as the outcome table says', async () => {
    account.controlPlane.usagePlans.push(...usagePlans);
    const { heard, telemetry } = listen();
    const handler = compose(telemetry);
    const outcomes = { enriched: 0, unknownKey: 0, withoutKey: 0 };

    for (let from = 0; from < requests.length; from += 10_000) {
      const batch = requests.slice(from, from + 10_000);
      const delivered = await deliver(handler, ...batch.map((request) => JSON.stringify(request)));

      expect(delivered).toEqual(
        batch.map((request) => ({
          ...request,
          ...expected(request.apiKeyId, request.apiId, request.stage),
        })),
      );
      for (const name of ['enriched', 'unknownKey', 'withoutKey'] as const) {
        outcomes[name] += heard.counts?.lines[name] ?? 0;
      }
    }

    expect(outcomes).toEqual({ enriched: 30 * 1_500 + 1_201, unknownKey: 1, withoutKey: 2 });
    expect(heard.catalog).toMatchObject({ planCount: 1_001, keyCount: 9_000 });
    // All plans, the keys of each, and a question for the key that nobody has.
    expect(account.controlPlane.calls).toHaveLength(3 + 1_000 + 3 + 1);
    // A thousand calls over HTTP, on whatever machine.
  }, 180_000);
});

describe('loading', () => {
  test('starts with the container', async () => {
    compose();

    // Without a batch; how soon is the machine's affair.
    const { calls } = account.controlPlane;
    while (calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(calls[0]?.path).toBe('/usageplans');
  });

  test('happens once for many batches', async () => {
    account.controlPlane.usagePlans.push(gold());
    const { heard, telemetry } = listen();
    const handler = compose(telemetry);

    for (const _ of [1, 2, 3]) await deliver(handler, line('k1'));

    expect(heard.loads).toBe(1);
  });

  test('is not waited for by lines without a key', async () => {
    account.controlPlane.fault = () => ({ latencyMs: 1_000_000 });

    const [delivered] = await deliver(compose(), line('-'));

    expect(delivered).toMatchObject({ usage_plan: '-', customer_name: '-' });
  });

  test('finds a key that is made later', async () => {
    const { controlPlane } = account;
    controlPlane.usagePlans.push(gold());
    const handler = compose();
    await deliver(handler, line('k1'));

    controlPlane.usagePlans[0]?.keys?.push({ id: 'k2' });
    const [delivered] = await deliver(handler, line('k2'));

    expect(delivered).toMatchObject({ usage_plan: 'Gold' });
  });

  test('follows changes of a key that is known, within the time to live', async () => {
    const { controlPlane } = account;
    controlPlane.usagePlans.push(gold());
    const handler = compose(undefined, { CATALOG_TTL_SECONDS: '60' });
    await deliver(handler, line('k1'));

    controlPlane.usagePlans[0] = { ...gold(), name: 'Silver' };
    aheadMs = 59_000;
    const before = await deliver(handler, line('k1'));
    aheadMs = 60_000;
    const after = await deliver(handler, line('k1'));

    expect(before[0]).toMatchObject({ usage_plan: 'Gold' });
    expect(after[0]).toMatchObject({ usage_plan: 'Silver' });
  });
});

describe('where the usage plans cannot be loaded', () => {
  const denied = () => ({ status: 403, errorType: 'AccessDeniedException' });

  async function failureOf(handler: EnrichHandler): Promise<unknown> {
    const stopClock = startFastClock();
    try {
      return await handler(firehoseEvent(line('k1'))).catch((error: unknown) => error);
    } finally {
      stopClock();
    }
  }

  test.each([
    ['denied', 403, 'AccessDeniedException', /denied/],
    ['throttled', 429, 'TooManyRequestsException', /throttled/],
    ['failed', 500, 'InternalServerException', /failed/],
  ])('the invocation fails and says that it was %s', async (reason, status, errorType, message) => {
    account.controlPlane.fault = () => ({ status, errorType });
    const { heard, telemetry } = listen();

    const error = await failureOf(compose(telemetry));

    expect(error).toMatchObject({
      reason,
      message: expect.stringMatching(/^cannot load the usage plans: /),
    });
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(heard.failure).toBe(error);
  });

  test('the invocation fails and says that nothing answers', async () => {
    const handler = compose();
    await account.controlPlane.close();

    expect(await failureOf(handler)).toMatchObject({ reason: 'unreachable' });
  });

  test('the invocation fails in time', async () => {
    account.controlPlane.fault = () => ({ latencyMs: 1_000_000 });

    const handler = compose(undefined, {}, { waits: { loadTimeoutMs: 1000 } });

    await expect(handler(firehoseEvent(line('k1')))).rejects.toMatchObject({ reason: 'timedOut' });
  });

  test('the next invocation tries again', async () => {
    account.controlPlane.usagePlans.push(gold());
    account.controlPlane.fault = denied;
    const handler = compose();
    await failureOf(handler);

    account.controlPlane.fault = undefined;
    const [delivered] = await deliver(handler, line('k1'));

    expect(delivered).toMatchObject({ usage_plan: 'Gold', customer_name: 'Acme' });
  });

  test('again later, the old ones stay in use, which is told', async () => {
    account.controlPlane.usagePlans.push(gold());
    const { heard, telemetry } = listen();
    const handler = compose(telemetry, { CATALOG_TTL_SECONDS: '60' });
    await deliver(handler, line('k1'));

    account.controlPlane.fault = denied;
    aheadMs = 60_000;
    const [delivered] = await deliver(handler, line('k1'));

    expect(delivered).toMatchObject({ usage_plan: 'Gold', customer_name: 'Acme' });
    expect(heard.reloadFailure).toMatchObject({ reason: 'denied' });
    expect(heard.catalog?.ageMs).toBeGreaterThanOrEqual(60_000);
  });
});

describe('settings', () => {
  test('come from the environment', async () => {
    account.controlPlane.usagePlans.push(gold());
    const environment = { USAGE_PLAN_FIELD: 'plan_id', CUSTOMER_NAME_FIELD: 'subscription_id' };

    const [delivered] = await deliver(compose(undefined, environment), line('k1'));

    expect(delivered).toMatchObject({ plan_id: 'Gold', subscription_id: 'Acme' });
  });

  test('that are wrong fail the container, not a batch', () => {
    expect(() => compose(undefined, { CATALOG_TTL_SECONDS: 'soon' })).toThrow(/"soon"/);
  });
});

test('rejects what is no Firehose event, and tells', async () => {
  const { heard, telemetry } = listen();

  await expect(compose(telemetry)({ hello: 'world' })).rejects.toThrow(/not a Firehose/);
  expect(heard.failure).toBeInstanceOf(Error);
});

test('no key value and no line is ever logged or delivered', async () => {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
  }
  account.controlPlane.usagePlans.push(gold());
  const handler = compose(loggedTelemetry('orders'));
  const secret = keyValue('k1');
  const readable = JSON.stringify({ ...JSON.parse(line('k1')), apiKey: secret });

  const { records } = await handler(firehoseEvent(readable, readable.slice(0, -1), readable));
  account.controlPlane.fault = () => ({ hangUp: 'amid' });
  aheadMs = 300_000;
  const stopClock = startFastClock();
  await handler(firehoseEvent(readable));
  stopClock();
  jest.restoreAllMocks();

  expect(records.map(({ result }) => result)).toEqual(['Ok', 'ProcessingFailed', 'Ok']);
  expect(textOf(records[0])).not.toContain(secret);
  expect(written.join('')).toContain('usage plans not reloaded');
  expect(written.join('')).not.toMatch(new RegExp(`${secret}|"api"|prod`));
});
