import { Recorder } from '../../../cli/invoke/recorder';
import { startControlPlane } from '../../../emulator/control-plane';
import { controlPlaneClient } from '../../../lambda/aws/control-plane-client';
import { signedRequests } from '../../../lambda/aws/signed-request';
import { composeHandler } from '../../../lambda/enrich/compose';
import { putRecordsBy } from '../../../lambda/enrich/put-records';
import { reingestInto } from '../../../lambda/enrich/reingest';
import { envelopeOf, firehoseEvent, textOf } from '../../support/firehose';
import { startFirehose } from '../../support/firehose-server';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'eu-west-1';
const MEGABYTE = 1024 * 1024;

/** Firehose and function play until the stream is empty; what is delivered, in the end. */
async function deliverAll(contents: readonly Uint8Array[]) {
  const stream = await startFirehose();
  const controlPlane = await startControlPlane({
    usagePlans: [
      {
        id: 'p',
        name: 'Gold',
        apiStages: [{ apiId: 'chat', stage: 'prod' }],
        keys: [{ id: 'k', name: 'ACME' }],
      },
    ],
  });
  const client = controlPlaneClient({ endpoint: controlPlane.url, region, credentials });
  const handler = composeHandler({}, new Recorder(), {
    controlPlane: client,
    reingest: reingestInto({
      putRecords: putRecordsBy({
        send: signedRequests(client),
        region: async () => region,
        environment: { AWS_ENDPOINT_URL_FIREHOSE: stream.url },
      }),
      onFailed: (error) => {
        throw error;
      },
      sleep: async () => {},
    }),
  });

  const delivered: string[] = [];
  let waiting: readonly Uint8Array[] = contents;
  let taken = 0;
  let batches = 0;
  while (waiting.length > 0) {
    const response = await handler(firehoseEvent(...waiting));
    expect(Buffer.byteLength(JSON.stringify(response))).toBeLessThanOrEqual(6 * MEGABYTE);
    for (const record of response.records) {
      expect(record.result).not.toBe('ProcessingFailed');
      if (record.result === 'Ok') delivered.push(...textOf(record).trimEnd().split('\n'));
    }
    waiting = stream.accepted.slice(taken).map((data) => Buffer.from(data, 'base64'));
    taken = stream.accepted.length;
    batches++;
  }
  client.destroy();
  await Promise.all([stream.close(), controlPlane.close()]);
  return { delivered, batches };
}

test('an envelope of 10,000 lines and 20 MB comes out whole, each line once and attributed', async () => {
  const lines = Array.from({ length: 10_000 }, (_, id) =>
    JSON.stringify({ id, apiKeyId: 'k', apiId: 'chat', stage: 'prod', fill: 'x'.repeat(1_950) }),
  );
  const envelope = envelopeOf(...lines);

  const { delivered, batches } = await deliverAll([envelope, envelopeOf(lines[0] as string)]);

  const expected = [...lines, lines[0] as string].map(
    (line) => `${line.slice(0, -1)},"usage_plan":"Gold","customer_name":"ACME"}`,
  );
  expect(lines.join('').length).toBeGreaterThan(20_000_000);
  expect(delivered.sort()).toEqual(expected.sort());
  expect(batches).toBeGreaterThan(2);
});
