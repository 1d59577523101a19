/**
 * A backlog of changes that comes at once, through both functions as they are deployed, in virtual time.
 * `BACKLOG` says how many.
 */

import { VirtualTime } from '../../bench/catalog-virtual-time';
import { SimulatedAws } from '../../bench/simulated-aws';
import { accountEvent } from '../support/account-changes';
import { API_ID, ModelAccount } from '../support/model-account';

const backlog = Number(process.env['BACKLOG'] ?? 300);
const SECOND = 1000;

const time = new VirtualTime();
let restore = () => {};
beforeAll(() => {
  restore = time.install();
});
afterAll(() => restore());

test('a backlog of events is joined at half of the account’s calls, and dates what it tells', async () => {
  const account = new ModelAccount(() => time.now);
  const aws = new SimulatedAws(time, { state: () => account.state });
  const plans = [account.createPlan('s1'), account.createPlan('s1')];
  const keyId = account.createKey();
  account.put(keyId, plans[0] as string);
  const events: string[] = [];
  const calls = await time.until(
    (async () => {
      aws.schedule();
      await time.sleep(120 * SECOND);
      account.onCall = ({ name, parameters, at }) => {
        events.push(JSON.stringify(accountEvent(name, parameters, new Date(at))));
      };
      while (events.length < backlog) {
        await time.sleep(5 * SECOND);
        const [to, from] = plans.reverse() as [string, string];
        account.take(keyId, to);
        account.put(keyId, from);
      }
      await time.sleep(10 * SECOND);
      const before = aws.calls;
      for (const [index, event] of events.entries()) aws.send(event, `e${index}`);
      while (aws.queued > 0 || aws.calls === before) await time.sleep(SECOND);
      return aws.calls - before;
    })(),
  );

  expect(aws.deadLetters).toBe(0);
  expect(aws.refusedCalls).toBe(0);
  expect(Math.max(...aws.callsIn.values())).toBeLessThanOrEqual(6);
  // All of them were over when the first one was read.
  expect(calls).toBeLessThan(20);

  const periods = account
    .periods(keyId, 's1')
    .filter(({ planId }) => planId)
    .slice(-50);
  const lines = periods.map(({ from }) =>
    JSON.stringify({
      apiKeyId: keyId,
      apiId: API_ID,
      stage: 's1',
      requestTimeEpoch: from + 2 * SECOND,
    }),
  );
  const data = Buffer.from(`${lines.join('\n')}\n`).toString('base64');
  const { records } = await time.until(
    aws.container()({ records: [{ recordId: 'r', data }] } as never),
  );
  const said = Buffer.from(records[0]?.data ?? '', 'base64')
    .toString()
    .trimEnd()
    .split('\n');
  expect(said.map((line) => JSON.parse(line).usage_plan)).toEqual(
    periods.map(({ planId }) => `Name of ${planId}`),
  );
}, 600_000);
