/**
 * Where one line may end and the next begin: two lines without a break between them, or one that is
 * cut off before the next, could be cut as one, with a value that swallows the rest. A value that
 * holds such a place is suspicious; none does by accident.
 */

import { type Cut, Placing } from './cut';
import { type Chain, type CutPlan, planCut } from './cut-plan';
import type { ValueSyntax } from './value-syntax';

export interface LineBoundary {
  readonly plan: CutPlan;
  /** The line's start and end, as far as they hold a name: each is proof enough. */
  readonly edges: readonly Chain[];
  /** Without such edges, a line's end and the next line's start together. */
  readonly boundaries: readonly CutPlan[];
}

/** Nothing, a blank, and what the console makes of a break that is typed into it. */
const separators = ['', ' ', '\\n', '\\r\\n'];

export function lineBoundaryOf(plan: CutPlan): LineBoundary {
  const ends = [plan.chains[0] as Chain, plan.chains.at(-1) as Chain];
  const lengthOf = ({ anchor }: Chain) => (plan.literals[anchor] as string).length;
  const edges = ends.filter((end) => lengthOf(end) >= 3).map((end) => inner(plan, end));
  // A free value at the line's start or end leaves no trace of it.
  const isTraceable = plan.chains.length > 1 && ends.every((end) => lengthOf(end) > 0);
  const boundaries =
    isTraceable && edges.length === 0 ? separators.map((it) => boundaryOf(plan, it)) : [];
  return { plan, edges, boundaries: boundaries.filter(({ chains }) => chains.length === 1) };
}

export function mayBeTwoLines(
  { plan, edges, boundaries }: LineBoundary,
  text: string,
  starts: Cut,
): boolean {
  const scratch = new Placing(plan, text, starts);
  return plan.values.some((syntax, index) => {
    if (syntax) return false;
    const from = (starts[index] as number) + (plan.literals[index] as string).length;
    const value = { from, to: starts[index + 1] as number };
    return (
      edges.some((edge) => scratch.placeFirst(edge, value)) ||
      boundaries.some((boundary) =>
        new Placing(boundary, text).placeFirst(boundary.chains[0] as Chain, value),
      )
    );
  });
}

/** Without a value that begins or ends the line: where lines meet, two such values are one. */
function inner({ literals }: CutPlan, { first, last, anchor }: Chain): Chain {
  return {
    first: literals[first] === '' ? first + 1 : first,
    last: literals[last] === '' ? last - 1 : last,
    anchor,
  };
}

function boundaryOf({ literals, values, chains }: CutPlan, separator: string): CutPlan {
  const { first } = chains.at(-1) as Chain;
  const { last } = chains[0] as Chain;
  const between = `${literals.at(-1)}${separator}${literals[0]}`;
  const before = values.slice(first) as readonly ValueSyntax[];
  const after = values.slice(0, last) as readonly ValueSyntax[];
  const ends = [literals.slice(first, -1), literals.slice(1, last + 1)] as const;
  if (between !== '') return planCut([...ends[0], between, ...ends[1]], [...before, ...after]);
  const both = union(before.at(-1), after[0]);
  return planCut([...ends[0], ...ends[1]], [...before.slice(0, -1), both, ...after.slice(1)]);
}

function union(one: ValueSyntax | undefined, other: ValueSyntax | undefined): ValueSyntax {
  const chars = one?.chars?.map((flag, code) => flag | (other?.chars?.[code] ?? 0));
  return { chars, pattern: undefined };
}
