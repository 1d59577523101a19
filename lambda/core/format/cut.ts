/**
 * Cuts a line by the literals of its format: finds where each of them stands, if there is one way
 * only to place them. No regular expression, no backtracking, time in proportion to the line.
 *
 * - The first chain of literals stands at the line's start, the last one at its end.
 * - The chains between are placed from left to right, each as early as possible, and again from
 *   right to left, each as late as possible. A chain that starts later does not end earlier (each
 *   step of matching it is monotone in its start), so no other placing has a chain before its
 *   earliest place or after its latest: there is one placing exactly if the two are the same.
 * - The true placing, that of the values which API Gateway put in, is among all of them. If there is
 *   one only, it is the true one.
 *
 * Time: a search goes from one occurrence of a chain's longest literal to the next, and matches the
 * chain around it. Every literal holds a character that the value beside it cannot have, so what two
 * occurrences read for the same value overlaps by less than a literal: all of them together read the
 * line at most once for each value of the chain.
 */

import type { Chain, CutPlan, RigidSyntax } from './cut-plan';

/** Offsets of the literals in the line. */
export type Cut = readonly number[];

/** `ambiguous` where the literals can be placed in several ways; undefined where in none. */
export function cut(plan: CutPlan, text: string): Cut | 'ambiguous' | undefined {
  const head = plan.chains[0] as Chain;
  const tail = plan.chains.at(-1) as Chain;
  const early = new Placing(plan, text);
  if (!early.placeAtStart(head)) return undefined;
  const from = early.endOf(head.last);
  if (head === tail) return from === text.length ? early.starts : undefined;
  if (!early.placeAtEnd(tail, from)) return undefined;
  const between = { from, to: early.starts[tail.first] as number };

  const late = new Placing(plan, text, early.starts);
  if (!placeEarly(early, between) || !placeLate(late, between)) return undefined;
  const isUnique = early.starts.every((start, index) => start === late.starts[index]);
  return isUnique ? early.starts : 'ambiguous';
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

function placeEarly(placing: Placing, { from, to }: Range): boolean {
  let at = from;
  for (const chain of placing.plan.chains.slice(1, -1)) {
    if (!placing.placeFirst(chain, { from: at, to })) return false;
    at = placing.endOf(chain.last);
  }
  return true;
}

function placeLate(placing: Placing, { from, to }: Range): boolean {
  let at = to;
  for (const chain of placing.plan.chains.slice(1, -1).reverse()) {
    if (!placing.placeLast(chain, { from, to: at })) return false;
    at = placing.starts[chain.first] as number;
  }
  return true;
}

/** Where the literals stand in a line, as far as they are placed. */
export class Placing {
  readonly plan: CutPlan;
  readonly text: string;
  readonly starts: number[];

  constructor(plan: CutPlan, text: string, starts?: readonly number[]) {
    this.plan = plan;
    this.text = text;
    this.starts = starts ? [...starts] : new Array<number>(plan.literals.length).fill(0);
  }

  endOf(literal: number): number {
    return (this.starts[literal] as number) + (this.plan.literals[literal] as string).length;
  }

  placeAtStart({ first, last }: Chain): boolean {
    this.starts[first] = 0;
    const literal = this.plan.literals[first] as string;
    return this.text.startsWith(literal) && this.#extend(first, last, this.text.length);
  }

  placeAtEnd({ first, last }: Chain, from: number): boolean {
    const literal = this.plan.literals[last] as string;
    const start = this.text.length - literal.length;
    this.starts[last] = start;
    if (start < from || !this.text.startsWith(literal, start)) return false;
    return this.#extendBack(last, first, from);
  }

  placeFirst(chain: Chain, range: Range): boolean {
    const anchor = this.plan.literals[chain.anchor] as string;
    let at = this.text.indexOf(anchor, range.from);
    while (at !== -1 && at + anchor.length <= range.to) {
      if (this.#placeAround(chain, at, range)) return true;
      at = this.text.indexOf(anchor, at + 1);
    }
    return false;
  }

  placeLast(chain: Chain, range: Range): boolean {
    const anchor = this.plan.literals[chain.anchor] as string;
    let last = range.to - anchor.length;
    while (last >= range.from) {
      const at = this.text.lastIndexOf(anchor, last);
      if (at < range.from) return false;
      if (this.#placeAround(chain, at, range)) return true;
      last = at - 1;
    }
    return false;
  }

  #placeAround({ first, last, anchor }: Chain, at: number, { from, to }: Range): boolean {
    this.starts[anchor] = at;
    return this.#extendBack(anchor, first, from) && this.#extend(anchor, last, to);
  }

  /** Places the literals after one that is placed, up to `last`, so that all end by `limit`. */
  #extend(placed: number, last: number, limit: number): boolean {
    const { literals, values, leads } = this.plan;
    for (let index = placed; index < last; index++) {
      const { chars } = values[index] as RigidSyntax;
      const literal = literals[index + 1] as string;
      const valueStart = this.endOf(index);
      let at = valueStart;
      while (at < limit && chars[this.text.charCodeAt(at)] === 1) at++;
      at -= leads[index] as number;
      if (at < valueStart || at + literal.length > limit) return false;
      if (!this.text.startsWith(literal, at)) return false;
      this.starts[index + 1] = at;
      if (!this.#isPossible(index)) return false;
    }
    return true;
  }

  /** Places the literals before one that is placed, down to `first`, none of them before `limit`. */
  #extendBack(placed: number, first: number, limit: number): boolean {
    const { literals, values, trails } = this.plan;
    for (let index = placed - 1; index >= first; index--) {
      const { chars } = values[index] as RigidSyntax;
      const literal = literals[index] as string;
      const valueEnd = this.starts[index + 1] as number;
      let end = valueEnd;
      while (end > limit && chars[this.text.charCodeAt(end - 1)] === 1) end--;
      end += trails[index] as number;
      const at = end - literal.length;
      if (at < limit || end > valueEnd || !this.text.startsWith(literal, at)) return false;
      this.starts[index] = at;
      if (!this.#isPossible(index)) return false;
    }
    return true;
  }

  #isPossible(index: number): boolean {
    const { pattern } = this.plan.values[index] as RigidSyntax;
    if (!pattern) return true;
    return pattern.test(this.text.slice(this.endOf(index), this.starts[index + 1]).trim());
  }
}
