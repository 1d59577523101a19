/**
 * Access-log lines as people have them, as the records in which they would reach the function: a file
 * of lines, an object from S3 (plain or gzip), a message of a subscription, what `get-log-events` or
 * `filter-log-events` answers, or an object of failed records.
 */

import { gunzipSync } from 'node:zlib';
import type { FirehoseTransformationEvent } from 'aws-lambda';
import { objectOf, parsedJson } from '../../lambda/core/json';
import { Frames } from '../../lambda/core/record/frames';
import { isGzip } from '../../lambda/core/record/gzip';
import { skipBlanks } from '../../lambda/core/record/separators';
import { nameOf, readBytes, textBytes } from '../json-source';
import { lineOf } from '../log-events';
import { UsageError } from '../usage-error';
import { adviceOn } from './event-kind';

/** What Firehose collects for one invocation by default. */
const MAX_BATCH_BYTES = 1024 * 1024;
const MAX_BATCH_RECORDS = 500;

/** The Firehose events that the lines make, one for each batch. */
export async function readLines(source: string): Promise<FirehoseTransformationEvent[]> {
  const bytes = textBytes(inflated(await readBytes(source), source), source);
  const payloads = payloadsIn(bytes, source);
  if (payloads.length === 0) throw new UsageError(`${nameOf(source)} has no lines`);
  return batchesOf(payloads).map(eventOf);
}

function inflated(bytes: Buffer, source: string): Buffer {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new UsageError(`${nameOf(source)} is gzip that is broken: ${(error as Error).message}`);
  }
}

function payloadsIn(bytes: Buffer, source: string): Buffer[] {
  const whole = parsedJson(bytes.toString());
  if (whole === undefined) {
    // Byte for byte: a line need not be UTF-8.
    const lines = linesIn(bytes);
    return lines.map((line) => failedPayload(parsedJson(line.toString())) ?? line);
  }
  const content = objectOf(whole);
  if (Array.isArray(whole)) return whole.map((item) => bytesOf(item, false));
  const { events, awslogs } = content;
  const failed = failedPayload(whole);
  if (failed) return [failed];
  if (typeof objectOf(awslogs)['data'] === 'string') {
    return [Buffer.from(objectOf(awslogs)['data'] as string, 'base64')];
  }
  if (Array.isArray(events)) return events.map((event) => bytesOf(event, true));
  const advice = 'messageType' in content ? undefined : adviceOn(whole);
  if (advice) throw new UsageError(`${nameOf(source)} is ${advice}`);
  return [bytes];
}

/** What Firehose was given, of a record that it kept under `errors/`. */
function failedPayload(content: unknown): Buffer | undefined {
  const { rawData, errorCode } = objectOf(content);
  if (typeof rawData !== 'string' || errorCode === undefined) return undefined;
  return Buffer.from(rawData, 'base64');
}

function bytesOf(item: unknown, isEvent: boolean): Buffer {
  return Buffer.from(lineOf(item, isEvent) ?? JSON.stringify(item));
}

/** An object over several lines is one of them, as it is for the function. */
function linesIn(bytes: Buffer): Buffer[] {
  const frames = new Frames(bytes);
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const first = skipBlanks(bytes, start);
    const object = bytes[first] === OPEN ? frames.at(first).to : start;
    const end = bytes.indexOf('\n', Math.max(start, object));
    const line = bytes.subarray(start, end === -1 ? bytes.length : end);
    if (line.toString('latin1').trim() !== '') lines.push(line);
    start = end === -1 ? bytes.length : end + 1;
  }
  return lines;
}

const OPEN = 0x7b;

function batchesOf(payloads: readonly Buffer[]): Buffer[][] {
  const batches: Buffer[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const payload of payloads) {
    const last = batches.at(-1);
    const isFull = bytes + payload.length > MAX_BATCH_BYTES || last?.length === MAX_BATCH_RECORDS;
    if (!last || isFull) batches.push([payload]);
    else last.push(payload);
    bytes = !last || isFull ? payload.length : bytes + payload.length;
  }
  return batches;
}

function eventOf(payloads: readonly Buffer[], batch: number): FirehoseTransformationEvent {
  return {
    invocationId: `lines-${batch + 1}`,
    deliveryStreamArn:
      'arn:aws:firehose:us-east-1:000000000000:deliverystream/amazon-apigateway-lines',
    region: 'us-east-1',
    records: payloads.map((payload, index) => ({
      recordId: `${batch + 1}-${index + 1}`,
      approximateArrivalTimestamp: Date.now(),
      data: payload.toString('base64'),
    })),
  };
}
