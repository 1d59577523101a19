/** Which stages a command line names. */

import type { ApiType } from '../../lambda/core/format/known/log-format';
import type { GivenOption } from '../command';
import { UsageError } from '../usage-error';
import type { Api, Stage } from './account-stages';

const apiTypes: readonly ApiType[] = ['REST', 'HTTP', 'WEBSOCKET'];

export const selectionOptions = {
  api: { type: 'string', multiple: true, value: 'ID', description: 'an API, all its stages' },
  stage: {
    type: 'string',
    multiple: true,
    value: 'NAME',
    description: 'only this stage of the API named before it',
  },
  all: { type: 'boolean', description: 'every stage of every API of the account in its Region' },
  type: {
    type: 'string',
    multiple: true,
    value: 'TYPE',
    description: 'with --all, only APIs of this type',
    choices: apiTypes,
  },
} as const;

export interface Selection {
  /** Stage names by API id, none for all of them; undefined where every API is meant. */
  readonly named: ReadonlyMap<string, readonly string[]> | undefined;
  readonly types: readonly ApiType[];
}

export interface SelectionValues {
  readonly all?: boolean | undefined;
  readonly type?: readonly string[] | undefined;
}

/** A stage belongs to the API before it, so the order counts. */
export function readSelection(
  { all = false, type }: SelectionValues,
  given: readonly GivenOption[],
): Selection {
  const named = new Map<string, string[]>();
  let stages: string[] | undefined;
  for (const { name, value = '' } of given) {
    if (name === 'api') {
      stages = named.get(value) ?? [];
      named.set(value, stages);
    } else if (name === 'stage') {
      if (!stages) throw new UsageError(`--stage ${value}: expected an --api before it`);
      stages.push(value);
    }
  }
  if (all && named.size > 0) throw new UsageError('--all and --api exclude each other');
  if (!all && named.size === 0) {
    throw new UsageError('which stages? expected --api ID, with or without --stage NAME, or --all');
  }
  return { named: all ? undefined : named, types: typesOf(type, all) };
}

function typesOf(given: readonly string[] | undefined, all: boolean): ApiType[] {
  if (given === undefined) return [];
  if (!all) throw new UsageError('--type: expected with --all only');
  return given.map((text) => {
    const type = text.toUpperCase();
    if ((apiTypes as readonly string[]).includes(type)) return type as ApiType;
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
