import { lineWriter } from '../../../analytics/sample/lines';
import { customers, usagePlans } from '../../../analytics/sample/product';
import { seeded } from '../../../analytics/sample/seeded';
import {
  badDeploy,
  isIn,
  noisy,
  noLines,
  planMoves,
  quotaRunsOut,
} from '../../../analytics/sample/story';
import { arrivalsOf, type SampleRequest, sampleTraffic } from '../../../analytics/sample/traffic';

const all = [...sampleTraffic({ requests: 20_000 })].flat();
const keyOf = (name: string) => customers.find((customer) => customer.name === name)?.keyId;
const ofCustomer = (name: string) =>
  all.filter(({ values }) => values['identity.apiKeyId'] === keyOf(name));

function share(requests: readonly SampleRequest[], test: (request: SampleRequest) => boolean) {
  return requests.filter(test).length / requests.length;
}

describe('the sample', () => {
  test('is the same in every run', () => {
    expect([...sampleTraffic({ requests: 20_000 })].flat()).toEqual(all);
    expect([...sampleTraffic({ requests: 20_000, seed: 2 })].flat()).not.toEqual(all);
  });

  test('has about as many requests as asked for, in the order of their time', () => {
    expect(all.length).toBeGreaterThan(18_000);
    expect(all.length).toBeLessThan(22_000);
    expect(all.map(({ time }) => time)).toEqual(all.map(({ time }) => time).sort((a, b) => a - b));
  });

  test('has forty customers in four plans on five APIs of three types', () => {
    const plans = usagePlans(planMoves);
    const values = (name: string) => new Set(all.map((request) => request.values[name]));

    expect(plans.map(({ keys }) => keys.length).reduce((a, b) => a + b)).toBe(40);
    expect(new Set(customers.map(({ keyId }) => keyId)).size).toBe(40);
    expect(plans).toHaveLength(4);
    expect(values('apiId').size).toBe(5);
    expect(new Set(all.map(({ apiType }) => apiType))).toEqual(
      new Set(['REST', 'HTTP', 'WEBSOCKET']),
    );
  });

  test('has a deploy that fails more often than before', () => {
    const failed = ({ values }: SampleRequest) => Number(values['status']) >= 500;
    const rates = all.filter(({ values }) => values['apiId'] === 'ra7es02b1c');

    expect(
      share(
        rates.filter(({ time }) => isIn(badDeploy, time)),
        failed,
      ),
    ).toBeGreaterThan(0.2);
    expect(
      share(
        rates.filter(({ time }) => time < badDeploy.from),
        failed,
      ),
    ).toBeLessThan(0.02);
  });

  test('has a customer that is throttled, and one whose quota runs out', () => {
    const type = ({ values }: SampleRequest) => values['error.responseType'];
    const quota = ofCustomer(quotaRunsOut.customer);
    const isKeyed = ({ apiType }: SampleRequest) => apiType === 'REST';

    expect(share(ofCustomer(noisy.customer), (it) => type(it) === 'THROTTLED')).toBeGreaterThan(
      0.1,
    );
    for (const request of quota.filter(isKeyed)) {
      expect(type(request) === 'QUOTA_EXCEEDED').toBe(request.time >= quotaRunsOut.at);
    }
  });

  test('has a key that moves from one plan to another', () => {
    const plans = usagePlans(planMoves);
    const [move] = planMoves;
    const keyId = keyOf(move?.customer ?? '');

    expect(plans.find(({ name }) => name === 'Business')?.keys.map(({ id }) => id)).toContain(
      keyId,
    );
    expect(plans.find(({ name }) => name === 'Starter')?.formerKeys).toEqual([
      { id: keyId, name: move?.customer, until: move?.at },
    ]);
  });

  test('has hours without a line, lines that come late and lines that come twice', () => {
    const source = seeded(3);
    const arrivals = all.map((request) => ({
      time: request.time,
      at: arrivalsOf(request, source),
    }));

    expect(all.filter(({ time }) => isIn(noLines, time))).toEqual([]);
    expect(arrivals.some(({ at }) => at.length > 1)).toBe(true);
    expect(arrivals.some(({ time, at }) => (at[0] ?? 0) - time > 3_600_000)).toBe(true);
    expect(arrivals.every(({ time, at }) => at.every((moment) => moment > time))).toBe(true);
  });
});

describe('a line', () => {
  test('has every value as it is, and - where there is none', () => {
    const write = lineWriter('{"a":"$context.identity.userAgent","b":"$context.apiId."}');

    expect(write({ 'identity.userAgent': 'x "y"' })).toBe('{"a":"x "y"","b":"-."}');
  });
});
