/** SQS on a loopback port, as far as the depths of queues go. */

import { type Loopback, startLoopback } from './loopback';

export interface SqsServer extends Loopback {
  /** Attributes of each queue, by its name. */
  readonly queues: Map<string, Record<string, string>>;
  /** Operations that are refused for want of a right. */
  readonly denied: Set<string>;
}

export async function startSqs(): Promise<SqsServer> {
  const queues = new Map<string, Record<string, string>>();
  const denied = new Set<string>();
  const urlOf = (name: string) => `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`;
  const loopback = await startLoopback(({ headers, body }, response) => {
    const operation = String(headers['x-amz-target']).replace('AmazonSQS.', '');
    const { QueueUrl = '', QueueName = '' } = JSON.parse(body.toString());
    const reply = (status: number, answer: object) =>
      void response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify(answer));
    if (denied.has(operation)) return reply(403, { __type: 'AccessDenied', message: 'no' });
    const name = QueueName || QueueUrl.split('/').at(-1);
    const Attributes = queues.get(name);
    if (!Attributes) return reply(400, { __type: 'com.amazonaws.sqs#QueueDoesNotExist' });
    if (operation === 'GetQueueUrl') return reply(200, { QueueUrl: urlOf(name) });
    if (operation === 'GetQueueAttributes') return reply(200, { Attributes });
    reply(400, { __type: 'UnknownOperationException' });
  });
  return { ...loopback, queues, denied };
}
