/**
 * The services around the functions in virtual time, spoken to by the real clients in the services'
 * wire formats: the control plane with the account's limits, S3 with conditional requests, and the
 * crawler's FIFO queue with one message group, as Lambda's event source hands it out.
 */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { tokenBucket } from '../emulator/token-bucket';
import { type AccountState, answer, failure } from '../emulator/usage-plans-api';
import { accountLimits } from '../lambda/account/account-limits';
import { controlPlaneClient } from '../lambda/aws/control-plane-client';
import { composeCrawler } from '../lambda/crawler/compose';
import type { CrawlReport } from '../lambda/crawler/crawler';
import { composeHandler, type EnrichHandler } from '../lambda/enrich/compose';
import type { Telemetry } from '../lambda/enrich/telemetry';
import type { VirtualTime } from './catalog-virtual-time';

export const latencyMs = { controlPlane: 50, s3: 30, sqs: 20, crawlerStart: 400 };

const QUEUE_DELAY_MS = 2000;
const DEDUPLICATION_MS = 300_000;
const VISIBILITY_MS = 300_000;
const MAX_RECEIVES = 3;
const BATCH_SIZE = 10;

const region = 'eu-west-1';
const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };

export interface HttpRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

interface HttpAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

interface StoredObject {
  readonly body: Buffer;
  readonly tag: string;
  readonly at: number;
}

interface Queued {
  readonly id: string;
  readonly body: string;
  receives: number;
}

export type Service = 's3' | 'sqs' | 'api';

/** What goes wrong with a call: `lost` has done its work, but no answer arrives. */
export type ServiceFault = 'denied' | 'failing' | 'slow' | 'lost' | 'cut' | undefined;

export interface SimulatedAwsOptions {
  readonly state: () => AccountState;
  readonly environment?: Record<string, string>;
  readonly isShared?: boolean;
}

export class SimulatedAws {
  /** Calls to the control plane, those that it refuses included. */
  calls = 0;
  refusedCalls = 0;
  crawls = 0;
  deadLetters = 0;
  /** By the second. */
  readonly callsIn = new Map<number, number>();
  readonly reports: CrawlReport[] = [];
  readonly failures: unknown[] = [];
  fault: (service: Service, request: HttpRequest) => ServiceFault = () => undefined;
  readonly versions: StoredObject[] = [];
  object: StoredObject | undefined;
  readonly #time: VirtualTime;
  readonly #options: SimulatedAwsOptions;
  readonly #admits = tokenBucket(accountLimits);
  readonly #queue: Queued[] = [];
  readonly #sent = new Map<string, number>();
  #isCrawling = false;
  #life = { isOver: false };
  #crawl: ReturnType<typeof composeCrawler>;
  #made = 0;

  constructor(time: VirtualTime, options: SimulatedAwsOptions) {
    this.#time = time;
    this.#options = options;
    this.#crawl = this.#newCrawler(0);
  }

  get queued(): number {
    return this.#queue.length + (this.#isCrawling ? 1 : 0);
  }

  /** A new container of the crawler takes over; the old one lives on idly. */
  replaceCrawler(clockOffsetMs = 0): void {
    this.#crawl = this.#newCrawler(clockOffsetMs);
  }

  /** What it is doing comes to nothing from here on. */
  killCrawler(clockOffsetMs = 0): void {
    this.#life.isOver = true;
    this.#crawl = this.#newCrawler(clockOffsetMs);
  }

