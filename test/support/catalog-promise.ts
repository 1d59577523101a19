/**
 * What is promised of a catalog, as a list of what it says against it: that whatever it says of a plan
 * or of a key was so, at some moment since the reading that it has it from.
 */

import { type Catalog, planFor, type UsagePlan } from '../../lambda/core/catalog/catalog';
import { API_ID, type ChangingAccount, type Holding, nameOf, planHeld } from './changing-account';

export interface Asked {
  readonly keyIds: readonly string[];
  readonly stages: readonly string[];
  /** Times of requests; undefined: a line without one. */
  readonly times: readonly (number | undefined)[];
}

/** Events tell moments to the second. */
const SECOND = 1000;

/** Of its facts, one by one. */
export function untrueFacts(
  account: ChangingAccount,
  catalog: Catalog,
  { keyIds, stages }: Asked,
): string[] {
  const untrue: string[] = [];
  const { now } = account;
  const check = (what: string, from: number, isSo: (held: Holding) => boolean) => {
    if (!account.was(from, now, isSo)) untrue.push(`${what}, not since ${from - now} ms`);
  };
  for (const plan of catalog.usagePlans) {
    const { id, listedAt = 0, readAt = 0 } = plan;
    const hasKey = (keyId: string) => (held: Holding) =>
      held.plans.get(id)?.keys.has(keyId) === true;
    const hasStage = (stage: string) => (held: Holding) =>
      held.plans.get(id)?.stages.has(stage) === true;
    if (plan.isRetired) check(`${id} is retired`, now, (held) => !held.plans.has(id));
    for (const key of plan.keys) {
      const from = Math.max(readAt, key.askedAt ?? 0);
      check(`${key.id} is in ${id}`, from, hasKey(key.id));
      check(`${key.id} is ${key.name}`, from, (held) => nameOf(held, key.id) === key.name);
      if (key.since) check(`${key.id} came to ${id}`, key.since - SECOND, not(hasKey(key.id)));
    }
    for (const { id: keyId, until } of plan.formerKeys ?? []) {
      check(`${keyId} was in ${id}`, until - SECOND, hasKey(keyId));
      check(`${keyId} left ${id}`, until - SECOND, not(hasKey(keyId)));
    }
    if (plan.isRetired) continue;
    for (const { stage, since } of plan.apiStages ?? []) {
      check(`${id} has ${stage}`, listedAt, hasStage(stage));
      if (since) check(`${id} got ${stage}`, since - SECOND, not(hasStage(stage)));
    }
    for (const { stage, until } of plan.formerStages ?? []) {
      check(`${id} had ${stage}`, until - SECOND, hasStage(stage));
      check(`${id} lost ${stage}`, until - SECOND, not(hasStage(stage)));
    }
    for (const stage of stages) {
      const isSaid = plan.apiStages?.some((it) => it.stage === stage);
      if (!isSaid) check(`${id} has no ${stage}`, listedAt, not(hasStage(stage)));
    }
    for (const keyId of readAt > 0 ? keyIds : []) {
      const isSaid = plan.keys.some((key) => key.id === keyId);
      if (!isSaid) check(`${keyId} is not in ${id}`, readAt, not(hasKey(keyId)));
    }
  }
  return untrue;
}

/** Of what lines would come out with, where the catalog is of that time and later. */
export function untrueAttributions(
  account: ChangingAccount,
  catalog: Catalog,
  { keyIds, stages, times, from, graceMs }: Asked & { from: number; graceMs: number },
): string[] {
  const untrue: string[] = [];
  const { now } = account;
  for (const keyId of keyIds) {
    const key = catalog.key(keyId);
    for (const stage of stages) {
      for (const at of times) {
        const said = key && planFor(key, API_ID, stage, at);
        // A request may be older than the reading: then the plan of its time, or of any time since.
        const since = Math.min(from, at ?? from);
        const held = account.between(since, now);
        const holders = new Set(held.map((holding) => planHeld(holding, keyId, stage)));
        const isHeld = (planId: string) => {
          if (plansSeen(account, { keyId, stage, from: since }).has(planId)) return true;
          // Gone: the plan that it had.
          const isGone = account.was(from, now, (holding) => !planHeld(holding, keyId, stage));
          return isGone && plansSeen(account, { keyId, stage, from: since - graceMs }).has(planId);
        };
        /** Nothing may be said where there was no plan, and where there seem to be two. */
        const isOneOnly = () =>
          holders.size === 1 &&
          !holders.has(undefined) &&
          plansSeen(account, { keyId, stage, from: since }).size === 1;
        const isAmbiguous = at === undefined && plansSaid(catalog, keyId, stage) > 1;
        if (said === undefined ? isOneOnly() : isAmbiguous || !isHeld(said)) {
          const window = [...holders].map((plan) => plan ?? '-').join(', ');
          untrue.push(
            `${keyId} at ${stage}${at === undefined ? '' : ` ${at - now} ms ago`}: ${said ?? '-'}, not ${window} since ${since - now} ms`,
          );
        }
      }
    }
  }
  return untrue;
}

function plansSaid({ usagePlans }: Catalog, keyId: string, stage: string): number {
  return usagePlans.filter(
    ({ keys, apiStages = [] }) =>
      keys.some(({ id }) => id === keyId) && apiStages.some((it) => it.stage === stage),
  ).length;
}

/**
 * The plans that who reads the account since then may see a key in for a stage: that the key is in the
 * plan, and that the plan has the stage, are two facts, each of a moment of its own.
 */
export function plansSeen(
  account: ChangingAccount,
  { keyId, stage, from }: { keyId: string; stage: string; from: number },
): ReadonlySet<string> {
  const plans = account.between(from, account.now).flatMap((held) => [...held.plans]);
  const withKey = plans.filter(([, { keys }]) => keys.has(keyId)).map(([id]) => id);
  const withStage = new Set(plans.filter(([, it]) => it.stages.has(stage)).map(([id]) => id));
  return new Set(withKey.filter((id) => withStage.has(id)));
}

/** When the oldest of what it says was read. */
export function oldestReading({ usagePlans }: Catalog): number {
  const live = usagePlans.filter((plan) => !plan.isRetired);
  return Math.min(...live.map(oldest));
}

function oldest({ keys, listedAt = 0, readAt = 0 }: UsagePlan): number {
  // Of a plan that only answers told of, their time counts.
  const asked = keys.map(({ askedAt = 0 }) => askedAt);
  return Math.min(listedAt, readAt > 0 ? readAt : Math.min(...asked));
}

function not(isSo: (held: Holding) => boolean) {
  return (held: Holding) => !isSo(held);
}
