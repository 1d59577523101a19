/**
 * The shared catalog as one object: gzip of two lines of JSON. The first says what the second is, so
 * that a reader can refuse it unread: format, version, generation and SHA-256 of the second line. In
 * the second a plan stands once, with its stages; a key names its plans by their place.
 *
 * A generation is never used twice and only grows, whatever the clocks do, so that a reader can tell
 * an older snapshot from a newer one.
 */

import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ApiStage, FormerKey, FormerStage, Tags, UsagePlan, UsagePlanKey } from './catalog';

const FORMAT = 'apigateway-access-logs/usage-plans';
const VERSION = 2;

/** An account's 10,000 keys in 10 plans each, with ten tags, stay below this. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

export interface Snapshot {
  readonly generation: number;
  /** Milliseconds of the writer's clock, as all times in it that no event told. */
  readonly writtenAt: number;
  readonly usagePlans: readonly UsagePlan[];
  /** Keys that were asked for and are in no plan, with the time of asking. */
  readonly absentKeys: ReadonlyMap<string, number>;
}

/** Why a snapshot is refused. */
export class SnapshotError extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`the catalog snapshot is refused: ${reason}`, { cause });
    this.name = 'SnapshotError';
  }
}

export function nextGeneration(previous: number | undefined, now: number): number {
  return Math.max(now, (previous ?? 0) + 1);
}

export function encodeSnapshot(snapshot: Snapshot): Buffer {
  const { generation, writtenAt } = snapshot;
  const body = JSON.stringify({ ...content(snapshot), times: timesOf(snapshot) });
  const head = { format: FORMAT, version: VERSION, generation, writtenAt };
  const line = JSON.stringify({ ...head, bytes: Buffer.byteLength(body), sha256: sha256(body) });
  return gzipSync(`${line}\n${body}`);
}

/** Rejects with a `SnapshotError` whatever is not a whole snapshot of a version that it knows. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  const [line = '', body = ''] = splitOnce(inflate(bytes), '\n');
  const head = parseObject(line, 'its first line') as Partial<Head>;
  if (head.format !== FORMAT) throw new SnapshotError(`its format is not "${FORMAT}"`);
  if (head.version !== VERSION) {
    throw new SnapshotError(
      `its version is ${head.version}, this function reads version ${VERSION}: deploy the same release for both functions`,
    );
  }
  const { generation, writtenAt } = head;
  if (![generation, writtenAt].every(Number.isSafeInteger)) {
    throw new SnapshotError('its first line lacks a number');
  }
  if (head.bytes !== Buffer.byteLength(body) || head.sha256 !== sha256(body)) {
    throw new SnapshotError('its content is not what its first line says: damaged or half written');
  }
  try {
    const plans = plansOf(JSON.parse(body) as Content & { readonly times: Times });
    return { generation, writtenAt, ...plans } as Snapshot;
  } catch (error) {
    throw new SnapshotError('its content is not what its version says', error);
  }
}

/** What a snapshot says, as text: equal where two say the same, whatever their order and times. */
export function contentOf(snapshot: Says): string {
  return JSON.stringify(content(snapshot));
}

