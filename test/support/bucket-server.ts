/**
 * An S3 bucket on a loopback port: list, get, head, put (also conditional), copy and delete, in the
 * service's wire protocol. No package does conditional writes.
 */

import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Loopback, type LoopbackRequest, startLoopback } from './loopback';

export interface StoredObject {
  readonly body: Buffer;
  readonly lastModified: Date;
  readonly metadata?: Record<string, string>;
}

export interface BucketCall {
  readonly operation: 'list' | 'get' | 'head' | 'put' | 'copy' | 'delete';
  readonly key: string;
}

export interface BucketServer extends Loopback {
  readonly objects: Map<string, StoredObject>;
  readonly calls: BucketCall[];
  /** With these variables the AWS SDK calls it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Answers a call with this status instead; `lost` is carried out, and its answer gets lost. */
  failsWith: ((call: BucketCall) => number | 'lost' | undefined) | undefined;
}

const LIST_PAGE_SIZE = 2;
const METADATA = 'x-amz-meta-';

/** Objects of `others`, further buckets, are kept as if these were folders. */
export async function startBucket(
  bucket: string,
  others: readonly string[] = [],
): Promise<BucketServer> {
  const objects = new Map<string, StoredObject>();
  const calls: BucketCall[] = [];
  const loopback = await startLoopback((request, response) => {
    const [, requestedBucket = '', ...rest] = decodeURIComponent(request.url.pathname).split('/');
    const isOther = others.includes(requestedBucket);
    if (requestedBucket !== bucket && !isOther) return fail(response, 404, 'NoSuchBucket');
    const key = (isOther ? [requestedBucket, ...rest] : rest).join('/');
    const call: BucketCall = { operation: operationOf(request, key), key };
    calls.push(call);
    const status = server.failsWith?.(call);
    if (status === 'lost') response.destroy();
    else if (status)
      return fail(response, status, status === 403 ? 'AccessDenied' : 'InternalError');
    handlers[call.operation](request, response, key);
  });
  const environment = {
    AWS_ENDPOINT_URL_S3: loopback.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
  };
  const server: BucketServer = { ...loopback, objects, calls, environment, failsWith: undefined };

  type Handler = (request: LoopbackRequest, response: ServerResponse, key: string) => void;
  const handlers: Record<BucketCall['operation'], Handler> = {
    list({ url }, response) {
      const prefix = url.searchParams.get('prefix') ?? '';
      const startAfter = url.searchParams.get('start-after') ?? '';
      const start = url.searchParams.get('continuation-token') ?? startAfter;
      const delimiter = url.searchParams.get('delimiter');
      const found = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > start);
      const folderOf = (key: string) => {
        const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
        return end < 0 ? undefined : key.slice(0, end + 1);
      };
      const folders = new Set(found.map(folderOf).filter((folder) => folder !== undefined));
      const keys = found.filter((key) => folderOf(key) === undefined);
      const common = Array.from(
        folders,
        (folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`,
      );
      const page = keys.sort().slice(0, LIST_PAGE_SIZE);
      const isTruncated = keys.length > page.length;
      const contents = page.map((key) => {
        const { body, lastModified } = objects.get(key) as StoredObject;
        return `<Contents><Key>${key}</Key><Size>${body.length}</Size><ETag>${etagOf(body)}</ETag><LastModified>${lastModified.toISOString()}</LastModified></Contents>`;
      });
      const next = isTruncated
        ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>`
        : '';
      xml(
        response,
        200,
        `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${next}${contents.join('')}${common.join('')}</ListBucketResult>`,
      );
    },
    get(_, response, key) {
      const object = objects.get(key);
      if (!object) return fail(response, 404, 'NoSuchKey');
      response.writeHead(200, headersOf(object)).end(object.body);
    },
    head(_, response, key) {
      const object = objects.get(key);
      if (!object) return void response.writeHead(404).end();
      response.writeHead(200, headersOf(object)).end();
    },
    put({ headers, body }, response, key) {
      const existing = objects.get(key);
      if (headers['if-none-match'] === '*' && existing) {
        return fail(response, 412, 'PreconditionFailed');
      }
      const expected = headers['if-match'];
      if (expected && (!existing || etagOf(existing.body) !== expected)) {
        return fail(response, existing ? 412 : 404, existing ? 'PreconditionFailed' : 'NoSuchKey');
      }
      const metadata = metadataIn(headers);
      objects.set(key, { body, lastModified: new Date(), ...(metadata && { metadata }) });
      response.writeHead(200, { etag: etagOf(body) }).end();
    },
    copy({ headers }, response, key) {
      const [, sourceBucket, ...rest] =
        `/${decodeURIComponent(String(headers['x-amz-copy-source']))}`
          .replace('//', '/')
          .split('/');
      const source = sourceBucket === bucket ? objects.get(rest.join('/')) : undefined;
      if (!source) return fail(response, 404, 'NoSuchKey');
      const expected = headers['x-amz-copy-source-if-match'];
      if (expected && expected !== etagOf(source.body)) {
        return fail(response, 412, 'PreconditionFailed');
      }
      objects.set(key, { body: source.body, lastModified: new Date() });
      xml(
        response,
        200,
        `<CopyObjectResult><ETag>${etagOf(source.body)}</ETag></CopyObjectResult>`,
      );
    },
    delete(_, response, key) {
      objects.delete(key);
      response.writeHead(204).end();
    },
  };
  return server;
}

function operationOf({ method, headers }: LoopbackRequest, key: string): BucketCall['operation'] {
  if (method === 'GET') return key === '' ? 'list' : 'get';
  if (method === 'HEAD') return 'head';
  if (method === 'DELETE') return 'delete';
  return headers['x-amz-copy-source'] ? 'copy' : 'put';
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function metadataIn(headers: LoopbackRequest['headers']): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(METADATA));
  if (found.length === 0) return undefined;
  return Object.fromEntries(
    found.map(([name, value]) => [name.slice(METADATA.length), `${value}`]),
  );
}

function headersOf({ body, lastModified, metadata = {} }: StoredObject): Record<string, string> {
  return {
    ...Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [`${METADATA}${name}`, value]),
    ),
    etag: etagOf(body),
    'content-length': String(body.length),
    'last-modified': lastModified.toUTCString(),
  };
}

function fail(response: ServerResponse, status: number, code: string): void {
  xml(response, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function xml(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
}
