/**
 * What a message in the crawler's queue means: a change of the account, a key that a container misses,
 * time for a sweep, what a sweep has left to read, or that the snapshot is not right.
 */

import {
  ACCOUNT_EVENT_SOURCE,
  type AccountEvent,
  accountEvents,
} from '../core/catalog/account-events';
import { objectsIn, stageOfPatch, valuesIn } from '../core/catalog/event-members';
import type { ApiStage } from '../core/catalog/usage-plan';
import { isJsonObject } from '../core/json';
import { readSweep, type Sweep } from './sweep';

export type Message =
  | { readonly kind: 'sweep' }
  | { readonly kind: 'rest'; readonly sweep: Sweep }
  | { readonly kind: 'check' }
  | { readonly kind: 'key'; readonly keyId: string }
  | AccountChange
  | { readonly kind: 'nothing' };

export interface AccountChange {
  readonly kind: 'change';
  /** Milliseconds since 1970, to the second. */
  readonly at: number;
  readonly event: AccountEvent;
  /** Every id that the event may be about: its parameters' texts, and the pieces of its ARNs. */
  readonly mentions: ReadonlySet<string>;
  /** The plan, where a member is named so: a plan's name may be the id of another one. */
  readonly planId?: string | undefined;
  /** The key, where a parameter is named so. */
  readonly keyId?: string | undefined;
  /** Stages that came to the plan or left it. */
  readonly stages: readonly StageChange[];
}

export interface StageChange {
  readonly kind: 'added' | 'removed';
  readonly stage: ApiStage;
}

interface Body {
  readonly unknownKey?: unknown;
  readonly sweep?: unknown;
  readonly missing?: unknown;
  readonly unread?: unknown;
  readonly source?: unknown;
  readonly detail?: {
    readonly eventName?: unknown;
    readonly eventTime?: unknown;
    readonly errorCode?: unknown;
    readonly requestParameters?: unknown;
    readonly responseElements?: unknown;
  };
}

/** The longest id that the service makes; what is longer is none. */
const MAX_ID_LENGTH = 128;

/** What cannot be read is a reason for a sweep, too: nothing is lost by it but some calls. */
export function readMessage(text: string): Message {
  try {
    return messageOf(JSON.parse(text));
  } catch {
    return { kind: 'sweep' };
  }
}

function messageOf(value: unknown): Message {
  const body = (typeof value === 'object' && value !== null ? value : {}) as Body;
  const { unknownKey } = body;
  if (typeof unknownKey === 'string') {
    const isId = unknownKey !== '' && unknownKey.length <= MAX_ID_LENGTH;
    return isId ? { kind: 'key', keyId: unknownKey } : { kind: 'nothing' };
  }
  if (body.missing !== undefined || body.unread !== undefined) return { kind: 'check' };
  const sweep = readSweep(body.sweep);
  if (sweep) return { kind: 'rest', sweep };
  if (body.source !== ACCOUNT_EVENT_SOURCE || !body.detail) return { kind: 'sweep' };

  const { eventName, eventTime, errorCode, requestParameters, responseElements } = body.detail;
  const event = accountEvents.get(String(eventName));
  // A call that was refused changed nothing.
  if (!event || (errorCode !== undefined && errorCode !== null)) return { kind: 'nothing' };
  const at = Date.parse(String(eventTime));
  if (Number.isNaN(at)) return { kind: 'sweep' };
  const asked = find(requestParameters);
  const { mentions } = find(responseElements, { ...nothingFound(), mentions: asked.mentions });
  const isNew = event.dates === 'plan created';
  const planId = isNew ? idOf(responseElements) : asked.planIds[0];
  const stages = isNew ? asked.stages : asked.patches;
  return { kind: 'change', at, event, mentions, planId, keyId: asked.keyIds[0], stages };
}

function idOf(created: unknown): string | undefined {
  const id = isJsonObject(created) ? created['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

interface Found {
  readonly mentions: Set<string>;
  readonly planIds: string[];
  readonly keyIds: string[];
  /** What stands there as a stage. */
  readonly stages: StageChange[];
  /** What a patch changes of the plan's stages. */
  readonly patches: StageChange[];
}

function nothingFound(): Found {
  return { mentions: new Set(), planIds: [], keyIds: [], stages: [], patches: [] };
}

function find(value: unknown, found = nothingFound()): Found {
  for (const item of valuesIn(value)) {
    if (typeof item !== 'string') continue;
    found.mentions.add(item);
    for (const piece of item.split('/')) found.mentions.add(piece);
  }
  for (const members of objectsIn(value)) note(members, found);
  return found;
}

function note(members: Readonly<Record<string, unknown>>, found: Found): void {
  const { planIds, keyIds, stages, patches } = found;
  const {
    usagePlanId,
    usageplanId = usagePlanId,
    keyId,
    apiKey,
    apiId,
    stage,
    op,
    path,
    value,
  } = members;
  if (typeof usageplanId === 'string') planIds.push(usageplanId);
  for (const id of [keyId, apiKey]) if (typeof id === 'string') keyIds.push(id);
  if (typeof apiId === 'string' && typeof stage === 'string') {
    stages.push({ kind: 'added', stage: { apiId, stage } });
  }
  // What follows the name of a stage in a longer path is its throttling.
  if (path !== '/apiStages' || typeof value !== 'string') return;
  const kind = ({ add: 'added', remove: 'removed' } as const)[String(op).toLowerCase() as 'add'];
  const patched = stageOfPatch(value);
  if (kind && patched) patches.push({ kind, stage: patched });
}
