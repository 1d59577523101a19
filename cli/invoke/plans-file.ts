/**
 * A file of usage plans for the embedded control plane:
 * `{"usagePlans":[{"id","name","tags","apiStages":[{"apiId","stage"}],"keys":[{"id","name","customerId","tags"}]}]}`.
 * Only the ids must be there. Wherever a list is expected, AWS's own answer (`{"items":[…]}`) is one, and
 * the answer of `get-usage-plans` is a file of plans; `apiKeys` takes the answer of `get-api-keys`. Other
 * members that AWS answers are ignored; an unknown one is rejected as misspelt.
 */

import type { AccountKey, AccountPlan, AccountState } from '../../emulator/usage-plans-api';
import { didYouMean } from '../../lambda/core/nearest';
import { readJson } from '../json-source';
import { counted } from '../terminal/counted';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';

/** Warns of plans that no key is in. */
export async function readPlansFile(
  path: string,
  { warn }: Pick<Terminal, 'warn'>,
): Promise<AccountState> {
  const state = await readState(path);
  const { usagePlans, apiKeys } = state;
  const hasKeys = apiKeys.length > 0 || usagePlans.some(({ keys = [] }) => keys.length > 0);
  if (usagePlans.length > 0 && !hasKeys) {
    warn(`${path}: ${counted(usagePlans.length, 'plan')}, no keys: every key stays unknown`);
  }
  return state;
}

/** After AWS's own names: those of the model and, in the file, what a page of an answer has beside. */
const members = {
  file: ['usagePlans', 'apiKeys', 'items', 'position', 'NextToken', 'ResponseMetadata'],
  plan: [
    'id',
    'name',
    'description',
    'apiStages',
    'throttle',
    'quota',
    'productCode',
    'tags',
    'keys',
  ],
  stage: ['apiId', 'stage', 'throttle'],
  key: [
    ...['id', 'name', 'description', 'customerId', 'tags', 'type', 'value', 'enabled'],
    ...['createdDate', 'lastUpdatedDate', 'stageKeys'],
  ],
} as const;

async function readState(path: string): Promise<AccountState> {
  const content = await readJson(path);
  try {
    const file = objectAt(content, 'the file', members.file);
    const [plans, at] = 'items' in file ? [file, 'items'] : [file['usagePlans'], 'usagePlans'];
    const usagePlans = uniqueAt(listAt(plans, at, planAt), at);
    const listed = uniqueAt(listAt(file['apiKeys'] ?? [], 'apiKeys', keyAt), 'apiKeys');
    return {
      usagePlans: usagePlans.map(({ details: _, ...plan }) => plan),
      apiKeys: [...usagePlans.flatMap(({ details }) => details), ...listed],
    };
  } catch (error) {
    throw new UsageError(`${path} is not a plans file: ${(error as Error).message}`);
  }
}

interface PlanInFile extends AccountPlan {
  /** What a plan's list of keys does not have in AWS. */
  readonly details: readonly AccountKey[];
}

function planAt(value: unknown, at: string): PlanInFile {
  const { id, name, tags, apiStages = [], keys = [] } = objectAt(value, at, members.plan);
  const listed = uniqueAt(listAt(keys, `${at}.keys`, keyAt), `${at}.keys`);
  return {
    id: textAt(id, `${at}.id`),
    name: optionalTextAt(name, `${at}.name`),
    tags: tagsAt(tags, `${at}.tags`),
    apiStages: listAt(apiStages, `${at}.apiStages`, stageAt),
    keys: listed.map((key) => ({ id: key.id, name: key.name })),
    details: listed.filter(({ customerId, tags: own }) => customerId ?? own),
  };
}

function stageAt(value: unknown, at: string) {
  const { apiId, stage } = objectAt(value, at, members.stage);
  return { apiId: textAt(apiId, `${at}.apiId`), stage: textAt(stage, `${at}.stage`) };
}

function keyAt(value: unknown, at: string): AccountKey {
  const { id, name, customerId, tags } = objectAt(value, at, members.key);
  return {
    id: textAt(id, `${at}.id`),
    name: optionalTextAt(name, `${at}.name`),
    customerId: optionalTextAt(customerId, `${at}.customerId`),
    tags: tagsAt(tags, `${at}.tags`),
  };
}

function tagsAt(value: unknown, at: string): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  const tags = Object.entries(objectAt(value, at));
  for (const [name, text] of tags) {
    if (typeof text !== 'string')
      throw new Error(`${at}.${name}: expected a text, got ${typeName(text)}`);
  }
  return Object.fromEntries(tags) as Record<string, string>;
}

/** Without a list of names, the object may have any. */
function objectAt(value: unknown, at: string, names?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${at}: expected an object, got ${typeName(value)}`);
  }
  // Links of the service's own documents, and comments.
  const unknown = Object.keys(value).find((name) => !/^[_$/]/.test(name) && !names?.includes(name));
  if (names && unknown !== undefined) {
    const hint = didYouMean(unknown, names) || `, expected ${names.join(', ')}`;
    throw new Error(`${at}: unknown member "${unknown}"${hint}`);
  }
  return value as Record<string, unknown>;
}

function listAt<T>(value: unknown, at: string, itemAt: (item: unknown, at: string) => T): T[] {
  const items = itemsOf(value);
  if (!Array.isArray(items)) throw new Error(`${at}: expected a list, got ${typeName(items)}`);
  return items.map((item, index) => itemAt(item, `${at}[${index}]`));
}

/** AWS answers a list as an object around it. */
function itemsOf(value: unknown): unknown {
  return (value as { items?: unknown } | null | undefined)?.items ?? value;
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
