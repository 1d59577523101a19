/**
 * Keeps the shared snapshot what the account is. Reads what the messages say has changed, joins it to
 * what the snapshot says, and writes only what is new.
 *
 * One at a time: its queue hands out one batch of messages at a time. Where two run all the same, the
 * one that writes second finds another object than it has read, and starts over from that. One that
 * dies has written nothing, and its messages come again.
 */

import { AbsentKeys } from '../core/catalog/absent-keys';
import { CallBudget } from '../core/catalog/call-budget';
import type { UsagePlan, UsagePlanKey } from '../core/catalog/catalog';
import { type ListingTimes, learnKey, succeed } from '../core/catalog/catalog-history';
import { contentOf, nextGeneration, type Snapshot } from '../core/catalog/snapshot';
import type { Message } from './message';
import { type HeldSnapshot, SnapshotConflict, type SnapshotStore } from './snapshot-store';
import { changesOf, plansConcerned, type Work, workOf } from './work';

export interface CrawlerSources {
  /** All usage plans; the keys of those that `knownKeys` gives need no asking. */
  readonly list: (options: {
    readonly knownKeys: (planId: string) => readonly UsagePlanKey[] | undefined;
    readonly isUrgent: boolean;
  }) => Promise<readonly UsagePlan[]>;
  /** The plans that have the key, each with no key but this one. */
  readonly ask: (keyId: string) => Promise<readonly UsagePlan[]>;
}

export interface CrawlerOptions {
  readonly sources: CrawlerSources;
  readonly store: SnapshotStore;
  readonly now: () => number;
  readonly graceMs: number;
  /** A key that is not there is not asked for again in this time. */
  readonly absentMs: number;
  /** Bounds the calls for keys that somebody misses, of all containers together. */
  readonly callsPerMinute: number;
  /** An unchanged snapshot is written again after this time, so that readers see it is looked after. */
  readonly rewriteMs: number;
}

export interface CrawlReport {
  readonly outcome: 'written' | 'unchanged' | 'nothing to do';
  readonly scope: 'all' | 'part' | 'keys' | 'none';
  readonly plans: number;
  readonly keys: number;
  /** Of the snapshot that was written. */
  readonly bytes?: number;
  readonly refusal?: unknown;
}

interface ReadTimes {
  readonly generation: number;
  /** Of everything. */
  readonly all: number;
  /** Of the plans, without their keys. */
  readonly list: number;
  /** Of a plan's keys. */
  readonly plans: ReadonlyMap<string, number>;
}

const CALLS_PER_KEY = 2;
const ATTEMPTS = 3;
/** Events are dated to the second, by other clocks than this one. */
const CLOCK_MARGIN_MS = 2000;

export class Crawler {
  readonly #options: CrawlerOptions;
  readonly #budget: CallBudget;
  readonly #absent: AbsentKeys;
  /** When what was read, as long as the snapshot is the one that was made of it. */
  #read: ReadTimes | undefined;

  constructor(options: CrawlerOptions) {
    this.#options = options;
    this.#budget = new CallBudget(options.callsPerMinute, options.now);
    this.#absent = new AbsentKeys(options.now);
  }

