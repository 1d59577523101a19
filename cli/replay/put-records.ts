/** Puts the records of an object back into the stream, no faster than the stream can spare. */

import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { pacer } from '../../lambda/aws/pacer';
import { type Batch, RecordBatch } from '../../lambda/aws/record-batches';
import type { Reingest } from '../../lambda/core/batch/transform';
import { type PutRecords, reingestInto } from '../../lambda/enrich/reingest';
import type { FailedRecord } from './failed-records';

export interface RecordPutterOptions {
  readonly firehose: FirehoseClient;
  readonly streamArn: string;
  readonly bytesPerSecond: number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Settles once the stream has accepted every record; rejects where it does not. */
export type RecordPutter = (
  records: AsyncIterable<Pick<FailedRecord, 'rawData'>>,
  onAccepted: (records: number) => void,
) => Promise<void>;

export function recordPutter(options: RecordPutterOptions): RecordPutter {
  const { firehose, streamArn, bytesPerSecond, sleep } = options;
  const turn = pacer({ ratePerSecond: bytesPerSecond, burst: bytesPerSecond });
  let failure: unknown;
  const reingest = reingestInto({
    putRecords: putRecordsWith(firehose),
    onFailed: (error) => {
      failure = error;
    },
    sleep,
  });
  return async (records, onAccepted) => {
    for await (const batch of batchesOf(records, bytesPerSecond)) {
      await turn(batch.bytes);
      const refused = await putPatiently(reingest, streamArn, batch.records);
      onAccepted(batch.records.length - refused);
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

/** Goes on for as long as the stream accepts any; returns how many records it did not. */
async function putPatiently(
  reingest: Reingest,
  streamArn: string,
  pieces: readonly string[],
): Promise<number> {
  let pending = pieces;
  while (pending.length > 0) {
    const accepted = await reingest(streamArn, pending);
    const refused = pending.filter((_, index) => !accepted[index]);
    if (refused.length === pending.length) break;
    pending = refused;
  }
  return pending.length;
}

async function* batchesOf(
  records: AsyncIterable<Pick<FailedRecord, 'rawData'>>,
  maxBytes: number,
): AsyncGenerator<Batch<string>> {
  let batch = new RecordBatch<string>(maxBytes);
  for await (const { rawData } of records) {
    const bytes = Buffer.byteLength(rawData, 'base64');
    if (!batch.hasRoomFor(bytes)) {
      yield batch;
      batch = new RecordBatch(maxBytes);
    }
    batch.add(rawData, bytes);
  }
  if (batch.records.length > 0) yield batch;
}
