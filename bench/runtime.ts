/**
 * The bundle in Lambda's own runtime client, which talks to a Runtime API on a loopback port:
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { batchNames } from './corpus';
import { LAMBDA_FLAGS } from './node-binary';
import { type Row, spread, table } from './report';
import { type Stage, setStage } from './stage';
import { median } from './statistics';

const RIC = 'aws-lambda-ric@4.0.2';
const STARTS = 7;
const WARM_TURNS = 60;

/** A table of what it takes; a word where the client cannot be built here. */
export async function runtime(node: string): Promise<string> {
  const client = runtimeClient();
  if (!client) return `${RIC} cannot be built here: skipped.`;
  const stage = await setStage();
  const rows: Row[] = [];
  for (const batch of batchNames) {
    const text = readFileSync(stage.batch(batch), 'utf8');
    const starts = [];
    for (let start = 0; start < STARTS; start++) {
      const turns = start === 0 ? WARM_TURNS : 1;
      starts.push(await runOnce({ stage, node, client, text, turns }));
    }
    const warm = starts[0]?.turnsMs.slice(WARM_TURNS / 2) ?? [];
    rows.push([
      batch,
      spread(starts.map(({ initMs }) => initMs)),
      spread(starts.map(({ turnsMs }) => turnsMs[0] ?? Number.NaN)),
      spread(warm),
      `${median(starts.map(({ responseBytes }) => responseBytes)).toLocaleString('en-US')}`,
    ]);
  }
  await stage.close();
  const head = ['batch', 'init', 'first invocation', 'warm', 'response bytes'];
  return `## In the runtime client\n\nMilliseconds, ${RIC} over HTTP.\n\n${table(head, rows)}\n`;
}

/** Built on demand, outside of this project: it takes a compiler and a minute. */
function runtimeClient(): string | undefined {
  const folder = join(tmpdir(), `apigw-logs-${RIC.replace('@', '-')}`);
  const path = join(folder, 'node_modules', 'aws-lambda-ric', 'index.mjs');
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  try {
    const args = ['install', '--no-audit', '--no-fund', '--prefix', folder, RIC];
    execFileSync('npm', args, { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return existsSync(path) ? path : undefined;
}

interface RunOptions {
  readonly stage: Stage;
  readonly node: string;
  readonly client: string;
  readonly text: string;
  readonly turns: number;
}

/** One container: started, invoked so many times, and ended. */
async function runOnce({ stage, node, client, text, turns }: RunOptions) {
  const turnsMs: number[] = [];
  let initMs = Number.NaN;
  let responseBytes = 0;
  let finish = () => {};
  let sentAt = 0;
  const startedAt = performance.now();

  const invoke = (response: ServerResponse) => {
    if (Number.isNaN(initMs)) initMs = performance.now() - startedAt;
    if (turnsMs.length === turns) return finish();
    response.setHeader('Lambda-Runtime-Aws-Request-Id', `turn-${turnsMs.length}`);
    response.setHeader('Lambda-Runtime-Deadline-Ms', String(Date.now() + 60_000));
    response.setHeader(
      'Lambda-Runtime-Invoked-Function-Arn',
      'arn:aws:lambda:us-east-1:1:function:f',
    );
    response.setHeader('content-type', 'application/json');
    response.end(text);
    sentAt = performance.now();
  };
  const server = createServer(async (request, response) => {
    if (request.url?.endsWith('/invocation/next')) return invoke(response);
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    if (request.url?.endsWith('/response')) {
      turnsMs.push(performance.now() - sentAt);
      responseBytes = bytes;
    } else {
      throw new Error(`the runtime client reports ${request.url}`);
    }
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const folder = dirname(stage.functionPath);
  const child = spawn(node, [...LAMBDA_FLAGS, client], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      ...stage.environment,
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: folder,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
      AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = text;
  });
  await Promise.race([
    new Promise<void>((resolve) => {
      finish = resolve;
    }),
    once(child, 'exit').then(() => {
      throw new Error(`the runtime client has exited: ${errors}`);
    }),
  ]);
  child.kill();
  server.close();
  server.closeAllConnections();
  return { initMs, turnsMs, responseBytes };
}
