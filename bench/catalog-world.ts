/**
 * An account, its S3 and the crawler's queue in a simulation, spoken to by the real clients in the
 * services' wire formats. The control plane is the embedded one, with the service's limits.
 */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { accountLimits, tokenBucket } from '../emulator/token-bucket';
import { type AccountPlan, answer, failure } from '../emulator/usage-plans-api';
import { controlPlaneClient } from '../lambda/aws/control-plane-client';
import { composeCrawler } from '../lambda/crawler/compose';
import { composeHandler } from '../lambda/enrich/compose';
import type { Telemetry } from '../lambda/enrich/telemetry';
import type { VirtualTime } from './catalog-virtual-time';

export const latencyMs = { controlPlane: 50, s3: 30, sqs: 20, crawlerStart: 400 };
/** How long a message waits in the queue, so that a burst of changes is read at once. */
const QUEUE_DELAY_MS = 2000;

interface HttpRequest {
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

const region = 'eu-west-1';
const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };
const environment = {
  SHARED_CATALOG_LOCATION: 's3://logs/_catalog/usage-plans.gz',
  SHARED_CATALOG_QUEUE_URL: `https://sqs.${region}.amazonaws.com/111122223333/catalog.fifo`,
};

export interface WorldOptions {
  readonly plans: number;
  readonly keysPerPlan: number;
  readonly isShared: boolean;
  /** From a change to its event; undefined: the account has no trail. */
  readonly eventDelayMs?: number;
}

export class World {
  readonly usagePlans: AccountPlan[];
  /** Calls to the control plane, those that it refuses included. */
  calls = 0;
  crawls = 0;
  readonly #time: VirtualTime;
  readonly #options: WorldOptions;
  readonly #admits: (at: number) => boolean;
  #object: { readonly body: Buffer; readonly tag: string; readonly at: number } | undefined;
  readonly #queue: string[] = [];
  readonly #seen = new Map<string, number>();
  #isCrawling = false;
  readonly #crawl: (event: unknown) => Promise<unknown>;

