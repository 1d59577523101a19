/**
 * What the account held and when, joined from readings and events. Each fact (a key in a
 * plan, a stage in a plan) has a timeline of its own, in which every reading and every event is a mark,
 * whenever it becomes known. Names have none: the one that was read last counts.
 *
 * What is gone stays for the grace period, which counts from when it was found to be gone.
 */

import { holdsNow, type Mark, ordered, State, stateAt, timelineOf } from './timeline';
import type { ApiStage, Fact, Former, UsagePlan, UsagePlanKey } from './usage-plan';

export interface History {
  readonly usagePlans: readonly UsagePlan[];
  /** The start of the last reading of all plans; 0: none yet. Milliseconds since 1970, as all times. */
  readonly listedAt: number;
  /** What went before is not known: the first reading, or that since the history was lost. */
  readonly knownSince: number;
  /** When keys were deleted, by their ids: what becomes known of them later ended with them. */
  readonly endedKeys?: ReadonlyMap<string, number> | undefined;
}

export const noHistory: History = { usagePlans: [], listedAt: 0, knownSince: 0 };

/** What was read of the account. What it leaves out was not read. */
export interface Reading {
  /**
   * When it began and when it had ended: what it shows was so at some moment between. Keys of plans have
   * times of their own, so that a reading of many plans is as exact as it can be for each.
   */
  readonly at: number;
  readonly by: number;
  /** All plans that there are, without keys. */
  readonly plans?: readonly Omit<UsagePlan, 'keys'>[] | undefined;
  /** All keys of some plans, by the plan's id. */
  readonly keys?: ReadonlyMap<string, PartReading<UsagePlanKey>> | undefined;
  /** Names of keys, and what else is known of them, where they were read by themselves. */
  readonly names?: ReadonlyMap<string, Omit<UsagePlanKey, 'id' | 'marks'>> | undefined;
  /** All plans that one key is in, each with this key alone. */
  readonly ofKey?: { readonly keyId: string; readonly plans: readonly UsagePlan[] } | undefined;
}

export interface PartReading<T> {
  readonly at: number;
  readonly by: number;
  readonly items: readonly T[];
}

/** What an event reports, and of what. */
export type Change =
  | {
      readonly kind: 'added' | 'removed';
      readonly at: number;
      readonly planId: string;
      readonly keyId: string;
    }
  | {
      readonly kind: 'added' | 'removed';
      readonly at: number;
      readonly planId: string;
      readonly stage: ApiStage;
    }
  | { readonly kind: 'created' | 'deleted'; readonly at: number; readonly planId: string }
  | { readonly kind: 'deleted'; readonly at: number; readonly keyId: string };

export interface JoinTimes {
  readonly now: number;
  readonly graceMs: number;
}

/**
 * Marks are kept for longer than what is gone: a line that waited for a day, as Firehose lets it, gets no
 * plan rather than one that came since.
 */
const LATE_MS = 86_400_000;

/** How many deletions of keys are remembered, the last ones. */
const MAX_ENDED_KEYS = 10_000;

export function join(
  history: History,
  reading: Reading | undefined,
  changes: readonly Change[],
  times: JoinTimes,
): History {
  const endedKeys = endedKeysOf([history], changes, times);
  const marked = momentsOf(changes, { ...history, endedKeys }, reading);
  const plans = new Map(history.usagePlans.map((plan) => [plan.id, plan]));
  const facts = reading ? factsOf(reading) : new Map<string, PlanReading>();
  for (const id of new Set([...facts.keys(), ...marked.keys()])) {
    const plan = plans.get(id) ?? newPlan(id, history, facts.get(id));
    if (plan) plans.set(id, joinPlan(plan, facts.get(id) ?? {}, marked.get(id), times));
  }
  if (reading) readWhatIsGone(plans, facts, reading, times);
  const all = [...plans.values()].map((plan) => withoutThePast(plan, times));
  const usagePlans = all.filter((plan) => isRemembered(plan, times));
  const began = history.listedAt === 0 && reading?.plans ? reading.at : history.knownSince;
  return {
    usagePlans: reading ? withNewestNames(usagePlans, reading) : usagePlans,
    listedAt: reading?.plans ? Math.max(history.listedAt, reading.at) : history.listedAt,
    knownSince: began,
    endedKeys,
  };
}

