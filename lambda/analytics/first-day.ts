/** The first day that a pipeline has lines of, by the names of its folders. */

import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

/**
 * @param location `s3://bucket/logs/`; folders of partitions may stand before the day's
 * @param since the first day that queries look at
 */
export async function firstDayOf(
  s3: S3Client,
  location: string,
  since: string,
): Promise<string | undefined> {
  const { host: Bucket, pathname } = new URL(location);
  const days: string[] = [];
  const visit = async (prefix: string): Promise<void> => {
    for (const folder of await foldersIn(s3, Bucket, prefix)) {
      const day = /\/day=(\d{4}-\d{2}-\d{2})\/$/.exec(`/${folder}`)?.[1];
      if (day) days.push(day);
      else if (/=[^/]*\/$/.test(folder)) await visit(folder);
    }
  };
  await visit(decodeURIComponent(pathname.slice(1)));
  return days.filter((day) => day >= since).sort()[0];
}

async function foldersIn(s3: S3Client, Bucket: string, Prefix: string): Promise<string[]> {
  const folders: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/', ContinuationToken }),
    );
    for (const { Prefix: folder } of page.CommonPrefixes ?? []) if (folder) folders.push(folder);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return folders;
}
