/** Reads the shared snapshot from S3 with one conditional GetObject, and asks its writer for keys. */

import { endpointOf } from '../aws/endpoint';
import { sendToCrawler } from '../aws/send-messages';
import type { SendSigned, SignedResponse } from '../aws/signed-request';
import type { SharedCatalog, SnapshotRead } from '../core/catalog/catalog-cache';
import { parseS3Location } from '../core/catalog/s3-location';
import { decodeSnapshot, isRestored, MAX_SNAPSHOT_BYTES } from '../core/catalog/snapshot';

export interface SharedCatalogOptions {
  /** `s3://bucket/key` */
  readonly location: string;
  /** Empty where there is none. */
  readonly queueUrl: string;
  readonly region: () => Promise<string>;
  readonly send: SendSigned;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A call that takes longer has failed. */
  readonly timeoutMs: number;
}

export function sharedCatalog(options: SharedCatalogOptions): SharedCatalog {
  // When the snapshot that was read last was written; an answer "unchanged" may not have it.
  let lastModified: string | undefined;
  return {
    read: async (knownTag) => {
      const response = await options.send(
        {
          service: 's3',
          method: 'GET',
          url: objectUrl(options, await options.region()),
          maxBytes: MAX_SNAPSHOT_BYTES,
          ...(knownTag === undefined ? {} : { headers: { 'if-none-match': knownTag } }),
        },
        AbortSignal.timeout(options.timeoutMs),
      );
      lastModified = response.headers['last-modified'] ?? lastModified;
      return snapshotRead(response, timeOf(lastModified), options.location);
    },
    request: async (keyIds) => {
      if (options.queueUrl === '') {
        if (keyIds.length === 0) return;
        throw new Error('there is no queue to ask the crawler through');
      }
      const requests = keyIds.map((keyId) => ({ unknownKey: keyId }));
      await sendToCrawler(
        { ...options, signal: AbortSignal.timeout(options.timeoutMs) },
        keyIds.length > 0 ? requests : [{ missing: options.location }],
      );
    },
  };
}

function snapshotRead(
  { status, headers, body }: SignedResponse,
  storedAt: number | undefined,
  location: string,
): SnapshotRead {
  // By the store's clock alone.
  const storeTime = timeOf(headers['date']);
  const ageMs = Math.max(0, (storeTime ?? 0) - (storedAt ?? storeTime ?? 0));
  if (status === 304) return { kind: 'unchanged', ageMs, storeTime };
  if (status === 200) {
    const tag = headers['etag'];
    if (tag === undefined) throw new Error(`${location} came without an ETag`);
    const snapshot = decodeSnapshot(body, storeTime);
    if (storeTime === undefined || !isRestored(snapshot, storedAt)) {
      return { kind: 'read', snapshot, tag, ageMs, storeTime };
    }
    const sinceWrittenMs = Math.max(0, storeTime - snapshot.writtenAt);
    return { kind: 'read', snapshot, tag, ageMs: sinceWrittenMs, storeTime, isRestored: true };
  }
  // S3 answers "not found" only to a role that may list the bucket, and "denied" to any other.
  if (status === 404) return { kind: 'missing', storeTime };
  throw new Error(`cannot read ${location}: ${status} ${codeOf(body)}`);
}

function timeOf(date = ''): number | undefined {
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}

function codeOf(body: Buffer): string {
  return /<Code>(\w+)<\/Code>/.exec(body.toString())?.[1] ?? '';
}

function objectUrl({ location, environment }: SharedCatalogOptions, region: string): URL {
  const { bucket, key } = parseS3Location(location);
  // S3 signs what stands between slashes escaped, and more of it than a URL needs to have escaped.
  const path = key.split('/').map(escapeUri).join('/');
  const endpoint = endpointOf('s3', region, environment);
  // What stands for S3 on a laptop need not know names of hosts.
  const isNamed = environment['AWS_ENDPOINT_URL_S3'] || environment['AWS_ENDPOINT_URL'];
  if (!isNamed) return new URL(`https://${bucket}.${endpoint.host}/${path}`);
  return new URL(`${endpoint.href.replace(/\/$/, '')}/${bucket}/${path}`);
}

function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
