/** What is known of resources, an object each: a writer has read what it replaces. */

import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { decodeKnown, encodeKnown } from '../../analytics/audit/known';
import { parseS3Location } from '../core/catalog/s3-location';
import type { ChangeMemory } from './watch-change';

/** @param location `s3://bucket/folder/` */
export function changeMemory(client: S3Client, location: string): ChangeMemory {
  const { bucket: Bucket, key: folder } = parseS3Location(location);
  // What a resource is called may hold what a key may not.
  const keyOf = (resource: string) =>
    `${folder}${createHash('sha256').update(resource).digest('hex').slice(0, 32)}.json`;
  return {
    async recall(resource) {
      try {
        const { Body, ETag: tag } = await client.send(
          new GetObjectCommand({ Bucket, Key: keyOf(resource) }),
        );
        return { known: decoded(await Body?.transformToString()), tag };
      } catch (error) {
        if ((error as Error).name === 'NoSuchKey') return { known: undefined, tag: undefined };
        throw error;
      }
    },

    async keep(resource, { tag }, known) {
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: keyOf(resource),
          Body: encodeKnown(known),
          ContentType: 'application/json',
          ...(tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag }),
        }),
      );
    },
  };
}

/** What cannot be read is not known, and is written anew. */
function decoded(text: string | undefined) {
  try {
    return text === undefined ? undefined : decodeKnown(text);
  } catch {
    return undefined;
  }
}
