import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { controlPlaneClient } from '../../../lambda/aws/control-plane-client';
import { signedRequests } from '../../../lambda/aws/signed-request';

let server: Server;
afterEach(() => server.close());

/** How many requests it takes a service that answers so, and then with 200, to be content. */
async function attempts(status: number, body: string): Promise<{ sent: number; last: number }> {
  let sent = 0;
  server = createServer((request, response) => {
    request.resume();
    sent++;
    response.writeHead(sent === 1 ? status : 200);
    response.end(sent === 1 ? body : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = controlPlaneClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const url = new URL(`http://127.0.0.1:${port}/`);
  const response = await signedRequests(client)(
    { service: 'firehose', method: 'POST', url, body: '{}' },
    AbortSignal.timeout(10_000),
  );
  client.destroy();
  return { sent, last: response.status };
}

test.each([
  [429, ''],
  [500, ''],
  [503, '{"__type":"ServiceUnavailableException"}'],
  [400, '{"__type":"ThrottlingException"}'],
])('sends again after %i %s', async (status, body) => {
  expect(await attempts(status, body)).toEqual({ sent: 2, last: 200 });
});

test.each([
  [400, '{"__type":"InvalidArgumentException"}'],
  [403, '{"__type":"AccessDeniedException"}'],
])('leaves it at %i %s', async (status, body) => {
  expect(await attempts(status, body)).toEqual({ sent: 1, last: status });
});