/** Undefined where there are none. */
function endedKeysOf(
  histories: readonly History[],
  changes: readonly Change[],
  { now, graceMs }: JoinTimes,
): ReadonlyMap<string, number> | undefined {
  const all = new Map(histories.flatMap(({ endedKeys = new Map() }) => [...endedKeys]));
  for (const change of changes) {
    if (change.kind === 'deleted' && 'keyId' in change) all.set(change.keyId, change.at);
  }
  const kept = [...all].filter(([, at]) => at > now - graceMs);
  // Events come in any order.
  if (kept.length > MAX_ENDED_KEYS) kept.sort(([, a], [, b]) => b - a).length = MAX_ENDED_KEYS;
  return kept.length > 0 ? new Map(kept) : undefined;
}

/**
 * Two histories of one account as one: of each plan the later reading counts, and what both know of
 * the time before.
 */
export function unite(a: History, b: History, times: JoinTimes): History {
  const [older, newer] = a.listedAt <= b.listedAt ? [a, b] : [b, a];
  const reading: Reading = { at: newer.listedAt, by: newer.listedAt, plans: [] };
  const others = new Map(older.usagePlans.map((plan) => [plan.id, plan]));
  const usagePlans = newer.usagePlans.map((plan) => {
    const other = others.get(plan.id);
    others.delete(plan.id);
    return other ? unitePlans(other, plan, times) : plan;
  });
  for (const plan of others.values()) {
    // An answer about a key may have shown a plan that was made since the list.
    const isGone = plan.endedAt === undefined && (plan.listedAt ?? 0) <= newer.listedAt;
    usagePlans.push(isGone ? retired(plan, reading, times) : plan);
  }
  const known = [a, b].filter(({ listedAt }) => listedAt > 0).map(({ knownSince }) => knownSince);
  return {
    usagePlans: usagePlans
      .map((plan) => withoutThePast(plan, times))
      .filter((plan) => isRemembered(plan, times)),
    listedAt: newer.listedAt,
    knownSince: Math.min(...(known.length > 0 ? known : [0])),
    endedKeys: endedKeysOf([older, newer], [], times),
  };
}

/** How many marks are kept: a key that moves every second for two days makes 345,600. */
export const MAX_MARKS = 400_000;

/** The history with the oldest of the past dropped where it is too much, and how many marks that was. */
export function bounded(
  history: History,
  maxMarks = MAX_MARKS,
): { readonly history: History; readonly dropped: number } {
  const times = markTimes(history.usagePlans);
  const tooMany = times.length - maxMarks;
  if (tooMany <= 0) return { history, dropped: 0 };
  const until = [...times].sort((x, y) => x - y)[tooMany - 1] as number;
  const usagePlans = history.usagePlans
    .map((plan) => mapFacts(plan, (fact) => ({ ...fact, marks: marksSince(fact.marks, until) })))
    .map((plan) => ({
      ...plan,
      formerKeys: nonEmpty(plan.formerKeys?.filter(({ marks }) => marks)),
      formerStages: nonEmpty(plan.formerStages?.filter(({ marks }) => marks)),
    }))
    .filter((plan) => plan.endedAt === undefined || plan.formerKeys);
  const dropped = times.length - markTimes(usagePlans).length;
  return { history: { ...history, usagePlans }, dropped };
}

function markTimes(usagePlans: readonly UsagePlan[]): number[] {
  return usagePlans.flatMap((plan) =>
    factsIn(plan).flatMap(({ marks = [] }) => marks.map(([, at]) => at)),
  );
}

/** What a reading has of one plan. */
interface PlanReading {
  readonly plan?: Omit<UsagePlan, 'keys'>;
  readonly stages?: FactReading<ApiStage>;
  readonly keys?: FactReading<UsagePlanKey>;
}

interface FactReading<T> extends PartReading<T> {
  /** The id of the plan that it is about, if it is about one only. */
  readonly only?: string;
}

/** Marks by what they are about: keys, and stages as `apiId/stage`. */
interface PlanMoments {
  readonly keys: Map<string, Marked<UsagePlanKey>>;
  readonly stages: Map<string, Marked<ApiStage>>;
  createdAt?: number;
  endedAt?: number;
}

interface Marked<T extends Fact> {
  /** What to keep of it where nothing else is known. */
  readonly item: Former<T>;
  readonly marks: Mark[];
}

