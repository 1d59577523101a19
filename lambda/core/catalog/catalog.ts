/**
 * The account's usage plans as an index from API key id to customer name and, for each API stage,
 * the plan. Immutable: a refresh makes a new one.
 *
 * A key can be in several plans, but in one only for each stage of an API, so attribution needs the
 * API id, the stage and the key id together
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html).
 * What a plan has lost stays in it for a while, see `catalog-history`.
 */

import { type Column, type Customer, type CustomerNaming, namedByKey } from './customer';

export type Tags = Readonly<Record<string, string>>;

/** A usage plan with its keys, as the control plane lists it. Values of keys never come here. */
export interface UsagePlan {
  readonly id: string;
  readonly name?: string | undefined;
  readonly apiStages?: readonly ApiStage[] | undefined;
  readonly keys: readonly UsagePlanKey[];
  readonly tags?: Tags | undefined;
  /** Keys that it has no more. */
  readonly formerKeys?: readonly FormerKey[] | undefined;
  /** Stages that it has no more. */
  readonly formerStages?: readonly FormerStage[] | undefined;
  /** Retired: the account has it no more. */
  readonly isRetired?: true | undefined;
  /** When its stages were read last, in milliseconds since 1970: the start of that reading. */
  readonly listedAt?: number | undefined;
  /** When its keys were read last, all of them; 0: not yet. */
  readonly readAt?: number | undefined;
}

export interface ApiStage {
  readonly apiId: string;
  readonly stage: string;
  /** Milliseconds since 1970: set for a while where the plan has it only since then. */
  readonly since?: number | undefined;
}

export interface UsagePlanKey {
  readonly id: string;
  readonly name?: string | undefined;
  readonly tags?: Tags | undefined;
  /** The customer's id at AWS Marketplace. */
  readonly customerId?: string | undefined;
  /** Milliseconds since 1970: set for a while where it is in the plan only since then. */
  readonly since?: number | undefined;
  /** When it was asked for by its id, where that is later than the reading of the plan's keys. */
  readonly askedAt?: number | undefined;
}

/** Requests made before `until`, in milliseconds since 1970, count against the plan. */
export interface FormerKey extends UsagePlanKey {
  readonly until: number;
}

export interface FormerStage extends ApiStage {
  readonly until: number;
}

type Stages = ReadonlyMap<string, ReadonlySet<string>>;

interface Plan {
  readonly name: string;
  /** Stage names by API id; shared by all keys of the plan. */
  readonly stages: Stages;
  readonly usagePlan: UsagePlan;
}

/** A key in a plan: one object for each pair, so what a renderer makes of it can be kept by it. */
export interface Membership {
  readonly plan: Plan;
  readonly customerName: string;
  readonly columns: readonly Column[];
  readonly since?: number | undefined;
  /** Set where the key is in the plan no more. */
  readonly until?: number | undefined;
}

/** What the catalog knows of one API key. */
export interface CatalogKey {
  /** The customer's name and the further columns of a request that counts against no plan. */
  readonly customerName: string;
  readonly columns: readonly Column[];
  /** The plans it is in. */
  readonly plans: readonly Membership[];
  /** The plans it was in. */
  readonly formerPlans: readonly Membership[];
  /** Whether a request's time can decide between plans: asked first, since nearly no key needs it. */
  readonly dependsOnTime: boolean;
}

type KeyFacts = UsagePlanKey & { readonly until?: number };

interface KeyUnderConstruction {
  facts: KeyFacts;
  readonly plans: Membership[];
  formerPlans: readonly Membership[];
  dependsOnTime: boolean;
}

const none: readonly never[] = [];
const endless = Number.POSITIVE_INFINITY;

export class Catalog {
  readonly #keys: ReadonlyMap<string, CatalogKey>;
  /** What it was made of. */
  readonly usagePlans: readonly UsagePlan[];
  /** How many usage plans the account has. */
  readonly planCount: number;
  /** What is said of a request whose key nobody knows, or that has none. */
  readonly nobody: Customer;

  static readonly empty = new Catalog([]);

