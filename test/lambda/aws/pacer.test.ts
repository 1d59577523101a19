import { APIGatewayClient, GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { startControlPlane } from '../../../emulator/control-plane';
import { pace, pacer } from '../../../lambda/aws/pacer';

function fakeClock() {
  let nowMs = 0;
  return {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
}

test('lets a burst pass at once, then one turn after the other', async () => {
  const clock = fakeClock();
  const turn = pacer({ ratePerSecond: 5, burst: 3 }, clock);
  const times: number[] = [];

  for (let index = 0; index < 6; index++) {
    await turn();
    times.push(clock.now());
  }

  expect(times).toEqual([0, 0, 0, 200, 400, 600]);
});

test('gives the burst again after a rest, and no more than that', async () => {
  const clock = fakeClock();
  const turn = pacer({ ratePerSecond: 1, burst: 2 }, clock);
  await turn();
  await turn();
  await clock.sleep(60_000);

  await turn();
  await turn();
  expect(clock.now()).toBe(60_000);
  await turn();

  expect(clock.now()).toBe(61_000);
});

test('a heavy turn takes the time of many', async () => {
  const clock = fakeClock();
  const turn = pacer({ ratePerSecond: 100, burst: 100 }, clock);

  await turn(100);
  await turn(250);
  await turn(1);

  expect(clock.now()).toBe(2_510);
});

test('every attempt of a call waits for its turn, a repeated one too', async () => {
  let attempts = 0;
  const controlPlane = await startControlPlane({
    fault: () =>
      attempts++ < 2 ? { status: 429, errorType: 'TooManyRequestsException' } : undefined,
  });
  const client = new APIGatewayClient({
    endpoint: controlPlane.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const turn = jest.fn(async () => {});
  pace(client, turn);

  await client.send(new GetUsagePlansCommand({}));
  client.destroy();
  await controlPlane.close();

  expect(turn).toHaveBeenCalledTimes(3);
});
