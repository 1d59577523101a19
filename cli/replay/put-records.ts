/** Puts the records of an object back into the stream, no faster than the stream can spare. */

import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { PutBack } from '../../lambda/core/batch/transform';
import { type PutRecords, putBackInto } from '../../lambda/enrich/put-back';
import { pacer } from '../pacer';
import type { FailedRecord } from './failed-records';

const MAX_RECORDS = 500;
const MAX_BYTES = 4 * 1024 * 1024;

export interface RecordPutterOptions {
  readonly firehose: FirehoseClient;
  readonly streamArn: string;
  readonly bytesPerSecond: number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Settles once the stream has accepted every record; rejects where it does not. */
export type RecordPutter = (
  records: AsyncIterable<FailedRecord>,
  onAccepted: (records: number) => void,
) => Promise<void>;

export function recordPutter(options: RecordPutterOptions): RecordPutter {
  const { firehose, streamArn, bytesPerSecond, sleep } = options;
  const turn = pacer({ ratePerSecond: bytesPerSecond, burst: bytesPerSecond });
  let failure: unknown;
  const putBack = putBackInto({
    putRecords: putRecordsWith(firehose),
    onFailed: (error) => {
      failure = error;
    },
    sleep,
  });
  return async (records, onAccepted) => {
    for await (const { pieces, bytes } of batchesOf(records, Math.min(MAX_BYTES, bytesPerSecond))) {
      await turn(bytes);
      const refused = await putPatiently(putBack, streamArn, pieces);
      onAccepted(pieces.length - refused);
      if (refused > 0) throw failure;
    }
  };
}

/** A client's own retries see to calls that fail as a whole. */
export function putRecordsWith(firehose: FirehoseClient): PutRecords {
  return async (streamName, pieces) => {
    const records = pieces.map((piece) => ({ Data: Buffer.from(piece, 'base64') }));
    const { RequestResponses = [] } = await firehose.send(
      new PutRecordBatchCommand({ DeliveryStreamName: streamName, Records: records }),
    );
    return RequestResponses;
  };
}

/** Goes on for as long as the stream accepts any; tells how many records it did not. */
async function putPatiently(
  putBack: PutBack,
  streamArn: string,
  pieces: readonly string[],
): Promise<number> {
  let pending = pieces;
  while (pending.length > 0) {
    const accepted = await putBack(streamArn, pending);
    const refused = pending.filter((_, index) => !accepted[index]);
    if (refused.length === pending.length) break;
    pending = refused;
  }
  return pending.length;
}

interface Batch {
  readonly pieces: string[];
  readonly bytes: number;
}

async function* batchesOf(
  records: AsyncIterable<FailedRecord>,
  maxBytes: number,
): AsyncGenerator<Batch> {
  let pieces: string[] = [];
  let bytes = 0;
  for await (const { rawData } of records) {
    const size = Buffer.byteLength(rawData, 'base64');
    if (pieces.length === MAX_RECORDS || (pieces.length > 0 && bytes + size > maxBytes)) {
      yield { pieces, bytes };
      pieces = [];
      bytes = 0;
    }
    pieces.push(rawData);
    bytes += size;
  }
  if (pieces.length > 0) yield { pieces, bytes };
}
