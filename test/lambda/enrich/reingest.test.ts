import { FirehoseClient } from '@aws-sdk/client-firehose';
import { putRecordsWith } from '../../../cli/replay/put-records';
import { controlPlaneClient } from '../../../lambda/aws/control-plane-client';
import { signedRequests } from '../../../lambda/aws/signed-request';
import { putRecordsBy } from '../../../lambda/enrich/put-records';
import { type PutRecords, reingestInto } from '../../../lambda/enrich/reingest';
import { base64 } from '../../support/firehose';
import {
  type FirehoseServer,
  type FirehoseServerOptions,
  startFirehose,
} from '../../support/firehose-server';

const streamArn = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-orders';

const region = 'eu-west-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

let server: FirehoseServer;
afterEach(() => server.close());

/** Who makes the calls: the function, and the command line. */
const senders: Record<string, (endpoint: string) => PutRecords> = {
  'signed requests': (endpoint) =>
    putRecordsBy({
      send: signedRequests(controlPlaneClient({ region, credentials }), 1),
      region: async () => region,
      environment: { AWS_ENDPOINT_URL_FIREHOSE: endpoint },
    }),
  'a client': (endpoint) =>
    putRecordsWith(new FirehoseClient({ endpoint, region, credentials, maxAttempts: 1 })),
};

describe.each(Object.entries(senders))('by %s', (_, senderTo) => {
  async function reingest(pieces: readonly string[], options?: FirehoseServerOptions) {
    server = await startFirehose(options);
    const failures: { name: string; message: string; records: number }[] = [];
    const sleeps: number[] = [];
    const accepted = await reingestInto({
      putRecords: senderTo(server.url),
      onFailed: (error, records) => {
        const { name, message } = error as Error;
        failures.push({ name, message, records });
      },
      sleep: async (ms) => {
        sleeps.push(ms);
      },
    })(streamArn, pieces);
    return { accepted, failures, sleeps };
  }

  test('puts pieces into the stream, and tells that it has them', async () => {
    const pieces = [base64('{"a":1}'), base64(Buffer.from([0x1f, 0x8b, 0xff]))];

    const { accepted } = await reingest(pieces);

    expect(accepted).toEqual([true, true]);
    expect(server.accepted).toEqual(pieces);
    expect(server.requests[0]?.DeliveryStreamName).toBe('amazon-apigateway-orders');
  });

  test('sends at most 500 records in a call', async () => {
    const pieces = Array.from({ length: 1001 }, (_, index) => base64(`{"a":${index}}`));

    await reingest(pieces);

    expect(server.requests.map(({ Records }) => Records.length)).toEqual([500, 500, 1]);
    expect(server.accepted).toEqual(pieces);
  });

  test('sends at most 4 MiB in a call', async () => {
    const megabyte = base64(Buffer.alloc(1_000_000, 'x'));

    const { accepted } = await reingest(Array.from({ length: 9 }, () => megabyte));

    expect(server.requests.map(({ Records }) => Records.length)).toEqual([4, 4, 1]);
    expect(accepted).not.toContain(false);
  });

  test('sends again only what the stream has refused, after a pause', async () => {
    const pieces = ['{"a":1}', '{"b":2}', '{"c":3}'].map((text) => base64(text));

    const { accepted, sleeps } = await reingest(pieces, {
      refuses: (call, position) => call === 0 && position === 1,
    });

    expect(accepted).toEqual([true, true, true]);
    expect(server.requests[1]?.Records.map(({ Data }) => Data)).toEqual([pieces[1]]);
    expect(sleeps).toHaveLength(1);
  });

  test('gives up on what is refused time and again, and says how much', async () => {
    const { accepted, failures } = await reingest([base64('{"a":1}'), base64('{"b":2}')], {
      refuses: (_, position) => position === 0,
    });

    expect(accepted).toEqual([false, true]);
    expect(failures).toMatchObject([{ message: 'the stream refused records 8 times', records: 1 }]);
  });

  test('tells that nothing was accepted where the call is denied', async () => {
    const { accepted, failures } = await reingest([base64('{"a":1}')], {
      failsWith: { status: 400, type: 'AccessDeniedException' },
    });

    expect(accepted).toEqual([false]);
    expect(failures).toEqual([
      { name: 'AccessDeniedException', message: 'made to fail', records: 1 },
    ]);
  });
});
