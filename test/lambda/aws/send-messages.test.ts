import { sendToCrawler } from '../../../lambda/aws/send-messages';
import type { SendSigned, SignedRequest } from '../../../lambda/aws/signed-request';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/catalog.fifo';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
}

/** What a queue is sent that answers so. */
class Queue {
  readonly requests: SignedRequest[] = [];
  readonly #answer: { status: number; body: string };

  constructor(answer = { status: 200, body: '{"Successful":[]}' }) {
    this.#answer = answer;
  }

  readonly send: SendSigned = async (request) => {
    this.requests.push(request);
    return { status: this.#answer.status, headers: {}, body: Buffer.from(this.#answer.body) };
  };

  get entries(): Entry[] {
    return this.requests.flatMap(({ body = '' }) => JSON.parse(body).Entries as Entry[]);
  }

  tell(
    things: readonly object[],
    environment: Record<string, string> = {},
    url = queueUrl,
  ): Promise<void> {
    const signal = AbortSignal.timeout(5000);
    return sendToCrawler({ queueUrl: url, send: this.send, environment, signal }, things);
  }
}

test('things are one message each, ten of them in a call', async () => {
  const queue = new Queue();
  const things = Array.from({ length: 23 }, (_, n) => ({ unknownKey: `k${n}` }));
  await queue.tell(things);

  expect(queue.requests.map(({ body = '' }) => JSON.parse(body).Entries.length)).toEqual([
    10, 10, 3,
  ]);
  expect(queue.entries.map(({ MessageBody }) => JSON.parse(MessageBody))).toEqual(things);
  for (const { body = '' } of queue.requests) {
    const { QueueUrl, Entries } = JSON.parse(body) as { QueueUrl: string; Entries: Entry[] };
    expect(QueueUrl).toBe(queueUrl);
    expect(new Set(Entries.map(({ Id }) => Id)).size).toBe(Entries.length);
  }
});

test('nothing takes no call', async () => {
  const queue = new Queue();
  await queue.tell([]);

  expect(queue.requests).toEqual([]);
});

test('the same thing is the same to the queue, another one is not, and all have one order', async () => {
  const queue = new Queue();
  await queue.tell([{ unknownKey: 'k1' }]);
  await queue.tell([{ unknownKey: 'k1' }, { unknownKey: 'k2' }]);

  const ids = queue.entries.map(({ MessageDeduplicationId }) => MessageDeduplicationId);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
  expect(new Set(queue.entries.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(1);
});

test.each([
  ['of its Region', {}, queueUrl, 'https://sqs.eu-west-1.amazonaws.com/'],
  [
    'that the environment names',
    { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:4566' },
    queueUrl,
    'http://127.0.0.1:4566/',
  ],
  [
    'that stands for all services',
    { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' },
    'http://localhost:9324/catalog.fifo',
    'http://127.0.0.1:4566/',
  ],
  ['of its own address', {}, 'http://localhost:9324/catalog.fifo', 'http://localhost:9324/'],
])('goes to the endpoint %s', async (_, environment, url, expected) => {
  const queue = new Queue();
  await queue.tell([{ unknownKey: 'k1' }], environment as Record<string, string>, url);

  expect(queue.requests[0]?.url.href).toBe(expected);
});

test.each([
  [
    { status: 403, body: '{"__type":"AccessDenied"}' },
    `cannot send 2 messages to ${queueUrl}: HTTP 403`,
  ],
  [{ status: 500, body: 'oops' }, `cannot send 2 messages to ${queueUrl}: HTTP 500`],
  [
    { status: 200, body: '{"Successful":[{}],"Failed":[{"Id":"1"}]}' },
    `cannot send 1 messages to ${queueUrl}: HTTP 200`,
  ],
])('fails with what the queue has refused: %j', async (answer, message) => {
  const queue = new Queue(answer);

  await expect(queue.tell([{ unknownKey: 'k1' }, { unknownKey: 'k2' }])).rejects.toThrow(message);
});