function factsOf({ at, by, plans = [], keys = new Map(), ofKey }: Reading) {
  const facts = new Map<string, PlanReading>();
  const add = (id: string, reading: PlanReading) => facts.set(id, { ...facts.get(id), ...reading });
  for (const plan of [...plans, ...(ofKey?.plans ?? [])]) {
    add(plan.id, { plan, stages: { at, by, items: plan.apiStages ?? [] } });
  }
  for (const [id, ofPlan] of keys) add(id, { keys: ofPlan });
  for (const plan of ofKey?.plans ?? []) {
    add(plan.id, { keys: { at, by, items: plan.keys, only: ofKey?.keyId ?? '' } });
  }
  return facts;
}

/** Plans that a list of all does not have; a key's place in plans that an answer does not have. */
function readWhatIsGone(
  plans: Map<string, UsagePlan>,
  facts: ReadonlyMap<string, PlanReading>,
  reading: Reading,
  times: JoinTimes,
): void {
  const { at, by, ofKey } = reading;
  for (const [id, plan] of plans) {
    const isListed = !reading.plans || facts.get(id)?.plan || at < (plan.listedAt ?? 0);
    if (!isListed && plan.endedAt === undefined) plans.set(id, retired(plan, reading, times));
    if (ofKey && !facts.has(id) && plan.keys.some((key) => key.id === ofKey.keyId)) {
      const keys = { at, by, items: [], only: ofKey.keyId };
      plans.set(id, joinPlan(plan, { keys }, undefined, times));
    }
  }
}

function newPlan(id: string, history: History, facts?: PlanReading): UsagePlan | undefined {
  // An event alone does not have enough of a plan.
  if (!facts?.plan) return undefined;
  return {
    id,
    keys: [],
    apiStages: [],
    ...(history.listedAt > 0 ? { absentAt: history.listedAt } : {}),
  };
}

function joinPlan(
  plan: UsagePlan,
  { plan: read, stages, keys }: PlanReading,
  marked: PlanMoments | undefined,
  times: JoinTimes,
): UsagePlan {
  const { listedAt = 0, readAt = 0 } = plan;
  const absentAt = Math.max(plan.absentAt ?? 0, marked?.createdAt ?? 0);
  const isNewer = stages !== undefined && stages.at >= listedAt;
  const isShown = isNewer && read !== undefined && stages.at > (plan.endedAt ?? 0);
  const endedAt = isShown ? undefined : earliest(plan.endedAt, marked?.endedAt);
  const end =
    endedAt === undefined ? undefined : { at: endedAt, isTold: marked?.endedAt !== undefined };
  const joinedStages = joinFacts<ApiStage>({
    held: plan.apiStages,
    former: plan.formerStages,
    idOf: stageId,
    reading: stages,
    marked: marked?.stages,
    confirmedAt: listedAt,
    absentAt,
    end,
    times,
  });
  const joinedKeys = joinFacts<UsagePlanKey>({
    held: plan.keys,
    former: plan.formerKeys,
    idOf: ({ id }) => id,
    reading: keys,
    marked: marked?.keys,
    confirmedAt: readAt,
    absentAt,
    end,
    times,
  });
  const names = isNewer && read ? read : plan;
  return {
    id: plan.id,
    name: names.name,
    tags: names.tags,
    apiStages: joinedStages.held,
    keys: joinedKeys.held,
    formerStages: joinedStages.former,
    formerKeys: joinedKeys.former,
    endedAt,
    listedAt: Math.max(listedAt, stages?.at ?? 0),
    readAt: keys && keys.only === undefined ? Math.max(readAt, keys.at) : readAt,
    ...(absentAt > 0 ? { absentAt } : {}),
  };
}

function retired(plan: UsagePlan, { at, by }: Reading, times: JoinTimes): UsagePlan {
  const nothing = { at, by, items: [] };
  const gone = joinPlan(plan, { stages: nothing, keys: nothing }, undefined, times);
  // What an event has only just added went with the plan, too.
  return joinPlan({ ...gone, endedAt: by }, {}, undefined, times);
}

