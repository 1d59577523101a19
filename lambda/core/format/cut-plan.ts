/**
 * What can be known of cutting a format's lines before a line is there.
 *
 * A value is either free, and may hold anything, or it has a set of characters. A value with a set
 * is rigid when the literal on either side of it (or the line's end) has a character outside of the
 * set: given where the value begins, its end follows from where its characters end, and the other
 * way round. So the literals between two free values form a chain that, from wherever it starts, can
 * stand in one way only.
 */

import type { CharSet, ValueSyntax } from './value-syntax';

export type RigidSyntax = ValueSyntax & { readonly chars: CharSet };

export interface CutPlan {
  /** Only the first and the last may be empty. */
  readonly literals: readonly string[];
  /**
   * By value: the syntax of what stands between `literals[i]` and `literals[i + 1]`; undefined if it is
   * free.
   */
  readonly values: readonly (RigidSyntax | undefined)[];
  /** By value: how many of its possible characters the next literal begins with. */
  readonly leads: readonly number[];
  /** By value: how many of its possible characters the literal before it ends with. */
  readonly trails: readonly number[];
  readonly chains: readonly Chain[];
}

/** Literals with rigid values between them, by index. */
export interface Chain {
  readonly first: number;
  readonly last: number;
  /** The longest, which is searched for. */
  readonly anchor: number;
}

/** A value whose characters do not show where it ends is planned as a free one. */
export function planCut(literals: readonly string[], given: readonly ValueSyntax[]): CutPlan {
  const values = given.map((syntax, index) =>
    isRigid(syntax, literals.slice(index, index + 2)) ? syntax : undefined,
  );
  return {
    literals,
    values,
    leads: values.map((syntax, index) => leadOf(literals[index + 1] as string, syntax?.chars)),
    trails: values.map((syntax, index) => trailOf(literals[index] as string, syntax?.chars)),
    chains: chainsOf(literals, values),
  };
}

function isRigid(syntax: ValueSyntax, neighbors: readonly string[]): syntax is RigidSyntax {
  const { chars } = syntax;
  if (!chars) return false;
  return neighbors.every((literal) => literal === '' || leadOf(literal, chars) < literal.length);
}

function leadOf(literal: string, chars: CharSet | undefined): number {
  let lead = 0;
  while (lead < literal.length && chars?.[literal.charCodeAt(lead)] === 1) lead++;
  return lead;
}

function trailOf(literal: string, chars: CharSet | undefined): number {
  let trail = 0;
  while (trail < literal.length && chars?.[literal.charCodeAt(literal.length - 1 - trail)] === 1) {
    trail++;
  }
  return trail;
}

function chainsOf(literals: readonly string[], values: CutPlan['values']): readonly Chain[] {
  const chains: Chain[] = [];
  let first = 0;
  let anchor = 0;
  for (const [index, literal] of literals.entries()) {
    if (literal.length > (literals[anchor] as string).length) anchor = index;
    if (values[index]) continue;
    chains.push({ first, last: index, anchor });
    first = index + 1;
    anchor = first;
  }
  return chains;
}
