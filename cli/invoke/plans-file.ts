/**
 * A file of usage plans for the embedded control plane:
 * `{"usagePlans":[{"id","name","apiStages":[{"apiId","stage"}],"keys":[{"id","name"}]}]}`.
 * Only the ids must be there; other names are ignored.
 */

import type { AccountPlan } from '../../emulator/usage-plans-api';
import { readJson } from '../json-source';
import { UsageError } from '../usage-error';

export async function readPlansFile(path: string): Promise<AccountPlan[]> {
  const content = await readJson(path);
  try {
    const { usagePlans } = objectAt(content, 'the file');
    return uniqueAt(listAt(usagePlans, 'usagePlans', planAt), 'usagePlans');
  } catch (error) {
    throw new UsageError(`${path} is not a plans file: ${(error as Error).message}`);
  }
}

function planAt(value: unknown, at: string): AccountPlan {
  const { id, name, apiStages = [], keys = [] } = objectAt(value, at);
  return {
    id: textAt(id, `${at}.id`),
    name: optionalTextAt(name, `${at}.name`),
    apiStages: listAt(apiStages, `${at}.apiStages`, stageAt),
    keys: uniqueAt(listAt(keys, `${at}.keys`, keyAt), `${at}.keys`),
  };
}

function stageAt(value: unknown, at: string) {
  const { apiId, stage } = objectAt(value, at);
  return { apiId: textAt(apiId, `${at}.apiId`), stage: textAt(stage, `${at}.stage`) };
}

function keyAt(value: unknown, at: string) {
  const { id, name } = objectAt(value, at);
  return { id: textAt(id, `${at}.id`), name: optionalTextAt(name, `${at}.name`) };
}

function objectAt(value: unknown, at: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new Error(`${at}: expected an object, got ${typeName(value)}`);
}

function listAt<T>(value: unknown, at: string, itemAt: (item: unknown, at: string) => T): T[] {
  if (!Array.isArray(value)) throw new Error(`${at}: expected a list, got ${typeName(value)}`);
  return value.map((item, index) => itemAt(item, `${at}[${index}]`));
}

function textAt(value: unknown, at: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`${at}: expected a text, got ${typeName(value)}`);
}

function optionalTextAt(value: unknown, at: string): string | undefined {
  return value === undefined || value === '' ? undefined : textAt(value, at);
}

function uniqueAt<T extends { readonly id: string }>(items: T[], at: string): T[] {
  const seen = new Map<string, number>();
  for (const [index, { id }] of items.entries()) {
    const before = seen.get(id);
    if (before !== undefined) {
      throw new Error(`${at}[${index}].id: "${id}" stands in ${at}[${before}] already`);
    }
    seen.set(id, index);
  }
  return items;
}

function typeName(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return 'a list';
  return { object: 'an object', string: 'a text' }[typeof value as string] ?? `a ${typeof value}`;
}
