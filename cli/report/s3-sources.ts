/** Objects of a bucket as sources. */

import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { UsageError } from '../usage-error';
import { type FolderChoice, isNoLog, type Source } from './source';

const LOCATION = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

export interface S3Location {
  readonly bucket: string;
  readonly prefix: string;
}

export function isS3Location(argument: string): boolean {
  return argument.startsWith('s3://');
}

export function parseS3Location(argument: string): S3Location {
  const [, bucket, prefix = ''] = LOCATION.exec(argument) ?? [];
  if (bucket) return { bucket, prefix };
  throw new UsageError(`got ${argument}, expected s3://bucket or s3://bucket/prefix`);
}

/** Lists only the folders that may hold lines of the time. */
export async function s3Sources(
  s3: S3Client,
  { bucket, prefix }: S3Location,
  choice: FolderChoice,
  show: (objects: number) => void,
): Promise<Source[]> {
  const { span } = choice;
  const hasSpan = span.from !== undefined || span.to !== undefined;
  const sources: Source[] = [];
  const folders = [prefix];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const page of pages(s3, bucket, folder, hasSpan)) {
      for (const { Prefix = '' } of page.CommonPrefixes ?? []) {
        if (!isNoLog(Prefix) && choice.takes(Prefix)) folders.push(Prefix);
      }
      for (const { Key = '', Size = 0, ETag, LastModified } of page.Contents ?? []) {
        if (Key.endsWith('/') || isNoLog(Key) || !choice.takes(Key)) continue;
        sources.push({
          name: `s3://${bucket}/${Key}`,
          bytes: Size,
          version: ETag ?? String(LastModified?.getTime()),
          open: () => openObject(s3, bucket, Key, ETag),
        });
      }
      show(sources.length);
    }
  }
  return sources.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function* pages(s3: S3Client, bucket: string, prefix: string, byFolder: boolean) {
  let token: string | undefined;
  do {
    const page = await s3
      .send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ContinuationToken: token,
          ...(byFolder ? { Delimiter: '/' } : {}),
        }),
      )
      .catch((error: Error) => {
        throw explained(error, bucket, prefix);
      });
    yield page;
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token);
}

const noAccess = new Set(['AccessDenied', 'Forbidden', '403', 'AllAccessDisabled']);

function explained(error: Error, bucket: string, prefix: string): Error {
  if (error.name === 'NoSuchBucket') return new UsageError(`no such bucket: ${bucket}`);
  if (!noAccess.has(error.name)) return error;
  return new UsageError(
    `no access to s3://${bucket}/${prefix}: listing it takes s3:ListBucket on the bucket, reading it s3:GetObject on its objects`,
  );
}

async function openObject(
  s3: S3Client,
  bucket: string,
  key: string,
  etag: string | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  // A changed object would not be the one that was listed.
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag }));
  return object.Body as AsyncIterable<Uint8Array> & typeof object.Body;
}
