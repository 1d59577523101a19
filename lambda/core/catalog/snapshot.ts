/**
 * The shared catalog as one object: gzip of two lines of JSON. The first describes the second, so
 * that a reader can refuse it unread: format, version, generation and SHA-256 of the second line.
 *
 * A generation is never used twice and only grows, so that a reader can tell an older snapshot from a
 * newer one. It is a time by the store's clock, so that none can be far ahead.
 */

import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { bounded, type History, MAX_MARKS } from './catalog-history';
import type { Mark } from './timeline';
import type { ApiStage, Fact, Former, Tags, UsagePlan, UsagePlanKey } from './usage-plan';

const FORMAT = 'apigateway-access-logs/usage-plans';
const VERSION = 4;

/**
 * An account's 10,000 keys in 10 plans each stay below this. What it becomes in memory is some five
 * times as much, and fits into the smallest memory that is configured by default.
 */
export const MAX_INFLATED_BYTES = 32 * 1024 * 1024;
/** Nothing that stays below the other is larger: names compress. */
export const MAX_SNAPSHOT_BYTES = 16 * 1024 * 1024;
/** The most time from making a snapshot to storing it, whatever retries that takes. */
const MAX_WRITING_MS = 60_000;
/** No clock of a store is that wrong. */
const MAX_AHEAD_MS = 3_600_000;

export interface Snapshot extends History {
  readonly generation: number;
  /** Milliseconds of the store's clock, as all times in it. */
  readonly writtenAt: number;
  /** Keys that were asked for and are in no plan, with the time of asking. */
  readonly absentKeys: ReadonlyMap<string, number>;
  /** Plans that have still to be read before it is a catalog; none where it is whole. */
  readonly unread: readonly string[];
}

export interface Encoded {
  readonly bytes: Buffer;
  /** How many marks of the past did not fit. */
  readonly dropped: number;
}

/** Why a snapshot is refused. */
export class SnapshotError extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`the catalog snapshot is refused: ${reason}`, { cause });
    this.name = 'SnapshotError';
  }
}

/**
 * Whether the object was stored long after it was written: an older one that was put in the
 * place of a newer one. Both times are of the store's clock.
 */
export function isRestored({ writtenAt }: Snapshot, storedAt: number | undefined): boolean {
  return storedAt !== undefined && storedAt - writtenAt > MAX_WRITING_MS;
}

export function nextGeneration(previous: number | undefined, now: number): number {
  return Math.max(now, (previous ?? 0) + 1);
}

/**
 * Drops the oldest of the past until a reader would take it; rejects with a `SnapshotError` where not
 * even the present fits.
 */
export function encodeSnapshot(snapshot: Snapshot, maxBytes = MAX_INFLATED_BYTES): Encoded {
  let maxMarks = MAX_MARKS;
  let lost = 0;
  let history: History = snapshot;
  for (;;) {
    const { history: kept, dropped } = bounded(history, maxMarks);
    lost += dropped;
    history = kept;
    const body = JSON.stringify(bodyOf({ ...snapshot, ...history }));
    const bytes = Buffer.byteLength(body);
    if (bytes <= maxBytes) return { bytes: compressed(snapshot, body, bytes), dropped: lost };
    if (maxMarks === 0) {
      throw new SnapshotError(
        `it would take ${bytes} bytes, expected ${maxBytes} at most: deliver fewer or shorter tags of keys and plans`,
      );
    }
    maxMarks = maxMarks > 1000 ? Math.floor(maxMarks / 2) : 0;
  }
}

/**
 * Rejects with a `SnapshotError` whatever is not a whole snapshot of a version that it knows, or is
 * of a time that the store's clock has not reached.
 */