interface Joined<T extends Fact> {
  readonly held: readonly T[] | undefined;
  readonly former: readonly Former<T>[] | undefined;
  readonly idOf: (item: T) => string;
  readonly reading: FactReading<T> | undefined;
  readonly marked: ReadonlyMap<string, Marked<T>> | undefined;
  /** The last reading of the plan: it agreed with all that has no later mark. 0: there was none. */
  readonly confirmedAt: number;
  readonly absentAt: number;
  /** The plan's: what it had ended with it. */
  readonly end: { readonly at: number; readonly isTold: boolean } | undefined;
  readonly times: JoinTimes;
}

interface Known<T extends Fact> {
  readonly item: Former<T>;
  readonly isHeld: boolean;
}

interface Held<T extends Fact> {
  readonly held: readonly T[];
  readonly former: readonly Former<T>[] | undefined;
}

const noMarks: readonly Mark[] = [];

function joinFacts<T extends Fact>(it: Joined<T>): Held<T> {
  const { reading, marked, idOf, confirmedAt, end } = it;
  const wasHeld = it.held ?? [];
  const isEnding = end !== undefined && (end.isTold || wasHeld.length > 0);
  if (!reading && !isEnding && !marked?.size) return { held: wasHeld, former: it.former };
  const held: T[] = [];
  const former: Former<T>[] = [];
  const known = new Map<string, Known<T>>();
  const isConcerned = (id: string) =>
    isEnding || marked?.has(id) || (reading && (reading.only === undefined || reading.only === id));
  for (const item of it.former ?? []) {
    if (isConcerned(idOf(item))) known.set(idOf(item), { item, isHeld: false });
    else former.push(item);
  }
  for (const item of wasHeld) {
    if (isConcerned(idOf(item))) known.set(idOf(item), { item, isHeld: true });
    else held.push(item);
  }
  const shown = new Map((reading?.items ?? []).map((item) => [idOf(item), item]));
  const isNewest = reading !== undefined && reading.at >= confirmedAt;

  for (const id of new Set([...known.keys(), ...shown.keys(), ...(marked?.keys() ?? [])])) {
    const before = known.get(id);
    const moments = marked?.get(id);
    const now = shown.get(id);
    const isRead = reading?.only === undefined || reading.only === id;
    const marks = joinMarks(before, moments?.marks ?? noMarks, isRead ? reading : undefined, {
      ...it,
      isShown: now !== undefined,
    });
    const isChanged = !before || marks !== (before.item.marks ?? noMarks);
    if (!isChanged && !now) {
      if (before.isHeld) held.push(before.item);
      else former.push(before.item);
      continue;
    }
    const item = (isNewest ? now : undefined) ?? before?.item ?? now ?? moments?.item;
    if (!item) continue;
    const { marks: _, goneAt: __, ...rest } = { goneAt: undefined, ...before?.item, ...item };
    const fact = { ...rest, ...(marks.length > 0 ? { marks } : {}) } as unknown as T;
    if (isChanged ? holds(marks, before) : before.isHeld) held.push(fact);
    else {
      // Known from events alone: a late event may be about what is over.
      const toldAt = before || now ? undefined : moments?.marks.at(-1)?.[1];
      const isGoneAnew = isChanged && endOf(marks) > endOf(before?.item.marks);
      const knownAt = isGoneAnew ? undefined : before?.item.goneAt;
      const foundAt = knownAt ?? moments?.item.goneAt ?? toldAt ?? it.times.now;
      former.push({ ...fact, goneAt: foundAt });
    }
  }
  return { held, former: nonEmpty(former) };
}

/** The same as before where nothing new was found. */
function joinMarks<T extends Fact>(
  before: Known<T> | undefined,
  moments: readonly Mark[],
  reading: FactReading<T> | undefined,
  it: Pick<Joined<T>, 'confirmedAt' | 'absentAt' | 'end'> & { readonly isShown: boolean },
): readonly Mark[] {
  const { confirmedAt, absentAt, end, isShown } = it;
  const confirmed = { isHeld: before?.isHeld ?? false, confirmedAt };
  const known = before ? (before.item.marks ?? noMarks) : lackedBefore(moments, it);
  let marks = withMarks(known, moments, confirmed);
  if (reading) {
    // An answer about one key is no reading of the whole plan: it is kept as a mark.
    const isAnswer = reading.only !== undefined;
    if (before || marks.length > 0) {
      const isNews = isAnswer || !isKnown(marks, reading, isShown);
      if (isNews) marks = withMarks(marks, [shownBy(reading, isShown)], confirmed);
    } else {
      const lackedAt = Math.max(confirmedAt, absentAt);
      const isNew = lackedAt > 0 && lackedAt < reading.at;
      if (isNew) marks = [['lacked', lackedAt, lackedAt], shownBy(reading, true)];
      else if (isAnswer) marks = [shownBy(reading, true)];
    }
  }
  const isEnding = end && (end.isTold || !before || holds(marks, before));
  return isEnding ? withMarks(marks, [['ended', end.at]], confirmed) : marks;
}

