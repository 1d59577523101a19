import { GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { onAnswerTime } from '../../../lambda/aws/answer-time';
import { controlPlaneClient } from '../../../lambda/aws/control-plane-client';
import { startLoopback } from '../../support/loopback';

// Close to the client's own: it takes a refusal with another for one of its clock, and tries again.
const now = Math.floor(Date.now() / 1000) * 1000;
const date = new Date(now).toUTCString();

/** The times that a client is told by a service that answers so. */
async function timesOf(status: number, headers: Record<string, string>): Promise<number[]> {
  const service = await startLoopback((_, response) => {
    response.sendDate = false;
    response.writeHead(status, headers).end('{}');
  });
  const client = controlPlaneClient({
    region: 'eu-west-1',
    endpoint: service.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const times: number[] = [];
  onAnswerTime(client, (time) => times.push(time));
  try {
    await client.send(new GetUsagePlansCommand({})).catch(() => {});
  } finally {
    client.destroy();
    await service.close();
  }
  return times;
}

test('is what the answer says, be it a refusal', async () => {
  expect(await timesOf(200, { date })).toEqual([now]);
  expect(await timesOf(403, { date })).toEqual([now]);
});

test.each([{}, { date: 'soon' }])(
  'is not known where the answer has none that can be read',
  async (headers) => {
    expect(await timesOf(200, headers as Record<string, string>)).toEqual([]);
  },
);
