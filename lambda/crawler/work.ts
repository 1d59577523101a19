/**
 * What a batch of messages makes the crawler read: the list of the plans with the keys of those that
 * changed, or everything. A key that comes to a plan takes its former plans along, so that a move is
 * seen whole.
 */

import type { Change } from '../core/catalog/catalog-history';
import type { UsagePlan } from '../core/catalog/usage-plan';
import type { AccountChange, Message } from './message';

/** Messages that a container waits for come before a sweep. */
export function inTurn<T extends { readonly message: Message }>(all: readonly T[]): T[][] {
  const isSweep = ({ message: { kind } }: T) =>
    kind === 'sweep' || kind === 'rest' || kind === 'check';
  const turns = [all.filter((it) => !isSweep(it)), all.filter(isSweep)];
  return turns.filter((it) => it.length > 0);
}

/** Which plan has which key, and had. */
export class KnownIds {
  readonly #plans = new Map<string, UsagePlan>();
  readonly #plansOfKey = new Map<string, Set<string>>();

  constructor(usagePlans: readonly UsagePlan[]) {
    for (const plan of usagePlans) {
      this.#plans.set(plan.id, plan);
      for (const { id } of plan.keys) this.#addKey(id, plan.id);
      for (const { id } of plan.formerKeys ?? []) this.#addKey(id);
    }
  }

  get live(): ReadonlyMap<string, UsagePlan> {
    return new Map([...this.#plans].filter(([, plan]) => plan.endedAt === undefined));
  }

  plan(id: string): UsagePlan | undefined {
    return this.#plans.get(id);
  }

  hasKey(id: string): boolean {
    return (this.#plansOfKey.get(id)?.size ?? 0) > 0;
  }

  /** Plans whose keys the event may have changed; undefined where it may be any. */
  plansConcerned({ event, mentions, keyId }: AccountChange): ReadonlySet<string> | undefined {
    if (event.concerns === 'all') return undefined;
    if (event.concerns === 'plans') return new Set();
    const concerned = new Set<string>();
    for (const id of mentions) {
      if (this.#plans.has(id)) concerned.add(id);
      for (const planId of this.#plansOfKey.get(id) ?? []) concerned.add(planId);
    }
    // An event about none that is known, and of an unknown shape.
    return concerned.size > 0 || keyId !== undefined ? concerned : undefined;
  }

  /** What an event changes of plans that are known. */
  changesOf(change: AccountChange): Change[] {
    const { at, event, mentions, keyId, stages } = change;
    const { dates } = event;
    const planIds = change.planId === undefined ? [...mentions] : [change.planId];
    const planId = planIds.find((id) => this.#plans.has(id));
    const key = keyId ?? [...mentions].find((id) => this.#plansOfKey.has(id));
    if (dates === 'key deleted')
      return key === undefined ? [] : [{ kind: 'deleted', at, keyId: key }];
    if (dates === undefined || planId === undefined) return [];
    const ofStages = stages.map(({ kind, stage }) => ({ kind, at, planId, stage }));
    if (dates === 'stages') return ofStages;
    if (dates === 'plan created') return [{ kind: 'created', at, planId }, ...ofStages];
    if (dates === 'plan deleted') return [{ kind: 'deleted', at, planId }];
    if (key === undefined) return [];
    return [{ kind: dates === 'key added' ? 'added' : 'removed', at, planId, keyId: key }];
  }

  #addKey(id: string, planId?: string): void {
    const plans = this.#plansOfKey.get(id) ?? new Set();
    if (planId !== undefined) plans.add(planId);
    this.#plansOfKey.set(id, plans);
  }
}
