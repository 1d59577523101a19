/** Where extracted days are kept: an object of Parquet a day, and what is known after the last one. */

import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { decodeKnown, encodeKnown } from '../../analytics/audit/known';
import { parseS3Location } from '../core/catalog/s3-location';
import { changesParquet } from './changes-parquet';
import type { Checkpoint, ExtractEdges } from './extract-changes';

type ChangeDays = Pick<ExtractEdges, 'readCheckpoint' | 'writeCheckpoint' | 'writeDay'>;

/**
 * @param location `s3://bucket/folder/` of the days
 * @param checkpoint `s3://bucket/key`
 */
export function changeDays(s3: S3Client, location: string, checkpoint: string): ChangeDays {
  const { bucket, key: folder } = parseS3Location(location);
  const { bucket: Bucket, key: Key } = parseS3Location(checkpoint);
  return {
    async readCheckpoint() {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
        return checkpointOf(gunzipSync(bytes).toString());
      } catch (error) {
        if ((error as Error).name === 'NoSuchKey') return undefined;
        throw error;
      }
    },

    async writeCheckpoint({ day, known }) {
      const Body = gzipSync(`${day}\n${encodeKnown(known)}`);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/gzip' }));
    },

    async writeDay(day, changes) {
      try {
        await s3.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: `${folder}day=${day}/changes.parquet`,
            Body: changesParquet(changes),
            IfNoneMatch: '*',
          }),
        );
      } catch (error) {
        // Written by a run that was stopped, or by another one: a day never changes.
        if ((error as Error).name !== 'PreconditionFailed') throw error;
      }
    },
  };
}

/**
 * Undefined for a checkpoint of another version: all days are gone through again, and those that are
 * written stay.
 */
function checkpointOf(text: string): Checkpoint | undefined {
  const end = text.indexOf('\n');
  const known = decodeKnown(text.slice(end + 1));
  return known && { day: text.slice(0, end), known };
}
