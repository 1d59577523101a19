/** The most memory that a function's process takes: resident, all of it, as Lambda counts. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { account, contentsOf, envelopeOf, linesOf, type Plan, upTo } from './corpus';
import { type Rival, startRunner } from './race';
import type { Row } from './report';
import { setStage } from './stage';

const MIB = 1024 * 1024;

interface Case {
  readonly title: string;
  readonly plans: number;
  readonly keys: number;
  readonly contents: (plans: readonly Plan[]) => (string | Buffer)[];
}

const cases: readonly Case[] = [
  { title: 'nothing but a catalog of 10 keys', plans: 1, keys: 10, contents: () => [] },
  {
    title: '3 MB of small records, 10,000 keys in 20 plans',
    plans: 20,
    keys: 10_000,
    contents: (plans) => contentsOf('small-3mb', plans),
  },
  {
    title: '3 MB of small records, 10,000 keys in 300 plans',
    plans: 300,
    keys: 10_000,
    contents: (plans) => contentsOf('small-3mb', plans),
  },
  {
    title: 'an envelope of 16 MiB of lines',
    plans: 20,
    keys: 10_000,
    contents: (plans) => [envelopeOf(upTo(10 * MIB, linesOf('small', plans)))],
  },
  {
    title: 'an envelope of 64 MiB, the most that is read',
    plans: 20,
    keys: 10_000,
    contents: (plans) => [envelopeOf(upTo(42 * MIB, linesOf('small', plans)))],
  },
];

/** In the way of Lambda: one batch after the other, five of each. */
export async function memory(node: string): Promise<Row[]> {
  const firehose = await acceptingFirehose();
  const rows: Row[] = [];
  for (const { title, plans, keys, contents } of cases) {
    const stage = await setStage(account(plans, keys));
    const batch = stage.writeBatch('memory', contents(stage.plans));
    const peaks: string[] = [];
    for (const rival of ['function', 'canonical', 'ecs'] satisfies Rival[]) {
      const runner = await startRunner({ stage, node }, rival, {
        AWS_ENDPOINT_URL_FIREHOSE: firehose.url,
      });
      let peak = 0;
      for (let turn = 0; turn < 5; turn++) peak = (await runner.take(batch)).peakRssMb;
      peaks.push(`${peak.toFixed(0)} MB`);
      runner.stop();
    }
    rows.push([title, ...peaks]);
    await stage.close();
  }
  firehose.close();
  return rows;
}

/** What does not fit into a response goes back into a stream, which accepts it. */
async function acceptingFirehose() {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { Records } = JSON.parse(body) as { Records: unknown[] };
    const RequestResponses = Records.map((_, index) => ({ RecordId: String(index) }));
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ FailedPutCount: 0, RequestResponses }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
