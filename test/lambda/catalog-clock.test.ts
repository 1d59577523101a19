/** A container with a wrong clock that cannot read S3, in virtual time. */

import { VirtualTime } from '../../bench/catalog-virtual-time';
import { SimulatedAws } from '../../bench/simulated-aws';
import { API_ID, ModelAccount } from '../support/model-account';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const time = new VirtualTime();
let restore = () => {};
beforeAll(() => {
  restore = time.install();
});
afterAll(() => restore());
afterEach(() => time.clear());

test.each([4 * MINUTE, -4 * MINUTE])(
  'what it lists by itself is dated by the account’s answers, its clock is %i ms off',
  async (offMs) => {
    const account = new ModelAccount(() => time.now);
    const aws = new SimulatedAws(time, {
      state: () => account.state,
      environment: { CATALOG_TTL_SECONDS: '60' },
    });
    aws.fault = (service) => (service === 'api' ? undefined : 'denied');
    const [one, other] = [account.createPlan('s1'), account.createPlan('s1')] as const;
    const keyId = account.createKey();
    account.put(keyId, one);
    const container = aws.container(offMs);
    const planAt = async (at: number) => {
      const line = { apiKeyId: keyId, apiId: API_ID, stage: 's1', requestTimeEpoch: at };
      const data = Buffer.from(`${JSON.stringify(line)}\n`).toString('base64');
      const { records } = await container({ records: [{ recordId: 'r', data }] } as never);
      const text = Buffer.from(records[0]?.data ?? '', 'base64').toString();
      return JSON.parse(text).usage_plan;
    };

    const plans = await time.until(
      (async () => {
        const startedAt = time.now;
        const before = await planAt(time.now);
        await time.sleep(30 * SECOND);
        account.take(keyId, one);
        account.put(keyId, other);
        await time.sleep(2 * MINUTE);
        const now = await planAt(time.now);
        return [before, now, await planAt(startedAt - 30 * SECOND)];
      })(),
    );

    expect(plans).toEqual([`Name of ${one}`, `Name of ${other}`, `Name of ${one}`]);
  },
);
