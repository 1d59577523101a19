/** The objects in which Firehose keeps what it could not process, and where they go once replayed. */

import { gzipSync } from 'node:zlib';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
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
  if (key.startsWith(LEFT_OUT_FOLDER)) return LATER_FOLDER + key.slice(LEFT_OUT_FOLDER.length);
  return REPLAYED_FOLDER + restOf(key);
}

/** Records that a replay has left out, since they failed for another reason than it was for. */
export const LEFT_OUT_FOLDER = `${REPLAYED_FOLDER}left-out/`;
/** Objects that a later run has replayed. */
const LATER_FOLDER = `${REPLAYED_FOLDER}later/`;

/** The key under which the records go that the replay of an object leaves out. */
export function leftOutKey(key: string): string {
  return LEFT_OUT_FOLDER + restOf(key);
}

function restOf(key: string): string {
  for (const folder of [LEFT_OUT_FOLDER, ERRORS_FOLDER]) {
    if (key.startsWith(folder)) return key.slice(folder.length);
  }
  return key;
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

  /** Keeps an object's records that are not wanted beside those that were replayed, in one go. */
  async leaveOut(object: FailedObject, isWanted: (record: FailedRecord) => boolean): Promise<void> {
    const lines: string[] = [];
    for await (const record of this.records(object)) {
      if (!isWanted(record)) lines.push(`${record.line}\n`);
    }
    const input = { Bucket: this.#bucket, Key: leftOutKey(object.key) };
    await this.#s3.send(new PutObjectCommand({ ...input, Body: gzipSync(lines.join('')) }));
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
