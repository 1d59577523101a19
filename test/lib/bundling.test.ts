import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FirehoseTransformationResult } from 'aws-lambda';
import { METRIC_NAMESPACE } from '../../lambda/core/metrics';
import { bundleFunction } from '../../lib/bundling';
import { firehoseEvent, textOf } from '../support/firehose';

const keyValue = 'zWq3uTnR8kYb2Lx5';

/** API Gateway's answers, on its own paths. */
const answers: Record<string, object> = {
  '/usageplans': {
    item: [{ id: 'p1', name: 'Gold', apiStages: [{ apiId: 'api1', stage: 'prod' }] }],
  },
  '/usageplans/p1/keys': { item: [{ id: 'k1', name: 'Acme', type: 'API_KEY', value: keyValue }] },
};

interface Run {
  readonly response: FirehoseTransformationResult;
  readonly stdout: string;
}

/** Invokes a bundle in a process of its own that knows nothing of this one's environment. */
async function invoke(bundle: string, event: object, endpoint: string): Promise<Run> {
  const script = `process.once('message', async ({ bundle, event }) => {
    process.send(await require(bundle).handler(event));
    process.disconnect();
  });`;
  const child = spawn(process.execPath, ['-e', script], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_API_GATEWAY: endpoint,
      POWERTOOLS_SERVICE_NAME: 'orders',
      NODE_NO_WARNINGS: '1',
    },
  });
  let stdout = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  const closed = once(child, 'close');
  child.send({ bundle, event });
  const [response] = await once(child, 'message');
  await closed;
  return { response, stdout };
}

describe('bundleFunction', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const requests: string[] = [];
  let bundle: string;
  let server: Server;
  let run: Run;

  beforeAll(async () => {
    server = createServer(({ url = '' }, response) => {
      requests.push(url);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answers[new URL(url, 'http://localhost').pathname] ?? {}));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');

    bundle = bundleFunction('enrich', folder);
    const { port } = server.address() as AddressInfo;
    const line = '{"requestId":"r1","apiId":"api1","stage":"prod","apiKeyId":"k1"}';
    run = await invoke(bundle, firehoseEvent(line), `http://127.0.0.1:${port}`);
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test('makes one file that does the job without node_modules', () => {
    expect(bundle).toBe(join(folder, 'index.js'));
    expect(run.response.records).toMatchObject([{ recordId: 'record-0', result: 'Ok' }]);
    expect(JSON.parse(textOf(run.response.records[0]))).toMatchObject({
      requestId: 'r1',
      usage_plan: 'Gold',
      customer_name: 'Acme',
    });
  });

  test('leaves out what the function does not call', () => {
    const text = readFileSync(bundle, 'utf8');

    expect(text).toContain('GetUsagePlanKeys');
    expect(text).not.toMatch(/GetSdkType|PutRecordBatchCommand|EventStreamCodec/);
    expect(text.length).toBeLessThan(300 * 1024);
  });

  test('leaves the endpoint to AWS_ENDPOINT_URL_API_GATEWAY', () => {
    expect(requests).toEqual(['/usageplans?limit=500', '/usageplans/p1/keys?limit=500']);
  });

  test('writes nothing but JSON to its log, metrics among it', () => {
    const lines = run.stdout.trimEnd().split('\n');
    const metrics = lines.map((line) => JSON.parse(line)).filter((line) => '_aws' in line);

    expect(metrics).toMatchObject([
      { _aws: { CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE }] }, service: 'orders' },
    ]);
  });

  test('keeps key values out of log and response', () => {
    expect(run.stdout + JSON.stringify(run.response)).not.toContain(keyValue);
    expect(textOf(run.response.records[0])).not.toContain(keyValue);
  });

  test('makes the same file anywhere, so that nothing is deployed without a change', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'bundle-'));
    const again = bundleFunction('enrich', elsewhere);

    expect(readFileSync(again).equals(readFileSync(bundle))).toBe(true);
    rmSync(elsewhere, { recursive: true });
  });
});
