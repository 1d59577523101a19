/**
 * A changing account with everything that keeps catalogs of it: containers' caches and, with a shared
 * catalog, crawlers, the snapshot's store and the queue. The real ones but for the last two; time is
 * that of the account's clock.
 */

import { createHash } from 'node:crypto';
import { CatalogCache, type SharedCatalog } from '../../lambda/core/catalog/catalog-cache';
import { decodeSnapshot, encodeSnapshot, type Snapshot } from '../../lambda/core/catalog/snapshot';
import { Crawler } from '../../lambda/crawler/crawler';
import { readMessage } from '../../lambda/crawler/message';
import { SnapshotConflict, type SnapshotStore } from '../../lambda/crawler/snapshot-store';
import { inTurn } from '../../lambda/crawler/work';
import { accountEvent } from './account-changes';
import type { AccountCall, ChangingAccount } from './changing-account';

export const MINUTE = 60_000;

export const times = {
  ttlMs: 5 * MINUTE,
  checkMs: MINUTE / 2,
  snapshotMaxAgeMs: 180 * MINUTE,
  minLoadIntervalMs: MINUTE / 2,
  graceMs: 60 * MINUTE,
  absentMs: 5 * MINUTE,
  answerMs: 20_000,
};

interface Stored {
  readonly bytes: Buffer;
  readonly tag: string;
  readonly at: number;
}

interface Sent {
  readonly body: string;
  receives: number;
}

const VISIBILITY_MS = 5 * MINUTE;
const DEDUPLICATION_MS = 5 * MINUTE;
const MAX_RECEIVES = 3;

export class CatalogWorld {
  readonly account: ChangingAccount;
  readonly caches: readonly CatalogCache[];
  readonly crawlers: readonly Crawler[];
  /** From a change to its event; undefined: events are lost. */
  eventDelayMs: number | undefined = 5000;
  isStoreFailing = false;
  /** What is put back arrives, and the crawler hears nothing of it. */
  isPutBackLost = false;
  /** Told of each snapshot that is written. */
  onWritten: (snapshot: Snapshot) => void = () => {};
  crawls = 0;
  readonly #versions: Stored[] = [];
  #object: Stored | undefined;
  readonly #queue: Sent[] = [];
  readonly #sent = new Map<string, number>();
  #blockedUntil = 0;
  #isCrawling = false;
  #tags = 0;

