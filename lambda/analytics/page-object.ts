/** The object that the page is, for who writes and who fetches it. */

/** The member of the object's metadata with the last day that the page is about: `2026-11-25`. */
export const PAGE_UNTIL = 'closed-until';

/** @param url `s3://bucket/analytics/page/report.html` */
export function pageObject(url: string): { readonly Bucket: string; readonly Key: string } {
  const { host, pathname } = new URL(url);
  return { Bucket: host, Key: decodeURIComponent(pathname.slice(1)) };
}

/** Undefined where S3 has no such object. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (/^(NotFound|NoSuchKey)$/.test((error as Error).name)) return undefined;
    throw error;
  }
}