  constructor(time: VirtualTime, options: WorldOptions) {
    this.#time = time;
    this.#options = options;
    this.#admits = tokenBucket(accountLimits);
    this.usagePlans = Array.from({ length: options.plans }, (_, plan) => ({
      id: `plan${plan}`,
      name: `Plan ${plan}`,
      apiStages: [{ apiId: 'orders', stage: 'prod' }],
      keys: Array.from({ length: options.keysPerPlan }, (_, key) => ({
        id: `key${plan}x${key}`,
        name: `Customer ${plan} ${key}`,
      })),
    }));
    this.#crawl = composeCrawler(
      environment,
      { crawled: () => {}, failed: () => {} },
      {
        controlPlane: controlPlaneClient(this.#config()),
        s3: new S3Client(this.#config()),
      },
    );
  }

  /** A container of the enrichment function. */
  container() {
    const telemetry: Telemetry = {
      catalogs: { loaded: () => {}, failed: () => {}, asked: () => {} },
      putBackFailed: () => {},
      batchDone: () => {},
      batchFailed: () => {},
    };
    const settings = this.#options.isShared ? environment : {};
    return composeHandler(settings, telemetry, {
      controlPlane: controlPlaneClient(this.#config()),
    });
  }

  /** What the schedule does. */
  look(): void {
    this.#send(
      JSON.stringify({ source: 'aws.events', at: this.#time.now }),
      String(this.#time.now),
    );
  }

  /** Adds a key to a plan, as CreateUsagePlanKey does, or takes it out. */
  change(kind: 'Create' | 'Delete', planId: string, keyId: string): void {
    const plan = this.usagePlans.find(({ id }) => id === planId);
    const others = plan?.keys?.filter(({ id }) => id !== keyId) ?? [];
    const added = kind === 'Create' ? [{ id: keyId, name: `Customer ${keyId}` }] : [];
    if (plan) plan.keys = [...others, ...added];
    const { eventDelayMs, isShared } = this.#options;
    if (!isShared || eventDelayMs === undefined) return;
    const event = {
      source: 'aws.apigateway',
      detail: {
        eventName: `${kind}UsagePlanKey`,
        eventTime: `${new Date(this.#time.now).toISOString().slice(0, 19)}Z`,
        requestParameters: { usagePlanId: planId, keyId },
      },
    };
    setTimeout(() => this.#send(JSON.stringify(event), `${kind}${keyId}`), eventDelayMs);
  }

  #config() {
    return {
      region,
      credentials,
      requestHandler: {
        handle: async (request: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}) =>
          this.#serve(request as HttpRequest, abortSignal),
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

  async #answer(service: string, request: HttpRequest): Promise<HttpAnswer> {
    if (service === 's3') {
      await this.#time.sleep(latencyMs.s3);
      return request.method === 'PUT' ? this.#put(request) : this.#get(request);
    }
    if (service === 'sqs') {
      await this.#time.sleep(latencyMs.sqs);
      return this.#receive(request);
    }
    this.calls++;
    const isAdmitted = this.#admits(this.#time.now);
    await this.#time.sleep(latencyMs.controlPlane);
    const query = new URLSearchParams(request.query);
    const { status, errorType, body } = isAdmitted
      ? answer({ usagePlans: this.usagePlans, apiKeys: [] }, { path: request.path, query })
      : failure(429, 'TooManyRequestsException', 'Too Many Requests');
    return {
      status,
      headers: {
        'content-type': 'application/json',
        ...(errorType ? { 'x-amzn-errortype': errorType } : {}),
      },
      body: JSON.stringify(body),
    };
  }

  #get({ headers }: HttpRequest): HttpAnswer {
    const date = new Date(this.#time.now).toUTCString();
    if (!this.#object) return { status: 404, headers: { date }, body: errorBody('NoSuchKey') };
    const { tag: etag, at, body } = this.#object;
    const all = { date, etag, 'last-modified': new Date(at).toUTCString() };
    if (headers['if-none-match'] === etag) return { status: 304, headers: all };
    return { status: 200, headers: all, body };
  }

  #put({ headers, body = '' }: HttpRequest): HttpAnswer {
    const tag = this.#object?.tag;
    const isAllowed =
      headers['if-none-match'] === '*' ? tag === undefined : headers['if-match'] === tag;
    if (!isAllowed) return { status: 412, body: errorBody('PreconditionFailed') };
    const bytes = Buffer.from(body);
    const md5 = createHash('md5').update(bytes).digest('hex');
    this.#object = { body: bytes, tag: `"${md5}"`, at: this.#time.now };
    return { status: 200, headers: { etag: this.#object.tag } };
  }

  #receive({ body = '' }: HttpRequest): HttpAnswer {
    const { Entries } = JSON.parse(Buffer.from(body).toString()) as {
      Entries: { MessageBody: string; MessageDeduplicationId: string }[];
    };
    for (const entry of Entries) this.#send(entry.MessageBody, entry.MessageDeduplicationId);
    return { status: 200, body: '{"Successful":[]}' };
  }

  #send(body: string, deduplicationId: string): void {
    const sentAt = this.#seen.get(deduplicationId) ?? Number.NEGATIVE_INFINITY;
    if (this.#time.now - sentAt < 300_000) return;
    this.#seen.set(deduplicationId, this.#time.now);
    setTimeout(() => {
      this.#queue.push(body);
      if (!this.#isCrawling) void this.#handOut();
    }, QUEUE_DELAY_MS);
  }

  async #handOut(): Promise<void> {
    this.#isCrawling = true;
    while (this.#queue.length > 0) {
      const Records = this.#queue.splice(0, 10).map((body) => ({ body }));
      await this.#time.sleep(latencyMs.crawlerStart);
      this.crawls++;
      await this.#crawl({ Records }).catch(() => {});
    }
    this.#isCrawling = false;
  }
}

function errorBody(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`;
}
