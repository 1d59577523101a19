/**
 * The content of one record of CloudTrail: who called what, on which API, stage, plan and key, and which
 * values were set. It knows nothing of other records; `history.ts` puts them in a row.
 */

import { objectsIn } from '../../lambda/core/catalog/event-members';
import { isJsonObject, objectOf } from '../../lambda/core/json';
import { isSecretName, lettersOf } from '../../lambda/core/spelling';
import type { Change } from './changes';
import { byLetters, type EventRecord } from './event-records';
import { maskedRecord } from './mask-record';

export const EVENT_SOURCE = 'apigateway.amazonaws.com';

/** A value that a call set, by its path within the resource: `quota.limit`. */
export interface Setting {
  readonly op: 'set' | 'remove' | 'add to list' | 'remove from list';
  readonly path: string;
  /** Null where nothing was set, but removed. */
  readonly value: string | null;
}

export interface AuditEvent {
  readonly change: Change;
  /** The noun of the action: `UsagePlan` of `UpdateUsagePlan`. */
  readonly subject: string;
  readonly verb: string;
  /** What the call asked for. */
  readonly settings: readonly Setting[];
  /** The whole resource afterwards, where the record has it; values of keys left out. */
  readonly state: ReadonlyMap<string, string> | undefined;
  /** Whether a read asked for the values of keys, or cannot be had without them. */
  readonly readsValues: boolean;
  readonly names: ResourceNames;
}

/** Names that a record has. */
export interface ResourceNames {
  readonly api?: string | undefined;
  readonly plan?: string | undefined;
  readonly key?: string | undefined;
}

export type ReadEvent =
  | { readonly kind: 'event'; readonly event: AuditEvent }
  /** A record of another service. */
  | { readonly kind: 'other service' }
  | { readonly kind: 'unreadable' };

/** The longest text in a row. */
const MAX_TEXT = 2048;
/** Values of one call. */
const MAX_SETTINGS = 200;

export function readEvent(record: EventRecord): ReadEvent {
  if (record['eventsource'] !== EVENT_SOURCE) {
    return typeof record['eventsource'] === 'string'
      ? { kind: 'other service' }
      : { kind: 'unreadable' };
  }
  const it = maskedRecord(record);
  const name = text(it['eventname']);
  const time = timeOf(it['eventtime']);
  if (!name || time === undefined) return { kind: 'unreadable' };

  const [, verb = '', subject = ''] = /^([A-Z][a-z]+)(.*)$/.exec(name) ?? [];
  const request = byLetters(it['requestparameters']);
  const response = byLetters(it['responseelements']);
  const errorCode = text(it['errorcode']);
  const ids = idsOf(subject, verb, request, response);
  const event: AuditEvent = {
    subject,
    verb,
    settings: settingsOf(verb, it),
    state: verb === 'Create' || verb === 'Update' ? stateOf(it['responseelements']) : undefined,
    readsValues: readsValues(name, request),
    names: errorCode === null ? namesOf(subject, verb, it, ids) : {},
    change: {
      event_time: new Date(time).toISOString(),
      event_time_epoch: time,
      event_id: text(it['eventid']),
      event_name: name,
      event_kind: isRead(it, verb) ? 'read' : 'write',
      effect: null,
      change: null,
      error_code: errorCode,
      error_message: text(it['errormessage']),
      region: text(it['awsregion']),
      source_ip: text(it['sourceipaddress']),
      user_agent: text(it['useragent']),
      request_id: text(it['requestid']),
      ...identityOf(byLetters(it['useridentity']), it),
      api_id: ids.api,
      api_name: null,
      stage: ids.stage,
      usage_plan_id: ids.plan,
      usage_plan: null,
      api_key_id: ids.key,
      api_key_name: null,
    },
  };
  return { kind: 'event', event };
}

