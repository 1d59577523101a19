/** Nested JSON objects as the parts of a layout: how dotted paths nest is worked out once. */

import type { ObjectEnd, ObjectStart } from './layout';

interface Branch {
  readonly key: string;
  readonly children: readonly Node[];
}

interface Leaf {
  readonly key: string;
  readonly path: string;
}

type Node = Branch | Leaf;

/**
 * The parts of an object with members at dotted paths, of which none may lead through another, in the
 * order of their names. `partOf` makes the part of one, whose `key` is its quoted name and a colon.
 */
export function documentParts<Part>(
  paths: Iterable<string>,
  partOf: (key: string, path: string) => Part,
): (Part | ObjectStart | ObjectEnd)[] {
  const partsOf = (nodes: readonly Node[]): (Part | ObjectStart | ObjectEnd)[] =>
    nodes.flatMap((node) =>
      'path' in node
        ? [partOf(node.key, node.path)]
        : [{ opens: node.key }, ...partsOf(node.children), { closes: true } as const],
    );
  return partsOf(nodesOf(Array.from(paths, (path) => [path.split('.'), path] as const)));
}

function nodesOf(leaves: readonly (readonly [names: readonly string[], path: string])[]): Node[] {
  const names = [...new Set(leaves.map(([[name = '']]) => name))].sort();
  return names.map((name): Node => {
    const key = `${JSON.stringify(name)}:`;
    const below = leaves.filter(([names]) => names[0] === name);
    const leaf = below.find(([names]) => names.length === 1);
    if (leaf) return { key, path: leaf[1] };
    return { key, children: nodesOf(below.map(([names, path]) => [names.slice(1), path])) };
  });
}
