/**
 * Keeps the shared snapshot what the account is. Reads what the messages say has changed, joins it to
 * what the snapshot says, and writes only what is new. A look at everything is made in parts, each of
 * which is joined and written as any other reading is.
 *
 * One at a time: its queue hands out one batch of messages at a time. Where two run all the same, the
 * one that writes second finds another object than it has read, and starts over from that. One that
 * dies has written nothing, and its messages come again.
 */

import { AbsentKeys } from '../core/catalog/absent-keys';
import { CallBudget } from '../core/catalog/call-budget';
import type { UsagePlan, UsagePlanKey } from '../core/catalog/catalog';
import { isAboutStage, learnKey, succeed } from '../core/catalog/catalog-history';
import { contentOf, nextGeneration, type Snapshot } from '../core/catalog/snapshot';
import type { Message } from './message';
import { type HeldSnapshot, SnapshotConflict, type SnapshotStore } from './snapshot-store';
import { furthest, isBehind, type Look, nextLook, nextPart, noLook } from './sweep';
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
  /** Has the rest of a look come back as a message; without it a look is made in one piece. */
  readonly putBack?: ((look: Look) => Promise<void>) | undefined;
  readonly now: () => number;
  readonly graceMs: number;
  /** A key that is not there is not asked for again in this time. */
  readonly absentMs: number;
  /** Bounds the calls of a part of a look. */
  readonly callsPerPart: number;
  /** Bounds the calls for keys that somebody misses, of all containers together. */
  readonly callsPerMinute: number;
  /**
   * An unchanged snapshot is written again after this time, so that readers see it is looked after, and
   * whatever container comes next knows when each plan was read.
   */
  readonly rewriteMs: number;
}

export interface CrawlReport {
  readonly outcome: 'written' | 'unchanged' | 'nothing to do';
  /** Everything; the next part of everything; what has changed; missing keys. */
  readonly scope: 'all' | 'look' | 'part' | 'keys' | 'none';
  /** Plans that the look has still to read. */
  readonly left?: number | undefined;
  readonly plans: number;
  readonly keys: number;
  /** Of the snapshot that was written. */
  readonly bytes?: number;
  readonly refusal?: unknown;
}

type LivePlans = ReadonlyMap<string, UsagePlan>;

/** What was read last, with times that need not have been worth writing. */
interface Reading {
  readonly generation: number | undefined;
  readonly usagePlans: readonly UsagePlan[];
  /** When the list of plans was. */
  readonly listedAt: number;
}

/** What is left to do of what the messages ask for. */
interface Task extends Omit<Work, 'isLooking'> {
  readonly news: readonly Message[];
  /** What a look leaves for its next part; undefined where it is none. */
  readonly rest: Look | undefined;
}

const CALLS_PER_KEY = 2;
const ATTEMPTS = 3;
/** Events are dated to the second, by other clocks than this one. */
const CLOCK_MARGIN_MS = 2000;

export class Crawler {
  readonly #options: CrawlerOptions;
  readonly #budget: CallBudget;
  readonly #absent: AbsentKeys;
  #reading: Reading | undefined;
  /** As far as this container has got, so that what comes twice is done once. */
  #look: Look = noLook;

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
    const before = this.#readingOf(snapshot);
    const task = this.#taskOf(messages, before);
    const { isListing, keysToAsk, rest } = task;
    if (!isListing && keysToAsk.length === 0) {
      return { outcome: 'nothing to do', scope: 'none', ...sizeOf(snapshot), refusal };
    }