/** A fact that was not known did not hold when the plan was read; where an event has its end, it began unseen since. */
function lackedBefore<T extends Fact>(
  moments: readonly Mark[],
  { confirmedAt, absentAt }: Pick<Joined<T>, 'confirmedAt' | 'absentAt'>,
): readonly Mark[] {
  if (moments.length === 0) return noMarks;
  const all = ordered(moments);
  const lackedAt = Math.max(0, ...[confirmedAt, absentAt].filter((at) => at < timeOf(all[0])));
  const isSaid = lackedAt === 0 && stateAt(timelineOf(all), 0) === State.no;
  return isSaid ? noMarks : [['lacked', lackedAt, lackedAt]];
}

function holds<T extends Fact>(marks: readonly Mark[], before: Known<T> | undefined): boolean {
  return marks.length > 0 ? holdsNow(timelineOf(marks)) : (before?.isHeld ?? true);
}

/** When what is gone had ended for the last time. */
function endOf(marks: readonly Mark[] = []): number {
  return timelineOf(marks).from.at(-1) as number;
}

/**
 * The marks of a reading. Where the new marks alone would show something else, what the last reading showed
 * becomes a mark, too.
 */
function withMarks(
  known: readonly Mark[],
  added: readonly Mark[],
  { isHeld, confirmedAt }: { readonly isHeld: boolean; readonly confirmedAt: number },
): readonly Mark[] {
  if (added.length === 0) return known;
  const marks = ordered([...known, ...added]);
  if (confirmedAt === 0) return marks;
  const shown = known.length > 0 ? stateAt(timelineOf(known), confirmedAt) : stateOf(isHeld);
  const isCertain = shown === State.held || shown === State.no;
  if (!isCertain || stateAt(timelineOf(marks), confirmedAt) === shown) return marks;
  return ordered([...marks, [shown === State.held ? 'seen' : 'lacked', confirmedAt, confirmedAt]]);
}

/** Whether a reading shows what is known of its time already: it is no mark then. */
function isKnown<T>(marks: readonly Mark[], { at, by }: FactReading<T>, isShown: boolean): boolean {
  const timeline = timelineOf(marks);
  const state = stateOf(isShown);
  return stateAt(timeline, at) === state && stateAt(timeline, by) === state;
}

function stateOf(isHeld: boolean): State {
  return isHeld ? State.held : State.no;
}

function shownBy<T>({ at, by }: FactReading<T>, isShown: boolean): Mark {
  return [isShown ? 'seen' : 'lacked', at, by];
}

/** By plan. A deletion ends what the plan, or the key, had. */
function momentsOf(
  changes: readonly Change[],
  { usagePlans, endedKeys }: History,
  reading: Reading | undefined,
): ReadonlyMap<string, PlanMoments> {
  if (changes.length === 0) return new Map();
  const marked = new Map<string, PlanMoments>();
  const named = new Set(changes.flatMap((change) => ('keyId' in change ? [change.keyId] : [])));
  const keys = keysIn(usagePlans, named);
  const itemOf = (id: string): UsagePlanKey => keys.get(id) ?? { id };
  for (const change of changes) {
    const { at, kind } = change;
    if (kind === 'deleted') continue;
    const moments = momentsFor(marked, change.planId);
    if ('stage' in change)
      addMark(moments.stages, stageId(change.stage), change.stage, [change.kind, at]);
    else if ('keyId' in change)
      addMark(moments.keys, change.keyId, itemOf(change.keyId), [change.kind, at]);
    else moments.createdAt = Math.max(moments.createdAt ?? 0, at);
  }
  const deleted = changes.filter((change) => change.kind === 'deleted');
  const plansOf = deleted.length > 0 ? plansByKey(usagePlans, reading, marked) : undefined;
  for (const change of deleted) {
    const ended: Mark = ['ended', change.at];
    if ('keyId' in change) {
      for (const planId of plansOf?.get(change.keyId) ?? []) {
        addMark(momentsFor(marked, planId).keys, change.keyId, itemOf(change.keyId), ended);
      }
      continue;
    }
    const moments = momentsFor(marked, change.planId);
    moments.endedAt = earliest(moments.endedAt, change.at);
  }
  for (const { keys: ofPlan } of endedKeys ? marked.values() : []) {
    for (const [id, { marks }] of ofPlan) {
      const endedAt = endedKeys?.get(id);
      if (endedAt !== undefined) marks.push(['ended', endedAt]);
    }
  }
  return marked;
}

