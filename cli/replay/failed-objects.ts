/** The objects in which Firehose keeps what it could not process, and where they go once replayed. */

import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type FailedRecord, failedRecords } from './failed-records';

export interface FailedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string | undefined;
  /** When Firehose delivered it, or when it was moved. */
  readonly modifiedAt: Date;
}

/** `errors/processing-failed/x` goes to `errors/replayed/processing-failed/x`. */
export function replayedKey(key: string): string {
  return replayedPrefix(key) + key.replace(/^errors\//, '');
}

/** Where objects of a prefix go, wherever under it they are. */
export function replayedPrefix(prefix: string): string {
  return prefix.startsWith('errors/') ? 'errors/replayed/' : 'replayed/';
}

export function isReplayed(key: string): boolean {
  return key.startsWith('errors/replayed/') || key.startsWith('replayed/');
}

export class FailedObjects {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async list(prefix: string): Promise<FailedObject[]> {
    const objects: FailedObject[] = [];
    const pages = paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: this.#bucket, Prefix: prefix },
    );
    for await (const { Contents = [] } of pages) {
      for (const { Key: key = '', Size: size = 0, ETag: etag, LastModified } of Contents) {
        objects.push({ key, size, etag, modifiedAt: LastModified ?? new Date(0) });
      }
    }
    return objects;
  }

  async *records({ key, etag }: FailedObject): AsyncGenerator<FailedRecord> {
    const input = { Bucket: this.#bucket, Key: key, IfMatch: etag };
    const { Body } = await this.#s3.send(new GetObjectCommand(input));
    yield* failedRecords(Body as AsyncIterable<Uint8Array> & typeof Body);
  }

  /** S3 cannot move: the original goes only once the copy is seen to be there, as long as it is. */
  async moveToReplayed(object: FailedObject): Promise<void> {
    const { key, etag } = object;
    const source = `${this.#bucket}/${key}`.split('/').map(encodeURIComponent).join('/');
    await this.#s3.send(
      new CopyObjectCommand({
        Bucket: this.#bucket,
        Key: replayedKey(key),
        CopySource: source,
        CopySourceIfMatch: etag,
      }),
    );
    await this.deleteCopied(object);
  }

  async deleteCopied({ key, size }: FailedObject): Promise<void> {
    const copyKey = replayedKey(key);
    const copy = await this.#s3.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: copyKey }));
    if (copy.ContentLength !== size) {
      throw new Error(`${copyKey} has ${copy.ContentLength} bytes, expected ${size}: kept both`);
    }
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }
}
