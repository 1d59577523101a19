/**
 * What stages logged before they were attached, so that `detach` can put it back.
 *
 * Kept as objects in the pipeline's own bucket: there another machine and another operator find them,
 * they outlive the stack as the bucket does, and a write can be made conditional. Tags of a stage hold
 * 256 characters and no `$`, a log format up to 3 KB.
 */

import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Pipeline } from '../pipeline-options';
import type { AccessLog } from './access-log';
import type { Stage } from './account-stages';

export interface AttachmentNote {
  /** Undefined where the stage logged nothing. */
  readonly before: AccessLog | undefined;
  readonly after: AccessLog;
}

/** A note as it was read: what replaces it must replace this very one. */
export interface StoredNote extends AttachmentNote {
  readonly etag: string | undefined;
}

export interface AttachmentNotes {
  read(stage: Stage): Promise<StoredNote | undefined>;
  /** Rejects where somebody else has written one since `previous` was read. */
  write(stage: Stage, note: AttachmentNote, previous: StoredNote | undefined): Promise<void>;
  remove(stage: Stage): Promise<void>;
}

export function attachmentNotes(s3: S3Client, { bucket, streamName }: Pipeline): AttachmentNotes {
  const locationOf = ({ api, name }: Stage) => ({
    Bucket: bucket,
    Key: `_attach/${streamName}/${api.id}/${encodeURIComponent(name)}.json`,
  });
  return {
    async read(stage) {
      try {
        const { Body, ETag } = await s3.send(new GetObjectCommand(locationOf(stage)));
        const { before, after } = JSON.parse((await Body?.transformToString()) ?? '');
        return { before: before ?? undefined, after, etag: ETag };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async write(stage, { before, after }, previous) {
      const { api, name } = stage;
      const about = { apiId: api.id, apiName: api.name, apiType: api.type, stage: name };
      const Body = JSON.stringify({ ...about, before: before ?? null, after }, null, 2);
      const condition = previous ? { IfMatch: previous.etag } : { IfNoneMatch: '*' };
      const ContentType = 'application/json';
      await s3
        .send(new PutObjectCommand({ ...locationOf(stage), Body, ContentType, ...condition }))
        .catch(explainConflict);
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