export function decodeSnapshot(bytes: Uint8Array, storeTime = Number.POSITIVE_INFINITY): Snapshot {
  if (bytes.byteLength > MAX_SNAPSHOT_BYTES) {
    throw new SnapshotError(
      `it has ${bytes.byteLength} bytes, expected ${MAX_SNAPSHOT_BYTES} at most`,
    );
  }
  const text = inflate(bytes);
  const end = text.indexOf(0x0a);
  const line = text.toString('utf8', 0, end < 0 ? text.length : end);
  const head = record(parse(line, 'its first line'), 'its first line');
  if (head['format'] !== FORMAT) throw new SnapshotError(`its format is not "${FORMAT}"`);
  if (head['version'] !== VERSION) {
    throw new SnapshotError(
      `its version is ${String(head['version'])}, this function reads version ${VERSION}: deploy the same release for both functions`,
    );
  }
  const generation = time(head['generation'], 'generation');
  const writtenAt = time(head['writtenAt'], 'writtenAt');
  if (generation > storeTime + MAX_AHEAD_MS) {
    throw new SnapshotError(`its generation ${generation} lies in the future`);
  }
  const body = text.subarray(end < 0 ? text.length : end + 1);
  if (head['bytes'] !== body.byteLength || head['sha256'] !== sha256(body)) {
    throw new SnapshotError('its content is not what its first line says: damaged or half written');
  }
  return { generation, writtenAt, ...contentOf(parse(body.toString('utf8'), 'its content')) };
}

/** The content of a snapshot as text: equal for two with the same content, whatever their order and times. */
export function saysOf(
  snapshot: Pick<Snapshot, 'usagePlans' | 'endedKeys' | 'absentKeys' | 'unread'>,
): string {
  const { usagePlans, endedKeys = [], absentKeys, unread } = snapshot;
  const keys = (all: readonly Former<UsagePlanKey>[] = []) =>
    [...all]
      .sort(byId)
      .map(({ id, name, tags, customerId, marks, goneAt }) => [
        id,
        name,
        tags,
        customerId,
        marks,
        goneAt,
      ]);
  const stages = (all: readonly Former<ApiStage>[] = []) =>
    all
      .map(({ apiId, stage, marks, goneAt }) => JSON.stringify([apiId, stage, marks, goneAt]))
      .sort();
  const plans = [...usagePlans].sort(byId).map((plan) => [
    [plan.id, plan.name, plan.tags, plan.endedAt, plan.absentAt],
    [stages(plan.apiStages), stages(plan.formerStages)],
    [keys(plan.keys), keys(plan.formerKeys)],
  ]);
  return JSON.stringify([plans, [...endedKeys], [...absentKeys.keys()].sort(), unread]);
}

function bodyOf(snapshot: Snapshot): object {
  const { usagePlans, listedAt, knownSince, endedKeys = [], absentKeys, unread } = snapshot;
  const keys = { endedKeys: [...endedKeys], absentKeys: [...absentKeys] };
  return { listedAt, knownSince, unread, ...keys, usagePlans };
}

function compressed({ generation, writtenAt }: Snapshot, body: string, bytes: number): Buffer {
  const head = { format: FORMAT, version: VERSION, generation, writtenAt };
  const line = JSON.stringify({ ...head, bytes, sha256: sha256(body) });
  return gzipSync(`${line}\n${body}`);
}

type Content = Omit<Snapshot, 'generation' | 'writtenAt'>;

function contentOf(value: unknown): Content {
  const body = record(value, 'its content');
  const shared = new Map<string, UsagePlanKey>();
  return {
    listedAt: time(body['listedAt'], 'listedAt'),
    knownSince: time(body['knownSince'], 'knownSince'),
    unread: list(body['unread'], 'unread').map((id) => text(id, 'unread')),
    endedKeys: timesById(body['endedKeys'], 'endedKeys'),
    absentKeys: timesById(body['absentKeys'], 'absentKeys'),
    usagePlans: list(body['usagePlans'], 'usagePlans').map((plan) => planOf(plan, shared)),
  };
}

function timesById(value: unknown, what: string): ReadonlyMap<string, number> {
  return new Map(
    list(value, what).map((pair) => {
      const [id, at] = list(pair, what);
      return [text(id, what), time(at, what)];
    }),
  );
}

