/**
 * How large a response is, to the byte, as Lambda counts it: the JSON text that the runtime makes of
 * it. A response over the limit fails the whole batch.
 */

import type {
  FirehoseTransformationEventRecord,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import { PARTITION_KEY } from './partition';

/** https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html: 6 MB. */
export const RESPONSE_BYTES = 6 * 1024 * 1024;

/** What a response needs for a result on each record before any of them has data. */
export function reservedBytes(records: readonly FirehoseTransformationEventRecord[]): number {
  // One look at all ids is quicker than one at each. The blanks keep apart what would join.
  const ids = jsonBytes(records.map(({ recordId }) => recordId).join(' '));
  return '{"records":[]}'.length + records.length * (longestResult - 1) + ids + 1;
}

/** As much at least as `reservedBytes`, without a look at what the ids are made of. */
export function mostReservedBytes(records: readonly FirehoseTransformationEventRecord[]): number {
  let bytes = '{"records":[]}'.length;
  for (const { recordId } of records) bytes += longestResult + MOST_BYTES_OF_UNIT * recordId.length;
  return bytes;
}

/** A UTF-16 unit takes six bytes at most: as an escape. */
const MOST_BYTES_OF_UNIT = 6;

/** What a partition key of plain characters adds to a result. */
export function partitionBytes(partition: string | undefined): number {
  return partition === undefined ? 0 : emptyMetadata + partition.length;
}

/** The part of a result that tells Firehose its partition. */
export function metadataOf(
  partition: string,
): NonNullable<FirehoseTransformationResultRecord['metadata']> {
  return { partitionKeys: { [PARTITION_KEY]: partition } };
}

/** What a text adds to a JSON document, without the quotes. */
export function jsonBytes(text: string): number {
  return isWrittenAsIs.test(text) ? text.length : Buffer.byteLength(JSON.stringify(text)) - 2;
}

const emptyMetadata = ',"metadata":'.length + JSON.stringify(metadataOf('')).length;

/** ASCII without quotes, backslashes and control characters, such as record ids and base64. */
const isWrittenAsIs = /^[ !#-[\]-~]*$/;

const withoutData: FirehoseTransformationResultRecord = {
  recordId: '',
  result: 'ProcessingFailed',
  data: '',
};
const longestResult = JSON.stringify(withoutData).length + ','.length;
