/** Puts records back into the stream they came from. A call may accept some of its records only. */

import { recordBatches } from '../aws/record-batches';
import type { Reingest } from '../core/batch/transform';

const MAX_ATTEMPTS = 8;

/**
 * One call with base64 data, which is itself repeated where it fails as a whole. Of the answers, one
 * for each piece, a record was accepted only where its answer has a record id.
 */
export type PutRecords = (
  streamName: string,
  pieces: readonly string[],
) => Promise<readonly { readonly RecordId?: string | undefined }[]>;

export interface ReingestOptions {
  readonly putRecords: PutRecords;
  /** Called after a call that failed in the end, with how many records were not accepted. */
  readonly onFailed: (error: unknown, records: number) => void;
  readonly sleep: (ms: number) => Promise<void>;
}

export function reingestInto({ putRecords, onFailed, sleep }: ReingestOptions): Reingest {
  return async (streamArn, pieces) => {
    const accepted: boolean[] = pieces.map(() => false);
    const streamName = streamArn.slice(streamArn.lastIndexOf('/') + 1);
    let pending = [...pieces.keys()];
    for (let attempt = 0; pending.length > 0 && attempt < MAX_ATTEMPTS; attempt++) {
      if (attempt > 0) await sleep(backoffMs(attempt));
      try {
        for (const { records } of recordBatches(pending, (index) => sizeOf(pieces[index]))) {
          const answers = await putRecords(
            streamName,
            records.map((index) => pieces[index] ?? ''),
          );
          for (const [position, index] of records.entries()) {
            accepted[index] = Boolean(answers[position]?.RecordId);
          }
        }
      } catch (error) {
        onFailed(error, accepted.filter((isAccepted) => !isAccepted).length);
        return accepted;
      }
      pending = pending.filter((index) => !accepted[index]);
    }
    if (pending.length > 0) {
      onFailed(new Error(`the stream refused records ${MAX_ATTEMPTS} times`), pending.length);
    }
    return accepted;
  };
}

function sizeOf(base64 = ''): number {
  return Buffer.byteLength(base64, 'base64');
}

/** Full jitter up to 3 s: with 8 attempts, some 10 s at the most. */
function backoffMs(attempt: number): number {
  return Math.random() * Math.min(3_000, 100 * 2 ** attempt);
}
