/** What an auditor looks for in a row of calls. */

import type { Change, Effect } from './changes';

export interface DarkStage {
  readonly api_id: string;
  readonly api_name: string | null;
  readonly stage: string;
  readonly what: 'access log off' | 'access log moved';
  readonly since: number;
  /** When the log was set again, or the stage deleted; null where neither happened. */
  readonly until: number | null;
  /** The duration; while it lasts, up to the end of the period. */
  readonly hours: number;
  readonly actor: string;
  readonly change: string | null;
}

function hasEffect({ effect }: Pick<Change, 'effect'>, wanted: Effect): boolean {
  return effect?.split(', ').includes(wanted) ?? false;
}

const endsDark: readonly Effect[] = [
  'access log on',
  'access log set',
  'access log moved',
  'stage deleted',
];

/**
 * Stages that lost their access log, or log to another place, by calls that are wanted. `changes` are
 * all that are known, in the order of time: anybody's call may end the dark.
 */
export function darkStages(
  changes: readonly Change[],
  until: number,
  isWanted: (change: Change) => boolean = () => true,
): DarkStage[] {
  return changes.flatMap((change, place): DarkStage[] => {
    const { api_id, api_name, stage, event_time_epoch: since, actor } = change;
    const what = (['access log off', 'access log moved'] as const).find((one) =>
      hasEffect(change, one),
    );
    if (!what || api_id === null || stage === null || !isWanted(change)) return [];
    const end = changes
      .slice(place + 1)
      .find(
        (later) =>
          later.api_id === api_id &&
          later.stage === stage &&
          later.account_id === change.account_id &&
          later.region === change.region &&
          endsDark.some((effect) => hasEffect(later, effect)),
      );
    const last = end?.event_time_epoch ?? Math.max(since, until);
    const hours = (last - since) / 3_600_000;
    return [
      {
        api_id,
        api_name,
        stage,
        what,
        since,
        until: end?.event_time_epoch ?? null,
        hours,
        actor,
        change: change.change,
      },
    ];
  });
}

/** Calls of one identity. */
export interface CallsOf {
  readonly actor: string;
  readonly calls: number;
  readonly first: number;
  readonly last: number;
  /** What was called, the most frequent first. */
  readonly events: readonly string[];
  readonly addresses: readonly string[];
}

/** The most calls first. */
export function byActor(changes: readonly Change[]): CallsOf[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const known = groups.get(change.actor);
    if (known) known.push(change);
    else groups.set(change.actor, [change]);
  }
  return [...groups]
    .map(([actor, calls]) => {
      const times = calls.map(({ event_time_epoch: time }) => time);
      return {
        actor,
        calls: calls.length,
        first: times.reduce((one, other) => Math.min(one, other)),
        last: times.reduce((one, other) => Math.max(one, other)),
        events: mostFrequent(calls.map(({ event_name: name }) => name)),
        addresses: mostFrequent(calls.flatMap(({ source_ip: ip }) => ip ?? [])),
      };
    })
    .sort((one, other) => other.calls - one.calls || (one.actor < other.actor ? -1 : 1));
}

function mostFrequent(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1))
    .map(([value]) => value);
}

export function readsOfValues(changes: readonly Change[]): Change[] {
  return changes.filter((change) => hasEffect(change, 'key values read'));
}

/** Writes by people and roles without MFA: a service of AWS has none. */
export function withoutMfa(changes: readonly Change[]): Change[] {
  return changes.filter(
    ({ event_kind: kind, mfa, user_type: type }) =>
      kind === 'write' && mfa !== true && type !== 'AWSService',
  );
}

/** @param role a role's name or ARN, or a user's */
export function outsideRole(changes: readonly Change[], role: string): Change[] {
  return changes.filter(
    (change) =>
      change.event_kind === 'write' &&
      ![change.role, change.role_arn, change.user_arn, change.actor].includes(role),
  );
}
