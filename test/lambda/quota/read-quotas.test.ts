import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { readQuotas } from '../../../lambda/quota/read-quotas';
import { type Loopback, startLoopback } from '../../support/loopback';

type Usage = Readonly<Record<string, readonly (readonly [used: number, remaining: number])[]>>;

/** By plan: what GetUsage answers, a page an entry, or the status of a failure. */
let usages: Readonly<Record<string, readonly Usage[] | number>>;
let plans: object[];
let asked: URL[];
let server: Loopback;
let client: APIGatewayClient;

beforeAll(async () => {
  server = await startLoopback(({ url }, response) => {
    asked.push(url);
    response.setHeader('content-type', 'application/json');
    const plan = /^\/usageplans\/([^/]+)\/usage$/.exec(url.pathname)?.[1];
    if (!plan) return void response.end(JSON.stringify({ item: plans }));
    const pages = usages[plan] ?? [];
    if (typeof pages === 'number') {
      response.statusCode = pages;
      return void response.end(JSON.stringify({ message: 'no' }));
    }
    const page = Number(url.searchParams.get('position') ?? 0);
    const position = page + 1 < pages.length ? String(page + 1) : undefined;
    response.end(JSON.stringify({ usagePlanId: plan, values: pages[page] ?? {}, position }));
  });
  client = new APIGatewayClient({
    endpoint: server.url,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

beforeEach(() => {
  asked = [];
  plans = [{ id: 'gold', name: 'Gold', quota: { limit: 1000, period: 'MONTH' } }];
});

let calls = 0;
const read = () =>
  readQuotas(client, {
    now: Date.UTC(2026, 10, 25, 23, 30),
    pace: async () => {
      calls++;
    },
  });

describe('the use of a quota', () => {
  test('is that of the busiest key, from what API Gateway says remains of the period', async () => {
    usages = { gold: [{ k1: [[10, 900]], k2: [[1, 150]] }, { k3: [[5, 400]] }] };

    const { uses } = await read();

    expect(uses).toEqual([
      { planId: 'gold', planName: 'Gold', limit: 1000, period: 'MONTH', percent: 85 },
    ]);
  });

  test('is asked for by the day of UTC, paced', async () => {
    usages = { gold: [{}] };
    calls = 0;

    await read();

    expect(asked.at(-1)?.searchParams.get('startDate')).toBe('2026-11-25');
    expect(calls).toBe(asked.length);
  });

  test('is never more than all, nor less than nothing where a key got more', async () => {
    usages = { gold: [{ k1: [[1, 5000]] }] };
    expect((await read()).uses[0]?.percent).toBe(0);

    usages = { gold: [{ k1: [[1, -3]] }] };
    expect((await read()).uses[0]?.percent).toBe(100);
  });

  test('is not told of a plan without a quota, nor where nobody has an entry', async () => {
    plans = [...plans, { id: 'free', name: 'Free' }];
    usages = { gold: [{ k1: [] }] };

    expect((await read()).uses).toEqual([]);
    expect(asked.map(({ pathname }) => pathname)).toEqual([
      '/usageplans',
      '/usageplans/gold/usage',
    ]);
  });

  test('that cannot be read costs no other plan', async () => {
    plans = [{ id: 'bad', name: 'Bad', quota: { limit: 10, period: 'DAY' } }, ...plans];
    usages = { bad: 404, gold: [{ k1: [[10, 500]] }] };

    const { uses, failures } = await read();

    expect(uses.map(({ planId, percent }) => [planId, percent])).toEqual([['gold', 50]]);
    expect(failures.map(({ planId }) => planId)).toEqual(['bad']);
  });

  test('cannot be read at all where the plans cannot be listed', async () => {
    const refused = new APIGatewayClient({
      endpoint: 'http://127.0.0.1:9',
      region: 'eu-west-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });

    await expect(readQuotas(refused, { now: 0, pace: async () => {} })).rejects.toThrow();
  });
});