    const startedAt = now();
    const absentKeys = this.#stillAbsent(snapshot, startedAt);
    let usagePlans = before.usagePlans;
    if (isListing) usagePlans = await this.#list(usagePlans, task, startedAt);
    for (const keyId of keysToAsk.filter((id) => !hasKey(usagePlans, id))) {
      // The first listing, which is of everything, would have shown it.
      const plans = snapshot ? await this.#ask(keyId) : [];
      const times = { at: startedAt, graceMs: this.#options.graceMs };
      if (plans.length > 0) usagePlans = learnKey(usagePlans, keyId, plans, times);
      else this.#setAbsent(keyId, absentKeys);
    }

    const generation = nextGeneration(snapshot?.generation, now());
    const next: Snapshot = { generation, writtenAt: now(), usagePlans, absentKeys };
    const bytes = this.#isWorthWriting(held, next, task)
      ? await store.replace(held, next)
      : undefined;
    this.#reading = {
      generation: bytes === undefined ? snapshot?.generation : generation,
      usagePlans,
      listedAt: isListing ? startedAt : before.listedAt,
    };
    if (rest) await this.#goOnWith(rest);
    return {
      outcome: bytes === undefined ? 'unchanged' : 'written',
      scope: scopeOf(snapshot, task),
      left: rest?.left.length,
      ...sizeOf(next),
      bytes,
      refusal,
    };
  }

  #taskOf(messages: readonly Message[], before: Reading): Task {
    const { usagePlans } = before;
    const news = messages.filter((message) => !this.#isCovered(message, before));
    const work = workOf(news, usagePlans);
    const live = liveOf(usagePlans);
    const look = this.#lookOf(news, work, live);
    const [part, rest] = look ? this.#partOf(look, live) : [[], undefined];
    return {
      news,
      plansToRead: new Set([...work.plansToRead, ...part]),
      isListing: work.isListing || look !== undefined || before.generation === undefined,
      keysToAsk: work.keysToAsk.filter((keyId) => !this.#isSettled(keyId, usagePlans)),
      rest,
    };
  }

  /** What this container has read, as long as the snapshot is the one that was made of it. */
  #readingOf(snapshot: Snapshot | undefined): Reading {
    const generation = snapshot?.generation;
    if (this.#reading?.generation === generation && this.#reading) return this.#reading;
    return { generation, usagePlans: snapshot?.usagePlans ?? [], listedAt: 0 };
  }

  /** Whether what the message tells of was read after it had happened, or done before. */
  #isCovered(message: Message, { usagePlans, listedAt }: Reading): boolean {
    if (message.kind === 'nothing') return true;
    if (message.kind === 'rest') return isBehind(message.look, this.#look);
    if (message.kind !== 'change' || datesAnew(message, usagePlans)) return false;
    const isLater = (at: number) => at > message.at + CLOCK_MARGIN_MS;
    const concerned = plansConcerned(message, usagePlans);
    return (
      isLater(listedAt) &&
      usagePlans.every(
        ({ id, isRetired, readAt = 0 }) =>
          isRetired || concerned?.has(id) === false || isLater(readAt),
      )
    );
  }

  #isSettled(keyId: string, usagePlans: readonly UsagePlan[]): boolean {
    return this.#absent.has(keyId) || hasKey(usagePlans, keyId);
  }

  #lookOf(messages: readonly Message[], { isLooking }: Work, live: LivePlans): Look | undefined {
    const rests = messages.flatMap((message) => (message.kind === 'rest' ? [message.look] : []));
    if (isLooking) return nextLook([this.#look, ...rests], live.keys(), this.#options.now());
    return rests.length > 0 ? furthest(rests) : undefined;
  }

  #partOf(look: Look, live: LivePlans): [plans: string[], rest: Look] {
    const { putBack, callsPerPart } = this.#options;
    return nextPart(look, live, putBack ? callsPerPart : Number.POSITIVE_INFINITY);
  }

  async #goOnWith(look: Look): Promise<void> {
    if (look.left.length > 0) await this.#options.putBack?.(look);
    this.#look = look;
  }

  /** Lists the plans; those whose keys are not read keep what was read of them before, and when. */
  async #list(
    before: readonly UsagePlan[],
    { news, plansToRead, rest }: Task,
    at: number,
  ): Promise<UsagePlan[]> {
    const { sources, graceMs } = this.#options;
    const live = liveOf(before);
    const known = (id: string) => {
      const plan = live.get(id);
      return plan?.readAt && !plansToRead.has(id) ? plan : undefined;
    };
    const listed = await sources.list({
      knownKeys: (id) => known(id)?.keys,
      // A first snapshot is waited for, and so is a change; a look has time.
      isUrgent: live.size === 0 || rest === undefined,
    });
    const listing = listed.map((plan) => ({ ...plan, readAt: known(plan.id)?.readAt }));
    const changes = changesOf(news, before, listing);
    return succeed(before, listing, { at, graceMs, changes });
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

  #isWorthWriting({ snapshot }: HeldSnapshot, next: Snapshot, { rest }: Task): boolean {
    if (!snapshot) return true;
    const { rewriteMs } = this.#options;
    if (rest && next.writtenAt - snapshot.writtenAt >= rewriteMs) return true;
    if (readsLater(snapshot.usagePlans, next.usagePlans) >= rewriteMs) return true;
    // That keys are absent no more is not worth a word.
    for (const keyId of next.absentKeys.keys()) if (!snapshot.absentKeys.has(keyId)) return true;
    const { absentKeys } = next;
    return contentOf({ ...snapshot, absentKeys }) !== contentOf(next);
  }
}

/** Whether the message tells better than the snapshot when something went that is gone already. */
function datesAnew(message: Message, usagePlans: readonly UsagePlan[]): boolean {
  const [change] = changesOf([message], usagePlans);
  if (!change || change.kind === 'added') return false;
  const { planId, keyId, at } = change;
  const plan = usagePlans.find(({ id }) => id === planId);
  const { formerKeys = [], formerStages = [] } = plan ?? {};
  if (keyId !== undefined) return formerKeys.some((it) => it.id === keyId && it.until < at);
  return formerStages.some((it) => isAboutStage(change, it) && it.until < at);
}

/** By how much the plans were read later, the one that was most: what went is dated by it, and kept. */
function readsLater(before: readonly UsagePlan[], after: readonly UsagePlan[]): number {
  const readAt = new Map(before.map((plan) => [plan.id, plan.readAt ?? 0]));
  const times = after.map((plan) => (plan.readAt ?? 0) - (readAt.get(plan.id) ?? 0));
  return Math.max(0, ...times);
}

function scopeOf(snapshot: Snapshot | undefined, { rest, isListing }: Task): CrawlReport['scope'] {
  if (!snapshot) return 'all';
  if (rest) return 'look';
  return isListing ? 'part' : 'keys';
}

function liveOf(usagePlans: readonly UsagePlan[]): LivePlans {
  return new Map(usagePlans.filter((plan) => !plan.isRetired).map((plan) => [plan.id, plan]));
}

function hasKey(usagePlans: readonly UsagePlan[], keyId: string): boolean {
  return usagePlans.some(({ keys }) => keys.some(({ id }) => id === keyId));
}

function sizeOf(snapshot: Snapshot | undefined): { plans: number; keys: number } {
  const live = snapshot?.usagePlans.filter((plan) => !plan.isRetired) ?? [];
  const keyIds = new Set(live.flatMap(({ keys }) => keys.map(({ id }) => id)));
  return { plans: live.length, keys: keyIds.size };
}
