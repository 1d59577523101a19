/**
 * The changes of an account that concern the catalog, as CloudTrail names them: what the rule that
 * wakes the crawler asks for, and what the crawler makes of each.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-apigateway.html
 */

export interface AccountEvent {
  /** The change of a plan or a key that the event dates; left out where it dates nothing. */
  readonly dates?:
    | 'key added'
    | 'key removed'
    | 'key deleted'
    | 'plan created'
    | 'plan deleted'
    | 'stages';
  /**
   * What has to be read again: the plans alone, which is one call; with the keys of the plans that
   * the event concerns; or everything.
   */
  readonly concerns: 'plans' | 'keys' | 'all';
}

// A new API key is in no plan: nothing changes before CreateUsagePlanKey.
const table: Readonly<Record<string, AccountEvent>> = {
  CreateUsagePlan: { concerns: 'plans', dates: 'plan created' },
  UpdateUsagePlan: { concerns: 'plans', dates: 'stages' },
  DeleteUsagePlan: { concerns: 'plans', dates: 'plan deleted' },
  CreateUsagePlanKey: { concerns: 'keys', dates: 'key added' },
  DeleteUsagePlanKey: { concerns: 'keys', dates: 'key removed' },
  UpdateApiKey: { concerns: 'keys' },
  DeleteApiKey: { concerns: 'keys', dates: 'key deleted' },
  ImportApiKeys: { concerns: 'all' },
  TagResource: { concerns: 'plans' },
  UntagResource: { concerns: 'plans' },
};

export const accountEvents: ReadonlyMap<string, AccountEvent> = new Map(Object.entries(table));

export const ACCOUNT_EVENT_SOURCE = 'aws.apigateway';
export const ACCOUNT_EVENT_TYPE = 'AWS API Call via CloudTrail';
