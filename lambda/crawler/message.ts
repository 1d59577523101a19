/**
 * What a message in the crawler's queue means: a change of the account, a key that somebody misses,
 * simply time to look, or what a look has left to read.
 */

import {
  ACCOUNT_EVENT_SOURCE,
  type AccountEvent,
  accountEvents,
} from '../core/catalog/account-events';
import { type Look, readLook } from './sweep';

export type Message =
  | { readonly kind: 'look' }
  | { readonly kind: 'rest'; readonly look: Look }
  | { readonly kind: 'key'; readonly keyId: string }
  | {
      readonly kind: 'change';
      /** Milliseconds since 1970, to the second. */
      readonly at: number;
      readonly event: AccountEvent;
      /** Every id that the event may be about: its parameters' texts, and the pieces of its ARNs. */
      readonly mentions: ReadonlySet<string>;
    }
  | { readonly kind: 'nothing' };

interface Body {
  readonly unknownKey?: unknown;
  readonly look?: unknown;
  readonly source?: unknown;
  readonly detail?: {
    readonly eventName?: unknown;
    readonly eventTime?: unknown;
    readonly errorCode?: unknown;
    readonly requestParameters?: unknown;
    readonly responseElements?: unknown;
  };
}

/** What cannot be read is a reason to look, too: nothing is lost by it but some calls. */
export function readMessage(text: string): Message {
  const body = parse(text);
  if (typeof body?.unknownKey === 'string') return { kind: 'key', keyId: body.unknownKey };
  const look = readLook(body?.look);
  if (look) return { kind: 'rest', look };
  if (body?.source !== ACCOUNT_EVENT_SOURCE || !body.detail) return { kind: 'look' };

  const { eventName, eventTime, errorCode, requestParameters, responseElements } = body.detail;
  const event = accountEvents.get(String(eventName));
  // A call that was refused changed nothing.
  if (!event || errorCode !== undefined) return { kind: 'nothing' };
  const at = Date.parse(String(eventTime));
  if (Number.isNaN(at)) return { kind: 'look' };
  // The shape of the parameters is documented for no event: only the ids in them count.
  return { kind: 'change', at, event, mentions: textsIn([requestParameters, responseElements]) };
}

function parse(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function textsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    found.add(value);
    for (const piece of value.split('/')) found.add(piece);
  }
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) textsIn(item, found);
  }
  return found;
}