/** Keys with these ids, without what is known of their places in plans. */
function keysIn(
  usagePlans: readonly UsagePlan[],
  ids: ReadonlySet<string>,
): ReadonlyMap<string, UsagePlanKey> {
  const known = new Map<string, UsagePlanKey>();
  const add = ({ id, name, tags, customerId }: UsagePlanKey) => {
    if (ids.has(id)) known.set(id, { id, name, tags, customerId });
  };
  for (const { formerKeys = [] } of usagePlans) formerKeys.forEach(add);
  for (const { keys } of usagePlans) keys.forEach(add);
  return known;
}

function momentsFor(marked: Map<string, PlanMoments>, planId: string): PlanMoments {
  const moments = marked.get(planId) ?? { keys: new Map(), stages: new Map() };
  marked.set(planId, moments);
  return moments;
}

function addMark<T extends Fact>(
  marked: Map<string, Marked<T>>,
  id: string,
  item: T,
  mark: Mark,
): void {
  const known = marked.get(id);
  if (known) known.marks.push(mark);
  else marked.set(id, { item, marks: [mark] });
}

function plansByKey(
  usagePlans: readonly UsagePlan[],
  reading: Reading | undefined,
  marked: ReadonlyMap<string, PlanMoments>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const plansOf = new Map<string, Set<string>>();
  const add = (planId: string, keyIds: Iterable<string>) => {
    for (const id of keyIds) plansOf.set(id, (plansOf.get(id) ?? new Set()).add(planId));
  };
  const idsOf = (keys: readonly UsagePlanKey[]) => keys.map(({ id }) => id);
  for (const { id, keys, formerKeys = [] } of usagePlans) add(id, idsOf([...keys, ...formerKeys]));
  for (const [id, { items }] of reading?.keys ?? []) add(id, idsOf(items));
  for (const [id, { keys }] of marked) add(id, keys.keys());
  return plansOf;
}

function unitePlans(a: UsagePlan, b: UsagePlan, times: JoinTimes): UsagePlan {
  const [older, newer] = (a.readAt ?? 0) <= (b.readAt ?? 0) ? [a, b] : [b, a];
  const { listedAt = 0, readAt = 0 } = newer;
  const marked: PlanMoments = { keys: new Map(), stages: new Map() };
  for (const item of [...newer.keys, ...(newer.formerKeys ?? [])]) {
    if (item.marks) marked.keys.set(item.id, { item, marks: [...item.marks] });
  }
  for (const item of [...(newer.apiStages ?? []), ...(newer.formerStages ?? [])]) {
    if (item.marks) marked.stages.set(stageId(item), { item, marks: [...item.marks] });
  }
  const isListedLater = listedAt >= (older.listedAt ?? 0);
  const united = joinPlan(
    older,
    {
      ...(isListedLater
        ? { plan: newer, stages: { at: listedAt, by: listedAt, items: newer.apiStages ?? [] } }
        : {}),
      ...(readAt > 0 ? { keys: { at: readAt, by: readAt, items: newer.keys } } : {}),
    },
    marked,
    times,
  );
  return { ...united, endedAt: (isListedLater ? newer : older).endedAt };
}

/** Marks of changes that were found too long ago do not count any more, and what went then is gone. */
function withoutThePast(plan: UsagePlan, { now, graceMs }: JoinTimes): UsagePlan {
  const keptSince = now - graceMs;
  const isKept = ({ goneAt = 0 }: Former<Fact>) => goneAt > keptSince;
  const formerKeys = nonEmpty(plan.formerKeys?.filter(isKept));
  const formerStages = nonEmpty(plan.formerStages?.filter(isKept));
  const { absentAt, ...rest } = plan;
  const until = keptSince - LATE_MS;
  return mapFacts(
    { ...rest, formerKeys, formerStages, ...(absentAt && absentAt > until ? { absentAt } : {}) },
    (fact) => {
      const marks = marksSince(fact.marks, until, 'goneAt' in fact ? 2 : 0);
      return marks === fact.marks ? fact : { ...fact, marks };
    },
  );
}

