/**
 * An API Gateway control plane on a loopback port, so that the real SDK client, its paging and its
 * retries run without an account. It can be made slow, and made to throttle and to fail.
 */

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TokenBucketOptions, tokenBucket } from './token-bucket';
import {
  type AccountState,
  type Answer,
  answer,
  failure,
  type Operation,
  operationOf,
} from './usage-plans-api';

export interface ControlPlaneOptions extends Partial<AccountState> {
  /** What goes wrong with a call; nothing does where it returns undefined. */
  readonly fault?: Fault | undefined;
  /** How long every call takes. */
  readonly latencyMs?: number;
  /** Refuses with 429 what exceeds these limits. `accountLimits` are the service's. */
  readonly throttle?: TokenBucketOptions;
  /** Answers what is no reading of usage plans and keys; undefined where it knows no such call. */
  readonly answerOther?: (request: OtherRequest) => Answer | undefined;
}

export interface OtherRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export type Fault = (call: Call) => FaultyAnswer | undefined;

export type FaultyAnswer =
  /** Nothing is wrong but the content. */
  | { readonly body: unknown }
  | { readonly status: number; readonly errorType: string; readonly message?: string }
  /** The connection ends before the answer, or in the middle of its body. */
  | { readonly hangUp: 'before' | 'amid' }
  | { readonly latencyMs: number };

export interface Call {
  /** Milliseconds of `performance.now`. */
  readonly at: number;
  /** Undefined where no operation has this path. */
  readonly operation: Operation | undefined;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The answer's status, once there is one. */
  status?: number;
}

export interface ControlPlane extends AccountState {
  /** What an SDK client takes as its endpoint. */
  readonly url: string;
  /** In the order in which they came. */
  readonly calls: Call[];
  fault: Fault | undefined;
  close(): Promise<void>;
}

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { latencyMs = 0, throttle, answerOther } = options;
  const state = { usagePlans: options.usagePlans ?? [], apiKeys: options.apiKeys ?? [] };
  const admits = throttle ? tokenBucket(throttle) : () => true;

  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });

  const controlPlane: ControlPlane = {
    ...state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    fault: options.fault,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return controlPlane;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = callOf(request);
    controlPlane.calls.push(call);
    const sent = await textOf(request);
    const isAdmitted = admits(call.at);
    const fault = controlPlane.fault?.(call);
    const delayMs = fault && 'latencyMs' in fault ? fault.latencyMs : latencyMs;
    if (delayMs > 0) await sleep(delayMs);
    if (fault && 'hangUp' in fault && fault.hangUp === 'before') return void response.destroy();

    const { status, errorType, body } = outcome({ request, call, isAdmitted, fault, sent });
    call.status = status;
    const text = body === undefined ? '' : JSON.stringify(body);
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'x-amzn-requestid': randomUUID(),
      ...(errorType ? { 'x-amzn-errortype': errorType } : {}),
    });
    if (fault && 'hangUp' in fault) {
      response.write(text.slice(0, text.length / 2), () => response.destroy());
    } else {
      response.end(text);
    }
  }

  function outcome({ request, call, isAdmitted, fault, sent }: Incoming): Answer {
    if (fault && 'status' in fault) {
      return failure(fault.status, fault.errorType, fault.message ?? fault.errorType);
    }
    if (!isAdmitted) return failure(429, 'TooManyRequestsException', 'Too Many Requests');
    const isSigned = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ');
    const other = isSigned ? answerOther?.({ ...call, body: sent }) : undefined;
    if (other) return other;
    if (call.method !== 'GET' || !isSigned) {
      return failure(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
    return fault && 'body' in fault ? { status: 200, body: fault.body } : answer(state, call);
  }
}

function sleep(ms: number): Promise<void> {
  // The server keeps the process alive while it is open, but does not wait for this timer once it is closed.
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

interface Incoming {
  readonly request: IncomingMessage;
  readonly call: Call;
  readonly isAdmitted: boolean;
  readonly fault: FaultyAnswer | undefined;
  /** The body. */
  readonly sent: string;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function callOf(request: IncomingMessage): Call {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  return {
    at: performance.now(),
    operation: operationOf(pathname),
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
  };
}
