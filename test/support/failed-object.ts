/** What Firehose writes of records that it could not process, field for field as it was seen to. */

import { gzipSync } from 'node:zlib';
import type { StoredObject } from './bucket-server';

export const FAILED_PREFIX = 'errors/processing-failed/day=2026-11-19/hour=08/';

const ARRIVED_AT = Date.UTC(2026, 10, 19, 8, 0);

export function failedLine(payload: string, fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    rawData: Buffer.from(payload).toString('base64'),
    errorCode: 'Lambda.FunctionError',
    errorMessage: 'The Lambda function was successfully invoked but it returned an error result.',
    attemptsMade: 4,
    arrivalTimestamp: ARRIVED_AT,
    attemptEndingTimestamp: ARRIVED_AT + 60_000,
    lambdaARN: 'arn:aws:lambda:eu-west-1:123456789012:function:enrich:$LATEST',
    ...fields,
  });
}

export function failedObject(lines: readonly string[], { isGzip = false } = {}): StoredObject {
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return { body: isGzip ? gzipSync(text) : text, lastModified: new Date(ARRIVED_AT + 300_000) };
}
