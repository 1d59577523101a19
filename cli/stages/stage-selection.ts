/** Which stages a command line names. */

import { parseArgs } from 'node:util';
import type { ApiType } from '../../lambda/core/format/known/log-format';
import { UsageError } from '../command';
import type { Api, Stage } from './account-stages';

export const selectionOptions = {
  api: { type: 'string', multiple: true },
  stage: { type: 'string', multiple: true },
  type: { type: 'string', multiple: true },
  all: { type: 'boolean' },
} as const;

export const selectionHelp = `\
  --api ID           an API, all its stages; may be repeated
  --stage NAME       only this stage of the API named before it; may be repeated
  --all              every stage of every API of the account in its Region
  --type TYPE        with --all, only APIs of this type: REST, HTTP, WEBSOCKET; may be repeated`;

export interface Selection {
  /** Stage names by API id, none for all of them; undefined where every API is meant. */
  readonly named: ReadonlyMap<string, readonly string[]> | undefined;
  readonly types: readonly ApiType[];
}

const apiTypes: readonly string[] = ['REST', 'HTTP', 'WEBSOCKET'] satisfies ApiType[];

/** A stage belongs to the API before it, so the order counts. */
export function readSelection(args: readonly string[]): Selection {
  const options = { ...selectionOptions };
  const { tokens, values } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const named = new Map<string, string[]>();
  let stages: string[] | undefined;
  for (const token of tokens) {
    if (token.kind !== 'option' || token.value === undefined) continue;
    if (token.name === 'api') {
      stages = named.get(token.value) ?? [];
      named.set(token.value, stages);
    } else if (token.name === 'stage') {
      if (!stages) throw new UsageError(`--stage ${token.value}: expected an --api before it`);
      stages.push(token.value);
    }
  }
  const all = values.all === true;
  if (all && named.size > 0) throw new UsageError('--all and --api exclude each other');
  if (!all && named.size === 0) {
    throw new UsageError('which stages? expected --api ID, with or without --stage NAME, or --all');
  }
  return { named: all ? undefined : named, types: typesOf(values.type, all) };
}

function typesOf(given: unknown, all: boolean): ApiType[] {
  if (given === undefined) return [];
  if (!all) throw new UsageError('--type: expected with --all only');
  return (given as string[]).map((text) => {
    const type = text.toUpperCase();
    if (apiTypes.includes(type)) return type as ApiType;
    throw new UsageError(`--type: got "${text}", expected ${apiTypes.join(', ')}`);
  });
}

export function selectApis({ named, types }: Selection, apis: readonly Api[]): Api[] {
  for (const id of named?.keys() ?? []) {
    if (apis.some((api) => api.id === id)) continue;
    throw new UsageError(`--api: got "${id}", expected one of: ${listed(apis.map((a) => a.id))}`);
  }
  return apis.filter(
    ({ id, type }) => (!named || named.has(id)) && (types.length === 0 || types.includes(type)),
  );
}

export function selectStages({ named }: Selection, stages: readonly Stage[]): Stage[] {
  for (const [id, names] of named ?? []) {
    const existing = stages.filter(({ api }) => api.id === id).map(({ name }) => name);
    for (const name of names) {
      if (existing.includes(name)) continue;
      throw new UsageError(`--stage: API ${id} has no "${name}", it has: ${listed(existing)}`);
    }
  }
  return stages.filter(({ api, name }) => {
    const names = named?.get(api.id) ?? [];
    return names.length === 0 || names.includes(name);
  });
}

/** A platform's whole account would fill the screen. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ') || 'none';
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
