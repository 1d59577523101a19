/**
 * The account's usage plans as an index from API key id to customer name and, for each API stage,
 * the plan. Immutable: a refresh makes a new one.
 *
 * A key can be in several plans, but in one only for each stage of an API, so attribution needs the
 * API id, the stage and the key id together
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html).
 * What a plan has lost stays in it for a while, see `catalog-history`.
 */

import { type Customer, type CustomerColumn, type CustomerNaming, namedByKey } from './customer';
import {
  always,
  both,
  CLOCK_MARGIN_MS,
  holdsNow,
  indexAt,
  State,
  type Timeline,
  timelineOf,
} from './timeline';
import type { ApiStage, Fact, Former, UsagePlan, UsagePlanKey } from './usage-plan';

type Stages = ReadonlyMap<string, ReadonlySet<string>>;

interface Plan {
  readonly id: string;
  readonly name: string;
  /** Stage names by API id; shared by all keys of the plan. */
  readonly stages: Stages;
  /** When it had which stage, by `apiId/stage`; made when it is asked for. */
  readonly stageTimes: () => ReadonlyMap<string, Timeline>;
}

/** A key in a plan: one object for each pair, so what a renderer makes of it can be kept by it. */
export interface Membership {
  readonly plan: Plan;
  readonly customerName: string;
  readonly columns: readonly CustomerColumn[];
  /** When the stage's requests with the key counted against the plan; undefined: never. */
  readonly countsAt: (stage: ApiStage) => Timeline | undefined;
}

/** What the catalog knows of one API key. */
export interface CatalogKey {
  /** The customer's name and the further columns of a request that counts against no plan. */
  readonly customerName: string;
  readonly columns: readonly CustomerColumn[];
  /** The plans it is in. */
  readonly plans: readonly Membership[];
  /** The plans it was in. */
  readonly formerPlans: readonly Membership[];
  /** Whether a request's time can decide between plans: asked first, since nearly no key needs it. */
  readonly dependsOnTime: boolean;
  /** What held by then may be forgotten. */
  readonly forgottenUntil: number;
}

interface KeyUnderConstruction {
  facts: Former<UsagePlanKey>;
  isHeld: boolean;
  readonly plans: Membership[];
  readonly formerPlans: Membership[];
  dependsOnTime: boolean;
}

export class Catalog {
  readonly #keys: ReadonlyMap<string, CatalogKey>;
  /** What it was made of. */
  readonly usagePlans: readonly UsagePlan[];
  /** How many usage plans the account has. */
  readonly planCount: number;
  /** For a request without a key, or with a key that the catalog does not have. */
  readonly noCustomer: Customer;

  static readonly empty = new Catalog([]);

  /** What had ended until `forgottenUntil` is past its grace period; milliseconds since 1970. */
  constructor(
    usagePlans: readonly UsagePlan[],
    naming: CustomerNaming = namedByKey,
    forgottenUntil = Number.NEGATIVE_INFINITY,
  ) {
    this.usagePlans = usagePlans;
    const live = usagePlans.filter((plan) => plan.endedAt === undefined);
    this.planCount = new Set(live.map(({ id }) => id)).size;
    this.noCustomer = naming({ id: '' });
    this.#keys = indexOf(usagePlans, naming, forgottenUntil);
  }

  get keyCount(): number {
    return this.#keys.size;
  }

  /** The key with this id, undefined where no plan has or had it. */
  key(keyId: string): CatalogKey | undefined {
    return this.#keys.get(keyId);
  }
}

/**
 * The key's membership in the plan that its requests to a stage count against, undefined where there
 * is none. With the request's time it is the plan of that time, without it that of now. API Gateway
 * admits one plan for each key and stage: where two seem to hold at once, neither is taken, since the
 * wrong one is worse than none.
 */
export function membershipFor(
  key: CatalogKey,
  apiId: string,
  stage: string,
  requestedAt?: number,
): Membership | undefined {
  if (key.dependsOnTime) return membershipAt(key, { apiId, stage }, requestedAt);
  let found: Membership | undefined;
  for (const membership of key.plans) {
    if (!membership.plan.stages.get(apiId)?.has(stage)) continue;
    if (found && found.plan.id !== membership.plan.id) return undefined;
    found = membership;
  }
  return found;
}

/** The name of the plan that a key's requests to a stage count against. */
export function planFor(
  key: CatalogKey,
  apiId: string,
  stage: string,
  requestedAt?: number,
): string | undefined {
  return membershipFor(key, apiId, stage, requestedAt)?.plan.name;
}

/** How well a plan answers for a moment: the higher state first, of equals the higher rank. */
interface Claim {
  readonly state: State;
  readonly rank: number;
  readonly membership: Membership;
  /** Another plan that held at the moment may be forgotten: then no plan is known to have held. */
  readonly isExpired: boolean;
}

/**
 * The one that certainly held at the time, or perhaps had begun or not yet ended; where none did, the
 * one that had ended last by then.
 */
function membershipAt(
  key: CatalogKey,
  stage: ApiStage,
  requestedAt = Number.POSITIVE_INFINITY,
): Membership | undefined {
  let best: Claim | undefined;
  let isAmbiguous = false;
  for (const membership of [...key.plans, ...key.formerPlans]) {
    const timeline = membership.countsAt(stage);
    const claim =
      timeline && claimOf(membership, timeline, { at: requestedAt, until: key.forgottenUntil });
    if (!claim) continue;
    if (best && claim.state === best.state && claim.rank === best.rank) {
      isAmbiguous ||= best.membership.plan.id !== claim.membership.plan.id;
    } else if (!best || isBetter(claim, best)) {
      best = claim;
      isAmbiguous = false;
    }
  }
  return isAmbiguous || best?.isExpired ? undefined : best?.membership;
}

