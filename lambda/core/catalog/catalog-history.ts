/**
 * What a newer listing of the usage plans makes of an older one: what is gone stays for a while, with
 * the time until which it counts.
 *
 * What is promised: a key, plan or stage that disappears stays resolvable for the grace period. A
 * request of a key that moved counts against the plan of the request's time, where the moment of the
 * move is known (from the account's events, to the second); where it is not, requests made before the
 * last reading that still showed the old plan count against the old one, and all others against the
 * newest. Names are not dated: the newest one counts for old lines too.
 *
 * Each plan carries the times of its own readings: a reading may be of some plans only, and nothing is
 * ever dated by one that did not show it.
 */

import type { ApiStage, FormerKey, FormerStage, UsagePlan, UsagePlanKey } from './catalog';

export interface ListingTimes {
  /** When the newer listing began, in milliseconds since 1970. */
  readonly at: number;
  readonly graceMs: number;
  readonly changes?: readonly Change[] | undefined;
}

/** A change of which the moment is known: of a key's place in a plan, or of a plan. */
export interface Change {
  readonly at: number;
  readonly kind: 'added' | 'removed' | 'updated';
  readonly planId: string;
  /** Undefined where the plan was updated. */
  readonly keyId?: string | undefined;
  /** What an update mentions: the stages that it is about among others, as `apiId:stage`. */
  readonly mentions?: ReadonlySet<string> | undefined;
}

/**
 * Joins a complete listing of the plans to what was known before. Plans that come with the time of an
 * earlier reading bring the keys of that reading, too.
 */
export function succeed(
  previous: readonly UsagePlan[],
  listing: readonly UsagePlan[],
  times: ListingTimes,
): UsagePlan[] {
  const older = new Map(previous.map((plan) => [plan.id, plan]));
  const plans = listing.map((plan) => succeedPlan(older.get(plan.id), plan, times));
  const listed = new Set(listing.map(({ id }) => id));
  for (const plan of previous) {
    if (listed.has(plan.id)) continue;
    const retired = retire(plan, times);
    if (retired.formerKeys?.length) plans.push(retired);
  }
  return withNewestFacts(plans, times);
}

/**
 * Joins what the account says of one key to what was known before: its plans, without the other keys
 * of theirs. No plans: the account has no such key in any.
 */
export function learnKey(
  previous: readonly UsagePlan[],
  keyId: string,
  plansOfKey: readonly UsagePlan[],
  times: ListingTimes,
): UsagePlan[] {
  const plansOfAnswer = plansOfKey.map((plan) => askedPlan(plan, times.at));
  const answered = new Map(plansOfAnswer.map((plan) => [plan.id, plan]));
  const listing = previous
    .filter((plan) => !plan.isRetired || answered.has(plan.id))
    .map((plan) => {
      const others = plan.keys.filter(({ id }) => id !== keyId);
      const answer = answered.get(plan.id);
      if (!answer) return others.length === plan.keys.length ? plan : { ...plan, keys: others };
      return { ...answer, keys: [...others, ...answer.keys], readAt: plan.readAt ?? 0 };
    });
  const known = new Set(listing.map(({ id }) => id));
  const added = plansOfAnswer
    .filter(({ id }) => !known.has(id))
    .map((plan) => ({ ...plan, readAt: 0 }));
  const retired = previous.filter((plan) => plan.isRetired && !answered.has(plan.id));
  const live = previous.filter((plan) => !retired.includes(plan));
  return [...succeed(live, [...listing, ...added], times), ...retired];
}

function askedPlan(plan: UsagePlan, askedAt: number): UsagePlan {
  return { ...plan, keys: plan.keys.map((key) => ({ ...key, askedAt })) };
}

function succeedPlan(
  older: UsagePlan | undefined,
  newer: UsagePlan,
  times: ListingTimes,
): UsagePlan {
  const { id, name, tags, listedAt = times.at, readAt = times.at } = newer;
  const keys = succession<UsagePlanKey, FormerKey>({
    olderNow: older?.keys,
    olderFormer: older?.formerKeys,
    newer: newer.keys,
    idOf: (key) => key.id,
    isAbout: (change, key) => isAboutKey(change, id, key.id),
    seenAt: older?.readAt,
    times,
  });
  const stages = succession<ApiStage, FormerStage>({
    olderNow: older?.apiStages,
    olderFormer: older?.formerStages,
    newer: newer.apiStages ?? [],
    idOf: ({ apiId, stage }) => `${apiId}/${stage}`,
    isAbout: (change, stage) => change.planId === id && isAboutStage(change, stage),
    seenAt: older?.listedAt,
    times,
  });
  return {
    id,
    name,
    tags,
    apiStages: stages.now,
    keys: keys.now,
    formerStages: stages.former,
    formerKeys: keys.former,
    listedAt,
    readAt,
  };
}

