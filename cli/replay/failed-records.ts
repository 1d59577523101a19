/**
 * Reads what Firehose writes of records that it could not process: a JSON object a line
 * (https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html).
 */

import { objectOf, parsedJson } from '../../lambda/core/json';
import { linesOf } from './lines';

export interface FailedRecord {
  /** What was put into the stream, in base64. */
  readonly rawData: string;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attemptsMade: number;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
  /** As Firehose wrote it. */
  readonly line: string;
}

export async function* failedRecords(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<FailedRecord> {
  let number = 0;
  for await (const line of linesOf(body)) {
    number++;
    if (line.trim() === '') continue;
    const record = failedRecord(line);
    // The line itself is a payload: not for a message.
    if (!record) throw new Error(`line ${number} is no failed record as Firehose writes them`);
    yield record;
  }
}

function failedRecord(line: string): FailedRecord | undefined {
  const fields = objectOf(parsedJson(line));
  if (typeof fields['rawData'] !== 'string') return undefined;
  const { rawData, errorCode, errorMessage, attemptsMade, arrivalTimestamp } = fields;
  return {
    rawData,
    errorCode: String(errorCode ?? 'unknown'),
    errorMessage: String(errorMessage ?? ''),
    attemptsMade: Number(attemptsMade) || 0,
    arrivedAt: Number(arrivalTimestamp) || 0,
    line,
  };
}
