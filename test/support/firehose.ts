import { gzipSync } from 'node:zlib';
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';

export function base64(content: string | Uint8Array): string {
  return Buffer.from(content).toString('base64');
}

/** An event as Firehose sends it, a record for each content. */
export function firehoseEvent(
  ...contents: readonly (string | Uint8Array)[]
): FirehoseTransformationEvent {
  return {
    invocationId: '1f8a6a0e-7e0c-4d6d-9c5f-0d3a1a0f7a11',
    deliveryStreamArn: 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-t',
    region: 'eu-west-1',
    records: contents.map((content, index) => ({
      recordId: `record-${index}`,
      approximateArrivalTimestamp: 1_700_000_000_000 + index,
      data: base64(content),
    })),
  };
}

/** What a record of a response holds, as text. */
export function textOf(
  record: FirehoseTransformationResult['records'][number] | undefined,
): string {
  return Buffer.from(record?.data ?? '', 'base64').toString();
}

/** What CloudWatch Logs sends of a log group with these messages. */
export function envelopeOf(...messages: readonly string[]): Buffer {
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/apis/chat',
    logStream: 'stream',
    subscriptionFilters: ['to-firehose'],
    logEvents: messages.map((message, index) => ({
      id: String(index),
      timestamp: 1_700_000_000_000 + index,
      message,
    })),
  };
  return gzipSync(JSON.stringify(envelope));
}
