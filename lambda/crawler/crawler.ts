/**
 * Keeps the shared snapshot equal to the account. Reads what has changed by the messages, joins it to
 * the content of the snapshot, and writes only what is new.
 *
 * A sweep over everything is made in parts, each of which is joined and written as any other reading
 * is. So is the first snapshot, and one that replaces a snapshot that was lost, damaged or
 * replaced by an older one: until all plans have been read, it is marked as no catalog yet.
 *
 * One at a time: its queue hands out one batch of messages at a time. If two run anyway, the
 * one that writes second finds another object than it has read, and starts over from that. One that
 * dies has written nothing, and its messages come again.
 */

import { mapInFlight } from '../aws/in-flight';
import { AbsentKeys } from '../core/catalog/absent-keys';
import { CallBudget } from '../core/catalog/call-budget';
import {
  type Change,
  type History,
  join,
  noHistory,
  type PartReading,
  type Reading,
  unite,
} from '../core/catalog/catalog-history';
import { nextGeneration, type Snapshot, saysOf } from '../core/catalog/snapshot';
import { StoreClock } from '../core/catalog/store-clock';
import { CLOCK_MARGIN_MS } from '../core/catalog/timeline';
import type { UsagePlan, UsagePlanKey } from '../core/catalog/usage-plan';
import type { AccountChange, Message } from './message';
import { type HeldSnapshot, SnapshotConflict, type SnapshotStore } from './snapshot-store';
import { firstPart, furthest, isBehind, nextSweep, noSweep, type Sweep } from './sweep';
import { KnownIds } from './work';

export interface CrawlerSources {
  /** All usage plans, without their keys; with what else is wanted of keys, where that is listed. */
  readonly list: () => Promise<Pick<Reading, 'names'> & Required<Pick<Reading, 'plans'>>>;
  readonly keysOf: (planId: string) => Promise<readonly UsagePlanKey[]>;
  /** The plans that have the key, each with no key but this one. */
  readonly ask: (keyId: string) => Promise<readonly UsagePlan[]>;
}

export interface CrawlerOptions {
  readonly sources: CrawlerSources;
  readonly store: SnapshotStore;
  /** Sends a message to come back later; without it everything is read in one piece. */
  readonly requeue?: ((message: object) => Promise<void>) | undefined;
  readonly now: () => number;
  readonly graceMs: number;
  /** A key that is not there is not asked for again in this time. */
  readonly absentMs: number;
  /** Bounds the calls of a part of a sweep. */
  readonly callsPerPart: number;
  /** The same for a first snapshot: while a part of it runs, no container gets an answer. */
  readonly callsPerFirstPart: number;
  /** Bounds the calls for keys that containers miss, of all containers together. */
  readonly callsPerMinute: number;
  /**
   * An unchanged snapshot is written again after this time, so that readers see it is looked after, and
   * whatever container comes next knows when each plan was read.
   */
  readonly rewriteMs: number;
  /** Called with what failed and did not fail the batch. */
  readonly onFailed?: (error: unknown) => void;
}

export interface CrawlReport {
  readonly outcome: 'written' | 'unchanged' | 'nothing to do';
  /** The next part of a first snapshot; of a sweep; what has changed; missing keys. */
  readonly scope: 'first' | 'sweep' | 'part' | 'keys' | 'none';
  /** Plans that the sweep, or the first snapshot, has still to read. */
  readonly left?: number | undefined;
  readonly plans: number;
  readonly keys: number;
  /** Plans and keys that could not be read this time. */
  readonly failed?: number | undefined;
  /** Size of the snapshot that was written. */
  readonly bytes?: number | undefined;
  /** Marks of the past that were dropped since there are too many. */
  readonly dropped?: number | undefined;
  /** Why the object was not taken for what it should be, and from where it is made anew. */
  readonly refusal?: unknown;
  readonly rebuiltFrom?: 'memory' | 'nothing' | 'the object' | undefined;
}

/** What was written last, with times that need not have been worth writing. */
interface Memory {
  readonly generation: number;
  readonly history: History;
}

/** What there is to go on from. */
interface Base {
  readonly history: History;
  readonly absentKeys: ReadonlyMap<string, number>;
  /** Plans to be read before it is a catalog; undefined: all of them, and their list. */
  readonly unread: readonly string[] | undefined;
  readonly rebuiltFrom?: CrawlReport['rebuiltFrom'];
}

