/**
 * Counts of API stages that only the access log has: what was refused, and why. Each number is about
 * the lines that a batch has delivered.
 */

import { fieldsOf } from '../attribution/attribute';
import type { LineShape } from '../bytes/line-shape';
import { fieldOfVariable, isNoValue } from '../fields';
import { Names } from '../names';
import { type LogLine, tokenText } from '../record/log-line';
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

/** What is read of a line, in this order. */
const fields = [
  'apiId',
  'stage',
  'status',
  'error.responseType',
  'error.message',
  'authorizer.error',
  'authorize.error',
  'authenticate.error',
  'integration.error',
  'integration.status',
  'integration.integrationStatus',
  'wafResponseCode',
  'waf.error',
  'waf.latency',
].map((variable) => {
  const field = fieldOfVariable(variable);
  if (!field) throw new Error(`no field for $context.${variable}`);
  return field;
});

/** Their values, undefined where a line has none. */
type Facts = readonly (string | undefined)[];

/** Stages that are counted; those that `*` has let in stay. */
export class CountedStages {
  readonly #selection: StageSelection;
  readonly #names: Names;
  readonly #known: Set<string>;
  /** By shape: the value of each fact, below 0 where there is none; null where a fact has two. */
  readonly #telling = new WeakMap<LineShape, readonly number[] | null>();

  constructor(selection: StageSelection, names = Names.ofTable) {
    this.#selection = selection;
    this.#names = names;
    this.#known = new Set(selection === '*' ? [] : selection);
  }

  /** For one pass over a batch. */
  observer(): StageCounter {
    return new StageCounter(
      this.#names,
      (apiId, stage) => this.#isCounted(apiId, stage),
      (shape) => this.#tellingOf(shape),
    );
  }

  #tellingOf(shape: LineShape): readonly number[] | null {
    let telling = this.#telling.get(shape);
    if (telling === undefined) {
      const values = fields.map((field) => shape.valuesOf(field));
      telling = values.some(({ length }) => length > 1)
        ? null
        : values.map(([value = -1]) => value);
      this.#telling.set(shape, telling);
    }
    return telling;
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
  readonly #tellingOf: (shape: LineShape) => readonly number[] | null;
  readonly #counts = new Map<string, StageCounts>();
  /** Counts of the record that is being read. */
  readonly #pending = new Map<string, StageCounts>();

  constructor(
    names: Names,
    isCounted: (apiId: string, stage: string) => boolean,
    tellingOf: (shape: LineShape) => readonly number[] | null,
  ) {
    this.#names = names;
    this.#isCounted = isCounted;
    this.#tellingOf = tellingOf;
  }

  get stages(): StageCounts[] {
    return [...this.#counts.values()];
  }

  see(line: LogLine): void {
    this.#count(fieldsOf(line, this.#names, fields));
  }

  seeScanned(shape: LineShape): boolean {
    const telling = this.#tellingOf(shape);
    if (!telling) return false;
    this.#count(
      telling.map((value) => {
        const text = value < 0 ? undefined : tokenText(shape.tokenOf(value));
        return isNoValue(text) ? undefined : text;
      }),
    );
    return true;
  }

  #count(facts: Facts): void {
    const [apiId, stage] = facts;
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
  const [
    ,
    ,
    statusText,
    responseType,
    message,
    authorizerError,
    authorizeError,
    authenticateError,
    integrationError,
    integrationStatus,
    integrationServiceStatus,
    wafResponse,
    wafError,
    wafLatency,
  ] = facts;
  const status = Number(statusText ?? 0);
  counts.requests++;
  const latency = Number(wafLatency ?? Number.NaN);
  if (Number.isInteger(latency) && latency >= 0 && latency <= LONGEST_MS) {
    counts.wafLatencies.set(latency, (counts.wafLatencies.get(latency) ?? 0) + 1);
  }
  // What WAF fails at it lets through, as it is configured by default.
  if (wafResponse === 'WAF_BLOCK' || responseType === 'WAF_FILTERED' || wafError !== undefined) {
    counts.wafErrors++;
  }
  if (!(status >= 400)) return;
  if (integrationError !== undefined || /^INTEGRATION_/.test(responseType ?? '')) {
    counts.integrationErrors++;
  }
  const ofAuthorizer = authorizerError ?? authorizeError ?? authenticateError;
  if (ofAuthorizer !== undefined || isAuthorizers(responseType)) counts.authorizerErrors++;
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
