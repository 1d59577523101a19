/**
 * Puts messages into the crawler's queue, with one signed call for ten of them.
 *
 * Not by a client of the SDK: that passes on the trace of the invocation. With it, Lambda would mistake the
 * parts of a sweep for an endless loop and stop it after 16 of them
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html).
 */

import { createHash } from 'node:crypto';
import { endpointOf } from './endpoint';
import type { SendSigned } from './signed-request';

export interface SendToCrawlerOptions {
  readonly queueUrl: string;
  readonly send: SendSigned;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** SQS's limit on one call. */
const MESSAGES_PER_CALL = 10;

/**
 * One message for each thing: the queue drops what was sent within the last five minutes, so a key that
 * fifty containers miss is looked up once.
 */
export async function sendToCrawler(
  options: SendToCrawlerOptions,
  things: readonly object[],
): Promise<void> {
  for (let from = 0; from < things.length; from += MESSAGES_PER_CALL) {
    await sendMessages(options, things.slice(from, from + MESSAGES_PER_CALL));
  }
}

async function sendMessages(
  { queueUrl, environment, send, signal }: SendToCrawlerOptions,
  things: readonly object[],
): Promise<void> {
  // What stands for SQS on a laptop has no Region in its name.
  const region = /^sqs\.([^.]+)\.amazonaws\./.exec(new URL(queueUrl).host)?.[1];
  const named = environment['AWS_ENDPOINT_URL_SQS'] || environment['AWS_ENDPOINT_URL'];
  const endpoint = region ? endpointOf('sqs', region, environment) : (named ?? queueUrl);
  const { status, body } = await send(
    {
      service: 'sqs',
      method: 'POST',
      url: new URL('/', endpoint),
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.SendMessageBatch',
      },
      body: JSON.stringify({ QueueUrl: queueUrl, Entries: things.map(entryOf) }),
    },
    signal,
  );
  const failed = status === 200 ? failedEntries(body) : things.length;
  if (failed > 0) throw new Error(`cannot send ${failed} messages to ${queueUrl}: HTTP ${status}`);
}

function entryOf(thing: object, index: number): object {
  const body = JSON.stringify(thing);
  return {
    Id: String(index),
    MessageBody: body,
    MessageGroupId: 'catalog',
    MessageDeduplicationId: createHash('sha256').update(body).digest('hex'),
  };
}

function failedEntries(body: Buffer): number {
  const { Failed = [] } = JSON.parse(body.toString()) as { Failed?: readonly unknown[] };
  return Failed.length;
}
