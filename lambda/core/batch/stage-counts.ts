/**
 * Counts of API stages that only the access log can tell: what was refused, and why. Each number is about
 * the lines that a batch has delivered.
 */

import { fieldsOf } from '../attribution/attribute';
import { fieldOfVariable } from '../fields';
import { Names } from '../names';
import type { LogLine } from '../record/log-line';
import { isStageName, MAX_COUNTED_STAGES, type StageSelection } from '../settings/counted-stages';
import type { LineObserver } from './batch-pass';

/** What is counted of a stage, but for latencies. */
export const stageCountKinds = [
  'requests',
  'throttled',
  'quotaExceeded',
  'authorizerErrors',
  'integrationErrors',
  'wafErrors',
] as const;

type Counts = Record<(typeof stageCountKinds)[number], number>;

export interface StageCounts extends Counts {
  readonly apiId: string;
  readonly stage: string;
  /** By milliseconds, how many requests took as long. */
  readonly wafLatencies: Map<number, number>;
}

/** No request waits longer: what claims to is no latency. */
const LONGEST_MS = 60_000;

const variables = {
  apiId: 'apiId',
  stage: 'stage',
  status: 'status',
  responseType: 'error.responseType',
  message: 'error.message',
  authorizerError: 'authorizer.error',
  authorizeError: 'authorize.error',
  authenticateError: 'authenticate.error',
  integrationError: 'integration.error',
  integrationStatus: 'integration.status',
  integrationServiceStatus: 'integration.integrationStatus',
  wafResponse: 'wafResponseCode',
  wafError: 'waf.error',
  wafLatency: 'waf.latency',
} as const;

type Facts = { readonly [Name in keyof typeof variables]: string | undefined };

const fields = Object.values(variables).map((variable) => {
  const field = fieldOfVariable(variable);
  if (!field) throw new Error(`no field for $context.${variable}`);
  return field;
});

/** Stages that are counted; those that `*` has let in stay. */
export class CountedStages {
  readonly #selection: StageSelection;
  readonly #names: Names;
  readonly #known: Set<string>;

  constructor(selection: StageSelection, names = Names.ofTable) {
    this.#selection = selection;
    this.#names = names;
    this.#known = new Set(selection === '*' ? [] : selection);
  }

  /** For one pass over a batch. */
  observer(): StageCounter {
    return new StageCounter(this.#names, (apiId, stage) => this.#isCounted(apiId, stage));
  }

  #isCounted(apiId: string, stage: string): boolean {
    const name = `${apiId}/${stage}`;
    if (this.#known.has(name)) return true;
    const isFree = this.#selection === '*' && this.#known.size < MAX_COUNTED_STAGES;
    if (!isFree || !isStageName(name)) return false;
    this.#known.add(name);
    return true;
  }
}

export class StageCounter implements LineObserver {
  readonly #names: Names;
  readonly #isCounted: (apiId: string, stage: string) => boolean;
  readonly #counts = new Map<string, StageCounts>();
  /** Of the record that is being read. */
  readonly #pending = new Map<string, StageCounts>();

  constructor(names: Names, isCounted: (apiId: string, stage: string) => boolean) {
    this.#names = names;
    this.#isCounted = isCounted;
  }

  get stages(): StageCounts[] {
    return [...this.#counts.values()];
  }

  see(line: LogLine): void {
    const texts = fieldsOf(line, this.#names, fields);
    const facts = Object.fromEntries(
      Object.keys(variables).map((name, at) => [name, texts[at]]),
    ) as Facts;
    const { apiId, stage } = facts;
    if (apiId === undefined || stage === undefined || !this.#isCounted(apiId, stage)) return;
    count(countsIn(this.#pending, apiId, stage), facts);
  }

  endRecord(isDelivered: boolean): void {
    if (this.#pending.size === 0) return;
    if (isDelivered) {
      for (const each of this.#pending.values()) {
        add(countsIn(this.#counts, each.apiId, each.stage), each);
      }
    }
    this.#pending.clear();
  }
}

function countsIn(all: Map<string, StageCounts>, apiId: string, stage: string): StageCounts {
  const name = `${apiId}/${stage}`;
  let found = all.get(name);
  if (!found) {
    const zeros = Object.fromEntries(stageCountKinds.map((kind) => [kind, 0])) as Counts;
    found = { apiId, stage, ...zeros, wafLatencies: new Map() };
    all.set(name, found);
  }
  return found;
}

/** By the rules of the outcomes in docs/analytics.md, but that a request may count as several errors. */
function count(counts: StageCounts, facts: Facts): void {
  const { responseType, message, integrationStatus, integrationServiceStatus, wafLatency } = facts;
  const status = Number(facts.status ?? 0);
  counts.requests++;
  const latency = Number(wafLatency ?? Number.NaN);
  if (Number.isInteger(latency) && latency >= 0 && latency <= LONGEST_MS) {
    counts.wafLatencies.set(latency, (counts.wafLatencies.get(latency) ?? 0) + 1);
  }
  // What WAF fails at it lets through, as it is configured by default.
  if (
    facts.wafResponse === 'WAF_BLOCK' ||
    responseType === 'WAF_FILTERED' ||
    facts.wafError !== undefined
  ) {
    counts.wafErrors++;
  }
  if (!(status >= 400)) return;
  if (facts.integrationError !== undefined || /^INTEGRATION_/.test(responseType ?? '')) {
    counts.integrationErrors++;
  }
  const ofAuthorizer = [facts.authorizerError, facts.authorizeError, facts.authenticateError];
  if (ofAuthorizer.some((error) => error !== undefined) || isAuthorizers(responseType)) {
    counts.authorizerErrors++;
  }
  const isBackends = integrationStatus === '429' || integrationServiceStatus === '429';
  const is429 = status === 429 && !isBackends && responseType === undefined;
  if (responseType === 'THROTTLED' || (is429 && message === 'Too Many Requests')) {
    counts.throttled++;
  }
  if (responseType === 'QUOTA_EXCEEDED' || (is429 && message === 'Limit Exceeded')) {
    counts.quotaExceeded++;
  }
}

function isAuthorizers(responseType: string | undefined): boolean {
  return /^(UNAUTHORIZED|ACCESS_DENIED|AUTHORIZER_FAILURE|AUTHORIZER_CONFIGURATION_ERROR|EXPIRED_TOKEN|INVALID_SIGNATURE)$/.test(
    responseType ?? '',
  );
}

function add(total: StageCounts, more: StageCounts): void {
  for (const kind of stageCountKinds) total[kind] += more[kind];
  for (const [latency, requests] of more.wafLatencies) {
    total.wafLatencies.set(latency, (total.wafLatencies.get(latency) ?? 0) + requests);
  }
}

/** Up to so many of them as values at even distances in their order, so that percentiles stay. */
export function sampleOf(latencies: ReadonlyMap<number, number>, most: number): number[] {
  const sorted = [...latencies].sort(([one], [other]) => one - other);
  const all = sorted.reduce((sum, [, requests]) => sum + requests, 0);
  const size = Math.min(all, most);
  const sample: number[] = [];
  let passed = 0;
  for (const [latency, requests] of sorted) {
    passed += requests;
    while (sample.length < size && ((sample.length + 0.5) * all) / size <= passed) {
      sample.push(latency);
    }
  }
  return sample;
}
