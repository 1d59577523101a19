/**
 * Where the catalog comes from and when, and what to serve meanwhile: the one place that decides.
 * Sources and clock are handed in.
 *
 * - While there is a shared snapshot that is fresh enough, it is the catalog, and the account is not
 *   listed. While its writer makes the first one, the container waits for it. Otherwise the container
 *   lists the account by itself.
 * - What is in use stays in use whenever something newer cannot be had, is older or is refused.
 * - A key that the catalog lacks is asked for by its id. What is not there is remembered as absent for
 *   a while. Unknown keys cost at most `callsPerMinute` calls, whatever comes.
 * - A batch is attributed from one catalog.
 */

import { AbsentKeys } from './absent-keys';
import { CallBudget } from './call-budget';
import { Catalog } from './catalog';
import { type History, join, noHistory, type Reading, unite } from './catalog-history';
import type { CustomerNaming } from './customer';
import { type Snapshot, SnapshotError } from './snapshot';
import type { StoreClock } from './store-clock';
import type { UsagePlan } from './usage-plan';

export interface CatalogSources {
  /** All usage plans of the account with all their keys. */
  readonly list: () => Promise<readonly UsagePlan[]>;
  /** The plans that have the key, each with no key but this one; none where the account has none. */
  readonly ask: (keyId: string) => Promise<readonly UsagePlan[]>;
  readonly shared?: SharedCatalog | undefined;
}

export interface SharedCatalog {
  /** The snapshot, unless it is still the one with this tag. */
  readonly read: (knownTag: string | undefined) => Promise<SnapshotRead>;
  /** Lets the snapshot's writer know of keys that it lacks; of none: that the snapshot is not right. */
  readonly request: (keyIds: readonly string[]) => Promise<void>;
}

export type SnapshotRead = {
  /** The store's clock, in milliseconds since 1970. */
  readonly storeTime?: number | undefined;
} & (
  | { readonly kind: 'missing' }
  /** The age is that of the object by its store's clock. */
  | { readonly kind: 'unchanged'; readonly ageMs: number }
  | {
      readonly kind: 'read';
      readonly snapshot: Snapshot;
      readonly tag: string;
      readonly ageMs: number;
      /** An older object that was restored in its place: it is older than it looks. */
      readonly isRestored?: boolean | undefined;
    }
);

export type CatalogSource = 'snapshot' | 'listing' | 'question';

export interface CatalogObserver {
  readonly loaded: (source: CatalogSource, catalog: Catalog, tookMs: number) => void;
  /** Called with every failure but those that the batch fails with. */
  readonly failed: (source: CatalogSource, error: unknown) => void;
  /** Keys that were asked for, and keys that exceeded the bound. */
  readonly asked: (keys: number, refused: number) => void;
}

export interface CatalogTimes {
  /** An older listing is repeated before it is used. */
  readonly ttlMs: number;
  /** The shared snapshot is looked at again after this time. */
  readonly checkMs: number;
  /** A snapshot that was written longer ago has no writer any more. */
  readonly snapshotMaxAgeMs: number;
  /** Attempts that fail cause at most one in this time. */
  readonly minLoadIntervalMs: number;
  /** What is gone from the account stays in the catalog for this time. */
  readonly graceMs: number;
  /** A key that is not there is not asked for again in this time. */
  readonly absentMs: number;
  /** How long a batch waits for the writer of the snapshot to look a key up. */
  readonly answerMs: number;
  /** How long a container waits for a first snapshot. */
  readonly firstSnapshotMs: number;
}

export interface CatalogCacheOptions extends CatalogTimes {
  readonly sources: CatalogSources;
  readonly naming?: CustomerNaming;
  /** Bounds the calls for unknown keys. */
  readonly callsPerMinute: number;
  readonly clock: StoreClock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly observer: CatalogObserver;
}

/** One for its plans, one for its name. */
const CALLS_PER_KEY = 2;
/** Between readings of the snapshot while a batch waits. */
const POLL_MS = 1000;
/** A writer that was asked and has not answered for this time is not there: each part of its work takes 30 s at most. */
const SILENCE_MS = 90_000;
/** One that starts shows itself with the list of plans, before it reads their keys. */
const FIRST_SILENCE_MS = 45_000;
/** The queue drops a message that is sent twice within five minutes. */
const TELL_AGAIN_MS = 300_000;

