/** What the tests use of s3rver, which comes without types. */
declare module 's3rver' {
  import type { RequestListener } from 'node:http';

  class S3rver {
    constructor(options: {
      readonly directory: string;
      readonly silent: boolean;
      readonly resetOnClose: boolean;
      readonly vhostBuckets: boolean;
      readonly configureBuckets: readonly { readonly name: string }[];
    });
    readonly store: {
      existsObject(bucket: string, key: string): Promise<boolean>;
      getObject(
        bucket: string,
        key: string,
      ): Promise<{ metadata: Record<string, string>; content: { destroy(): void } } | undefined>;
    };
    readonly logger: { close(): void; readonly exceptions: { unhandle(): void } };
    configureBuckets(): Promise<unknown>;
    callback(): RequestListener;
    reset(): void;
  }
  export = S3rver;
}
