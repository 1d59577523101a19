/**
 * What one call of PutRecordBatch takes: 500 records and 4 MiB
 * (https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html).
 */

const MAX_RECORDS = 500;
const MAX_BYTES = 4 * 1024 * 1024;

export interface Batch<T> {
  readonly records: readonly T[];
  /** Size of the records' data. */
  readonly bytes: number;
}

/** Collects records until a call is full. */
export class RecordBatch<T> implements Batch<T> {
  readonly records: T[] = [];
  bytes = 0;
  readonly #maxBytes: number;

  /** One record may be larger than `maxBytes`: it is then alone. */
  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = Math.min(MAX_BYTES, maxBytes);
  }

  /** Whether there is room for one more of so many bytes. */
  hasRoomFor(bytes: number): boolean {
    const { length } = this.records;
    return length === 0 || (length < MAX_RECORDS && this.bytes + bytes <= this.#maxBytes);
  }

  add(record: T, bytes: number): void {
    this.records.push(record);
    this.bytes += bytes;
  }
}

/** Groups records so that each group fits into one call, in their order. */
export function recordBatches<T>(
  records: Iterable<T>,
  bytesOf: (record: T) => number,
): readonly Batch<T>[] {
  const batches: RecordBatch<T>[] = [];
  for (const record of records) {
    const bytes = bytesOf(record);
    if (!batches.at(-1)?.hasRoomFor(bytes)) batches.push(new RecordBatch());
    batches.at(-1)?.add(record, bytes);
  }
  return batches;
}
