/** A usage plan of the account, as it is listed, with what the catalog remembers of its past. */

import type { Mark } from './timeline';

export type Tags = Readonly<Record<string, string>>;

/** A usage plan with its keys, as the control plane lists it. Values of keys never come here. */
export interface UsagePlan {
  readonly id: string;
  readonly name?: string | undefined;
  readonly apiStages?: readonly ApiStage[] | undefined;
  readonly keys: readonly UsagePlanKey[];
  readonly tags?: Tags | undefined;
  /** Keys that it no longer has. */
  readonly formerKeys?: readonly Former<UsagePlanKey>[] | undefined;
  /** Stages that it no longer has. */
  readonly formerStages?: readonly Former<ApiStage>[] | undefined;
  /** The start of the last reading of its stages, in milliseconds since 1970. */
  readonly listedAt?: number | undefined;
  /** The start of the last reading of all its keys; 0: not read yet. */
  readonly readAt?: number | undefined;
  /** When the account did not have it yet; left out where that is not known. */
  readonly absentAt?: number | undefined;
  /** When the plan was gone: an event reported it, or a list lacked it; left out where it has it. */
  readonly endedAt?: number | undefined;
}

/** Something that is so for a time, such as that a plan has a key. */
export interface Fact {
  /** When it was so, as far as is known; left out where it is not known to have been otherwise. */
  readonly marks?: readonly Mark[] | undefined;
}

export type Former<T extends Fact> = T & {
  /** When it was found to be gone: the grace period counts from then. */
  readonly goneAt?: number | undefined;
};

export interface ApiStage extends Fact {
  readonly apiId: string;
  readonly stage: string;
}

export interface UsagePlanKey extends Fact {
  readonly id: string;
  readonly name?: string | undefined;
  readonly tags?: Tags | undefined;
  /** The customer's id at AWS Marketplace. */
  readonly customerId?: string | undefined;
}
