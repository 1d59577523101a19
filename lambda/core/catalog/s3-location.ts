/** `s3://bucket/key`, its parts as they are: a key may hold characters that a URL may not. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

export function parseS3Location(text: string): S3Location {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(text) ?? [];
  if (!bucket || !key) throw new Error('s3://bucket/key');
  return { bucket, key };
}