function isBetter(a: Claim, b: Claim): boolean {
  return a.state === b.state ? a.rank > b.rank : a.state > b.state;
}

function claimOf(
  membership: Membership,
  timeline: Timeline,
  { at, until }: { readonly at: number; readonly until: number },
): Claim | undefined {
  const { from, states } = timeline;
  const index = indexAt(timeline, at);
  const state = states[index] as State;
  const next = from[index + 1] ?? Number.POSITIVE_INFINITY;
  // What ended, or was seen, earlier counts as begun earlier: the other's beginning may not be known.
  if (state === State.held) return { state, rank: -next, membership, isExpired: false };
  if (state === State.no) {
    const endedAt = lastEndBefore(timeline, index);
    if (endedAt === undefined) return undefined;
    return { state, rank: endedAt, membership, isExpired: endedAt + CLOCK_MARGIN_MS <= until };
  }
  // What was found to be gone is kept for the grace period, and so are lines of before.
  const isEnding = state === State.perhapsStill && index + 2 === from.length;
  const isGone = (isEnding || state === State.presumed) && !holdsNow(timeline);
  const rank = state === State.perhapsAlready ? -next : (from[index] as number);
  return { state, rank, membership, isExpired: at <= until && !isGone };
}

/** When what had certainly begun had ended for the last time; undefined where nothing had. */
function lastEndBefore({ from, states }: Timeline, index: number): number | undefined {
  let begun = index - 1;
  while (states[begun] === State.no || states[begun] === State.perhapsAlready) begun--;
  return begun < 0 ? undefined : from[begun + 1];
}

function indexOf(
  usagePlans: readonly UsagePlan[],
  naming: CustomerNaming,
  forgottenUntil: number,
): ReadonlyMap<string, CatalogKey> {
  const keys = new Map<string, KeyUnderConstruction>();
  for (const usagePlan of usagePlans) {
    const { apiStages = [], formerStages = [], keys: held, formerKeys = [] } = usagePlan;
    const plan = planOf(usagePlan);
    const stagesChanged = formerStages.length > 0 || apiStages.some(({ marks }) => marks);
    const add = (facts: Former<UsagePlanKey>, isHeld: boolean) => {
      const key = keyFor(keys, facts, isHeld);
      const { customerName, columns } = naming(facts, usagePlan);
      const membership = { plan, customerName, columns, countsAt: timesOf(plan, facts) };
      (isHeld ? key.plans : key.formerPlans).push(membership);
      key.dependsOnTime ||= stagesChanged || !isHeld || facts.marks !== undefined;
    };
    for (const facts of held) add(facts, true);
    for (const facts of formerKeys) add(facts, false);
  }
  const index = new Map<string, CatalogKey>();
  for (const [id, { facts, plans, formerPlans, dependsOnTime }] of keys) {
    const { customerName, columns } = naming(facts);
    index.set(id, { customerName, columns, plans, formerPlans, dependsOnTime, forgottenUntil });
  }
  return index;
}

function planOf(usagePlan: UsagePlan): Plan {
  const { id, name, apiStages = [], formerStages = [] } = usagePlan;
  let times: ReadonlyMap<string, Timeline> | undefined;
  return {
    id,
    // The id names a plan well enough where the name is missing.
    name: name || id,
    stages: stagesOf(usagePlan),
    stageTimes: () => {
      times ??= new Map(
        [...formerStages, ...apiStages].map((it) => [`${it.apiId}/${it.stage}`, timeOf(it)]),
      );
      return times;
    },
  };
}

/** Both the key and the stage have to be in the plan. */
function timesOf(plan: Plan, facts: Fact): Membership['countsAt'] {
  let known: Map<string, Timeline | undefined> | undefined;
  return ({ apiId, stage }) => {
    const id = `${apiId}/${stage}`;
    known ??= new Map();
    if (known.has(id)) return known.get(id);
    const ofStage = plan.stageTimes().get(id);
    const times = ofStage && both(timeOf(facts), ofStage);
    known.set(id, times);
    return times;
  };
}

function timeOf({ marks }: Fact): Timeline {
  return marks ? timelineOf(marks) : always;
}

/** The name that the key has now counts more than one it had, a later one more than an earlier. */
function keyFor(
  keys: Map<string, KeyUnderConstruction>,
  facts: Former<UsagePlanKey>,
  isHeld: boolean,
): KeyUnderConstruction {
  const key = keys.get(facts.id);
  if (!key) {
    const made = { facts, isHeld, plans: [], formerPlans: [], dependsOnTime: false };
    keys.set(facts.id, made);
    return made;
  }
  const isLater = isHeld
    ? !key.isHeld
    : !key.isHeld && (facts.goneAt ?? 0) > (key.facts.goneAt ?? 0);
  if (isLater) Object.assign(key, { facts, isHeld });
  return key;
}

function stagesOf(usagePlan: UsagePlan): Stages {
  const stages = new Map<string, Set<string>>();
  for (const { apiId, stage } of usagePlan.apiStages ?? []) {
    const names = stages.get(apiId);
    if (names) names.add(stage);
    else stages.set(apiId, new Set([stage]));
  }
  return stages;
}
