/**
 * The crawler's queue and what polls it: SQS's FIFO queue with one message group, over its wire
 * protocol, and Lambda's event source that hands out one batch of at most ten messages at a time.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CrawlerQueueOptions {
  /** The function that the event source invokes. */
  readonly invoke: (event: { Records: { body: string }[] }) => Promise<unknown>;
  /** How long a message waits before it is handed out. */
  readonly delayMs?: number;
}

export interface CrawlerQueue {
  readonly url: string;
  readonly failures: unknown[];
  /** How many batches were handed out. */
  readonly batches: number;
  /** What EventBridge does. */
  put(body: unknown): void;
  /** Settles when nothing is left. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

const DEDUPLICATION_MS = 300_000;

export async function startCrawlerQueue(options: CrawlerQueueOptions): Promise<CrawlerQueue> {
  const waiting: string[] = [];
  const seen = new Map<string, number>();
  const failures: unknown[] = [];
  let delayed = 0;
  let batches = 0;
  let polling: Promise<void> | undefined;

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const isKnown = request.headers['x-amz-target'] === 'AmazonSQS.SendMessageBatch';
    const isSigned = request.headers.authorization?.includes('/sqs/aws4_request') ?? false;
    // By a trace that is passed on, Lambda tells a function that invokes itself, and stops it.
    const isTraced = request.headers['x-amzn-trace-id'] !== undefined;
    if (!isKnown || !isSigned || isTraced) return void response.writeHead(400).end('{}');
    const { Entries } = JSON.parse(Buffer.concat(chunks).toString()) as {
      Entries: { Id: string; MessageBody: string; MessageDeduplicationId: string }[];
    };
    for (const { MessageBody, MessageDeduplicationId } of Entries) {
      send(MessageBody, MessageDeduplicationId);
    }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function send(body: string, deduplicationId: string): void {
    const now = performance.now();
    if (now - (seen.get(deduplicationId) ?? Number.NEGATIVE_INFINITY) < DEDUPLICATION_MS) return;
    seen.set(deduplicationId, now);
    delayed++;
    setTimeout(() => {
      delayed--;
      waiting.push(body);
      poll();
    }, options.delayMs ?? 0);
  }

  function poll(): void {
    polling ??= handOut().finally(() => {
      polling = undefined;
      if (waiting.length > 0) poll();
    });
  }

  async function handOut(): Promise<void> {
    while (waiting.length > 0) {
      const Records = waiting.splice(0, 10).map((body) => ({ body }));
      batches++;
      await options.invoke({ Records }).catch((error) => failures.push(error));
    }
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/111122223333/catalog.fifo`,
    failures,
    get batches() {
      return batches;
    },
    put: (body) => send(JSON.stringify(body), JSON.stringify(body)),
    async drained() {
      while (delayed > 0 || waiting.length > 0 || polling) {
        await (polling ?? new Promise((resolve) => setTimeout(resolve, 5)));
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
