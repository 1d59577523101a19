/** The page in the bucket, with the last day that it covers. */

import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { PAGE_UNTIL, pageObject, unlessMissing } from './page-object';

export interface StoredPage {
  /** Undefined where there is no page yet. */
  until(): Promise<string | undefined>;
  put(html: string, until: string): Promise<void>;
}

/** @param url `s3://bucket/analytics/page/report.html` */
export function storedPage(s3: S3Client, url: string): StoredPage {
  const object = pageObject(url);
  return {
    async until() {
      const found = await unlessMissing(s3.send(new HeadObjectCommand(object)));
      return found?.Metadata?.[PAGE_UNTIL];
    },
    async put(html, until) {
      await s3.send(
        new PutObjectCommand({
          ...object,
          Body: html,
          ContentType: 'text/html; charset=utf-8',
          Metadata: { [PAGE_UNTIL]: until },
        }),
      );
    },
  };
}