interface Progress {
  readonly at: number;
  /** Plans that it has still to read, once it has shown itself. */
  readonly unread?: number | undefined;
  readonly tag?: string | undefined;
}

export class CatalogCache {
  /** Without a plan or a key. Every line is attributed as one without a key. */
  readonly empty: Catalog;
  readonly #options: CatalogCacheOptions;
  readonly #clock: StoreClock;
  readonly #budget: CallBudget;
  readonly #absent: AbsentKeys;
  #catalog: Catalog | undefined;
  /** What the catalog is made of. */
  #history: History = noHistory;
  /** When the catalog in use was last known to equal its source. */
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  /**
   * ETag of the snapshot in use. A snapshot that was refused is read again, since it may have been mended.
   */
  #tag: string | undefined;
  #newestGeneration = 0;
  /** When the writer last reported on the first snapshot that it makes, or was asked to make one. */
  #progress: Progress | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;

  constructor(options: CatalogCacheOptions) {
    this.#options = options;
    this.empty = new Catalog([], options.naming);
    this.#clock = options.clock;
    this.#budget = new CallBudget(options.callsPerMinute, this.#clock.elapsed);
    this.#absent = new AbsentKeys(this.#clock.elapsed);
  }

  /** What was loaded last, however old; undefined while nothing could be loaded yet. */
  get latest(): Catalog | undefined {
    return this.#catalog;
  }

  /** Milliseconds since the catalog in use was known to be up to date; undefined without one. */
  get ageMs(): number | undefined {
    return this.#catalog && this.#clock.elapsed() - this.#confirmedAt;
  }

  /** Starts the first load, so that the first batch waits less. A failure shows when it is needed. */
  warm(): void {
    this.#refresh().catch(() => {});
  }

  /**
   * The catalog for a batch that names keys, loaded again where it is too old, with those of `keyIds`
   * looked up that it lacks. Rejects with the source's error while there has never been a catalog.
   */
  async forKeys(keyIds: Iterable<string>): Promise<Catalog> {
    const ids = [...keyIds];
    if (!this.#catalog || this.#refreshing || this.#isDue()) await this.#refreshOrKeep();
    const unknown = this.#unknown(ids);
    if (unknown.length > 0) await this.#lookUp(unknown);
    return this.#catalog as Catalog;
  }

  #isDue(): boolean {
    const { sources, checkMs, minLoadIntervalMs, ttlMs } = this.#options;
    const sinceTried = this.#clock.elapsed() - this.#triedAt;
    if (sources.shared) return sinceTried >= checkMs;
    return sinceTried >= minLoadIntervalMs && !this.#isYoungerThan(ttlMs);
  }

