import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { proxyHandler } from '../../../cli/aws/proxy-handler';
import type { Loopback } from '../../support/loopback';
import { startSts } from '../../support/sts-server';

let sts: Loopback;
let proxy: Server;
const tunnels: string[] = [];
const before = { ...process.env };

beforeAll(async () => {
  sts = await startSts('123456789012');
  // What a name stands for is the proxy's to know: nobody else could reach it.
  proxy = createServer().on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const target = connect(Number(new URL(sts.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => tunnels.splice(0));

afterEach(() => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) delete process.env[name];
  Object.assign(process.env, before);
});

afterAll(async () => {
  await sts.close();
  proxy.closeAllConnections();
  proxy.close();
});

const proxyUrl = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

async function account(endpoint: string): Promise<string | undefined> {
  const requestHandler = proxyHandler(process.env);
  const client = new STSClient({
    region: 'eu-west-1',
    endpoint,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    maxAttempts: 1,
    ...(requestHandler ? { requestHandler } : {}),
  });
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Account;
  } finally {
    client.destroy();
  }
}

test('calls go through the proxy that the environment names', async () => {
  process.env['HTTP_PROXY'] = proxyUrl();

  expect(await account('http://sts.inside.example')).toBe('123456789012');
  expect(tunnels).toEqual(['sts.inside.example:80']);
});

test('calls to hosts of NO_PROXY do not', async () => {
  process.env['HTTP_PROXY'] = proxyUrl();
  process.env['NO_PROXY'] = '127.0.0.1';

  expect(await account(sts.url)).toBe('123456789012');
  expect(tunnels).toEqual([]);
});

test('HTTPS calls ask HTTPS_PROXY for a tunnel', async () => {
  process.env['HTTPS_PROXY'] = proxyUrl();

  // The tunnel ends at a server that speaks no TLS: that it was asked for is all there is to see.
  await expect(account('https://sts.inside.example')).rejects.toThrow();
  expect(tunnels).toEqual(['sts.inside.example:443']);
});

test('without a proxy there is nothing to go through', () => {
  expect(proxyHandler({ NO_PROXY: '*', HTTPS_PROXY: '' })).toBeUndefined();
});
