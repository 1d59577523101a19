/**
 * What a batch of messages makes the crawler read: the list of the plans with the keys of those that
 * changed, or everything. A key that comes to a plan takes its former plans along, so that a move is
 * seen whole.
 */

import type { UsagePlan } from '../core/catalog/catalog';
import type { Change } from '../core/catalog/catalog-history';
import type { Message } from './message';

export interface Work {
  /** Those whose keys are to be read; of new plans they always are. */
  readonly plansToRead: ReadonlySet<string>;
  /** False where there is nothing to list. */
  readonly isListing: boolean;
  /** Whether the keys of all plans are to be read, in parts. */
  readonly isLooking: boolean;
  /** Keys that somebody misses. */
  readonly keysToAsk: readonly string[];
}

type AccountChange = Message & { kind: 'change' };

/** What somebody waits for comes before a look. */
export function inTurn(messages: readonly Message[]): Message[][] {
  const isLook = ({ kind }: Message) => kind === 'look' || kind === 'rest';
  const turns = [messages.filter((it) => !isLook(it)), messages.filter(isLook)];
  return turns.filter((it) => it.length > 0);
}

export function workOf(messages: readonly Message[], held: readonly UsagePlan[]): Work {
  const keysToAsk = new Set<string>();
  const plansToRead = new Set<string>();
  let isListing = false;
  let isLooking = false;
  for (const message of messages) {
    if (message.kind === 'key') keysToAsk.add(message.keyId);
    if (message.kind === 'look') isLooking = true;
    if (message.kind !== 'change') continue;
    isListing = true;
    const plans = plansConcerned(message, held);
    if (plans) for (const id of plans) plansToRead.add(id);
    else isLooking = true;
  }
  return { plansToRead, isListing, isLooking, keysToAsk: [...keysToAsk] };
}

/** The plans whose keys an event may have changed; undefined where it may be any. */
export function plansConcerned(
  { event, mentions }: AccountChange,
  held: readonly UsagePlan[],
): ReadonlySet<string> | undefined {
  if (event.concerns === 'all') return undefined;
  if (event.concerns === 'plans') return new Set();
  const concerned = held.filter(
    ({ id, keys }) => mentions.has(id) || keys.some((key) => mentions.has(key.id)),
  );
  // An event about none that is known: perhaps of a plan that is new, perhaps of an unknown shape.
  return concerned.length > 0 ? new Set(concerned.map(({ id }) => id)) : undefined;
}

/** The moments that the messages tell, of plans and keys that are known. */
export function changesOf(
  messages: readonly Message[],
  ...accounts: readonly (readonly UsagePlan[])[]
): Change[] {
  const plans = accounts.flat();
  const planIds = new Set(plans.map(({ id }) => id));
  const keyIds = new Set(
    plans.flatMap(({ keys, formerKeys = [] }) => [...keys, ...formerKeys]).map(({ id }) => id),
  );
  return messages.flatMap((message): Change[] => {
    if (message.kind !== 'change') return [];
    const { at, event, mentions } = message;
    const kind = event.dates;
    const planId = [...mentions].find((id) => planIds.has(id));
    if (!kind || planId === undefined) return [];
    if (kind === 'updated') return [{ at, kind, planId, mentions }];
    const keyId = [...mentions].find((id) => keyIds.has(id));
    return keyId === undefined ? [] : [{ at, kind, planId, keyId }];
  });
}