function planOf(value: unknown, shared: Map<string, UsagePlanKey>): UsagePlan {
  const plan = record(value, 'a plan');
  const keys = (name: string) =>
    plan[name] === undefined ? undefined : list(plan[name], name).map((it) => keyOf(it, shared));
  const stages = (name: string) =>
    plan[name] === undefined ? undefined : list(plan[name], name).map(stageOf);
  return {
    id: text(plan['id'], 'plan.id'),
    name: optional(plan['name'], text, 'plan.name'),
    tags: optional(plan['tags'], tags, 'plan.tags'),
    apiStages: stages('apiStages') ?? [],
    keys: keys('keys') ?? [],
    formerStages: stages('formerStages'),
    formerKeys: keys('formerKeys'),
    listedAt: optional(plan['listedAt'], time, 'plan.listedAt'),
    readAt: optional(plan['readAt'], time, 'plan.readAt'),
    absentAt: optional(plan['absentAt'], time, 'plan.absentAt'),
    endedAt: optional(plan['endedAt'], time, 'plan.endedAt'),
  };
}

/** Most keys have no past: equal ones in several plans become one object. */
function keyOf(value: unknown, shared: Map<string, UsagePlanKey>): Former<UsagePlanKey> {
  const it = record(value, 'a key');
  const id = text(it['id'], 'key.id');
  const key: Writable<Former<UsagePlanKey>> = { id };
  if (it['name'] !== undefined) key.name = text(it['name'], 'key.name');
  if (it['tags'] !== undefined) key.tags = tags(it['tags'], 'key.tags');
  if (it['customerId'] !== undefined) key.customerId = text(it['customerId'], 'key.customerId');
  if (addPast(key, it)) return key;
  const known = shared.get(id);
  if (known && JSON.stringify(known) === JSON.stringify(key)) return known;
  shared.set(id, key);
  return key;
}

function stageOf(value: unknown): Former<ApiStage> {
  const it = record(value, 'a stage');
  const stage: Former<ApiStage> = {
    apiId: text(it['apiId'], 'apiId'),
    stage: text(it['stage'], 'stage'),
  };
  addPast(stage, it);
  return stage;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Whether there is any. */
function addPast(fact: Writable<Former<Fact>>, it: Record<string, unknown>): boolean {
  if (it['marks'] !== undefined) fact.marks = list(it['marks'], 'marks').map(markOf);
  if (it['goneAt'] !== undefined) fact.goneAt = time(it['goneAt'], 'goneAt');
  return fact.marks !== undefined || fact.goneAt !== undefined;
}

function markOf(value: unknown): Mark {
  const mark = list(value, 'a mark');
  const isReading = mark[0] === 'seen' || mark[0] === 'lacked';
  const isEvent = mark[0] === 'added' || mark[0] === 'removed' || mark[0] === 'ended';
  const times = isReading ? 2 : isEvent ? 1 : Infinity;
  if (mark.length !== 1 + times) throw wrong('a mark');
  for (let n = 1; n < mark.length; n++) time(mark[n], 'a mark');
  return mark as unknown as Mark;
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what);
  return value as Record<string, unknown>;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(what);
  return value;
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw wrong(what);
  return value;
}

function time(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value)) throw wrong(what);
  return value as number;
}

function tags(value: unknown, what: string): Tags {
  const all = record(value, what);
  for (const tag of Object.values(all)) text(tag, what);
  return all as Tags;
}

function optional<T>(
  value: unknown,
  read: (value: unknown, what: string) => T,
  what: string,
): T | undefined {
  return value === undefined ? undefined : read(value, what);
}

function wrong(what: string): SnapshotError {
  return new SnapshotError(`${what} is not what its version says`);
}

function inflate(bytes: Uint8Array): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_INFLATED_BYTES + 1024 });
  } catch (error) {
    throw new SnapshotError('it is no whole gzip of a size that it may have', error);
  }
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SnapshotError(`${what} is no JSON`, error);
  }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