/** What is read of the account in one go. */
interface Task {
  readonly isListing: boolean;
  readonly plansToRead: readonly string[];
  readonly rest: Sweep | undefined;
}

const CALLS_PER_KEY = 2;
const CALLS_IN_FLIGHT = 5;
const ATTEMPTS = 3;
/** No sweep is of a later time. */
const MAX_AHEAD_MS = 3_600_000;

export class Crawler {
  readonly #options: CrawlerOptions;
  readonly #clock: StoreClock;
  readonly #budget: CallBudget;
  readonly #absent: AbsentKeys;
  #memory: Memory | undefined;
  /** How far this container has got, so that what comes twice is done once. */
  #sweep: Sweep = noSweep;

  constructor(options: CrawlerOptions) {
    this.#options = options;
    this.#clock = new StoreClock(options.now);
    this.#budget = new CallBudget(options.callsPerMinute, this.#clock.elapsed);
    this.#absent = new AbsentKeys(this.#clock.elapsed);
  }

  /** Reads until that time of the clock at most; what is left then comes back as a message. */
  async run(messages: readonly Message[], until = Infinity): Promise<CrawlReport> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#runOnce(messages, until);
      } catch (error) {
        if (!(error instanceof SnapshotConflict) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #runOnce(messages: readonly Message[], until: number): Promise<CrawlReport> {
    const held = await this.#options.store.read();
    this.#clock.learn(held.storeTime);
    const base = this.#baseOf(held);
    const changes = messages.filter((message) => message.kind === 'change');
    if (!base.unread || base.unread.length > 0) return this.#first(held, base, changes, until);
    return this.#update(held, base, messages, until);
  }

  /** The next part of a first snapshot, or of one that replaces a lost one. */
  async #first(
    held: HeldSnapshot,
    base: Base,
    changes: readonly AccountChange[],
    until: number,
  ): Promise<CrawlReport> {
    const { requeue, callsPerFirstPart } = this.#options;
    let { history } = base;
    let unread: readonly string[] | undefined = base.unread;
    let from = held;
    let report: CrawlReport | undefined;
    const write = async (progress: object) => {
      const written = await this.#write(from, { ...base, history }, unread ?? []);
      from = written.held;
      report = {
        outcome: 'written',
        scope: 'first',
        left: unread?.length,
        ...sizeOf(history),
        ...written.cost,
        ...progress,
        refusal: held.refusal,
        rebuiltFrom: base.rebuiltFrom,
      };
    };
    if (!unread) {
      const list = await this.#read(history, { isListing: true, plansToRead: [] }, changes, until);
      history = list.history;
      unread = liveIds(history);
      // Waiting containers see that a crawler is at work.
      await write({});
    }
    while (unread.length > 0 || !report) {
      const known = new KnownIds(history.usagePlans);
      const news = changes.filter((change) => !this.#isCovered(change, history, known));
      const concerned = news.flatMap((change) => [
        ...(known.plansConcerned(change) ?? known.live.keys()),
      ]);
      const left: string[] = [...new Set([...concerned, ...unread])];
      const plansToRead = firstPart(left, new Map(), requeue ? callsPerFirstPart : Infinity);
      const isListing = news.length > 0;
      const part = await this.#read(history, { isListing, plansToRead }, changes, until);
      history = part.history;
      const isLeft = (id: string) => !part.done.has(id) && !part.failed.includes(id);
      const live = new Map(new KnownIds(history.usagePlans).live);
      const added = [...live.keys()].filter((id) => !known.plan(id));
      const open = [...left, ...added].filter(isLeft);
      unread = [...new Set([...open, ...part.failed])].filter((id) => live.has(id));
      await write({ failed: part.failed.length });
      if (requeue) break;
    }
    // With the time in it: the queue drops a message that it has had before.
    if (unread.length > 0) await requeue?.({ unread: unread.length, at: this.#clock.time() });
    return report as CrawlReport;
  }

  async #update(
    held: HeldSnapshot,
    base: Base,
    messages: readonly Message[],
    until: number,
  ): Promise<CrawlReport> {
    const before = new KnownIds(base.history.usagePlans);
    const changes = messages.filter((message) => message.kind === 'change');
    const keysToAsk = this.#keysToAsk(messages, before);
    const task = this.#taskOf(messages, base, before);
    const isReading = task.isListing || task.plansToRead.length > 0 || task.rest !== undefined;
    if (!isReading && keysToAsk.length === 0 && changes.length === 0) {
      return { outcome: 'nothing to do', scope: 'none', ...sizeOf(base.history) };
    }
    const read = await this.#read(base.history, task, changes, until);
    const answers = await this.#answer(read.history, keysToAsk, base.absentKeys);
    const { history, absentKeys } = answers;
    const next = { ...base, history, absentKeys };
    const failed = read.failed.length + answers.open;
    const isWorthWriting = this.#isWorthWriting(held, next, task);
    const written = isWorthWriting ? await this.#write(held, next, []) : undefined;
    if (!written && held.snapshot) this.#memory = { generation: held.snapshot.generation, history };
    const rest = this.#restOf(task, read);
    if (rest) await this.#goOnWith(rest);
    return {
      outcome: written
        ? 'written'
        : isReading || keysToAsk.length > 0
          ? 'unchanged'
          : 'nothing to do',
      scope: scopeOf(task, isReading, keysToAsk),
      ...(rest ? { left: rest.left.length } : {}),
      ...sizeOf(history),
      ...(failed > 0 ? { failed } : {}),
      ...written?.cost,
    };
  }

  /**
   * The object, where nothing speaks against it. Otherwise what this container remembers, since what is
   * gone from the account stands nowhere else; but all plans have to be read before it counts.
   */
  #baseOf({ snapshot, isRestored }: HeldSnapshot): Base {
    const memory = this.#memory;
    const absentKeys = snapshot?.absentKeys ?? new Map<string, number>();
    if (!snapshot) {
      const history = memory?.history ?? noHistory;
      return { history, absentKeys, unread: undefined, rebuiltFrom: memory ? 'memory' : 'nothing' };
    }
    const { unread, generation } = snapshot;
    if (memory?.generation === generation) return { history: memory.history, absentKeys, unread };
    const isOlder = memory !== undefined && memory.generation > generation;
    if (!isRestored && !isOlder) return { history: snapshot, absentKeys, unread };
    if (!memory)
      return { history: snapshot, absentKeys, unread: undefined, rebuiltFrom: 'the object' };
    const times = { now: this.#clock.time(), graceMs: this.#options.graceMs };
    const history = unite(snapshot, memory.history, times);
    return { history, absentKeys, unread: undefined, rebuiltFrom: 'memory' };
  }

  #taskOf(messages: readonly Message[], { history }: Base, known: KnownIds): Task {
    const plansToRead = new Set<string>();
    let isListing = false;
    let isSweeping = messages.some(({ kind }) => kind === 'sweep');
    for (const message of messages) {
      if (message.kind !== 'change' || this.#isCovered(message, history, known)) continue;
      isListing = true;
      const plans = known.plansConcerned(message);
      if (plans) for (const id of plans) plansToRead.add(id);
      else isSweeping = true;
    }
    const live = known.live;
    const sweep = this.#sweepOf(messages, isSweeping, live);
    const part = sweep ? this.#partOf(sweep, live) : [];
    for (const id of part) plansToRead.add(id);
    const isBeginning = isSweeping && sweep !== undefined;
    return {
      isListing: isListing || isBeginning,
      plansToRead: [...plansToRead].filter((id) => live.has(id)),
      rest: sweep && {
        ...sweep,
        left: sweep.left.filter((id) => live.has(id) && !plansToRead.has(id)),
      },
    };
  }

  /** Whether the resource of the event was read after the event. */
  #isCovered(change: AccountChange, { listedAt, usagePlans }: History, known: KnownIds): boolean {
    const isLater = (at = 0) => at > change.at + CLOCK_MARGIN_MS;
    if (!isLater(listedAt)) return false;
    const concerned = known.plansConcerned(change) ?? usagePlans.map(({ id }) => id);
    for (const id of concerned) {
      const plan = known.plan(id);
      if (plan && plan.endedAt === undefined && !isLater(plan.readAt)) return false;
    }
    return true;
  }

  #sweepOf(
    messages: readonly Message[],
    isBeginning: boolean,
    live: ReadonlyMap<string, UsagePlan>,
  ): Sweep | undefined {
    const latest = this.#clock.time() + MAX_AHEAD_MS;
    const rests = messages
      .flatMap((message) => (message.kind === 'rest' ? [message.sweep] : []))
      .filter((sweep) => sweep.generation <= latest && !isBehind(sweep, this.#sweep));
    if (isBeginning) return nextSweep([this.#sweep, ...rests], live.keys(), this.#clock.time());
    const rest = furthest(rests);
    return rest.left.length > 0 ? rest : undefined;
  }

  #partOf({ left }: Sweep, live: ReadonlyMap<string, UsagePlan>): readonly string[] {
    const { requeue, callsPerPart } = this.#options;
    const isThere = left.filter((id) => live.has(id));
    return firstPart(isThere, live, requeue ? callsPerPart : Infinity);
  }

  /** What the sweep has left. What could not be read for a change has one more turn. */
  #restOf({ rest }: Task, { failed, late }: PartRead): Sweep | undefined {
    if (rest) return { ...rest, left: [...new Set([...late, ...rest.left])] };
    if (failed.length + late.length === 0) return undefined;
    return nextSweep([this.#sweep], [...late, ...failed], this.#clock.time());
  }

  async #goOnWith(sweep: Sweep): Promise<void> {
    // By its generation and what is left a message that comes twice is known.
    if (sweep.left.length > 0) await this.#options.requeue?.({ sweep });
    this.#sweep = sweep;
  }

  /** Joins a reading and the changes in the messages. Rejects where nothing at all could be read. */
  async #read(
    before: History,
    { isListing, plansToRead }: Pick<Task, 'isListing' | 'plansToRead'>,
    messages: readonly AccountChange[],
    until: number,
  ): Promise<PartRead> {
    const { sources, graceMs, onFailed } = this.#options;
    const at = this.#clock.time();
    const { plans, names } = isListing ? await sources.list() : {};
    const by = this.#clock.time();
    const toRead = new Set(plansToRead);
    if (plans) {
      const known = new Set(
        before.usagePlans.filter((plan) => plan.endedAt === undefined).map(({ id }) => id),
      );
      const isFirst = before.listedAt === 0;
      for (const { id } of plans) if (!isFirst && !known.has(id)) toRead.add(id);
      const listed = new Set(plans.map(({ id }) => id));
      for (const id of toRead) if (!listed.has(id)) toRead.delete(id);
    }
    const keys = new Map<string, PartReading<UsagePlanKey>>();
    const failed: string[] = [];
    const late: string[] = [];
    let failure: unknown;
    await mapInFlight([...toRead], CALLS_IN_FLIGHT, async (id) => {
      if (keys.size > 0 && this.#options.now() > until) return late.push(id);
      try {
        const startedAt = this.#clock.time();
        const items = await sources.keysOf(id);
        keys.set(id, { at: startedAt, by: this.#clock.time(), items });
      } catch (error) {
        failure = error;
        failed.push(id);
      }
      return undefined;
    });
    // What all plans fail with is the account's, not a plan's.
    if (failed.length > 0 && keys.size === 0) throw failure;
    if (failed.length > 0) onFailed?.(failure);
    const reading = { at, by, plans, names, keys };
    const isReading = plans !== undefined || keys.size > 0;
    const ids = new KnownIds([...before.usagePlans, ...withKeys(plans ?? [], keys)]);
    const changes = messages.flatMap((message): Change[] => ids.changesOf(message));
    const times = { now: this.#clock.time(), graceMs };
    const history = join(before, isReading ? reading : undefined, changes, times);
    return { history, done: new Set(keys.keys()), failed, late };
  }

  #keysToAsk(messages: readonly Message[], known: KnownIds): string[] {
    const ids = messages.flatMap((message) => (message.kind === 'key' ? [message.keyId] : []));
    return [...new Set(ids)].filter((id) => !this.#absent.has(id) && !known.hasKey(id));
  }

  /** What exceeds the bound, or fails, is left open: who asked finds out by himself. */
  async #answer(
    before: History,
    keyIds: readonly string[],
    absentBefore: ReadonlyMap<string, number>,
  ): Promise<{ history: History; absentKeys: ReadonlyMap<string, number>; open: number }> {
    const { sources, graceMs, absentMs, onFailed } = this.#options;
    const startedAt = this.#clock.time();
    const still = [...absentBefore].filter(([, askedAt]) => startedAt - askedAt < absentMs);
    const absentKeys = new Map(still);
    const known = new KnownIds(before.usagePlans);
    let history = before;
    let open = 0;
    for (const keyId of keyIds.filter((id) => !known.hasKey(id))) {
      if (!this.#budget.take(CALLS_PER_KEY)) {
        open++;
        continue;
      }
      const at = this.#clock.time();
      try {
        const plans = await sources.ask(keyId);
        const by = this.#clock.time();
        if (plans.length > 0) {
          const times = { now: by, graceMs };
          history = join(history, { at, by, ofKey: { keyId, plans } }, [], times);
        } else {
          absentKeys.set(keyId, by);
          this.#absent.add(keyId, absentMs);
        }
      } catch (error) {
        open++;
        onFailed?.(error);
      }
    }
    return { history, absentKeys, open };
  }

  async #write(
    held: HeldSnapshot,
    { history, absentKeys }: Pick<Base, 'history' | 'absentKeys'>,
    unread: readonly string[],
  ) {
    const writtenAt = this.#clock.time();
    const previous = Math.max(held.snapshot?.generation ?? 0, this.#memory?.generation ?? 0);
    const generation = nextGeneration(previous, writtenAt);
    const next: Snapshot = { ...history, generation, writtenAt, absentKeys, unread };
    const { tag, bytes, dropped } = await this.#options.store.replace(held, next);
    this.#memory = { generation, history };
    return {
      held: { snapshot: next, tag },
      cost: { bytes, ...(dropped > 0 ? { dropped } : {}) },
    };
  }

  #isWorthWriting(
    { snapshot }: HeldSnapshot,
    { history, absentKeys }: Pick<Base, 'history' | 'absentKeys'>,
    { rest }: Task,
  ): boolean {
    if (!snapshot) return true;
    const { rewriteMs } = this.#options;
    if (rest && this.#clock.time() - snapshot.writtenAt >= rewriteMs) return true;
    if (readsLater(snapshot.usagePlans, history.usagePlans) >= rewriteMs) return true;
    // Keys that are no longer absent are not worth a log line.
    for (const keyId of absentKeys.keys()) if (!snapshot.absentKeys.has(keyId)) return true;
    return saysOf({ ...snapshot, absentKeys }) !== saysOf({ ...history, absentKeys, unread: [] });
  }
}

interface PartRead {
  readonly history: History;
  readonly done: ReadonlySet<string>;
  /** Plans whose keys could not be read, and those that time did not suffice for. */
  readonly failed: readonly string[];
  readonly late: readonly string[];
}

/** The longest time between two readings of a plan: a plan that is gone ended within it. */
function readsLater(before: readonly UsagePlan[], after: readonly UsagePlan[]): number {
  const readAt = new Map(before.map((plan) => [plan.id, plan.readAt ?? 0]));
  const times = after.map((plan) => (plan.readAt ?? 0) - (readAt.get(plan.id) ?? 0));
  return times.reduce((a, b) => Math.max(a, b), 0);
}

function scopeOf(
  { rest, isListing, plansToRead }: Task,
  isReading: boolean,
  keysToAsk: readonly string[],
): CrawlReport['scope'] {
  if (rest) return 'sweep';
  if (isListing || plansToRead.length > 0) return 'part';
  return keysToAsk.length > 0 && !isReading ? 'keys' : 'none';
}

function withKeys(
  plans: readonly Omit<UsagePlan, 'keys'>[],
  keys: ReadonlyMap<string, PartReading<UsagePlanKey>>,
): UsagePlan[] {
  return plans.map((plan) => ({ ...plan, keys: keys.get(plan.id)?.items ?? [] }));
}

function liveIds({ usagePlans }: History): string[] {
  return usagePlans.filter((plan) => plan.endedAt === undefined).map(({ id }) => id);
}

function sizeOf({ usagePlans }: History): { plans: number; keys: number } {
  const live = usagePlans.filter((plan) => plan.endedAt === undefined);
  const keyIds = new Set(live.flatMap(({ keys }) => keys.map(({ id }) => id)));
  return { plans: live.length, keys: keyIds.size };
}
