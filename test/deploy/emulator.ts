/** moto's server on a loopback port: https://docs.getmoto.org/en/latest/docs/server_mode.html */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** What moto takes for the account, and whom it asks for nothing. */
export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

export interface Emulator {
  readonly url: string;
  /** Lets SDKs and the CDK talk to the emulator, and to nobody else. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): void;
}

export function isInstalled(): boolean {
  return spawnSync('moto_server', ['-h'], { stdio: 'ignore' }).status === 0;
}

export async function startEmulator(): Promise<Emulator> {
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    // It would ask the machine's metadata service for credentials, which may never answer.
    env: { ...process.env, ...credentials, AWS_EC2_METADATA_DISABLED: 'true' },
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, server);
  return {
    url,
    environment: {
      AWS_ENDPOINT_URL: url,
      // The CDK hands CloudFormation URLs of templates, which must not look like an address.
      AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: `http://localhost:${port}`,
      ...credentials,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CI: 'true',
      NO_COLOR: '1',
    },
    stop: () => server.kill(),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    if (server.exitCode !== null) throw new Error(`moto_server ended with ${server.exitCode}`);
    const response = await fetch(`${url}/moto-api/data.json`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('moto_server did not answer within a minute');
}
