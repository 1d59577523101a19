/**
 * The relation `changes`: one row a call to API Gateway's control plane, as CloudTrail records them.
 * Calls that only read are rows too: whoever reads key values changes nothing.
 */

import type { AccessColumn } from '../schema';

export const CHANGES = 'changes';

/** What a successful call did, where an auditor asks for it; a call may do several of them. */
export const effects = [
  'key created',
  'keys imported',
  'key enabled',
  'key disabled',
  'key deleted',
  'key added to plan',
  'key removed from plan',
  'key values read',
  'plan created',
  'plan deleted',
  'quota raised',
  'quota lowered',
  'quota changed',
  'throttle raised',
  'throttle lowered',
  'throttle changed',
  'usage extended',
  'stage created',
  'stage deleted',
  'access log on',
  'access log off',
  'access log moved',
  'access log set',
  'access log format changed',
] as const;

export type Effect = (typeof effects)[number];

/** A row of `changes`, without what reading adds for queries. Absent values are null. */
export interface Change {
  /** ISO 8601 in UTC. */
  readonly event_time: string;
  /** Milliseconds since 1970. */
  readonly event_time_epoch: number;
  readonly event_id: string | null;
  readonly event_name: string;
  readonly event_kind: 'read' | 'write';
  /** Joined by `, `. */
  readonly effect: string | null;
  readonly change: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly account_id: string | null;
  readonly region: string | null;
  readonly actor: string;
  readonly user_type: string | null;
  readonly user_arn: string | null;
  readonly user_account_id: string | null;
  readonly role: string | null;
  readonly role_arn: string | null;
  readonly role_session: string | null;
  readonly invoked_by: string | null;
  readonly mfa: boolean | null;
  readonly source_ip: string | null;
  readonly user_agent: string | null;
  readonly api_id: string | null;
  readonly api_name: string | null;
  readonly stage: string | null;
  readonly usage_plan_id: string | null;
  readonly usage_plan: string | null;
  readonly api_key_id: string | null;
  readonly api_key_name: string | null;
  readonly request_id: string | null;
}

type ChangeColumn = Omit<AccessColumn, 'variable' | 'origin'> & {
  readonly origin: 'cloudtrail' | 'ingest';
};

const ofRecord: { readonly [Name in keyof Change]: Pick<ChangeColumn, 'type' | 'description'> } = {
  event_time: { type: 'timestamp', description: 'when, in UTC' },
  event_time_epoch: { type: 'bigint', description: 'when, in milliseconds since 1970' },
  event_id: { type: 'string', description: "CloudTrail's id of the record" },
  event_name: { type: 'string', description: 'the action of the API, such as UpdateUsagePlan' },
  event_kind: { type: 'string', description: 'read or write' },
  effect: {
    type: 'string',
    description: 'what a call that succeeded did, joined by commas: key created, quota raised, …',
  },
  change: {
    type: 'string',
    description:
      'what was set, before → after; ? where no earlier record tells the value before, – for none',
  },
  error_code: { type: 'string', description: 'why the call failed; NULL where it succeeded' },
  error_message: { type: 'string', description: 'the message of the failure' },
  account_id: { type: 'string', description: 'the account that was changed' },
  region: { type: 'string', description: 'the Region' },
  actor: {
    type: 'string',
    description: 'who, in one name: the user, or role and session, root, or the service of AWS',
  },
  user_type: { type: 'string', description: "CloudTrail's type of identity" },
  user_arn: { type: 'string', description: 'the ARN of the identity' },
  user_account_id: { type: 'string', description: "the identity's account" },
  role: { type: 'string', description: 'the role, or other issuer, that the session is of' },
  role_arn: { type: 'string', description: 'its ARN' },
  role_session: { type: 'string', description: "the session's name" },
  invoked_by: { type: 'string', description: 'the service of AWS that called on behalf of them' },
  mfa: {
    type: 'boolean',
    description: 'whether the session was opened with MFA; NULL where the record does not say',
  },
  source_ip: { type: 'string', description: 'the address, or the service of AWS, that called' },
  user_agent: { type: 'string', description: 'the program that called' },
  api_id: { type: 'string', description: 'the API' },
  api_name: { type: 'string', description: "the API's name, where any record tells it" },
  stage: { type: 'string', description: 'the stage' },
  usage_plan_id: { type: 'string', description: 'the usage plan' },
  usage_plan: { type: 'string', description: "the plan's name, where any record tells it" },
  api_key_id: { type: 'string', description: "the API key's id" },
  api_key_name: { type: 'string', description: "the key's name, where any record tells it" },
  request_id: { type: 'string', description: 'the id of the call' },
};

const ofIngest: readonly ChangeColumn[] = [
  {
    name: 'country',
    type: 'string',
    description: 'the country that source_ip is registered in, as two letters of ISO 3166',
    origin: 'ingest',
  },
  {
    name: 'network',
    type: 'string',
    description: 'the /24 (IPv4) or /48 (IPv6) network that source_ip belongs to',
    origin: 'ingest',
  },
  {
    name: 'threat',
    type: 'string',
    description: 'what a list of threats that you bring says of source_ip',
    origin: 'ingest',
  },
];

/** What is read of records alone: the columns of tables in AWS. */
export const recordedColumns: readonly ChangeColumn[] = Object.entries(ofRecord).map(
  ([name, column]) => ({ name, ...column, origin: 'cloudtrail' as const }),
);

/** The columns of `changes`, in order. */
export const changeColumns: readonly ChangeColumn[] = [...recordedColumns, ...ofIngest];
