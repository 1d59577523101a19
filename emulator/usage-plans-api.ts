/**
 * What API Gateway's control plane answers to the calls that read usage plans and API keys, in the
 * service's own wire format (https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html).
 */

import { createHash } from 'node:crypto';

/** What an account holds. Served as it is at the moment of a call: change it between calls. */
export interface AccountState {
  readonly usagePlans: AccountPlan[];
  /** Details of API keys, and keys that are in no plan; keys of plans need not stand here. */
  readonly apiKeys: AccountKey[];
}

export interface AccountPlan {
  readonly id: string;
  name?: string | undefined;
  description?: string | undefined;
  productCode?: string | undefined;
  apiStages?: { apiId: string; stage: string }[] | undefined;
  tags?: Record<string, string> | undefined;
  keys?: { id: string; name?: string | undefined }[] | undefined;
}

export interface AccountKey {
  readonly id: string;
  name?: string | undefined;
  description?: string | undefined;
  customerId?: string | undefined;
  enabled?: boolean | undefined;
  tags?: Record<string, string> | undefined;
}

export interface Request {
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface Answer {
  readonly status: number;
  /** The service's name for an error. */
  readonly errorType?: string | undefined;
  readonly body: unknown;
}

const operations = [
  ['GetUsagePlans', /^\/usageplans$/, getUsagePlans],
  ['GetUsagePlan', /^\/usageplans\/([^/]+)$/, getUsagePlan],
  ['GetUsagePlanKeys', /^\/usageplans\/([^/]+)\/keys$/, getUsagePlanKeys],
  ['GetUsagePlanKey', /^\/usageplans\/([^/]+)\/keys\/([^/]+)$/, getUsagePlanKey],
  ['GetApiKeys', /^\/apikeys$/, getApiKeys],
  ['GetApiKey', /^\/apikeys\/([^/]+)$/, getApiKey],
] as const;

export type Operation = (typeof operations)[number][0];

export function operationOf(path: string): Operation | undefined {
  return operations.find(([, pattern]) => pattern.test(path))?.[0];
}

export function answer(state: AccountState, request: Request): Answer {
  for (const [, pattern, respond] of operations) {
    const parameters = pattern.exec(request.path)?.slice(1).map(decodeURIComponent);
    if (parameters) return respond(state, request, ...(parameters as [string, string]));
  }
  return failure(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
}

export function failure(status: number, errorType: string, message: string): Answer {
  return { status, errorType, body: { message } };
}

/** The secret of a key, made up from its id: the service returns values, so this does too. */
export function keyValue(keyId: string): string {
  return createHash('sha256').update(`value of ${keyId}`).digest('hex').slice(0, 40);
}

function getUsagePlans(state: AccountState, request: Request): Answer {
  const keyId = request.query.get('keyId');
  const plans = keyId === null ? state.usagePlans : plansOfKey(state, keyId);
  return page(plans, request, renderPlan);
}

function getUsagePlan(state: AccountState, _: Request, planId: string): Answer {
  const plan = state.usagePlans.find(({ id }) => id === planId);
  return plan ? ok(renderPlan(plan)) : noSuchPlan;
}

function getUsagePlanKeys(state: AccountState, request: Request, planId: string): Answer {
  const plan = state.usagePlans.find(({ id }) => id === planId);
  return plan ? page(named(plan.keys ?? [], request), request, renderPlanKey) : noSuchPlan;
}

function getUsagePlanKey(state: AccountState, _: Request, planId: string, keyId: string): Answer {
  const plan = state.usagePlans.find(({ id }) => id === planId);
  if (!plan) return noSuchPlan;
  const key = plan.keys?.find(({ id }) => id === keyId);
  return key ? ok(renderPlanKey(key)) : noSuchPlanKey;
}

function getApiKeys(state: AccountState, request: Request): Answer {
  const customerId = request.query.get('customerId');
  const keys = [...allKeys(state).values()].filter(
    (key) => customerId === null || key.customerId === customerId,
  );
  const withValue = request.query.get('includeValues') === 'true';
  return page(named(keys, request), request, (key) => renderApiKey(key, withValue));
}

function getApiKey(state: AccountState, { query }: Request, keyId: string): Answer {
  const key = allKeys(state).get(keyId);
  return key ? ok(renderApiKey(key, query.get('includeValue') === 'true')) : noSuchKey;
}

const noSuchPlan = failure(404, 'NotFoundException', 'Invalid Usage Plan ID specified');
const noSuchPlanKey = failure(
  404,
  'NotFoundException',
  'Invalid Usage Plan Key identifier specified',
);
const noSuchKey = failure(404, 'NotFoundException', 'Invalid API Key identifier specified');

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function plansOfKey({ usagePlans }: AccountState, keyId: string): AccountPlan[] {
  return usagePlans.filter(({ keys }) => keys?.some(({ id }) => id === keyId));
}

function allKeys({ usagePlans, apiKeys }: AccountState): Map<string, AccountKey> {
  const keys = new Map<string, AccountKey>();
  for (const plan of usagePlans) for (const key of plan.keys ?? []) keys.set(key.id, key);
  for (const key of apiKeys) keys.set(key.id, { ...keys.get(key.id), ...key });
  return keys;
}

function named<T extends { name?: string | undefined }>(keys: T[], { query }: Request): T[] {
  const name = query.get('name');
  return name === null ? keys : keys.filter((key) => key.name?.startsWith(name));
}

function renderPlan({ keys, ...plan }: AccountPlan): unknown {
  return { ...plan, apiStages: plan.apiStages ?? [] };
}

function renderPlanKey({ id, name }: AccountKey): unknown {
  return { id, type: 'API_KEY', value: keyValue(id), name };
}

/** When every made-up key was made, in seconds as the service writes it. */
const CREATED_AT = 1_763_000_000;

function renderApiKey(key: AccountKey, withValue: boolean): unknown {
  return {
    enabled: true,
    createdDate: CREATED_AT,
    lastUpdatedDate: CREATED_AT,
    stageKeys: [],
    ...key,
    ...(withValue ? { value: keyValue(key.id) } : {}),
  };
}

const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 500;

function page<T extends { readonly id: string }>(
  all: readonly T[],
  request: Request,
  render: (item: T) => unknown,
): Answer {
  const limit = Number(request.query.get('limit') ?? DEFAULT_PAGE_SIZE);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    return failure(400, 'BadRequestException', `limit must be from 1 to ${MAX_PAGE_SIZE}`);
  }
  const start = startOf(all, request);
  if (start === undefined) return failure(400, 'BadRequestException', 'Invalid position specified');
  const items = all.slice(start, start + limit);
  const end = start + items.length;
  const lastId = items.at(-1)?.id;
  const isLast = lastId === undefined || end >= all.length;
  const next = isLast ? {} : { position: writePosition({ path: request.path, lastId, end }) };
  return ok({ item: items.map(render), ...next });
}

function startOf(all: readonly { readonly id: string }[], request: Request): number | undefined {
  const text = request.query.get('position');
  if (text === null) return 0;
  const position = readPosition(text);
  if (position?.path !== request.path) return undefined;
  const lastAt = all.findIndex(({ id }) => id === position.lastId);
  // What the page before ended with may be gone by now.
  return lastAt === -1 ? position.end : lastAt + 1;
}

/** Opaque to the caller, and good for the list that it came with only. */
interface Position {
  readonly path: string;
  readonly lastId: string;
  readonly end: number;
}

function writePosition(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64');
}

function readPosition(text: string): Position | undefined {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString()) as Position;
  } catch {
    return undefined;
  }
}
