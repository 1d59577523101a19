/**
 * Nested JSON objects from a list of tokens: how they nest is worked out once, so that a line costs
 * one walk and no objects. Absent tokens, and objects that would be empty, are left out.
 */

import { NULL } from './tokens';

/** By place: a JSON token, absent where it is undefined or `NULL`. */
export type DocumentWriter = (tokens: readonly (string | undefined)[]) => string;

export interface Branch {
  readonly key: string;
  readonly children: readonly Node[];
}

export interface Leaf {
  readonly key: string;
  readonly place: number;
}

export type Node = Branch | Leaf;

/** For the places of dotted paths, of which none may lead through another. */
export function documentWriter(places: ReadonlyMap<string, number>): DocumentWriter {
  const nodes = documentNodes(places);
  return (tokens) => `{${membersOf(nodes, tokens)}}`;
}

export function documentNodes(places: ReadonlyMap<string, number>): readonly Node[] {
  return nodesOf(Array.from(places, ([path, place]) => [path.split('.'), place] as const));
}

function nodesOf(leaves: readonly (readonly [path: readonly string[], place: number])[]): Node[] {
  const names = [...new Set(leaves.map(([[name = '']]) => name))].sort();
  return names.map((name): Node => {
    const key = `${JSON.stringify(name)}:`;
    const below = leaves.filter(([path]) => path[0] === name);
    const leaf = below.find(([path]) => path.length === 1);
    if (leaf) return { key, place: leaf[1] };
    return { key, children: nodesOf(below.map(([path, place]) => [path.slice(1), place])) };
  });
}

function membersOf(nodes: readonly Node[], tokens: readonly (string | undefined)[]): string {
  let text = '';
  for (const node of nodes) {
    const value = textOf(node, tokens);
    if (value === undefined || value === NULL) continue;
    text += text === '' ? node.key + value : `,${node.key}${value}`;
  }
  return text;
}

function textOf(node: Node, tokens: readonly (string | undefined)[]): string | undefined {
  if ('place' in node) return tokens[node.place];
  const members = membersOf(node.children, tokens);
  return members === '' ? undefined : `{${members}}`;
}
