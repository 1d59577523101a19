import '../../support/one-realm';
import { inspect } from 'node:util';
import type { ControlPlane, Fault } from '../../../emulator/control-plane';
import { keyValue } from '../../../emulator/usage-plans-api';
import { accountLimits } from '../../../lambda/account/account-limits';
import { listUsagePlans } from '../../../lambda/account/list-usage-plans';
import { Catalog, planFor } from '../../../lambda/core/catalog/catalog';
import { wantedDetails } from '../../../lambda/core/catalog/customer';
import { type Account, clientFor, startAccount } from '../../support/account';
import { startFastClock } from '../../support/fast-clock';

let account: Account;
let controlPlane: ControlPlane;

beforeEach(async () => {
  account = await startAccount();
  controlPlane = account.controlPlane;
});

afterEach(() => account.close());

const prod = { apiId: 'api', stage: 'prod' };
const noDeadline = new AbortController().signal;
const noDetails = wantedDetails([]);

/** Retries wait seconds, which pass quickly here. */
async function load(client = account.client, deadline = noDeadline): Promise<Catalog> {
  const stopClock = startFastClock();
  try {
    const options = { signal: deadline, details: noDetails };
    return new Catalog(await listUsagePlans(client, options));
  } finally {
    stopClock();
  }
}

function attributionOf(catalog: Catalog, keyId: string) {
  const key = catalog.key(keyId);
  return key && { customer: key.customerName, plan: planFor(key, 'api', 'prod') };
}

describe('what is loaded', () => {
  test('are the customer and the plan of each key', async () => {
    controlPlane.usagePlans.push(
      { id: 'p1', name: 'Gold', apiStages: [prod], keys: [{ id: 'k1', name: 'Acme' }] },
      { id: 'p2', name: 'Silver', apiStages: [prod], keys: [{ id: 'k2', name: 'Globex' }] },
    );

    const catalog = await load();

    expect(attributionOf(catalog, 'k1')).toEqual({ customer: 'Acme', plan: 'Gold' });
    expect(attributionOf(catalog, 'k2')).toEqual({ customer: 'Globex', plan: 'Silver' });
  });

  test('is a plan once, whatever pages it stands on', async () => {
    controlPlane.usagePlans.push(
      { id: 'p1', name: 'Gold', apiStages: [prod], keys: [{ id: 'k1', name: 'Acme' }] },
      { id: 'p1', name: 'Gold', apiStages: [prod], keys: [{ id: 'k1', name: 'Acme' }] },
    );

    const catalog = await load();

    expect(catalog.planCount).toBe(1);
    expect(attributionOf(catalog, 'k1')).toEqual({ customer: 'Acme', plan: 'Gold' });
  });

  test('are of tags only those that a template names', async () => {
    controlPlane.usagePlans.push({
      id: 'p1',
      tags: { tier: 'free', secret: 'x' },
      keys: [{ id: 'k1', name: 'Acme' }],
    });
    account.controlPlane.apiKeys.push({ id: 'k1', tags: { team: 'blue', secret: 'x' } });
    const details = wantedDetails(['{key.tags.team}', '{plan.tags.tier|plan.id}']);

    const [plan] = await listUsagePlans(account.client, { signal: noDeadline, details });

    expect([plan?.tags, plan?.keys[0]?.tags]).toEqual([{ tier: 'free' }, { team: 'blue' }]);
  });

  test('is nothing where the account has no plans', async () => {
    const catalog = await load();

    expect(catalog.planCount).toBe(0);
    expect(catalog.keyCount).toBe(0);
  });

  test('are all pages of plans and of keys, the largest that the service gives', async () => {
    const keys = Array.from({ length: 1001 }, (_, index) => ({ id: `k${index}` }));
    const others = Array.from({ length: 500 }, (_, index) => ({ id: `p${index}` }));
    controlPlane.usagePlans.push(...others, { id: 'last', name: 'L', apiStages: [prod], keys });

    const catalog = await load();

    expect(catalog.planCount).toBe(501);
    expect(catalog.keyCount).toBe(1001);
    expect(controlPlane.calls).toHaveLength(2 + 500 + 3);
    expect(new Set(controlPlane.calls.map(({ query }) => query.get('limit')))).toEqual(
      new Set(['500']),
    );
  });

  test.each([
    ['a plan without stages', { id: 'p', name: 'P', keys: [{ id: 'k', name: 'Acme' }] }],
    [
      'a plan whose stages are others',
      {
        id: 'p',
        apiStages: [{ apiId: 'api', stage: 'test' }],
        keys: [{ id: 'k', name: 'Acme' }],
      },
    ],
  ])('of %s is the customer', async (_, plan) => {
    controlPlane.usagePlans.push(plan);

    const catalog = await load();

    expect(attributionOf(catalog, 'k')).toEqual({ customer: 'Acme', plan: undefined });
  });

  test('of a plan without keys is the plan, which nobody has', async () => {
    controlPlane.usagePlans.push({ id: 'p', name: 'P', apiStages: [prod] });

    const catalog = await load();

    expect(catalog.planCount).toBe(1);
    expect(catalog.keyCount).toBe(0);
  });

  test('of a key without a name is its plan', async () => {
    controlPlane.usagePlans.push({ id: 'p', name: 'P', apiStages: [prod], keys: [{ id: 'k' }] });

    const catalog = await load();

    expect(attributionOf(catalog, 'k')).toEqual({ customer: '-', plan: 'P' });
  });

  test('is no value of a key', async () => {
    const keys = [{ id: 'k1', name: 'Acme' }, { id: 'k2' }];
    controlPlane.usagePlans.push({ id: 'p', name: 'P', apiStages: [prod], keys });

    const catalog = await load();

    const held = inspect([catalog, catalog.key('k1'), catalog.key('k2')], { depth: 9 });
    expect(held).not.toContain(keyValue('k1'));
    expect(held).not.toContain(keyValue('k2'));
  });

  test('leaves out the keys of a plan that is deleted after it was listed', async () => {
    const keys = [{ id: 'k1', name: 'Acme' }];
    controlPlane.usagePlans.push(
      { id: 'p1', name: 'P1', apiStages: [prod], keys },
      { id: 'p2', name: 'P2', apiStages: [prod], keys: [{ id: 'k2', name: 'Globex' }] },
    );
    controlPlane.fault = ({ operation }) => {
      const first = controlPlane.usagePlans[0];
      if (operation === 'GetUsagePlanKeys' && first?.id === 'p1') controlPlane.usagePlans.shift();
      return undefined;
    };

    const catalog = await load();

    expect(catalog.key('k1')).toBeUndefined();
    expect(attributionOf(catalog, 'k2')).toEqual({ customer: 'Globex', plan: 'P2' });
  });
});