  async run(messages: readonly Message[]): Promise<CrawlReport> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#runOnce(messages);
      } catch (error) {
        if (!(error instanceof SnapshotConflict) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #runOnce(messages: readonly Message[]): Promise<CrawlReport> {
    const { store, now } = this.#options;
    const held = await store.read();
    const { snapshot, refusal } = held;
    if (this.#read?.generation !== snapshot?.generation) this.#read = undefined;

    const news = messages.filter((message) => !this.#isCovered(message, snapshot));
    const work = workOf(news, snapshot?.usagePlans);
    const keysToAsk = work.keysToAsk.filter((keyId) => !this.#isSettled(keyId, snapshot));
    if (!work.isListing && keysToAsk.length === 0) {
      return { outcome: 'nothing to do', scope: 'none', ...sizeOf(snapshot), refusal };
    }

    const startedAt = now();
    let usagePlans: readonly UsagePlan[] = snapshot?.usagePlans ?? [];
    const times = this.#timesOf(startedAt, snapshot);
    if (work.isListing) {
      const listing = await this.#list(work, usagePlans);
      const changes = changesOf(news, usagePlans, listing);
      usagePlans = succeed(usagePlans, listing, { ...times, changes });
    }
    const absentKeys = this.#stillAbsent(snapshot, startedAt);
    const isWhole = work.isListing && work.plansToRead === undefined;
    for (const keyId of keysToAsk) {
      if (hasKey(usagePlans, keyId)) continue;
      // A whole listing would have shown it.
      const plans = isWhole ? [] : await this.#ask(keyId);
      if (plans.length > 0) usagePlans = learnKey(usagePlans, keyId, plans, times);
      else this.#setAbsent(keyId, absentKeys);
    }

    const next: Snapshot = {
      generation: nextGeneration(snapshot?.generation, now()),
      writtenAt: now(),
      seenAt: isWhole || !snapshot ? startedAt : snapshot.seenAt,
      usagePlans,
      absentKeys,
    };
    const scope = isWhole ? 'all' : work.isListing ? 'part' : 'keys';
    const bytes = this.#isWorthWriting(held, next, isWhole)
      ? await store.replace(held, next)
      : undefined;
    this.#remember(work, startedAt, bytes === undefined ? snapshot : next);
    const outcome = bytes === undefined ? 'unchanged' : 'written';
    return { outcome, scope, ...sizeOf(next), bytes, refusal };
  }

  /** Whether what the message tells of was read after it had happened. */
  #isCovered(message: Message, snapshot: Snapshot | undefined): boolean {
    const read = this.#read;
    if (message.kind === 'nothing') return true;
    if (message.kind !== 'change' || !read || !snapshot) return false;
    const isLater = (at: number | undefined) => (at ?? 0) > message.at + CLOCK_MARGIN_MS;
    if (datesAnew(message, snapshot)) return false;
    if (isLater(read.all)) return true;
    if (message.event.concerns === 'plans') return isLater(read.list);
    const plans = plansConcerned(message, snapshot.usagePlans);
    return plans !== undefined && [...plans].every((id) => isLater(read.plans.get(id)));
  }

  #isSettled(keyId: string, snapshot: Snapshot | undefined): boolean {
    return (
      this.#absent.has(keyId) || (snapshot !== undefined && hasKey(snapshot.usagePlans, keyId))
    );
  }

  #timesOf(at: number, snapshot: Snapshot | undefined): ListingTimes {
    const previousAt = Math.max(snapshot?.seenAt ?? 0, this.#read?.all ?? 0);
    return { at, previousAt, graceMs: this.#options.graceMs };
  }

  #list(
    { plansToRead, keysToAsk }: Work,
    held: readonly UsagePlan[],
  ): Promise<readonly UsagePlan[]> {
    const live = new Map(held.filter((plan) => !plan.isRetired).map(({ id, keys }) => [id, keys]));
    return this.#options.sources.list({
      knownKeys: (planId) => (plansToRead?.has(planId) === false ? live.get(planId) : undefined),
      // A first snapshot is waited for, and so is a change or a key; a look round has time.
      isUrgent: held.length === 0 || plansToRead !== undefined || keysToAsk.length > 0,
    });
  }

  /** What exceeds the bound counts as absent: it is asked for again when that is forgotten. */
  async #ask(keyId: string): Promise<readonly UsagePlan[]> {
    return this.#budget.take(CALLS_PER_KEY) ? this.#options.sources.ask(keyId) : [];
  }

  #setAbsent(keyId: string, absentKeys: Map<string, number>): void {
    absentKeys.set(keyId, this.#options.now());
    this.#absent.add(keyId, this.#options.absentMs);
  }

  #stillAbsent(snapshot: Snapshot | undefined, at: number): Map<string, number> {
    const entries = [...(snapshot?.absentKeys ?? [])];
    return new Map(entries.filter(([, askedAt]) => at - askedAt < this.#options.absentMs));
  }

  #isWorthWriting({ snapshot }: HeldSnapshot, next: Snapshot, isWhole: boolean): boolean {
    if (!snapshot) return true;
    if (isWhole && next.writtenAt - snapshot.writtenAt >= this.#options.rewriteMs) return true;
    // That keys are absent no more is not worth a word.
    for (const keyId of next.absentKeys.keys()) if (!snapshot.absentKeys.has(keyId)) return true;
    const { absentKeys } = next;
    return contentOf({ ...snapshot, absentKeys }) !== contentOf(next);
  }

  #remember({ plansToRead, isListing }: Work, at: number, snapshot: Snapshot | undefined): void {
    const generation = snapshot?.generation ?? 0;
    const { all = 0, list = 0, plans = new Map<string, number>() } = this.#read ?? {};
    if (!isListing) {
      this.#read = { generation, all, list, plans };
      return;
    }
    if (!plansToRead) {
      this.#read = { generation, all: at, list: at, plans: new Map() };
      return;
    }
    const read = new Map([...plans, ...[...plansToRead].map((id) => [id, at] as const)]);
    this.#read = { generation, all, list: at, plans: read };
  }
}

/** Whether the message tells better than the snapshot when something went that is gone already. */
function datesAnew(message: Message, { usagePlans }: Snapshot): boolean {
  const [change] = changesOf([message], usagePlans);
  if (!change || change.kind === 'added') return false;
  const { planId, keyId, at } = change;
  return usagePlans.some(({ id, formerKeys = [], formerStages = [], isRetired }) => {
    if (planId !== undefined && planId !== id) return false;
    if (keyId !== undefined) return formerKeys.some((it) => it.id === keyId && it.until < at);
    return (isRetired ? formerKeys : formerStages).some(({ until }) => until < at);
  });
}

function hasKey(usagePlans: readonly UsagePlan[], keyId: string): boolean {
  return usagePlans.some(({ keys }) => keys.some(({ id }) => id === keyId));
}

function sizeOf(snapshot: Snapshot | undefined): { plans: number; keys: number } {
  const live = snapshot?.usagePlans.filter((plan) => !plan.isRetired) ?? [];
  const keyIds = new Set(live.flatMap(({ keys }) => keys.map(({ id }) => id)));
  return { plans: live.length, keys: keyIds.size };
}
