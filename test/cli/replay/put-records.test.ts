import { FirehoseClient } from '@aws-sdk/client-firehose';
import { recordPutter } from '../../../cli/replay/put-records';
import { type FirehoseServerOptions, startFirehose } from '../../support/firehose-server';

async function* records(count: number, bytes: number) {
  for (let index = 0; index < count; index++) {
    const rawData = Buffer.alloc(bytes, index % 256).toString('base64');
    yield { rawData, errorCode: '', errorMessage: '', attemptsMade: 1, arrivedAt: 0 };
  }
}

async function put(
  given: { count: number; bytes: number; bytesPerSecond: number },
  options: FirehoseServerOptions = {},
) {
  const firehose = await startFirehose(options);
  const client = new FirehoseClient({
    endpoint: firehose.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const putter = recordPutter({
    firehose: client,
    streamArn: 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-x',
    bytesPerSecond: given.bytesPerSecond,
    sleep: async () => {},
  });
  let accepted = 0;
  const result = await putter(records(given.count, given.bytes), (count) => {
    accepted += count;
  }).then(
    () => undefined,
    (error: Error) => error,
  );
  client.destroy();
  await firehose.close();
  return { firehose, accepted, error: result };
}

test('a call takes no more than the rate of a second', async () => {
  const { firehose } = await put({ count: 6, bytes: 50_000, bytesPerSecond: 150_000 });

  expect(firehose.requests.map(({ Records }) => Records.length)).toEqual([3, 3]);
});

test('goes on while the stream takes any', async () => {
  const given = { count: 40, bytes: 10, bytesPerSecond: 1_000_000 };
  const { accepted, error } = await put(given, { refuses: (_, position) => position > 0 });

  expect(error).toBeUndefined();
  expect(accepted).toBe(40);
});

test('ends with what the stream said where it takes none', async () => {
  const given = { count: 1_000, bytes: 10, bytesPerSecond: 1_000_000 };
  const { accepted, error } = await put(given, { refuses: (call) => call > 0 });

  expect(accepted).toBe(500);
  expect(error?.message).toBe('the stream refused records 8 times');
});