  constructor(usagePlans: readonly UsagePlan[], naming: CustomerNaming = namedByKey) {
    this.usagePlans = usagePlans;
    this.planCount = usagePlans.filter((plan) => !plan.isRetired).length;
    this.nobody = naming({ id: '' });
    this.#keys = indexOf(usagePlans, naming);
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
 * is none. With the request's time it is the plan of that time, as far as the moments of change are
 * known, without it the newest one. API Gateway admits one plan for each key and stage: where a
 * listing that was read during a change shows two, neither is taken, since the wrong one is worse
 * than none.
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
    if (found && found.plan !== membership.plan) return undefined;
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

/**
 * Of the plans that the key had for the stage, each until some time or still, the one that ended
 * first after the request; where all had ended by then, the last.
 */
function membershipAt(
  key: CatalogKey,
  { apiId, stage }: ApiStage,
  requestedAt = Number.POSITIVE_INFINITY,
): Membership | undefined {
  let found: Membership | undefined;
  let foundUntil = Number.NEGATIVE_INFINITY;
  let isAmbiguous = false;
  for (const membership of [...key.plans, ...key.formerPlans]) {
    for (const until of endsOf(membership, apiId, stage)) {
      if (found && until === foundUntil) isAmbiguous ||= found.plan !== membership.plan;
      else if (!found || isBetter(until, foundUntil, requestedAt)) {
        found = membership;
        foundUntil = until;
        isAmbiguous = false;
      }
    }
  }
  return isAmbiguous ? undefined : found;
}

function isBetter(until: number, than: number, requestedAt: number): boolean {
  if (until > requestedAt && than > requestedAt) return until < than;
  return until > than;
}

/** When the stage's requests ceased to count against the plan; infinite where they still do. */
function* endsOf(
  membership: Membership,
  apiId: string,
  stage: string,
): Generator<number, void, undefined> {
  const { apiStages = none, formerStages = none } = membership.plan.usagePlan;
  for (const it of [...apiStages, ...formerStages] as (ApiStage & { until?: number })[]) {
    if (it.apiId !== apiId || it.stage !== stage) continue;
    const until = Math.min(it.until ?? endless, membership.until ?? endless);
    // The key had left before the stage came, or the other way round.
    if (until > Math.max(it.since ?? 0, membership.since ?? 0)) yield until;
  }
}

function indexOf(
  usagePlans: readonly UsagePlan[],
  naming: CustomerNaming,
): ReadonlyMap<string, CatalogKey> {
  const keys = new Map<string, KeyUnderConstruction>();
  for (const usagePlan of usagePlans) {
    // The id names a plan well enough where the name is missing.
    const plan = { name: usagePlan.name || usagePlan.id, stages: stagesOf(usagePlan), usagePlan };
    const stagesChanged = usagePlan.formerStages !== undefined && usagePlan.formerStages.length > 0;
    for (const facts of usagePlan.keys) {
      const key = keyFor(keys, facts);
      key.plans.push({ plan, ...naming(facts, usagePlan), since: facts.since });
      key.dependsOnTime ||= stagesChanged;
    }
    for (const facts of usagePlan.formerKeys ?? none) {
      const key = keyFor(keys, facts);
      const { since, until } = facts;
      key.formerPlans = [...key.formerPlans, { plan, ...naming(facts, usagePlan), since, until }];
      key.dependsOnTime = true;
    }
  }
  const index = new Map<string, CatalogKey>();
  for (const [id, { facts, ...key }] of keys) index.set(id, { ...naming(facts), ...key });
  return index;
}

/** The name that the key has now counts more than one it had, a later one more than an earlier. */
function keyFor(keys: Map<string, KeyUnderConstruction>, facts: KeyFacts): KeyUnderConstruction {
  const key = keys.get(facts.id);
  if (key) {
    if ((facts.until ?? endless) > (key.facts.until ?? endless)) key.facts = facts;
    return key;
  }
  const made = { facts, plans: [], formerPlans: none, dependsOnTime: false };
  keys.set(facts.id, made);
  return made;
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
