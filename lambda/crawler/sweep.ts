/**
 * A look at everything, made in parts, so that a change or a question waits for a part at most: what
 * is left after one comes back as a message behind whatever has arrived meanwhile.
 *
 * There is one at a time. Where one is asked for while another is under way, it takes over what that
 * has left and reads it first: every plan has its turn, however often looks are asked for.
 */

import { PAGE_SIZE } from '../account/list-usage-plans';
import type { UsagePlan } from '../core/catalog/catalog';
import { nextGeneration } from '../core/catalog/snapshot';

export interface Look {
  /** A later look's is greater. */
  readonly generation: number;
  /** Plans whose keys it has still to read. */
  readonly left: readonly string[];
}

export const noLook: Look = { generation: 0, left: [] };

export function readLook(value: unknown): Look | undefined {
  const { generation, left } = (value ?? {}) as Partial<Record<keyof Look, unknown>>;
  if (typeof generation !== 'number' || !Array.isArray(left)) return undefined;
  return { generation, left: left.map(String) };
}

/** One that begins now, after those that are under way. */
export function nextLook(underWay: readonly Look[], plans: Iterable<string>, now: number): Look {
  const previous = Math.max(...underWay.map(({ generation }) => generation));
  const left = new Set([...underWay.flatMap((look) => look.left), ...plans]);
  return { generation: nextGeneration(previous, now), left: [...left] };
}

/** The one of them that has got furthest. */
export function furthest(looks: readonly Look[]): Look {
  return looks.reduce((a, b) => (isBehind(a, b) ? b : a), noLook);
}

/** Whether the other is a later look, or the same one, further on: what comes twice is done once. */
export function isBehind(look: Look, other: Look): boolean {
  if (look.generation !== other.generation) return look.generation < other.generation;
  return look.left.length > other.left.length;
}

/** The plans that the next part reads, and what is left after it. */
export function nextPart(
  look: Look,
  live: ReadonlyMap<string, UsagePlan>,
  maxCalls: number,
): [plans: string[], rest: Look] {
  const left = look.left.filter((id) => live.has(id));
  let calls = 0;
  let count = 0;
  for (const id of left) {
    calls += Math.max(1, Math.ceil((live.get(id)?.keys.length ?? 0) / PAGE_SIZE));
    if (count > 0 && calls > maxCalls) break;
    count++;
  }
  return [left.slice(0, count), { ...look, left: left.slice(count) }];
}