  constructor(account: ChangingAccount, isShared: boolean) {
    this.account = account;
    account.onCall = (call) => isShared && this.#event(call);
    this.crawlers = [this.#crawler(), this.#crawler()];
    this.caches = [this.#cache(isShared), this.#cache(isShared)];
  }

  get queued(): number {
    return this.#queue.length;
  }

  get snapshot(): Snapshot | undefined {
    return this.#object && decodeSnapshot(this.#object.bytes);
  }

  /** What the schedule does. */
  look(): void {
    this.send(JSON.stringify({ source: 'aws.events', at: this.account.now }));
  }

  send(body: string): void {
    const id = createHash('sha256').update(body).digest('hex');
    const { now } = this.account;
    if (now - (this.#sent.get(id) ?? Number.NEGATIVE_INFINITY) < DEDUPLICATION_MS) return;
    this.#sent.set(id, now);
    this.#queue.push({ body, receives: 0 });
  }

  /** Hands out one batch of messages, to several crawlers where it comes more than once. */
  async work(...crawlers: readonly Crawler[]): Promise<void> {
    const [first = this.crawlers[0]] = crawlers;
    if (this.#isBusy || !first) return;
    const batch = this.#queue.splice(0, 10);
    await this.#handOut((crawlers.length > 0 ? crawlers : [first]).map((it) => [it, batch]));
  }

  /** Has two crawlers at work at once, each with a batch of its own. */
  async race(): Promise<void> {
    const [first, second] = this.crawlers;
    if (this.#isBusy || !first || !second) return;
    const batch = this.#queue.splice(0, Math.ceil(this.#queue.length / 2));
    await this.#handOut([
      [first, batch],
      [second, this.#queue.splice(0)],
    ]);
  }

  get #isBusy(): boolean {
    return this.#isCrawling || this.#queue.length === 0 || this.account.now < this.#blockedUntil;
  }

  async #handOut(runs: readonly (readonly [Crawler, Sent[]])[]): Promise<void> {
    this.#isCrawling = true;
    this.crawls++;
    const results = await Promise.allSettled(
      runs.map(async ([crawler, batch]) => {
        for (const messages of inTurn(batch.map(({ body }) => readMessage(body)))) {
          await crawler.run(messages);
        }
      }),
    );
    this.#isCrawling = false;
    const failed = new Set(runs.flatMap(([, batch], run) => (isFailed(results[run]) ? batch : [])));
    if (failed.size === 0) return;
    this.#blockedUntil = this.account.now + VISIBILITY_MS;
    for (const message of failed) message.receives++;
    this.#queue.unshift(...[...failed].filter(({ receives }) => receives < MAX_RECEIVES));
  }

  /** Puts an older version in place of the object; of what nobody has, none. */
  rollBack(versions: number): void {
    const older = this.#versions.at(-1 - versions);
    if (older) this.#object = { ...older, tag: `"${++this.#tags}"`, at: this.account.now };
  }

  remove(): void {
    this.#object = undefined;
  }

  #cache(isShared: boolean): CatalogCache {
    const { account } = this;
    return new CatalogCache({
      sources: {
        list: () => account.list(),
        ask: account.ask,
        shared: isShared ? this.#shared() : undefined,
      },
      now: () => account.now,
      sleep: async (ms) => {
        account.pass(ms);
        await this.work();
      },
      observer: { loaded: () => {}, failed: () => {}, asked: () => {} },
      callsPerMinute: 20,
      ...times,
    });
  }

  #shared(): SharedCatalog {
    return {
      read: async (knownTag) => {
        if (this.isStoreFailing) throw new Error('the store fails');
        if (!this.#object) return { kind: 'missing' };
        const { bytes, tag, at } = this.#object;
        const ageMs = this.account.now - at;
        if (tag === knownTag) return { kind: 'unchanged', ageMs };
        return { kind: 'read', snapshot: decodeSnapshot(bytes), tag, ageMs };
      },
      request: async (keyIds) => {
        if (this.isStoreFailing) throw new Error('the queue fails');
        if (keyIds.length === 0) this.send('{"missing":"it"}');
        for (const keyId of keyIds) this.send(JSON.stringify({ unknownKey: keyId }));
      },
    };
  }

  #crawler(): Crawler {
    const { account } = this;
    return new Crawler({
      sources: { list: account.list, ask: account.ask },
      store: this.#store(),
      putBack: async (look) => {
        this.send(JSON.stringify({ look }));
        if (this.isPutBackLost) throw new Error('no answer');
      },
      now: () => account.now,
      graceMs: times.graceMs,
      absentMs: times.absentMs,
      callsPerPart: 1,
      callsPerMinute: 60,
      rewriteMs: 60 * MINUTE,
    });
  }

  #store(): SnapshotStore {
    return {
      read: async () => {
        if (this.isStoreFailing) throw new Error('the store fails');
        return { snapshot: this.snapshot, tag: this.#object?.tag };
      },
      replace: async ({ tag }, snapshot) => {
        if (this.isStoreFailing) throw new Error('the store fails');
        if (tag !== this.#object?.tag) throw new SnapshotConflict();
        const bytes = encodeSnapshot(snapshot);
        this.#object = { bytes, tag: `"${++this.#tags}"`, at: this.account.now };
        this.#versions.push(this.#object);
        this.onWritten(snapshot);
        return bytes.byteLength;
      },
    };
  }

  #event({ name, parameters, at }: AccountCall): void {
    if (this.eventDelayMs === undefined) return;
    const body = JSON.stringify(accountEvent(name, parameters, new Date(at)));
    this.account.after(this.eventDelayMs, () => this.send(body));
  }
}

function isFailed(result: PromiseSettledResult<void> | undefined): boolean {
  return result?.status === 'rejected';
}