/** Text, cut where it is too long for a row; null where there is none. */
function text(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '') return null;
  return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT).toWellFormed()}…` : value;
}

/** ISO 8601, or milliseconds since 1970. */
function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'number' ? value : Date.parse(String(value));
  // What no calendar of SQL knows.
  return time >= 0 && time < Date.UTC(10_000, 0) ? Math.floor(time) : undefined;
}

function isRead(record: EventRecord, verb: string): boolean {
  const { readonly } = record as { readonly?: unknown };
  if (typeof readonly === 'boolean') return readonly;
  if (readonly === 'true' || readonly === 'false') return readonly === 'true';
  return /^(Get|List|Export|Test)$/.test(verb);
}

function identityOf(identity: EventRecord, record: EventRecord) {
  const context = byLetters(identity['sessioncontext']);
  const issuer = byLetters(context['sessionissuer']);
  const attributes = byLetters(context['attributes']);
  const type = text(identity['type']);
  const arn = text(identity['arn']);
  const user = text(identity['username']);
  const role = text(issuer['username']) ?? roleOf(arn);
  const session = sessionOf(arn, text(identity['principalid']));
  const invokedBy = text(identity['invokedby']);
  const account = text(identity['accountid']);
  return {
    actor: actorOf({ type, user, role, session, arn, invokedBy, account, identity }),
    user_type: type,
    user_arn: arn,
    user_account_id: account,
    role,
    role_arn: text(issuer['arn']),
    role_session: role === null ? null : session,
    invoked_by: invokedBy,
    mfa: flagOf(attributes['mfaauthenticated']),
    account_id: text(record['recipientaccountid']) ?? account,
  };
}

interface WhoOptions {
  readonly type: string | null;
  readonly user: string | null;
  readonly role: string | null;
  readonly session: string | null;
  readonly arn: string | null;
  readonly invokedBy: string | null;
  readonly account: string | null;
  readonly identity: EventRecord;
}

function actorOf(who: WhoOptions): string {
  const { type, user, role, session, arn, invokedBy, account, identity } = who;
  if (type === 'Root') return 'root';
  if (role !== null) return session === null ? role : `${role}/${session}`;
  const onBehalf = byLetters(identity['onbehalfof']);
  return (
    user ??
    text(onBehalf['userid']) ??
    arn?.replace(/^.*:(?:user\/)?/, '') ??
    text(identity['principalid']) ??
    invokedBy ??
    account ??
    'unknown'
  );
}

function roleOf(arn: string | null): string | null {
  return /:assumed-role\/([^/]+)/.exec(arn ?? '')?.[1] ?? null;
}

function sessionOf(arn: string | null, principal: string | null): string | null {
  const ofArn = /:(?:assumed-role|federated-user)\/(?:.*\/)?([^/]+)$/.exec(arn ?? '')?.[1];
  return ofArn ?? /:(.+)$/.exec(principal ?? '')?.[1] ?? null;
}

function flagOf(value: unknown): boolean | null {
  const flag = String(value).toLowerCase();
  return flag === 'true' || flag === 'false' ? flag === 'true' : null;
}

interface Ids {
  readonly api: string | null;
  readonly stage: string | null;
  readonly plan: string | null;
  readonly key: string | null;
}

const keySubjects = new Set(['ApiKey', 'UsagePlanKey']);
const apiSubjects = new Set(['RestApi', 'Api']);

function idsOf(subject: string, verb: string, request: EventRecord, response: EventRecord): Ids {
  const asked = named(request);
  const answered = named(response);
  const arn = resourceOf(asked('resourcearn'));
  const own = verb === 'Get' ? null : text(response['id']);
  const isApi = apiSubjects.has(subject);
  const stageName = asked('stagename') ?? asked('stage') ?? answered('stagename');
  return {
    api:
      asked('restapiid') ?? asked('apiid') ?? answered('apiid') ?? arn.api ?? (isApi ? own : null),
    stage: stageName ?? arn.stage,
    plan: asked('usageplanid') ?? arn.plan ?? (subject === 'UsagePlan' ? own : null),
    key:
      asked('keyid') ??
      asked('apikey') ??
      asked('apikeyid') ??
      arn.key ??
      (keySubjects.has(subject) ? own : null),
  };
}

/** Looks a name up in an element, its outer members first; what is in a list is of other resources. */
function named(element: EventRecord): (letters: string) => string | null {
  const all = [...nestedMembers(element)];
  return (letters) => {
    for (const members of all) {
      const found = text(members[letters]);
      if (found !== null && !found.startsWith('****')) return found;
    }
    return null;
  };
}

function* nestedMembers(members: EventRecord, depth = 0): Generator<EventRecord> {
  yield members;
  if (depth > 8) return;
  for (const value of Object.values(members)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    yield* nestedMembers(byLetters(value), depth + 1);
  }
}

/** What an ARN of tagging names: `arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod`. */
function resourceOf(arn: string | null): Ids {
  const path = /:(\/.*)$/.exec(decoded(arn ?? ''))?.[1] ?? '';
  const [, api = null, stage = null] =
    /^\/(?:restapis|apis)\/([^/]+)(?:\/stages\/([^/]+))?/.exec(path) ?? [];
  return {
    api,
    stage,
    plan: /^\/usageplans\/([^/]+)/.exec(path)?.[1] ?? null,
    key: /^\/(?:usageplans\/[^/]+\/keys|apikeys)\/([^/]+)/.exec(path)?.[1] ?? null,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function namesOf(subject: string, verb: string, record: EventRecord, ids: Ids): ResourceNames {
  if (verb !== 'Create' && verb !== 'Update' && verb !== 'Import') return {};
  const response = byLetters(record['responseelements']);
  const asked = settingsOf(verb, record).find(({ path, op }) => path === 'name' && op === 'set');
  const name = text(response['name']) ?? asked?.value;
  if (!name) return {};
  if (keySubjects.has(subject) && ids.key) return { key: name };
  if (subject === 'UsagePlan' && ids.plan) return { plan: name };
  return apiSubjects.has(subject) && ids.api ? { api: name } : {};
}

function readsValues(name: string, request: EventRecord): boolean {
  // A key of a plan comes with its value, asked for or not.
  if (name === 'GetUsagePlanKeys' || name === 'GetUsagePlanKey') return true;
  if (name !== 'GetApiKeys' && name !== 'GetApiKey') return false;
  return Array.from(objectsIn(request), byLetters).some(
    (members) => flagOf(members['includevalues']) ?? flagOf(members['includevalue']) ?? false,
  );
}

/** Parameters that name the resource, not what is set. */
const addressing = new Set(
  'restapiid apiid stagename usageplanid apikey apikeyid keyid resourcearn template templateskiplist body'.split(
    ' ',
  ),
);

function settingsOf(verb: string, record: EventRecord): Setting[] {
  if (!settingVerbs.has(verb)) return [];
  const request = objectOf(record['requestparameters']);
  // `{"createUsagePlanInput": {…}}` as well as its members beside the ids.
  const input = Object.entries(request).find(
    ([name, value]) => /Input$/i.test(name) && isJsonObject(value),
  );
  const values = Object.entries(objectOf(input?.[1] ?? request));
  const patches = values.find(([name]) => lettersOf(name) === 'patchoperations')?.[1];
  if (patches !== undefined) return patchesOf(patches);
  const ids = verb === 'Import' ? objectOf(record['responseelements'])['ids'] : undefined;
  const told = values.filter(([name]) => !addressing.has(lettersOf(name)));
  const all = flat({ ...Object.fromEntries(told), ...(ids === undefined ? {} : { ids }) });
  return [...all].map(([path, value]) => ({ op: 'set', path, value }));
}

const settingVerbs = new Set(['Create', 'Update', 'Import', 'Put', 'Tag', 'Untag']);

function patchesOf(patches: unknown): Setting[] {
  const list = Array.isArray(patches) ? patches : [patches];
  return list.slice(0, MAX_SETTINGS).flatMap((patch): Setting[] => {
    const members = byLetters(patch);
    const op = String(members['op']).toLowerCase();
    const path = pathOf(String(members['path'] ?? ''));
    const value = text(members['value']) ?? (members['value'] === '' ? '' : null);
    const isInList = listPaths.has(path) && value !== null;
    if (op === 'remove') return [{ op: isInList ? 'remove from list' : 'remove', path, value }];
    if (op === 'add' || op === 'replace') {
      return [{ op: isInList && op === 'add' ? 'add to list' : 'set', path, value: value ?? '' }];
    }
    if (op === 'copy' || op === 'move') {
      return [{ op: 'set', path, value: `(${op} of ${pathOf(String(members['from'] ?? ''))})` }];
    }
    return [];
  });
}

/** Paths at which a patch adds to a list, or takes from one. */
const listPaths = new Set(['apiStages', 'stages', 'labels', 'binaryMediaTypes']);

/** `/accessLogSettings/destinationArn` as `accessLogSettings.destinationArn`. */
function pathOf(pointer: string): string {
  const parts = pointer.split('/').slice(pointer.startsWith('/') ? 1 : 0);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
}

function stateOf(response: unknown): ReadonlyMap<string, string> | undefined {
  const { id: _, ...values } = objectOf(response);
  const state = flat(values);
  return state.size > 0 ? state : undefined;
}

/** Values by their paths; of a list of stages one path each, of other lists their texts. */
function flat(value: unknown, path = '', found = new Map<string, string>(), depth = 0) {
  if (found.size >= MAX_SETTINGS || value === null || value === undefined) return found;
  if (typeof value !== 'object' || depth > 8) {
    found.set(path, text(value) ?? String(value));
  } else if (Array.isArray(value)) {
    const texts = value.map((item) => {
      const { apiid, stage } = byLetters(item) as { apiid?: unknown; stage?: unknown };
      return typeof apiid === 'string' ? `${apiid}:${stage}` : (text(item) ?? JSON.stringify(item));
    });
    if (texts.length > 0) found.set(path, texts.sort().join(' '));
  } else {
    for (const [name, member] of Object.entries(value)) {
      if (isSecretName(name) || name.toLowerCase() === 'value') continue;
      flat(member, path === '' ? name : `${path}.${name}`, found, depth + 1);
    }
  }
  return found;
}
