/** The snapshot's object in S3. It is only ever replaced by who has read what it replaces. */

import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { parseS3Location } from '../core/catalog/s3-location';
import { decodeSnapshot, encodeSnapshot, type Snapshot } from '../core/catalog/snapshot';

export interface HeldSnapshot {
  /** Undefined where the object is no snapshot that can be read. */
  readonly snapshot: Snapshot | undefined;
  /** Undefined where there is no object. */
  readonly tag: string | undefined;
  readonly refusal?: unknown;
}

export interface SnapshotStore {
  read(): Promise<HeldSnapshot>;
  /** Gives the size; rejects with a `SnapshotConflict` where the object is another by now. */
  replace(held: HeldSnapshot, snapshot: Snapshot): Promise<number>;
}

/** Somebody else has written meanwhile. */
export class SnapshotConflict extends Error {}

export function snapshotStore(client: S3Client, location: string): SnapshotStore {
  const { bucket, key } = parseS3Location(location);
  const target = { Bucket: bucket, Key: key };
  return {
    async read() {
      const object = await client.send(new GetObjectCommand(target)).catch((error: unknown) => {
        if ((error as Error).name === 'NoSuchKey') return undefined;
        throw new Error(`cannot read ${location}: ${(error as Error).name}`, { cause: error });
      });
      if (!object?.Body) return { snapshot: undefined, tag: undefined };
      const bytes = await object.Body.transformToByteArray();
      try {
        return { snapshot: decodeSnapshot(bytes), tag: object.ETag };
      } catch (refusal) {
        return { snapshot: undefined, tag: object.ETag, refusal };
      }
    },

    async replace({ tag }, snapshot) {
      const Body = encodeSnapshot(snapshot);
      const condition = tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag };
      const ContentType = 'application/gzip';
      try {
        await client.send(new PutObjectCommand({ ...target, ...condition, Body, ContentType }));
      } catch (error) {
        const { name } = error as Error;
        if (name === 'PreconditionFailed' || name === 'ConditionalRequestConflict') {
          throw new SnapshotConflict(`${location} was written by somebody else`, { cause: error });
        }
        throw new Error(`cannot write ${location}: ${name}`, { cause: error });
      }
      return Body.byteLength;
    },
  };
}
