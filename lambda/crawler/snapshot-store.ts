/** The snapshot's object in S3. A writer must have read the version that it replaces (`If-Match`). */

import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { onAnswerTime } from '../aws/answer-time';
import { parseS3Location } from '../core/catalog/s3-location';
import {
  decodeSnapshot,
  encodeSnapshot,
  isRestored,
  MAX_SNAPSHOT_BYTES,
  type Snapshot,
  SnapshotError,
} from '../core/catalog/snapshot';

export interface HeldSnapshot {
  /** Undefined where the object is no snapshot that can be read. */
  readonly snapshot: Snapshot | undefined;
  /** Undefined where there is no object. */
  readonly tag: string | undefined;
  readonly refusal?: unknown;
  /** An older object that was restored over a newer one. */
  readonly isRestored?: boolean | undefined;
  /** The store's clock, in milliseconds since 1970. */
  readonly storeTime?: number | undefined;
}

export interface SnapshotStore {
  read(): Promise<HeldSnapshot>;
  /** Rejects with a `SnapshotConflict` where the object is another by now. */
  replace(held: HeldSnapshot, snapshot: Snapshot): Promise<Replaced>;
}

export interface Replaced {
  readonly tag: string | undefined;
  /** The size. */
  readonly bytes: number;
  /** Marks of the past that did not fit. */
  readonly dropped: number;
}

/** Somebody else has written meanwhile. */
export class SnapshotConflict extends Error {}

export function snapshotStore(
  client: S3Client,
  location: string,
  timeoutMs: number,
): SnapshotStore {
  const { bucket, key } = parseS3Location(location);
  const target = { Bucket: bucket, Key: key };
  return {
    async read() {
      const abortSignal = AbortSignal.timeout(timeoutMs);
      let storeTime: number | undefined;
      const command = new GetObjectCommand(target);
      onAnswerTime(command, (time) => {
        storeTime = time;
      });
      const object = await client.send(command, { abortSignal }).catch((error: unknown) => {
        if ((error as Error).name === 'NoSuchKey') return undefined;
        throw new Error(`cannot read ${location}: ${(error as Error).name}`, { cause: error });
      });
      if (!object?.Body) return { snapshot: undefined, tag: undefined, storeTime };
      const tag = object.ETag;
      try {
        const snapshot = decodeSnapshot(await bytesOf(object, abortSignal), storeTime);
        // The writer used the store's clock, where the store sends its time.
        const storedAt = storeTime === undefined ? undefined : object.LastModified?.getTime();
        return { snapshot, tag, storeTime, isRestored: isRestored(snapshot, storedAt) };
      } catch (refusal) {
        if (!(refusal instanceof SnapshotError)) throw refusal;
        return { snapshot: undefined, tag, storeTime, refusal };
      }
    },

    async replace({ tag }, snapshot) {
      const { bytes: Body, dropped } = encodeSnapshot(snapshot);
      const condition = tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag };
      const ContentType = 'application/gzip';
      const command = new PutObjectCommand({ ...target, ...condition, Body, ContentType });
      try {
        const abortSignal = AbortSignal.timeout(timeoutMs);
        const { ETag } = await client.send(command, { abortSignal });
        return { tag: ETag, bytes: Body.byteLength, dropped };
      } catch (error) {
        const { name } = error as Error;
        if (name === 'PreconditionFailed' || name === 'ConditionalRequestConflict') {
          throw new SnapshotConflict(`${location} was written by somebody else`, { cause: error });
        }
        throw new Error(`cannot write ${location}: ${name}`, { cause: error });
      }
    },
  };
}

/** No more than a snapshot can have, and no longer than the signal lets it. */
async function bytesOf({ Body }: GetObjectCommandOutput, signal: AbortSignal): Promise<Buffer> {
  const stream = Body as AsyncIterable<Uint8Array> & { destroy?: (error?: Error) => void };
  const stop = () => stream.destroy?.(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size <= MAX_SNAPSHOT_BYTES) continue;
      stream.destroy?.();
      throw new SnapshotError(`it has more than ${MAX_SNAPSHOT_BYTES} bytes`);
    }
    return Buffer.concat(chunks);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
