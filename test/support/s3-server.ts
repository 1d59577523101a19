/**
 * s3rver on a loopback port. It knows conditional reads, but neither Signature Version 4 nor the
 * conditional writes that S3 has since 2024: signatures and conditions are judged here, before it is
 * handed a request. Can be told to fail and to be slow.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import S3rver from 's3rver';
import { isSignedWith } from './signature';

export interface S3Server {
  readonly url: string;
  readonly requests: { readonly method: string; readonly path: string; status: number }[];
  /** Answers every request with this instead. */
  fault: { readonly status: number; readonly code: string } | undefined;
  latencyMs: number;
  close(): Promise<void>;
}

/** The only credentials that s3rver knows. */
export const s3Credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

export async function startS3(bucket: string): Promise<S3Server> {
  const directory = mkdtempSync(join(tmpdir(), 's3-'));
  const s3rver = new S3rver({
    directory,
    silent: true,
    resetOnClose: false,
    vhostBuckets: false,
    configureBuckets: [{ name: bucket }],
  });
  await s3rver.configureBuckets();
  const serve = s3rver.callback();
  let writing: Promise<unknown> = Promise.resolve();

  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const s3: S3Server = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    fault: undefined,
    latencyMs: 0,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          s3rver.logger.exceptions.unhandle();
          s3rver.logger.close();
          rmSync(directory, { recursive: true, force: true });
          resolve();
        });
      }),
  };
  return s3;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const entry = { method, path: url.split('?')[0] ?? '', status: 0 };
    s3.requests.push(entry);
    response.on('finish', () => {
      entry.status = response.statusCode;
    });
    if (s3.latencyMs > 0) await sleep(s3.latencyMs);
    if (response.destroyed) return;
    if (s3.fault) return fail(response, s3.fault);
    if (!isSignedWith(request, s3Credentials.secretAccessKey)) {
      return fail(response, { status: 403, code: 'SignatureDoesNotMatch' });
    }
    if (method !== 'PUT') return serve(request, response);
    // One write at a time, so that nothing comes between a condition and what it allows.
    const before = writing;
    let done = () => {};
    writing = new Promise<void>((resolve) => {
      done = resolve;
    });
    await before;
    response.on('close', done);
    if (await isAllowed(request, entry.path)) return serve(request, response);
    fail(response, { status: 412, code: 'PreconditionFailed' });
  }

  async function isAllowed({ headers }: IncomingMessage, path: string): Promise<boolean> {
    const key = decodeURIComponent(path.slice(bucket.length + 2));
    const exists = await s3rver.store.existsObject(bucket, key);
    if (headers['if-none-match'] === '*') return !exists;
    if (headers['if-match'] === undefined) return true;
    const object = exists ? await s3rver.store.getObject(bucket, key) : undefined;
    object?.content.destroy();
    return object?.metadata['etag'] === headers['if-match'];
  }
}

function fail(response: ServerResponse, { status, code }: { status: number; code: string }): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`);
}