describe('patience', () => {
  beforeEach(() => {
    const keys = Array.from({ length: 700 }, (_, index) => ({ id: `k${index}` }));
    controlPlane.usagePlans.push({ id: 'p', name: 'P', apiStages: [prod], keys });
  });

  /** A fault for the first calls only. */
  function atFirst(calls: number, fault: ReturnType<Fault>): Fault {
    let left = calls;
    return () => (left-- > 0 ? fault : undefined);
  }

  test.each<[string, Fault]>([
    ['throttled for a while', atFirst(9, { status: 429, errorType: 'TooManyRequestsException' })],
    ['failing for a while', atFirst(9, { status: 500, errorType: 'InternalServerException' })],
    ['hanging up before an answer', atFirst(3, { hangUp: 'before' })],
    ['hanging up amid an answer', atFirst(3, { hangUp: 'amid' })],
  ])('outlasts a control plane %s', async (_, fault) => {
    controlPlane.fault = fault;

    const catalog = await load();

    expect(catalog.keyCount).toBe(700);
  });

  test('stays with the page that failed', async () => {
    let failures = 2;
    controlPlane.fault = ({ query }) =>
      query.has('position') && failures-- > 0
        ? { status: 503, errorType: 'ServiceUnavailableException' }
        : undefined;

    const catalog = await load();

    expect(catalog.keyCount).toBe(700);
    expect(controlPlane.calls.filter(({ query }) => query.has('position'))).toHaveLength(3);
    expect(controlPlane.calls).toHaveLength(5);
  });

  test('gets an account of 100 plans through the limits that the service has', async () => {
    await account.close();
    account = await startAccount({
      usagePlans: Array.from({ length: 100 }, (_, index) => ({ id: `p${index}` })),
      throttle: accountLimits,
    });

    const catalog = await load();

    expect(catalog.planCount).toBe(100);
  });

  test('keeps five calls in flight', async () => {
    controlPlane.usagePlans.push(...Array.from({ length: 20 }, (_, id) => ({ id: `p${id}` })));
    let inFlight = 0;
    let most = 0;
    account.client.middlewareStack.add(
      (next) => async (args) => {
        most = Math.max(most, ++inFlight);
        try {
          return await next(args);
        } finally {
          inFlight--;
        }
      },
      { step: 'finalizeRequest', priority: 'low' },
    );

    await load();

    expect(most).toBe(5);
  });
});

