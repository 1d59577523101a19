/**
 * The changes of an account that concern the catalog, as CloudTrail names them: what the rule that
 * wakes the crawler asks for, and what the crawler makes of each.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-apigateway.html
 */

import type { Change } from './catalog-history';

export interface AccountEvent {
  /** What the event dates: a key's place in a plan, or a plan's stages; undefined where neither. */
  readonly dates?: Change['kind'];
  /**
   * What has to be read again: the plans alone, which is one call; with the keys of the plans that
   * the event concerns; or everything.
   */
  readonly concerns: 'plans' | 'keys' | 'all';
}

// A new API key is in no plan: nothing changes before CreateUsagePlanKey.
const table: Readonly<Record<string, AccountEvent>> = {
  CreateUsagePlan: { concerns: 'plans' },
  UpdateUsagePlan: { concerns: 'plans', dates: 'updated' },
  DeleteUsagePlan: { concerns: 'plans' },
  CreateUsagePlanKey: { concerns: 'keys', dates: 'added' },
  DeleteUsagePlanKey: { concerns: 'keys', dates: 'removed' },
  UpdateApiKey: { concerns: 'keys' },
  DeleteApiKey: { concerns: 'keys' },
  ImportApiKeys: { concerns: 'all' },
  TagResource: { concerns: 'plans' },
  UntagResource: { concerns: 'plans' },
};

export const accountEvents: ReadonlyMap<string, AccountEvent> = new Map(Object.entries(table));

export const ACCOUNT_EVENT_SOURCE = 'aws.apigateway';
export const ACCOUNT_EVENT_TYPE = 'AWS API Call via CloudTrail';
