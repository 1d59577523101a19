/**
 * An account's usage plans and what it held at every moment, kept for its own sake: it shares nothing
 * with the catalog that it is to judge. It allows what API Gateway allows: a key has one plan for each
 * stage, and a plan with stages is not deleted.
 */

import type { AccountState } from '../../emulator/usage-plans-api';

export interface ModelPlan {
  readonly id: string;
  readonly name: string;
  readonly stages: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

interface Held {
  readonly at: number;
  readonly plans: ReadonlyMap<string, ModelPlan>;
  readonly keys: ReadonlyMap<string, string>;
}

/** A call that has changed something, as CloudTrail records it. */
export interface RecordedCall {
  readonly name: string;
  readonly parameters: object;
  readonly response?: object;
  readonly at: number;
}

/** For which plan a key's requests to a stage counted, from when on. */
export interface Period {
  readonly from: number;
  readonly planId: string | undefined;
}

export const API_ID = 'orders';

export class ModelAccount {
  onCall: (call: RecordedCall) => void = () => {};
  readonly #now: () => number;
  readonly #past: Held[];
  readonly #answers = new Map<string, unknown>();
  #made = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#past = [{ at: Number.NEGATIVE_INFINITY, plans: new Map(), keys: new Map() }];
  }

  get plans(): readonly ModelPlan[] {
    return [...this.#held.plans.values()];
  }

  get keyIds(): readonly string[] {
    return [...this.#held.keys.keys()];
  }

  get #held(): Held {
    return this.#past.at(-1) as Held;
  }

  /** As the control plane answers from it. */
  get state(): AccountState {
    const { plans, keys } = this.#held;
    return {
      usagePlans: [...plans.values()].map(({ id, name, stages, keys: ofPlan }) => ({
        id,
        name,
        apiStages: [...stages].map((stage) => ({ apiId: API_ID, stage })),
        keys: [...ofPlan].map((keyId) => ({ id: keyId, name: keys.get(keyId) })),
      })),
      apiKeys: [...keys].map(([id, name]) => ({ id, name })),
    };
  }

  createPlan(...stages: string[]): string {
    const id = `plan${++this.#made}`;
    this.#setPlan({ id, name: `Name of ${id}`, stages: new Set(stages), keys: new Set() });
    const apiStages = stages.map((stage) => ({ apiId: API_ID, stage }));
    this.#tell('CreateUsagePlan', { name: `Name of ${id}`, apiStages }, { id, apiStages });
    return id;
  }

  deletePlan(id: string): boolean {
    const plan = this.#held.plans.get(id);
    if (!plan || plan.stages.size > 0) return false;
    const plans = new Map(this.#held.plans);
    plans.delete(id);
    this.#hold({ plans });
    this.#tell('DeleteUsagePlan', { usagePlanId: id });
    return true;
  }

  attach(id: string, stage: string): boolean {
    const plan = this.#held.plans.get(id);
    if (!plan || plan.stages.has(stage)) return false;
    const isTaken = this.plans.some(
      ({ stages, keys }) => stages.has(stage) && [...keys].some((key) => plan.keys.has(key)),
    );
    if (isTaken) return false;
    this.#setPlan({ ...plan, stages: new Set([...plan.stages, stage]) });
    this.#patch(id, 'add', stage);
    return true;
  }

  detach(id: string, stage: string): boolean {
    const plan = this.#held.plans.get(id);
    if (!plan?.stages.has(stage)) return false;
    this.#setPlan({ ...plan, stages: without(plan.stages, stage) });
    this.#patch(id, 'remove', stage);
    return true;
  }

  createKey(): string {
    const id = `key${++this.#made}`;
    this.#hold({ keys: new Map([...this.#held.keys, [id, `Customer ${id}`]]) });
    return id;
  }

  renameKey(id: string): void {
    if (!this.#held.keys.has(id)) return;
    const name = `Customer ${id} v${++this.#made}`;
    this.#hold({ keys: new Map([...this.#held.keys, [id, name]]) });
    this.#tell('UpdateApiKey', { apiKey: id, patchOperations: [{ op: 'replace', path: '/name' }] });
  }

  deleteKey(id: string): void {
    if (!this.#held.keys.has(id)) return;
    const keys = new Map(this.#held.keys);
    keys.delete(id);
    const plans = new Map(
      this.plans.map((plan) => [plan.id, { ...plan, keys: without(plan.keys, id) }]),
    );
    this.#hold({ keys, plans });
    this.#tell('DeleteApiKey', { apiKey: id });
  }

  put(keyId: string, planId: string): boolean {
    const plan = this.#held.plans.get(planId);
    if (!plan || plan.keys.has(keyId) || !this.#held.keys.has(keyId)) return false;
    const isTaken = this.plans.some(
      ({ stages, keys }) => keys.has(keyId) && [...stages].some((stage) => plan.stages.has(stage)),
    );
    if (isTaken) return false;
    this.#setPlan({ ...plan, keys: new Set([...plan.keys, keyId]) });
    this.#tell('CreateUsagePlanKey', { usagePlanId: planId, keyId, keyType: 'API_KEY' });
    return true;
  }

  take(keyId: string, planId: string): boolean {
    const plan = this.#held.plans.get(planId);
    if (!plan?.keys.has(keyId)) return false;
    this.#setPlan({ ...plan, keys: without(plan.keys, keyId) });
    this.#tell('DeleteUsagePlanKey', { usagePlanId: planId, keyId });
    return true;
  }

  /** A change that the catalog has nothing to do with. */
  limit(planId: string): void {
    const patch = { op: 'replace', path: '/throttle/rateLimit', value: '100' };
    const deep = { op: 'add', path: `/apiStages/${API_ID}:s1/throttle`, value: `${API_ID}:s1` };
    this.#tell('UpdateUsagePlan', { usagePlanId: planId, patchOperations: [patch, deep] });
  }

  /** The plan that a key's requests to a stage counted for, by time. */
  periods(keyId: string, stage: string): readonly Period[] {
    return this.#told(`plans ${keyId} ${stage}`, () => this.#periods(keyId, stage));
  }

  #periods(keyId: string, stage: string): readonly Period[] {
    const all: Period[] = [];
    for (const { at, plans } of this.#past) {
      const plan = [...plans.values()].find(
        ({ keys, stages }) => keys.has(keyId) && stages.has(stage),
      );
      if (all.length === 0 || all.at(-1)?.planId !== plan?.id) {
        all.push({ from: at, planId: plan?.id });
      }
    }
    return all;
  }

  /** All that was ever so, whenever: what no reading or event can contradict. */
  everHad(planId: string, keyId: string, stage: string): boolean {
    const of = (is: (plan: ModelPlan) => boolean) =>
      this.#past.some(({ plans }) => {
        const plan = plans.get(planId);
        return plan !== undefined && is(plan);
      });
    return of(({ keys }) => keys.has(keyId)) && of(({ stages }) => stages.has(stage));
  }

  /** Whether the key came to the plan, or the plan to the stage, in the time after `from`, up to `to`. */
  came(planId: string, keyId: string, stage: string, from: number, to: number): boolean {
    return this.#past.some(({ at, plans }, index) => {
      if (at <= from || at > to) return false;
      const [now, before] = [plans.get(planId), this.#past[index - 1]?.plans.get(planId)];
      const isNew = (of: (plan: ModelPlan) => boolean) =>
        now !== undefined && of(now) && !(before !== undefined && of(before));
      return isNew(({ keys }) => keys.has(keyId)) || isNew(({ stages }) => stages.has(stage));
    });
  }

  /** The names that a key had, each with the time from which on. */
  names(keyId: string): readonly { readonly from: number; readonly name: string | undefined }[] {
    const all: { from: number; name: string | undefined }[] = [];
    for (const { at, keys } of this.#past) {
      const name = keys.get(keyId);
      if (all.length === 0 || all.at(-1)?.name !== name) all.push({ from: at, name });
    }
    return all;
  }

  /** When something changed of which plans have the key, and which have the stage. */
  moments(keyId: string, stage: string): readonly number[] {
    return this.#told(`moments ${keyId} ${stage}`, () => this.#moments(keyId, stage));
  }

  #moments(keyId: string, stage: string): readonly number[] {
    const of = ({ plans }: Held) =>
      [...plans.values()]
        .filter(({ keys, stages }) => keys.has(keyId) || stages.has(stage))
        .map(({ id, keys, stages }) => `${id} ${keys.has(keyId)} ${stages.has(stage)}`)
        .join();
    return this.#past
      .filter((it, n) => n > 0 && of(it) !== of(this.#past[n - 1] as Held))
      .map(({ at }) => at);
  }

  /**
   * The names that it may be known by: the last one that it had in a plan for so long that it was read,
   * and later ones.
   */
  newestNames(keyId: string, readAfterMs: number): readonly string[] {
    const isInPlan = ({ plans, keys }: Held) =>
      keys.has(keyId) && [...plans.values()].some((plan) => plan.keys.has(keyId));
    const names = this.names(keyId).filter(({ name }) => name !== undefined);
    const wasRead = names.findLastIndex(({ from, name }, index) => {
      const until = Math.min(names[index + 1]?.from ?? Infinity, this.#now());
      const last = this.#past.findLastIndex(
        (held) => held.keys.get(keyId) === name && held.at < until && isInPlan(held),
      );
      if (last < 0) return false;
      const before = this.#past.findLastIndex((held, at) => at < last && !isInPlan(held));
      const cameAt = Math.max(from, this.#past[before + 1]?.at ?? 0);
      const leftAt = Math.min(this.#past[last + 1]?.at ?? Infinity, until);
      return leftAt - cameAt > readAfterMs;
    });
    if (wasRead < 0) return [];
    return names.slice(wasRead).flatMap(({ name }) => name ?? []);
  }

  /** When a plan was made, and when it ceased to be. */
  lifeOf(planId: string): { readonly from: number; readonly to: number } {
    const first = this.#past.findIndex(({ plans }) => plans.has(planId));
    const gone = this.#past.findIndex(({ plans }, index) => index > first && !plans.has(planId));
    return { from: this.#past[first]?.at ?? 0, to: this.#past[gone]?.at ?? Infinity };
  }

  #patch(usagePlanId: string, op: string, stage: string): void {
    const patchOperations = [{ op, path: '/apiStages', value: `${API_ID}:${stage}` }];
    const stages = [...(this.#held.plans.get(usagePlanId)?.stages ?? [])];
    const apiStages = stages.map((it) => ({ apiId: API_ID, stage: it }));
    this.#tell('UpdateUsagePlan', { usagePlanId, patchOperations }, { id: usagePlanId, apiStages });
  }

  #setPlan(plan: ModelPlan): void {
    this.#hold({ plans: new Map([...this.#held.plans, [plan.id, plan]]) });
  }

  #hold(changed: Partial<Held>): void {
    this.#past.push({ ...this.#held, ...changed, at: this.#now() });
    this.#answers.clear();
  }

  /** What was worked out stays true until the next change. */
  #told<T>(question: string, answer: () => T): T {
    if (!this.#answers.has(question)) this.#answers.set(question, answer());
    return this.#answers.get(question) as T;
  }

  #tell(name: string, parameters: object, response?: object): void {
    this.onCall({ name, parameters, ...(response ? { response } : {}), at: this.#now() });
  }
}

function without<T>(items: ReadonlySet<T>, item: T): ReadonlySet<T> {
  return new Set([...items].filter((it) => it !== item));
}
