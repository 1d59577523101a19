/**
 * An account that changes while time passes, also between the calls of one listing, and that remembers
 * what it held when. Its clock stands still but for `pass`.
 */

import type { UsagePlan, UsagePlanKey } from '../../lambda/core/catalog/catalog';

/** What the account holds at a moment. Ids of plans are never used again. */
export interface Holding {
  readonly plans: ReadonlyMap<string, HeldPlan>;
  /** Of keys that were renamed. */
  readonly keyNames: ReadonlyMap<string, string>;
}

export interface HeldPlan {
  readonly stages: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

/** A call that changes the account, as its event tells of it. */
export interface AccountCall {
  readonly name: string;
  readonly parameters: object;
  readonly at: number;
}

export type Change =
  | { readonly kind: 'put' | 'take'; readonly keyId: string; readonly plan: number }
  | { readonly kind: 'attach' | 'detach'; readonly stage: string; readonly plan: number }
  | { readonly kind: 'replace' | 'limit'; readonly plan: number }
  | { readonly kind: 'rename'; readonly keyId: string };

export const API_ID = 'orders';
const CALL_MS = 400;

export class ChangingAccount {
  now = Date.UTC(2026, 10, 20, 10);
  /** Makes calls fail. */
  isFailing = false;
  onCall: (call: AccountCall) => void = () => {};
  readonly #moments: { readonly at: number; readonly held: Holding }[] = [];
  #due: { readonly at: number; readonly run: () => void }[] = [];
  /** The ids of the plans, each by its place. */
  readonly #planIds: string[] = [];
  #versions = 0;

  constructor(plans: readonly { readonly stages: string[]; readonly keys: string[] }[]) {
    const made = plans.map(({ stages, keys }, place) => {
      this.#planIds[place] = `p${place}`;
      return [`p${place}`, { stages: new Set(stages), keys: new Set(keys) }] as const;
    });
    this.#moments.push({ at: 0, held: { plans: new Map(made), keyNames: new Map() } });
  }

  get held(): Holding {
    return (this.#moments.at(-1) as { held: Holding }).held;
  }

  /** Whether something was so at some moment of that time. */
  was(from: number, to: number, isSo: (held: Holding) => boolean): boolean {
    return this.between(from, to).some(isSo);
  }

  between(from: number, to: number): Holding[] {
    const first = this.#moments.findLastIndex(({ at }) => at <= from);
    return this.#moments
      .slice(Math.max(0, first))
      .filter(({ at }, index) => index === 0 || at <= to)
      .map(({ held }) => held);
  }

  after(ms: number, run: () => void): void {
    this.#due.push({ at: this.now + ms, run });
  }

  /** Lets time pass, and what is due happen in it. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const [next] = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#due = this.#due.filter((it) => it !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = Math.max(this.now, end);
  }

  /** Changes what it holds, as far as API Gateway would: a key has one plan for each stage. */
  change(change: Change): void {
    if (change.kind === 'rename') return void this.#rename(change.keyId);
    const usagePlanId = this.#planIds[change.plan] ?? '';
    const plan = this.held.plans.get(usagePlanId);
    if (!plan) return;
    if (change.kind === 'take') this.#take(change.keyId, usagePlanId);
    if (change.kind === 'put') this.#put(change.keyId, usagePlanId, plan);
    if (change.kind === 'attach') this.#attach(change.stage, usagePlanId, plan);
    if (change.kind === 'detach') this.#detach(change.stage, usagePlanId, plan);
    if (change.kind === 'limit') this.#tell('UpdateUsagePlan', { usagePlanId });
    if (change.kind === 'replace') this.#replace(change.plan, usagePlanId, plan);
  }

  /** All plans; the keys of each are read by a call of their own, later than the list of plans. */
  readonly list = async ({
    knownKeys = () => undefined,
  }: {
    readonly knownKeys?: (planId: string) => UsagePlan['keys'] | undefined;
  } = {}): Promise<UsagePlan[]> => {
    const listed = await this.#call(() => [...this.held.plans]);
    const plans: UsagePlan[] = [];
    for (const [id, { stages }] of listed) {
      const known = knownKeys(id);
      const keys = known ?? (await this.#call(() => this.#keysOf(id)));
      plans.push({ ...facts(id, stages), keys });
    }
    return plans;
  };

  /** The plans of a key, and by a second call its name. */
  readonly ask = async (keyId: string): Promise<UsagePlan[]> => {
    const plans = await this.#call(() =>
      [...this.held.plans].filter(([, { keys }]) => keys.has(keyId)),
    );
    const [first] = plans;
    if (!first) return [];
    const key = await this.#call(() => this.#keysOf(first[0]).find(({ id }) => id === keyId));
    return key ? plans.map(([id, { stages }]) => ({ ...facts(id, stages), keys: [key] })) : [];
  };

  /** Looks at the account in the middle of the time that a call takes. */
  async #call<T>(answer: () => T): Promise<T> {
    await undefined;
    this.pass(CALL_MS / 2);
    if (this.isFailing) throw new Error('the account fails');
    const answered = answer();
    this.pass(CALL_MS / 2);
    return answered;
  }