/** A plan that has ended may have had keys and stages whose events have not come yet. */
function isRemembered({ endedAt, formerKeys }: UsagePlan, { now, graceMs }: JoinTimes): boolean {
  return endedAt === undefined || formerKeys !== undefined || endedAt > now - graceMs;
}

/** A mark counts for as long as the one after it does. */
function marksSince(
  marks: readonly Mark[] | undefined,
  until: number,
  atLeast = 0,
): readonly Mark[] | undefined {
  if (!marks || timeOf(marks[0]) > until) return marks;
  let first = 0;
  while (first < marks.length - atLeast && timeOf(marks[first + 1] ?? marks[first]) <= until) {
    first++;
  }
  return first === 0 ? marks : nonEmpty(marks.slice(first));
}

function timeOf(mark: Mark | undefined): number {
  return mark?.[1] ?? 0;
}

function factsIn(plan: UsagePlan): Fact[] {
  const { keys, apiStages = [], formerKeys = [], formerStages = [] } = plan;
  return [...keys, ...apiStages, ...formerKeys, ...formerStages];
}

/** Most have nothing to map: those stay the objects that they are. */
function mapFacts(plan: UsagePlan, map: <T extends Fact>(fact: T) => T): UsagePlan {
  const all = <T extends Fact>(facts: readonly T[] | undefined): readonly T[] | undefined =>
    facts?.some(({ marks }) => marks)
      ? facts.map((fact) => (fact.marks ? map(fact) : fact))
      : facts;
  return {
    ...plan,
    keys: all(plan.keys) ?? [],
    apiStages: all(plan.apiStages),
    formerKeys: all(plan.formerKeys),
    formerStages: all(plan.formerStages),
  };
}

/** A name is the key's, not the plan's: plans that were not read now take it from those that were. */
function withNewestNames(plans: readonly UsagePlan[], reading: Reading): UsagePlan[] {
  const newest = new Map<string, Omit<UsagePlanKey, 'id'>>(reading.names);
  const readAt = new Map<string, number>();
  const read = ({ at, items }: Omit<PartReading<UsagePlanKey>, 'by'>) => {
    for (const key of items) {
      newest.set(key.id, key);
      readAt.set(key.id, at);
    }
  };
  for (const { keys } of reading.ofKey?.plans ?? []) read({ at: reading.at, items: keys });
  for (const ofPlan of reading.keys?.values() ?? []) read(ofPlan);
  if (newest.size === 0) return [...plans];
  // What was read later knows better.
  for (const { readAt: planReadAt = 0, keys } of plans) {
    if (planReadAt <= reading.at) continue;
    for (const { id } of keys) if ((readAt.get(id) ?? reading.at) < planReadAt) newest.delete(id);
  }
  const rename = <T extends UsagePlanKey>(keys: readonly T[]): readonly T[] =>
    keys.some((key) => hasOtherName(key, newest.get(key.id)))
      ? keys.map((key) => {
          const facts = newest.get(key.id);
          if (!facts || !hasOtherName(key, facts)) return key;
          const { name, tags, customerId } = facts;
          return { ...key, name, tags, customerId };
        })
      : keys;
  return plans.map((plan) => ({
    ...plan,
    keys: rename(plan.keys),
    formerKeys: plan.formerKeys && rename(plan.formerKeys),
  }));
}

function hasOtherName(a: UsagePlanKey, b: Omit<UsagePlanKey, 'id'> | undefined): boolean {
  if (!b || a === b) return false;
  if (a.name !== b.name || a.customerId !== b.customerId) return true;
  return a.tags !== b.tags && JSON.stringify(a.tags ?? {}) !== JSON.stringify(b.tags ?? {});
}

function stageId({ apiId, stage }: ApiStage): string {
  return `${apiId}/${stage}`;
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function nonEmpty<T>(items: readonly T[] | undefined): readonly T[] | undefined {
  return items && items.length > 0 ? items : undefined;
}