function content({ usagePlans, absentKeys }: Says): Content {
  const plans = [...usagePlans].sort(byId);
  const facts = new Map<string, UsagePlanKey>();
  const memberships = new Map<string, MembershipRow[]>();
  for (const [index, plan] of plans.entries()) {
    for (const key of [...plan.keys, ...(plan.formerKeys ?? [])] as (UsagePlanKey & Ended)[]) {
      if (!facts.has(key.id) || key.until === undefined) facts.set(key.id, key);
      const row: MembershipRow = [index, key.since ?? 0];
      if (key.until !== undefined) row.push(key.until);
      const rows = memberships.get(key.id);
      if (rows) rows.push(row);
      else memberships.set(key.id, [row]);
    }
  }
  return {
    plans: plans.map((plan) => ({
      id: plan.id,
      name: plan.name,
      tags: plan.tags,
      stages: stageRows([...(plan.apiStages ?? []), ...(plan.formerStages ?? [])]),
      retired: plan.isRetired,
    })),
    keys: [...facts.values()].sort(byId).map(({ id, name, tags, customerId }) => ({
      id,
      name,
      tags,
      customerId,
      plans: (memberships.get(id) ?? []).map((row) =>
        row.length === 2 && row[1] === 0 ? row[0] : row,
      ),
    })),
    absent: [...absentKeys].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

function timesOf({ usagePlans }: Says): Times {
  const plans = [...usagePlans].sort(byId);
  const keys = plans.flatMap((plan) => plan.keys);
  return {
    plans: plans.map(({ listedAt = 0, readAt = 0 }) => [listedAt, readAt]),
    asked: keys.flatMap(({ id, askedAt }) => (askedAt === undefined ? [] : [[id, askedAt]])),
  };
}

type Says = Pick<Snapshot, 'usagePlans' | 'absentKeys'>;

interface Head {
  readonly format: string;
  readonly version: number;
  readonly generation: number;
  readonly writtenAt: number;
  readonly bytes: number;
  readonly sha256: string;
}

interface Ended {
  readonly until?: number;
}

/** A plan's place, since when, until when; 0 for a beginning that is not known. */
type MembershipRow = [plan: number, since: number, until?: number];
type StageRow = [apiId: string, stage: string, since?: number, until?: number];

interface Content {
  readonly plans: readonly {
    readonly id: string;
    readonly name?: string | undefined;
    readonly tags?: Tags | undefined;
    readonly stages: readonly StageRow[];
    readonly retired?: true | undefined;
  }[];
  readonly keys: readonly {
    readonly id: string;
    readonly name?: string | undefined;
    readonly tags?: Tags | undefined;
    readonly customerId?: string | undefined;
    readonly plans: readonly (number | MembershipRow)[];
  }[];
  readonly absent: readonly (readonly [keyId: string, askedAt: number])[];
}

interface Times {
  /** When each plan's stages were read, and its keys; 0 where they were not. */
  readonly plans: readonly (readonly [listedAt: number, readAt: number])[];
  /** When keys were asked for that were not read since. */
  readonly asked: readonly (readonly [keyId: string, askedAt: number])[];
}

function stageRows(stages: readonly (ApiStage & Ended)[]): StageRow[] {
  return stages
    .map(({ apiId, stage, since, until }): StageRow => {
      if (until !== undefined) return [apiId, stage, since ?? 0, until];
      return since ? [apiId, stage, since] : [apiId, stage];
    })
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function plansOf({ times, ...content }: Content & { readonly times: Times }): Says {
  const asked = new Map(times.asked);
  const keys: UsagePlanKey[][] = content.plans.map(() => []);
  const formerKeys: FormerKey[][] = content.plans.map(() => []);
  for (const { plans, ...facts } of content.keys) {
    for (const it of plans) {
      const [index, since = 0, until] = typeof it === 'number' ? [it] : it;
      // Most keys are in one plan since ever: their facts are one object, not two.
      const key = since ? { ...facts, since } : facts;
      const askedAt = asked.get(facts.id) ?? 0;
      if (until !== undefined) at(formerKeys, index).push({ ...key, until });
      else if (askedAt > at(times.plans, index)[1]) at(keys, index).push({ ...key, askedAt });
      else at(keys, index).push(key);
    }
  }
  const usagePlans = content.plans.map(({ id, name, tags, stages, retired }, index): UsagePlan => {
    const all = stages.map(stageOf);
    const former = all.filter((it): it is FormerStage => 'until' in it);
    const [listedAt, readAt] = at(times.plans, index);
    return {
      id,
      name,
      tags,
      apiStages: all.filter((it) => !('until' in it)),
      keys: at(keys, index),
      formerStages: former.length > 0 ? former : undefined,
      formerKeys: at(formerKeys, index).length > 0 ? at(formerKeys, index) : undefined,
      isRetired: retired,
      listedAt,
      readAt,
    };
  });
  return { usagePlans, absentKeys: new Map(content.absent) };
}

function stageOf([apiId, stage, since, until]: StageRow): ApiStage | FormerStage {
  const began = since ? { since } : {};
  return { apiId, stage, ...began, ...(until === undefined ? {} : { until }) };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`no plan ${index}`);
  return item;
}

function inflate(bytes: Uint8Array): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_INFLATED_BYTES }).toString('utf8');
  } catch (error) {
    throw new SnapshotError('it is no whole gzip', error);
  }
}

function parseObject(text: string, what: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw new SnapshotError(`${what} is no JSON`, error);
  }
  throw new SnapshotError(`${what} is no JSON object`);
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
