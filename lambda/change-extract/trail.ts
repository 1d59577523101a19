/**
 * A trail's files: `AWSLogs/ACCOUNT/CloudTrail/REGION/2026/11/25/…json.gz`, an organisation's with its id
 * before the account's. A file lies in the folder of the day (of UTC) on which it was delivered.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html
 */

import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { parseS3Location } from '../core/catalog/s3-location';

export interface Trail {
  /** The first day that there are files of, `2026-11-25`; undefined where there are none. */
  firstDay(): Promise<string | undefined>;
  /** The keys of all files of a day. */
  filesOf(day: string): AsyncIterable<string>;
  read(key: string): Promise<Uint8Array>;
}

/** Deeper than `AWSLogs/ORGANISATION/ACCOUNT/CloudTrail/REGION/`, no trail has folders. */
const MAX_DEPTH = 8;

/** @param location `s3://bucket/prefix/`: a trail's own prefix, or any folder down to a Region's */
export function trailIn(s3: S3Client, location: string): Trail {
  const { bucket: Bucket, key: prefix } = parseS3Location(location);
  let regions: Promise<string[]> | undefined;
  const allRegions = () => {
    regions ??= regionFolders(prefix);
    return regions;
  };

  async function regionFolders(folder: string, depth = 0): Promise<string[]> {
    if (/(^|\/)CloudTrail\/[^/]+\/$/.test(folder)) return [folder];
    if (depth > MAX_DEPTH) return [];
    // Beside an account's records stand digests, and what other services log into the same bucket.
    if (/(^|\/)\d{12}\/$/.test(folder)) return await foldersIn(`${folder}CloudTrail/`);
    const found: string[] = [];
    for (const inner of await foldersIn(folder)) {
      found.push(...(await regionFolders(inner, depth + 1)));
    }
    return found;
  }

  async function foldersIn(folder: string): Promise<string[]> {
    const folders: string[] = [];
    for await (const { CommonPrefixes = [] } of pages(folder, '/')) {
      folders.push(...CommonPrefixes.flatMap(({ Prefix }) => Prefix ?? []));
    }
    return folders.sort();
  }

  async function* pages(Prefix: string, Delimiter?: string) {
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix, Delimiter, ContinuationToken }),
      );
      yield page;
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  }

  return {
    async firstDay() {
      const days: string[] = [];
      for (const region of await allRegions()) {
        const [year] = await foldersIn(region);
        const [month] = year === undefined ? [] : await foldersIn(year);
        const [day] = month === undefined ? [] : await foldersIn(month);
        const [, ...date] = /\/(\d{4})\/(\d\d)\/(\d\d)\/$/.exec(day ?? '') ?? [];
        if (date.length > 0) days.push(date.join('-'));
      }
      return days.sort()[0];
    },

    async *filesOf(day) {
      for (const region of await allRegions()) {
        for await (const { Contents = [] } of pages(`${region}${day.replaceAll('-', '/')}/`)) {
          for (const { Key } of Contents) if (Key?.endsWith('.json.gz')) yield Key;
        }
      }
    },

    async read(Key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      if (!Body) throw new Error(`got no content of ${Key}`);
      return await Body.transformToByteArray();
    },
  };
}