  /** A container of the enrichment function. */
  container(clockOffsetMs = 0, settings: Record<string, string> = {}): EnrichHandler {
    const telemetry: Telemetry = {
      catalogs: {
        loaded: () => {},
        failed: (_, error) => this.failures.push(error),
        asked: () => {},
      },
      reingestFailed: () => {},
      batchDone: () => {},
      batchFailed: () => {},
    };
    const environment = { ...this.#environment, ...settings };
    const services = { controlPlane: controlPlaneClient(this.#config({ isOver: false })) };
    return this.#withClock(clockOffsetMs, () =>
      composeHandler(environment, telemetry, services as never),
    );
  }

  /** What the schedule does. */
  schedule(): void {
    this.send(JSON.stringify({ source: 'aws.events', at: this.#time.now }));
  }

  /** What EventBridge does. */
  send(body: string, deduplicationId = createHash('sha256').update(body).digest('hex')): void {
    const sentAt = this.#sent.get(deduplicationId) ?? Number.NEGATIVE_INFINITY;
    if (this.#time.now - sentAt < DEDUPLICATION_MS) return;
    this.#sent.set(deduplicationId, this.#time.now);
    setTimeout(() => {
      this.#queue.push({ id: `m${++this.#made}`, body, receives: 0 });
      if (!this.#isCrawling) void this.#handOut();
    }, QUEUE_DELAY_MS);
  }

  /** Puts another object in the place of the snapshot, or none. */
  store(body: Buffer | undefined): void {
    this.object = body && this.#stored(body);
  }

  get #environment(): Record<string, string> {
    const shared = {
      SHARED_CATALOG_LOCATION: 's3://logs/_catalog/usage-plans.gz',
      SHARED_CATALOG_QUEUE_URL: `https://sqs.${region}.amazonaws.com/111122223333/catalog.fifo`,
    };
    const { isShared = true, environment = {} } = this.#options;
    return { ...(isShared ? shared : {}), ...environment };
  }

  #newCrawler(clockOffsetMs: number) {
    const life = { isOver: false };
    this.#life = life;
    const crawl = this.#withClock(clockOffsetMs, () =>
      composeCrawler(
        { SHARED_CATALOG_LOCATION: 's3://logs/_catalog/usage-plans.gz', ...this.#environment },
        {
          crawled: (report) => this.reports.push(report),
          failed: (error) => this.failures.push(error),
          leftOpen: (error) => this.failures.push(error),
        },
        {
          controlPlane: controlPlaneClient(this.#config(life)),
          s3: new S3Client({ ...this.#config(life), maxAttempts: 2 }),
        },
      ),
    );
    return async (event: unknown) => {
      let isDone = false;
      const died = new Promise<never>((_, reject) => {
        const look = () => {
          if (life.isOver) reject(new Error('the container is gone'));
          else if (!isDone) setTimeout(look, 1000);
        };
        look();
      });
      try {
        return await Promise.race([crawl(event), died]);
      } finally {
        isDone = true;
      }
    };
  }

  #withClock<T>(offsetMs: number, compose: () => T): T {
    const { now } = Date;
    if (offsetMs !== 0) Date.now = () => now() + offsetMs;
    try {
      return compose();
    } finally {
      Date.now = now;
    }
  }

  #config(life: { readonly isOver: boolean }) {
    return {
      region,
      credentials,
      requestHandler: {
        handle: async (request: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
          if (life.isOver) throw new Error('the container is gone');
          return this.#serve(request as HttpRequest, abortSignal);
        },
      } as never,
    };
  }

  async #serve(request: HttpRequest, abortSignal?: AbortSignal) {
    const { hostname } = request;
    const service = hostname.includes('.s3.') ? 's3' : hostname.startsWith('sqs') ? 'sqs' : 'api';
    const answered = new AbortController();
    const aborted = new Promise<never>((_, reject) => {
      if (abortSignal?.aborted) reject(abortSignal.reason);
      const abort = () => reject(abortSignal?.reason);
      abortSignal?.addEventListener('abort', abort, { signal: answered.signal });
    });
    aborted.catch(() => {});
    const made = await Promise.race([this.#answer(service, request), aborted]);
    // The attempts of a call share its signal.
    answered.abort();
    const { status, headers = {}, body = '' } = made;
    const stream = Readable.from(Buffer.byteLength(body) > 0 ? [Buffer.from(body)] : []);
    return { response: { statusCode: status, headers, body: stream } };
  }

  async #answer(service: Service, request: HttpRequest): Promise<HttpAnswer> {
    const fault = this.fault(service, request);
    if (fault === 'slow') await this.#time.sleep(60_000);
    if (fault === 'denied') return this.#refuse(service, 403, 'AccessDenied');
    if (fault === 'failing') return this.#refuse(service, 500, 'InternalError');
    const made = await this.#answerOf(service, request);
    if (fault === 'lost') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    if (fault !== 'cut' || typeof made.body === 'string' || !made.body) return made;
    return { ...made, body: made.body.subarray(0, made.body.length / 2) };
  }

  #refuse(service: Service, status: number, code: string): HttpAnswer {
    if (service === 's3') return { status, headers: this.#headers(), body: errorBody(code) };
    return { status, headers: { 'x-amzn-errortype': code }, body: '{}' };
  }

  async #answerOf(service: Service, request: HttpRequest): Promise<HttpAnswer> {
    if (service === 's3') {
      await this.#time.sleep(latencyMs.s3);
      return request.method === 'PUT' ? this.#put(request) : this.#get(request);
    }
    if (service === 'sqs') {
      await this.#time.sleep(latencyMs.sqs);
      return this.#receive(request);
    }
    this.calls++;
    const second = Math.floor(this.#time.now / 1000);
    this.callsIn.set(second, (this.callsIn.get(second) ?? 0) + 1);
    const isAdmitted = this.#admits(this.#time.now);
    if (!isAdmitted) this.refusedCalls++;
    await this.#time.sleep(latencyMs.controlPlane);
    const query = new URLSearchParams(request.query);
    const { status, errorType, body } = isAdmitted
      ? answer(this.#options.state(), { path: request.path, query })
      : failure(429, 'TooManyRequestsException', 'Too Many Requests');
    const headers = {
      ...this.#headers(),
      'content-type': 'application/json',
      ...(errorType ? { 'x-amzn-errortype': errorType } : {}),
    };
    return { status, headers, body: JSON.stringify(body) };
  }

  #headers(): Record<string, string> {
    return { date: new Date(this.#time.now).toUTCString() };
  }

  #get({ headers }: HttpRequest): HttpAnswer {
    if (!this.object) return this.#refuse('s3', 404, 'NoSuchKey');
    const { tag: etag, at, body } = this.object;
    const all = { ...this.#headers(), etag, 'last-modified': new Date(at).toUTCString() };
    if (headers['if-none-match'] === etag) return { status: 304, headers: all };
    return { status: 200, headers: all, body };
  }

  #put({ headers, body = '' }: HttpRequest): HttpAnswer {
    const tag = this.object?.tag;
    const isAllowed =
      headers['if-none-match'] === '*' ? tag === undefined : headers['if-match'] === tag;
    if (!isAllowed) return this.#refuse('s3', 412, 'PreconditionFailed');
    this.object = this.#stored(Buffer.from(body));
    this.versions.push(this.object);
    return { status: 200, headers: { ...this.#headers(), etag: this.object.tag } };
  }

  #stored(body: Buffer): StoredObject {
    const md5 = createHash('md5').update(body).digest('hex');
    return { body, tag: `"${md5}"`, at: this.#time.now };
  }

  #receive({ body = '' }: HttpRequest): HttpAnswer {
    const { Entries } = JSON.parse(Buffer.from(body).toString()) as {
      Entries: { MessageBody: string; MessageDeduplicationId: string }[];
    };
    for (const entry of Entries) this.send(entry.MessageBody, entry.MessageDeduplicationId);
    return { status: 200, body: '{"Successful":[]}' };
  }

  async #handOut(): Promise<void> {
    this.#isCrawling = true;
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH_SIZE);
      const Records = batch.map(({ id, body }) => ({ messageId: id, body }));
      await this.#time.sleep(latencyMs.crawlerStart);
      this.crawls++;
      let failed = new Set<string>();
      try {
        const { batchItemFailures } = await this.#crawl({ Records });
        failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      } catch {
        failed = new Set(batch.map(({ id }) => id));
      }
      const again = batch.filter(({ id }) => failed.has(id));
      if (again.length === 0) continue;
      // A group is blocked for as long as one of its messages is invisible.
      await this.#time.sleep(VISIBILITY_MS);
      for (const message of again) message.receives++;
      this.deadLetters += again.filter(({ receives }) => receives >= MAX_RECEIVES).length;
      this.#queue.unshift(...again.filter(({ receives }) => receives < MAX_RECEIVES));
    }
    this.#isCrawling = false;
  }
}

function errorBody(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`;
}
