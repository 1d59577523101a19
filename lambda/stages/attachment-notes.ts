/**
 * Who attached a stage to the pipeline, and what it logged before.
 *
 * Kept as objects in the pipeline's own bucket: there the next deployment, another machine and another
 * operator find them, they outlive the stack as the bucket does, and a write can be made conditional.
 * Tags of a stage hold 256 characters and no `$`, a log format up to 3 KB.
 */

import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { noteKey } from '../core/folders';
import type { AccessLog } from './access-log';
import type { StageId } from './stage-access-log';

/** Somebody lets the stage log this. */
export interface Attachment {
  /** The command line, or a stack and the resource in it. */
  readonly by: string;
  /** Distinguishes pipelines that share the bucket: the stream's name. */
  readonly stream: string;
  readonly to: AccessLog;
}

export interface AttachmentNote {
  /** What the stage logged before it was first attached; undefined where it logged nothing. */
  readonly before: AccessLog | undefined;
  /** The latest last. While a stage is being changed it may log as in any of them. */
  readonly attached: readonly Attachment[];
}

/** A note as it was read: what replaces it must replace this very one. */
export interface StoredNote extends AttachmentNote {
  readonly etag: string | undefined;
}

export interface AttachmentNotes {
  read(stage: StageId): Promise<StoredNote | undefined>;
  /** Rejects where another one was written since `previous` was read. */
  write(
    stage: StageId,
    note: AttachmentNote,
    previous: StoredNote | undefined,
  ): Promise<StoredNote>;
  remove(stage: StageId): Promise<void>;
}

/** The notes in a bucket, for all pipelines that share it: a stage logs to one at a time. */
export function attachmentNotes(s3: S3Client, bucket: string): AttachmentNotes {
  const locationOf = ({ apiId, stageName }: StageId) => ({
    Bucket: bucket,
    Key: noteKey(apiId, stageName),
  });
  return {
    async read(stage) {
      try {
        const { Body, ETag } = await s3.send(new GetObjectCommand(locationOf(stage)));
        const { before, attached } = JSON.parse((await Body?.transformToString()) ?? '');
        return { before: before ?? undefined, attached, etag: ETag };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async write(stage, { before, attached }, previous) {
      const Body = JSON.stringify({ ...stage, before: before ?? null, attached }, null, 2);
      const condition = previous ? { IfMatch: previous.etag } : { IfNoneMatch: '*' };
      const ContentType = 'application/json';
      const { ETag } = await s3
        .send(new PutObjectCommand({ ...locationOf(stage), Body, ContentType, ...condition }))
        .catch(explainConflict);
      return { before, attached, etag: ETag };
    },
    async remove(stage) {
      await s3.send(new DeleteObjectCommand(locationOf(stage)));
    },
  };
}

function explainConflict(error: unknown): never {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status !== 409 && status !== 412) throw error;
  throw new Error('somebody else attaches this stage at the same time; run again', {
    cause: error,
  });
}