  #isYoungerThan(maxAgeMs: number): boolean {
    return this.ageMs !== undefined && this.ageMs < maxAgeMs;
  }

  async #refreshOrKeep(): Promise<void> {
    try {
      await this.#refresh();
    } catch (error) {
      if (!this.#catalog) throw error;
      this.#options.observer.failed('listing', error);
    }
  }

  async #refresh(): Promise<void> {
    return this.#alone(async () => {
      const { shared } = this.#options.sources;
      if (!shared || !(await this.#hasSnapshot(shared))) await this.#list();
    });
  }

  /** One at a time: further callers wait for the same one. */
  #alone(load: () => Promise<void>): Promise<void> {
    this.#triedAt = this.#clock.elapsed();
    this.#refreshing ??= load().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Whether there is a catalog in use that makes a listing needless. */
  async #hasSnapshot(shared: SharedCatalog): Promise<boolean> {
    const { observer, sleep, snapshotMaxAgeMs, ttlMs, firstSnapshotMs } = this.#options;
    const startedAt = this.#clock.elapsed();
    for (;;) {
      try {
        if (await this.#readSnapshot(shared)) return true;
      } catch (error) {
        observer.failed('snapshot', error);
        if (error instanceof SnapshotError) await this.#askWriter(shared);
        else if (!this.#isWriterAtWork()) {
          return this.#isYoungerThan(this.#tag !== undefined ? snapshotMaxAgeMs : ttlMs);
        }
      }
      if (!this.#isWriterAtWork()) return this.#isYoungerThan(ttlMs);
      if (this.#catalog) return true;
      if (this.#clock.elapsed() - startedAt >= firstSnapshotMs) {
        const left = this.#progress?.unread;
        throw new Error(
          `the usage plans are read for the first time${left === undefined ? '' : `, ${left} are left`}: the batch has to come again`,
        );
      }
      await sleep(POLL_MS);
    }
  }

  /** Whether a snapshot is in use that has a writer. */
  async #readSnapshot(shared: SharedCatalog): Promise<boolean> {
    const { snapshotMaxAgeMs } = this.#options;
    const startedAt = this.#clock.elapsed();
    const read = await shared.read(this.#tag ?? this.#progress?.tag);
    this.#clock.learn(read.storeTime);
    if (read.kind === 'unchanged' && this.#tag === undefined) {
      if (!this.#isWriterAtWork()) await this.#askWriter(shared);
      return false;
    }
    if (read.kind === 'missing') {
      this.#tag = undefined;
      await this.#askWriter(shared);
      return false;
    }
    if (read.kind === 'read' && read.snapshot.unread.length > 0) {
      const unread = read.snapshot.unread.length;
      this.#progress = { at: startedAt - read.ageMs, unread, tag: read.tag };
      if (!this.#isWriterAtWork()) await this.#askWriter(shared);
      return false;
    }
    if (read.kind === 'read' && read.isRestored) await this.#askWriter(shared);
    this.#progress = undefined;
    const isWritten = read.ageMs < snapshotMaxAgeMs;
    // One that its writer no longer updates is taken only where there is no catalog at all.
    if (read.kind === 'read' && (isWritten || !this.#catalog)) this.#take(read, startedAt);
    if (isWritten) this.#confirmedAt = startedAt;
    else this.#tag = undefined;
    return isWritten;
  }

  /** Reports that the snapshot is not right; the queue drops a repeated message within some minutes. */
  async #askWriter(shared: SharedCatalog): Promise<void> {
    const at = this.#clock.elapsed();
    if (at - this.#toldAt < TELL_AGAIN_MS) return;
    try {
      await shared.request([]);
    } catch (error) {
      return this.#options.observer.failed('snapshot', error);
    }
    this.#toldAt = at;
    this.#progress = { ...this.#progress, at, unread: undefined };
  }

  #isWriterAtWork(): boolean {
    if (!this.#progress) return false;
    const { at, unread } = this.#progress;
    const silentMs = this.#clock.elapsed() - at;
    return silentMs < (unread === undefined ? FIRST_SILENCE_MS : SILENCE_MS);
  }

  #take({ snapshot, tag, ageMs }: SnapshotRead & { kind: 'read' }, startedAt: number): void {
    const { generation, writtenAt, absentKeys } = snapshot;
    const { observer, absentMs } = this.#options;
    if (generation < this.#newestGeneration) {
      throw new SnapshotError(
        `its generation ${generation} is older than ${this.#newestGeneration}, which was read before`,
      );
    }
    // A writer that has lost its history knows less of what is gone than who has been there before.
    const isPoorer = this.#history.listedAt > 0 && this.#history.knownSince < snapshot.knownSince;
    this.#use(isPoorer ? unite(this.#history, snapshot, this.#joinTimes()) : snapshot);
    this.#tag = tag;
    this.#confirmedAt = startedAt - ageMs;
    this.#newestGeneration = generation;
    for (const [keyId, askedAt] of absentKeys) {
      // Both differences are of one clock each: the store's, and the writer's.
      const sinceAskedMs = ageMs + writtenAt - askedAt;
      if (sinceAskedMs < absentMs) this.#absent.add(keyId, absentMs - sinceAskedMs);
    }
    observer.loaded('snapshot', this.#catalog as Catalog, this.#clock.elapsed() - startedAt);
  }

  #use(history: History): void {
    this.#history = history;
    const { now, graceMs } = this.#joinTimes();
    this.#catalog = new Catalog(history.usagePlans, this.#options.naming, now - graceMs);
  }

  #joinTimes() {
    return { now: this.#clock.time(), graceMs: this.#options.graceMs };
  }

  async #list(): Promise<void> {
    const { sources, observer } = this.#options;
    // Age counts from the start: what changes during a listing may be missing in it.
    const startedAt = this.#clock.elapsed();
    const plans = await sources.list();
    const times = this.#timesSince(startedAt);
    const keys = new Map(plans.map((plan) => [plan.id, { ...times, items: plan.keys }]));
    this.#join({ ...times, plans, keys });
    this.#confirmedAt = startedAt;
    this.#tag = undefined;
    observer.loaded('listing', this.#catalog as Catalog, this.#clock.elapsed() - startedAt);
  }

  /**
   * Of a reading that ends now: its answers may have been the first to have the time. What is
   * known was read before, whatever the clocks show.
   */
  #timesSince(startedAt: number): Pick<Reading, 'at' | 'by'> {
    const at = Math.max(this.#clock.timeAt(startedAt), this.#history.listedAt);
    return { at, by: Math.max(this.#clock.time(), at) };
  }

  #join(reading: Reading): void {
    this.#use(join(this.#history, reading, [], this.#joinTimes()));
  }

  #unknown(keyIds: readonly string[]): string[] {
    return keyIds.filter((keyId) => !this.#catalog?.key(keyId) && !this.#absent.has(keyId));
  }

  async #lookUp(unknown: readonly string[]): Promise<void> {
    const { sources, observer } = this.#options;
    let wanted = unknown;
    if (this.#tag !== undefined && this.#clock.elapsed() - this.#triedAt >= POLL_MS) {
      await this.#refreshOrKeep();
      wanted = this.#unknown(unknown);
      if (wanted.length === 0) return;
    }
    if (this.#tag === undefined && this.#isListingCheaper(wanted.length)) {
      return this.#listFor(wanted);
    }
    const afforded = wanted.slice(0, Math.floor(this.#budget.left / CALLS_PER_KEY));
    this.#budget.take(afforded.length * CALLS_PER_KEY);
    observer.asked(afforded.length, wanted.length - afforded.length);
    if (afforded.length === 0) return;
    const { shared } = sources;
    await this.#ask(
      this.#tag !== undefined && shared ? await this.#request(shared, afforded) : afforded,
    );
  }

  /** Many unknown keys of few plans: one listing finds them all. */
  #isListingCheaper(unknownKeys: number): boolean {
    const { minLoadIntervalMs } = this.#options;
    const calls = 1 + (this.#catalog?.planCount ?? 0);
    if (calls > unknownKeys * CALLS_PER_KEY) return false;
    return this.#clock.elapsed() - this.#triedAt >= minLoadIntervalMs && this.#budget.take(calls);
  }

  async #listFor(keyIds: readonly string[]): Promise<void> {
    const { absentMs, minLoadIntervalMs, observer } = this.#options;
    let forMs = absentMs;
    try {
      await this.#alone(() => this.#list());
    } catch (error) {
      observer.failed('listing', error);
      forMs = minLoadIntervalMs;
    }
    for (const keyId of this.#unknown(keyIds)) this.#absent.add(keyId, forMs);
  }

  /** Has the snapshot's writer look the keys up, once for all containers; returns those that stay unknown. */
  async #request(shared: SharedCatalog, keyIds: readonly string[]): Promise<readonly string[]> {
    const { observer, sleep, answerMs } = this.#options;
    try {
      await shared.request(keyIds);
    } catch (error) {
      observer.failed('question', error);
      return keyIds;
    }
    let left = keyIds;
    for (let waitedMs = 0; waitedMs < answerMs && left.length > 0; waitedMs += POLL_MS) {
      await sleep(POLL_MS);
      await this.#refreshOrKeep();
      left = this.#unknown(left);
    }
    return left;
  }

  async #ask(keyIds: readonly string[]): Promise<void> {
    if (keyIds.length === 0) return;
    const { sources, absentMs, minLoadIntervalMs, observer } = this.#options;
    const startedAt = this.#clock.elapsed();
    const answers = await Promise.all(
      keyIds.map((keyId) =>
        sources.ask(keyId).catch((error: unknown) => {
          observer.failed('question', error);
          this.#absent.add(keyId, minLoadIntervalMs);
        }),
      ),
    );
    const times = this.#timesSince(startedAt);
    let learned = 0;
    for (const [index, keyId] of keyIds.entries()) {
      const plans = answers[index];
      if (plans?.length === 0) this.#absent.add(keyId, absentMs);
      if (!plans || plans.length === 0) continue;
      learned++;
      const reading = { ...times, ofKey: { keyId, plans } };
      this.#history = join(this.#history, reading, [], this.#joinTimes());
    }
    if (learned === 0) return;
    this.#use(this.#history);
    observer.loaded('question', this.#catalog as Catalog, this.#clock.elapsed() - startedAt);
  }
}