describe('a load fails', () => {
  beforeEach(() => {
    const keys = Array.from({ length: 700 }, (_, index) => ({ id: `k${index}` }));
    controlPlane.usagePlans.push({ id: 'p', name: 'P', apiStages: [prod], keys });
  });

  const denied = { status: 403, errorType: 'AccessDeniedException', message: 'not authorized' };
  const cases: [title: string, fault: Fault, reason: string, message: RegExp][] = [
    ['the plans are denied', () => denied, 'denied', /denied: .*not authorized/],
    [
      'the keys are denied',
      ({ operation }) => (operation === 'GetUsagePlanKeys' ? denied : undefined),
      'denied',
      /denied: .*\/usageplans\/\*\/keys.*not authorized/,
    ],
    [
      'it is throttled on and on',
      () => ({ status: 429, errorType: 'TooManyRequestsException' }),
      'throttled',
      /throttled: .*10 requests a second/,
    ],
    [
      'the control plane fails on and on',
      () => ({ status: 500, errorType: 'InternalServerException' }),
      'failed',
      /failed .*InternalServerException/,
    ],
    [
      'a page in the middle fails on and on',
      ({ query }) =>
        query.has('position') ? { status: 500, errorType: 'InternalServerException' } : undefined,
      'failed',
      /failed .*InternalServerException/,
    ],
    [
      'connections end before an answer',
      () => ({ hangUp: 'before' }),
      'unreachable',
      /unreachable/,
    ],
    [
      'a page comes again and again',
      () => ({ body: { item: [], position: 'again' } }),
      'failed',
      /same page position twice/,
    ],
  ];

  test.each(cases)('where %s', async (_, fault, reason, message) => {
    controlPlane.fault = fault;

    const error: unknown = await load().catch((reasonOfFailure: unknown) => reasonOfFailure);

    expect(error).toMatchObject({
      name: 'CatalogLoadError',
      reason,
      message: expect.stringMatching(message),
    });
  });

  test('where nothing answers at the endpoint', async () => {
    const closed = await startAccount();
    await closed.close();

    const failed = load(clientFor(closed.controlPlane.url));

    await expect(failed).rejects.toMatchObject({ reason: 'unreachable' });
  });

  test('where it takes longer than it may', async () => {
    controlPlane.fault = () => ({ latencyMs: 1_000_000 });

    const failed = listUsagePlans(account.client, {
      signal: AbortSignal.timeout(20),
      details: noDetails,
    });

    await expect(failed).rejects.toMatchObject({ reason: 'timedOut' });
  });

  test('and makes no calls beyond those in flight', async () => {
    controlPlane.usagePlans.push(...Array.from({ length: 50 }, (_, id) => ({ id: `p${id}` })));
    controlPlane.fault = ({ operation }) => (operation === 'GetUsagePlanKeys' ? denied : undefined);
    await load().catch(() => {});

    await new Promise((resolve) => setTimeout(resolve, 50));

    const keyCalls = controlPlane.calls.filter(({ operation }) => operation === 'GetUsagePlanKeys');
    expect(keyCalls.length).toBeLessThanOrEqual(5);
  });

  test('without a value of a key in what it says', async () => {
    controlPlane.fault = ({ query }) => (query.has('position') ? { hangUp: 'amid' } : undefined);

    const error: unknown = await load().catch((reason: unknown) => reason);

    expect(inspect(error, { depth: 9 })).not.toContain(keyValue('k600'));
  });
});