  #keysOf(planId: string): UsagePlanKey[] {
    const { held } = this;
    return [...(held.plans.get(planId)?.keys ?? [])].map((id) => ({ id, name: nameOf(held, id) }));
  }

  #rename(apiKey: string): void {
    const keyNames = new Map(this.held.keyNames);
    keyNames.set(apiKey, `${apiKey}-${++this.#versions}`);
    this.#hold({ ...this.held, keyNames });
    this.#tell('UpdateApiKey', { apiKey });
  }

  #put(keyId: string, usagePlanId: string, plan: HeldPlan): void {
    if (plan.keys.has(keyId)) return;
    for (const [other, { stages }] of this.held.plans) {
      if ([...stages].some((stage) => plan.stages.has(stage))) this.#take(keyId, other);
    }
    this.#set(usagePlanId, { ...plan, keys: new Set([...plan.keys, keyId]) });
    this.#tell('CreateUsagePlanKey', { usagePlanId, keyId });
  }

  #attach(stage: string, usagePlanId: string, plan: HeldPlan): void {
    const others = [...this.held.plans.values()].filter(({ stages }) => stages.has(stage));
    // The key would have two plans for the stage.
    if (others.some(({ keys }) => [...keys].some((keyId) => plan.keys.has(keyId)))) return;
    if (plan.stages.has(stage)) return;
    this.#set(usagePlanId, { ...plan, stages: new Set([...plan.stages, stage]) });
    this.#tell('UpdateUsagePlan', { usagePlanId, ...patch('add', stage) });
  }

  #detach(stage: string, usagePlanId: string, plan: HeldPlan): void {
    if (!plan.stages.has(stage)) return;
    const stages = new Set([...plan.stages].filter((it) => it !== stage));
    this.#set(usagePlanId, { ...plan, stages });
    this.#tell('UpdateUsagePlan', { usagePlanId, ...patch('remove', stage) });
  }

  /** Deletes a plan, and makes one for the same stages that has no keys yet. */
  #replace(place: number, usagePlanId: string, { stages }: HeldPlan): void {
    const plans = new Map(this.held.plans);
    plans.delete(usagePlanId);
    this.#hold({ ...this.held, plans });
    this.#tell('DeleteUsagePlan', { usagePlanId });
    const made = `p${place}-${++this.#versions}`;
    this.#planIds[place] = made;
    this.#set(made, { stages, keys: new Set() });
    this.#tell('CreateUsagePlan', { usagePlanId: made });
  }

  #take(keyId: string, planId: string): void {
    const plan = this.held.plans.get(planId);
    if (!plan?.keys.has(keyId)) return;
    this.#set(planId, { ...plan, keys: new Set([...plan.keys].filter((it) => it !== keyId)) });
    this.#tell('DeleteUsagePlanKey', { usagePlanId: planId, keyId });
  }

  #set(planId: string, plan: HeldPlan): void {
    this.#hold({ ...this.held, plans: new Map([...this.held.plans, [planId, plan]]) });
  }

  #hold(held: Holding): void {
    this.#moments.push({ at: this.now, held });
  }

  #tell(name: string, parameters: object): void {
    this.onCall({ name, parameters, at: this.now });
  }
}

/** The plan that a key's requests to a stage count against. */
export function planHeld({ plans }: Holding, keyId: string, stage: string): string | undefined {
  const found = [...plans].find(([, { stages, keys }]) => stages.has(stage) && keys.has(keyId));
  return found?.[0];
}

export function nameOf({ keyNames }: Holding, keyId: string): string {
  return keyNames.get(keyId) ?? `Customer ${keyId}`;
}

function patch(op: 'add' | 'remove', stage: string): object {
  return { patchOperations: [{ op, path: '/apiStages', value: `${API_ID}:${stage}` }] };
}

function facts(id: string, stages: ReadonlySet<string>): Omit<UsagePlan, 'keys'> {
  return { id, apiStages: [...stages].map((stage) => ({ apiId: API_ID, stage })) };
}
