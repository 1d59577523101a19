/**
 * The account's usage plans as an index from API key id to customer name and, for each API stage,
 * the plan. Immutable: a refresh makes a new one.
 *
 * A key can be in several plans, but in one only for each stage of an API, so attribution needs the
 * API id, the stage and the key id together
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html).
 */

import { NO_VALUE } from './fields';

/** A usage plan with its keys, as the control plane lists it. Values of keys never come here. */
export interface UsagePlan {
  readonly id: string;
  readonly name?: string | undefined;
  readonly apiStages?: readonly ApiStage[] | undefined;
  readonly keys: readonly UsagePlanKey[];
}

export interface ApiStage {
  readonly apiId: string;
  readonly stage: string;
}

export interface UsagePlanKey {
  readonly id: string;
  readonly name?: string | undefined;
}

interface Plan {
  readonly name: string;
  /** Stage names by API id; shared by all keys of the plan. */
  readonly stages: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What the catalog knows of one API key. */
export interface CatalogKey {
  readonly customerName: string;
  readonly plans: readonly Plan[];
}

export class Catalog {
  readonly #keys: ReadonlyMap<string, CatalogKey>;
  /** How many usage plans it was made of. */
  readonly planCount: number;

  static readonly empty = new Catalog([]);

  constructor(usagePlans: readonly UsagePlan[]) {
    this.planCount = usagePlans.length;
    const keys = new Map<string, { customerName: string; plans: Plan[] }>();
    for (const usagePlan of usagePlans) {
      // The id names a plan well enough where the name is missing.
      const plan = { name: usagePlan.name || usagePlan.id, stages: stagesOf(usagePlan) };
      for (const key of usagePlan.keys) {
        const known = keys.get(key.id);
        if (known) known.plans.push(plan);
        else keys.set(key.id, { customerName: key.name || NO_VALUE, plans: [plan] });
      }
    }
    this.#keys = keys;
  }

  get keyCount(): number {
    return this.#keys.size;
  }

  /** The key with this id, undefined where no plan has it. */
  key(keyId: string): CatalogKey | undefined {
    return this.#keys.get(keyId);
  }
}

/**
 * The name of the plan that a key's requests to a stage count against; undefined where there is none.
 * API Gateway admits one plan for each key and stage: where a listing that was read during a change
 * shows two, neither is taken, since the wrong one is worse than none.
 */
export function planFor(key: CatalogKey, apiId: string, stage: string): string | undefined {
  let found: Plan | undefined;
  for (const plan of key.plans) {
    if (plan === found || !plan.stages.get(apiId)?.has(stage)) continue;
    if (found) return undefined;
    found = plan;
  }
  return found?.name;
}

function stagesOf(usagePlan: UsagePlan): Map<string, Set<string>> {
  const stages = new Map<string, Set<string>>();
  for (const { apiId, stage } of usagePlan.apiStages ?? []) {
    const names = stages.get(apiId);
    if (names) names.add(stage);
    else stages.set(apiId, new Set([stage]));
  }
  return stages;
}
