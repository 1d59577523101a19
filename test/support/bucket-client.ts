/** The real client of S3, of a bucket on a loopback port. */

import { S3Client } from '@aws-sdk/client-s3';
import type { BucketServer } from './bucket-server';

export function bucketClient({ url }: Pick<BucketServer, 'url'>): S3Client {
  return new S3Client({
    endpoint: url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    forcePathStyle: true,
    maxAttempts: 1,
  });
}