/** The plan without keys: all of them are former ones. */
function retire(plan: UsagePlan, times: ListingTimes): UsagePlan {
  const { now, former } = succession<UsagePlanKey, FormerKey>({
    olderNow: plan.keys,
    olderFormer: plan.formerKeys,
    newer: [],
    idOf: (key) => key.id,
    // That the plan went tells nothing of keys that had left it before.
    isAbout: (change, key) => isAboutKey(change, plan.id, key.id),
    seenAt: plan.readAt,
    times,
  });
  const formerStages = plan.formerStages?.filter(({ until }) => until > times.at - times.graceMs);
  return { ...plan, keys: now, formerKeys: former, formerStages, isRetired: true };
}

/** Whether an update tells when the plan got or lost the stage, and not of something else. */
export function isAboutStage({ mentions }: Change, { apiId, stage }: ApiStage): boolean {
  return mentions?.has(`${apiId}:${stage}`) === true;
}

function isAboutKey({ planId, keyId }: Change, inPlan: string, id: string): boolean {
  return keyId === id && planId === inPlan;
}

/** A name is the key's, not the plan's: plans that were not read now say what others say of the key. */
function withNewestFacts(plans: UsagePlan[], { at }: ListingTimes): UsagePlan[] {
  const newest = new Map<string, UsagePlanKey>();
  for (const { keys, readAt } of plans) {
    for (const key of keys) if (readAt === at || key.askedAt === at) newest.set(key.id, key);
  }
  const renamed = <T extends UsagePlanKey>(key: T): T => {
    const facts = newest.get(key.id);
    if (!facts) return key;
    const { name, tags, customerId } = facts;
    return { ...key, name, tags, customerId };
  };
  return plans.map((plan) => {
    const keys = plan.readAt === at ? plan.keys : plan.keys.map(renamed);
    return { ...plan, keys, formerKeys: plan.formerKeys?.map(renamed) };
  });
}

interface Dated {
  readonly since?: number | undefined;
  readonly askedAt?: number | undefined;
}

interface Succession<T, F> {
  readonly olderNow: readonly T[] | undefined;
  readonly olderFormer: readonly F[] | undefined;
  readonly newer: readonly T[];
  readonly idOf: (item: T) => string;
  readonly isAbout: (change: Change, item: T) => boolean;
  /** When the older ones were so. */
  readonly seenAt: number | undefined;
  readonly times: ListingTimes;
}

function succession<T extends Dated, F extends T & { readonly until: number }>(
  it: Succession<T, F>,
): { now: readonly T[]; former: readonly F[] | undefined } {
  const { times, idOf, seenAt = 0 } = it;
  const keptSince = times.at - times.graceMs;
  const moment = (item: T, not: Change['kind']) =>
    lastMoment(times, (change) => change.kind !== not && it.isAbout(change, item));

  const before = new Map(it.olderNow?.map((item) => [idOf(item), item]));
  const now = it.newer.map((item) => {
    const known = before.get(idOf(item));
    // What the first listing of a plan shows may always have been so.
    const isNew = it.olderNow !== undefined && !known;
    const since = isNew ? (moment(item, 'removed') ?? seenAt) : known?.since;
    return dated(item, since !== undefined && since > keptSince ? since : undefined);
  });

  const still = new Set(it.newer.map(idOf));
  const former = new Map<string, F>();
  const earlier: F[] = [];
  for (const item of it.olderFormer ?? []) {
    const later = former.get(idOf(item));
    if (later) earlier.push(later);
    former.set(idOf(item), item);
  }
  // An event that comes late tells better than the listing did when the item went. Of what had come
  // back since, it tells nothing of the first time.
  for (const [id, item] of former) {
    const until = still.has(id) || before.has(id) ? undefined : moment(item, 'added');
    if (until !== undefined && until > item.until) former.set(id, { ...item, until });
  }
  const gone = [...before.values()]
    .filter((item) => !still.has(idOf(item)))
    .map(({ askedAt = 0, ...item }) => {
      const until = moment(item as T, 'added') ?? Math.max(seenAt, askedAt, (item.since ?? 0) + 1);
      return { ...item, until } as unknown as F;
    });
  const all = [...earlier, ...former.values(), ...gone].filter(({ until }) => until > keptSince);
  return { now, former: all.length > 0 ? all : undefined };
}

function dated<T extends Dated>(item: T, since: number | undefined): T {
  if (item.since === since) return item;
  const { since: _, ...rest } = item;
  return (since === undefined ? rest : { ...rest, since }) as T;
}

function lastMoment(
  { changes = [] }: ListingTimes,
  isMeant: (change: Change) => boolean,
): number | undefined {
  const moments = changes.filter(isMeant).map(({ at }) => at);
  return moments.length > 0 ? Math.max(...moments) : undefined;
}
