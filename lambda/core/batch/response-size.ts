/**
 * How large a response is, to the byte, as Lambda counts it: the JSON text that the runtime makes of
 * it. A response over the limit fails the whole batch.
 */

import type {
  FirehoseTransformationEventRecord,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import { PARTITION_KEY } from '../attribution/partition';

/** https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html: 6 MB. */
export const RESPONSE_BYTES = 6 * 1024 * 1024;

/** What a response needs for a result on each record before any of them has data. */
export function reservedBytes(
  records: readonly FirehoseTransformationEventRecord[],
  bytesOfId: (recordId: string) => number = jsonBytes,
): number {
  let bytes = '{"records":[]}'.length;
  for (const { recordId } of records) bytes += longestResult + bytesOfId(recordId);
  return bytes;
}

/** As much at least as `jsonBytes`, without a look at the text: an escaped UTF-16 unit takes six. */
export function mostJsonBytes(text: string): number {
  return 6 * text.length;
}

/** What a partition key of plain characters adds to a result. */
export function partitionBytes(partition: string | undefined): number {
  return partition === undefined ? 0 : emptyMetadata + partition.length;
}

/** The part of a result that names its partition to Firehose. */
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
