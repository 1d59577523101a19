/**
 * A sweep reads the keys of all plans, in parts, so that a change or a question waits for a part at
 * most: what is left after one comes back as a message after whatever has arrived meanwhile.
 *
 * There is one at a time. Where one is asked for while another is under way, it takes over what that
 * has left and reads it first: every plan has its turn, however often sweeps are asked for.
 */

import { PAGE_SIZE } from '../account/list-usage-plans';
import { nextGeneration } from '../core/catalog/snapshot';
import type { UsagePlan } from '../core/catalog/usage-plan';

export interface Sweep {
  /** A later sweep's is greater. */
  readonly generation: number;
  /** Plans whose keys it has still to read. */
  readonly left: readonly string[];
}

export const noSweep: Sweep = { generation: 0, left: [] };

export function readSweep(value: unknown): Sweep | undefined {
  const { generation, left } = (value ?? {}) as Partial<Record<keyof Sweep, unknown>>;
  if (!Number.isSafeInteger(generation) || !Array.isArray(left)) return undefined;
  return { generation: generation as number, left: left.map(String) };
}

/** One that begins now, after those that are under way. */
export function nextSweep(underWay: readonly Sweep[], plans: Iterable<string>, now: number): Sweep {
  const previous = Math.max(...underWay.map(({ generation }) => generation));
  const left = new Set([...underWay.flatMap((sweep) => sweep.left), ...plans]);
  return { generation: nextGeneration(previous, now), left: [...left] };
}

/** The one of them that has got furthest. */
export function furthest(sweeps: readonly Sweep[]): Sweep {
  return sweeps.reduce((a, b) => (isBehind(a, b) ? b : a), noSweep);
}

/** Whether the other is a later sweep, or the same one, further on: what comes twice is done once. */
export function isBehind(sweep: Sweep, other: Sweep): boolean {
  if (sweep.generation !== other.generation) return sweep.generation < other.generation;
  return sweep.left.length > other.left.length;
}

/** The first plans whose keys can be read with so many calls, one plan at least. */
export function firstPart(
  plans: readonly string[],
  known: ReadonlyMap<string, UsagePlan>,
  maxCalls: number,
): readonly string[] {
  let calls = 0;
  const part: string[] = [];
  for (const id of plans) {
    calls += Math.max(1, Math.ceil((known.get(id)?.keys.length ?? 0) / PAGE_SIZE));
    if (part.length > 0 && calls > maxCalls) break;
    part.push(id);
  }
  return part;
}
