/** The objects in which Firehose keeps what it could not process, and where they go once replayed. */

import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ERRORS_FOLDER, REPLAYED_FOLDER } from '../../lambda/core/folders';
import { type FailedRecord, failedRecords } from './failed-records';

export interface FailedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string | undefined;
  /** When Firehose delivered it, or when it was moved. */
  readonly modifiedAt: Date;
}

/**
 * `errors/processing-failed/x` goes to `replayed/processing-failed/x`: not below `errors/`, where each
 * new object sets off the alarm `errors-stored`.
 */
export function replayedKey(key: string): string {
  const rest = key.startsWith(ERRORS_FOLDER) ? key.slice(ERRORS_FOLDER.length) : key;
  return REPLAYED_FOLDER + rest;
}

/** Firehose tries for a day, and counts days in any time zone. */
const LATEST_MS = 2 * 24 * 3600_000;

/**
 * The key after which all objects of a time stand, below a folder for one kind of error: its folders of
 * days need not all be listed. Undefined for any other prefix.
 */
export function keyBefore(prefix: string, since: Date): string | undefined {
  if (!/^errors\/[^/]+\/$/.test(prefix)) return undefined;
  const day = new Date(since.getTime() - LATEST_MS).toISOString().slice(0, 10);
  return `${prefix}day=${day}`;
}

export class FailedObjects {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async list(prefix: string, startAfter?: string): Promise<FailedObject[]> {
    const objects: FailedObject[] = [];
    const input = { Bucket: this.#bucket, Prefix: prefix, StartAfter: startAfter };
    const pages = paginateListObjectsV2({ client: this.#s3 }, input);
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
