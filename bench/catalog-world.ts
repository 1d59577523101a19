/** An account of plans that are all alike, in a simulation. */

import type { AccountPlan } from '../emulator/usage-plans-api';
import type { VirtualTime } from './catalog-virtual-time';
import { SimulatedAws } from './simulated-aws';

export interface WorldOptions {
  readonly plans: number;
  readonly keysPerPlan: number;
  readonly isShared: boolean;
  /** The time from a change to its event; undefined: the account has no trail. */
  readonly eventDelayMs?: number;
}

export class World extends SimulatedAws {
  readonly usagePlans: AccountPlan[];
  readonly #time: VirtualTime;
  readonly #options: WorldOptions;

  constructor(time: VirtualTime, options: WorldOptions) {
    const usagePlans = Array.from({ length: options.plans }, (_, plan) => ({
      id: `plan${plan}`,
      name: `Plan ${plan}`,
      apiStages: [{ apiId: 'orders', stage: 'prod' }],
      keys: Array.from({ length: options.keysPerPlan }, (_, key) => ({
        id: `key${plan}x${key}`,
        name: `Customer ${plan} ${key}`,
      })),
    }));
    super(time, { state: () => ({ usagePlans, apiKeys: [] }), isShared: options.isShared });
    this.usagePlans = usagePlans;
    this.#time = time;
    this.#options = options;
  }

  /** Adds a key to a plan, as CreateUsagePlanKey does, or takes it out. */
  change(kind: 'Create' | 'Delete', planId: string, keyId: string): void {
    const plan = this.usagePlans.find(({ id }) => id === planId);
    const others = plan?.keys?.filter(({ id }) => id !== keyId) ?? [];
    const added = kind === 'Create' ? [{ id: keyId, name: `Customer ${keyId}` }] : [];
    if (plan) plan.keys = [...others, ...added];
    const { eventDelayMs, isShared } = this.#options;
    if (!isShared || eventDelayMs === undefined) return;
    const event = {
      source: 'aws.apigateway',
      detail: {
        eventName: `${kind}UsagePlanKey`,
        eventTime: `${new Date(this.#time.now).toISOString().slice(0, 19)}Z`,
        requestParameters: { usagePlanId: planId, keyId },
      },
    };
    setTimeout(() => this.send(JSON.stringify(event), `${kind}${keyId}`), eventDelayMs);
  }
}
