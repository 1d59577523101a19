/**
 * A line's values by the columns of the field table, as JSON tokens: what the typed shapes are
 * written from.
 *
 * Nothing gets lost on the way. What no column has room for goes into `extra` under the name that the
 * line has it: fields that the table does not know, values that a column's type cannot hold (a
 * status of `abc`), and of two names for one column the less trusted where their values differ.
 */

import { type Attribution, isFree } from '../attribution/attribute';
import type { CustomerColumn } from '../catalog/customer';
import { columns, type Field, fields, NO_VALUE, ownColumns } from '../fields';
import { Names } from '../names';
import { agree, type LineValue, valuesOf } from '../record/line-values';
import { isNoValueToken, type LogLine, memberNamed, tokenOf, tokenText } from '../record/log-line';
import { isIpv4 } from '../values/ip-address';
import { treatNestedSecrets } from '../values/nested-secrets';
import { type SecretTreatment, treatSecretToken } from '../values/secrets';
import type { Instant } from '../values/times';
import type { RenderOptions } from './renderer';
import {
  instantOf,
  NULL,
  stringToken,
  type TimeWriter,
  type TokenReader,
  tokenReader,
  wellFormedToken,
} from './tokens';

const indexes = new Map(columns.map(({ column }, index) => [column, index]));

/** Where a column's token stands among a line's. */
export function columnIndex(column: string): number {
  const index = indexes.get(column);
  if (index === undefined) throw new Error(`no column ${column}`);
  return index;
}

/** The attribution stands after the table's columns, whatever names it has. */
export const usagePlanIndex = columns.length;
export const usagePlanIdIndex = columns.length + 1;
export const customerNameIndex = columns.length + 2;
const indexCount = columns.length + 3;

export const requestTimeIndex = columnIndex('request_time');
export const requestEpochIndex = columnIndex('request_time_epoch');

/**
 * What follows from the text of one column's value alone, and so can be remembered. Not for the request's time,
 * which depends on more than one value.
 */
export interface Fact<T> {
  readonly index: number;
  readonly read: (text: string) => T | undefined;
}

export function factOf<T>(column: string, read: (text: string) => T | undefined): Fact<T> {
  return { index: columnIndex(column), read };
}

/** A line's values, whichever way they were found. */
export interface Columns {
  /** A JSON token, `NULL` for an empty value or `-`, undefined where the line has none. */
  token(index: number): string | undefined;
  /** Whether there is a value, not empty and not `-`. */
  has(index: number): boolean;
  /** A value's text; undefined where there is none. */
  text(index: number): string | undefined;
  /** What follows from a value's text; undefined where there is no text. */
  fact<T>(fact: Fact<T>): T | undefined;
  /** Whether two columns have the same token. */
  isSame(index: number, other: number): boolean;
  /** Whether a value is an IPv4 address, written without escapes. */
  isIpv4(index: number): boolean;
  /**
   * What no column has room for: an object's text as a JSON string; undefined where there is none,
   * and where it is not written from here.
   */
  readonly extra?: string | undefined;
}

export type ColumnReader = (line: LogLine, attribution: Attribution) => LineColumns;

export function columnReader(config: ColumnConfig): ColumnReader {
  return (line, { usagePlan, usagePlanId, customerName }) => {
    const found = new LineColumns(line, config);
    // The id is that of the plan which is named: of one that the line names itself it is not known.
    const namesOther = !found.fillIfFree(usagePlanIndex, usagePlan);
    found.fillIfFree(usagePlanIdIndex, namesOther ? NO_VALUE : usagePlanId);
    found.fillIfFree(customerNameIndex, customerName);
    return found;
  };
}

/** How columns are read. */
export interface ColumnConfig {
  readonly names: Names;
  /** By name: the columns that an attribution fills. */
  readonly targets: ReadonlyMap<string, number>;
  /** By column. */
  readonly readers: readonly TokenReader[];
  readonly writeTime: TimeWriter;
  readonly apiKeyValues: SecretTreatment;
}

export function columnConfig(options: RenderOptions, writeTime: TimeWriter): ColumnConfig {
  return {
    names: options.names ?? Names.ofTable,
    targets: new Map([
      [options.usagePlanField, usagePlanIndex],
      [ownColumns.usagePlanId, usagePlanIdIndex],
      [options.customerNameField, customerNameIndex],
    ]),
    readers: [
      ...columns.map(({ type }) => tokenReader(type, writeTime)),
      stringToken,
      stringToken,
      stringToken,
    ],
    writeTime,
    apiKeyValues: options.apiKeyValues,
  };
}

/** A name that was attributed, as a token. */
export function attributedToken(value: string): string {
  return value === NO_VALUE ? NULL : JSON.stringify(value.toWellFormed());
}

/** The values of one variable, or of a target. */
interface Contenders {
  readonly rank: number;
  readonly index: number;
  readonly values: LineValue[];
}

// Copied for each line: that costs a third of filling a new array.
const blank: readonly undefined[] = Array.from({ length: indexCount }, () => undefined);

export class LineColumns implements Columns {
  /** By column: a JSON token, `NULL` for an empty value or `-`, undefined where the line has none. */
  readonly tokens: (string | undefined)[] = blank.slice();
  /** By column: the value that the token is of. */
  readonly #holders: (LineValue | undefined)[] = blank.slice();
  readonly #extra = new Map<string, string>();
  readonly #line: LogLine;
  readonly #config: ColumnConfig;

  constructor(line: LogLine, config: ColumnConfig) {
    this.#line = line;
    this.#config = config;
    const losers = this.#findHolders();
    this.#readHolders();
    this.#readRequestTime();
    for (const loser of losers) this.#keepWhereDifferent(loser);
  }

  token(index: number): string | undefined {
    return this.tokens[index];
  }

  has(index: number): boolean {
    const token = this.tokens[index];
    return token !== undefined && token !== NULL;
  }

  text(index: number): string | undefined {
    const token = this.tokens[index];
    return token === undefined ? undefined : tokenText(token);
  }

  fact<T>({ index, read }: Fact<T>): T | undefined {
    const text = this.text(index);
    return text === undefined ? undefined : read(text);
  }

  isSame(index: number, other: number): boolean {
    return this.tokens[index] === this.tokens[other];
  }

  isIpv4(index: number): boolean {
    const token = this.tokens[index];
    return token !== undefined && isIpv4(token.slice(1, -1));
  }

  get extra(): string | undefined {
    if (this.#extra.size === 0) return undefined;
    const members = Array.from(this.#extra, ([name, token]) => `${JSON.stringify(name)}:${token}`);
    return JSON.stringify(wellFormedToken(`{${members.join(',')}}`));
  }

  /** Whether the column has this value now: the line may carry another one. */
  fillIfFree(index: number, value: string): boolean {
    if (!isFree(this.tokens[index])) return this.text(index) === value;
    this.tokens[index] = attributedToken(value);
    return true;
  }

  /** The value of a further column: the line's own, taken out of `extra`, if it carries one. */
  fillExtraField([name, value]: CustomerColumn): string {
    if (!memberNamed(this.#line, name)) return attributedToken(value);
    const token = this.#extra.get(name);
    this.#extra.delete(name);
    if (token !== undefined && !isFree(token)) return stringToken(token);
    return attributedToken(value);
  }

  /** Writes another token for a column; a value that there is none for moves to `extra`, as it is written. */
  replace(index: number, token: string | undefined): void {
    if (token === undefined) this.#displace(index);
    else this.tokens[index] = token;
  }

  #displace(index: number): void {
    const holder = this.#holders[index];
    if (holder) this.#extra.set(holder.name, this.#tokenOf(holder));
    this.tokens[index] = NULL;
  }

  /** As it may be delivered. */
  #tokenOf(value: LineValue): string {
    const { names, apiKeyValues } = this.#config;
    const token = tokenOf(this.#line, value);
    if (value.isSecret) return treatSecretToken(token, apiKeyValues);
    return treatNestedSecrets(token, value.name, apiKeyValues, names);
  }

  /** The values that the columns take; returns those that others outrank. */
  #findHolders(): LineValue[] {
    const losers: LineValue[] = [];
    for (const { index, values } of this.#contenders()) {
      const isAgreed = index >= columns.length || this.#agree(index, values);
      const value = values.at(-1) as LineValue;
      if (!isAgreed) {
        this.#keepAll(values);
        this.tokens[index] ??= NULL;
        continue;
      }
      const holder = this.#holders[index];
      const isOutranked = holder && (this.#isEmpty(value) || !this.#isEmpty(holder));
      if (holder) losers.push(isOutranked ? value : holder);
      if (!isOutranked) this.#holders[index] = value;
      // Of a target that is written twice the last counts, as in JSON.parse.
      if (index >= columns.length) losers.push(...values.slice(0, -1));
    }
    return losers;
  }

  /**
   * The values of each variable and of each target, with the index of the column: where two variables share
   * a column, the one that is trusted more comes first.
   */
  #contenders(): Contenders[] {
    const { names, apiKeyValues } = this.#config;
    const found = new Map<Field | number, LineValue[]>();
    for (const value of valuesOf(this.#line, names)) {
      if (value.isSecret && apiKeyValues === 'remove') continue;
      const holder = this.#targetOf(value) ?? value.field;
      if (holder === undefined) this.#extra.set(value.name, this.#tokenOf(value));
      else if (!found.get(holder)?.push(value)) found.set(holder, [value]);
    }
    return Array.from(found, ([holder, values]) => ({
      rank: rankOf(holder),
      index: typeof holder === 'number' ? holder : columnIndex(holder.column),
      values,
    })).sort((one, other) => one.rank - other.rank);
  }

  #targetOf({ name, isNested }: LineValue): number | undefined {
    return isNested ? undefined : this.#config.targets.get(name);
  }

  /** Values that contradict each other: no column has room for them. */
  #keepAll(values: readonly LineValue[]): void {
    const byName = new Map<string, string[]>();
    for (const value of values) {
      const token = this.#tokenOf(value);
      if (!byName.get(value.name)?.push(token)) byName.set(value.name, [token]);
    }
    for (const [name, tokens] of byName) {
      this.#extra.set(name, tokens.length === 1 ? (tokens[0] as string) : `[${tokens.join(',')}]`);
    }
  }

  /** Whether values are equal, or the same to the column, as a moment in two notations is. */
  #agree(index: number, values: readonly LineValue[]): boolean {
    if (agree(this.#line, values)) return true;
    const read = this.#config.readers[index] as TokenReader;
    const [first, ...others] = values.map((value) => read(tokenOf(this.#line, value)));
    return first !== undefined && others.every((token) => token === first);
  }

  #isEmpty(value: LineValue): boolean {
    return isNoValueToken(tokenOf(this.#line, value));
  }

  #readHolders(): void {
    for (let index = 0; index < indexCount; index++) {
      const holder = this.#holders[index];
      if (!holder || index === requestTimeIndex || index === requestEpochIndex) continue;
      const token = this.#tokenOf(holder);
      this.tokens[index] = isNoValueToken(token) ? NULL : this.#config.readers[index]?.(token);
      if (this.tokens[index] === undefined) this.#displace(index);
    }
  }

  /** Both columns get the same moment, from the one that the line has, or from the more precise one. */
  #readRequestTime(): void {
    const inWords = this.#instantAt(requestTimeIndex);
    const inNumbers = this.#instantAt(requestEpochIndex);
    const { instant, outrankedIndex } = requestTimeOf(inWords, inNumbers);
    if (!instant) return;
    if (outrankedIndex !== undefined) this.#displace(outrankedIndex);
    this.tokens[requestTimeIndex] = this.#config.writeTime(instant, 'timestamp');
    this.tokens[requestEpochIndex] = this.#config.writeTime(instant, 'epoch');
  }

  #instantAt(index: number): Instant | undefined {
    const holder = this.#holders[index];
    if (!holder) return undefined;
    const token = this.#tokenOf(holder);
    const instant = requestInstantOf(token);
    if (!instant && !isNoValueToken(token)) this.#displace(index);
    this.tokens[index] = NULL;
    return instant;
  }

  #keepWhereDifferent(loser: LineValue): void {
    if (this.#isEmpty(loser)) return;
    const index = this.#targetOf(loser) ?? columnIndex(loser.field?.column ?? '');
    const token = this.#tokenOf(loser);
    if (this.#config.readers[index]?.(token) === this.tokens[index]) return;
    this.#extra.set(loser.name, token);
  }
}

/** The end of what 64 bits of nanoseconds since 1970 hold, in 2262. */
const LAST_REQUEST_MS = 9_223_372_036_854;

/**
 * The moment of a request's time. API Gateway never writes one before 1970 or after 2262, and
 * `date_nanos`, which Elasticsearch may have for `@timestamp`, refuses a document with one.
 */
export function requestInstantOf(token: string): Instant | undefined {
  const instant = instantOf(token);
  return instant && requestInstant(instant);
}

/** Undefined for a moment that is none of a request. */
export function requestInstant(instant: Instant): Instant | undefined {
  return instant.epochMs >= 0 && instant.epochMs <= LAST_REQUEST_MS ? instant : undefined;
}

/** The table lists the variables of a column in the order in which they are believed. */
const ranks = new Map(fields.map((field, rank) => [field, rank]));

/** The lower, the more a field or an attribution's target is believed. */
export function rankOf(holder: Field | number): number {
  return typeof holder === 'number' ? holder : (ranks.get(holder) as number);
}

/**
 * The moment of a request from two values of it, the one that is more precise, and the column of
 * the other where the two differ.
 */
export function requestTimeOf(
  inWords: Instant | undefined,
  inNumbers: Instant | undefined,
): { instant: Instant | undefined; outrankedIndex?: number } {
  if (!inWords || !inNumbers) return { instant: inWords ?? inNumbers };
  const isNumberBetter = inNumbers.hasMilliseconds && !inWords.hasMilliseconds;
  const instant = isNumberBetter ? inNumbers : inWords;
  if (isSameMoment(inWords, inNumbers)) return { instant };
  return { instant, outrankedIndex: isNumberBetter ? requestTimeIndex : requestEpochIndex };
}

/** Whether two values of a moment differ by no more than their precision. */
function isSameMoment(a: Instant, b: Instant): boolean {
  if (a.hasMilliseconds && b.hasMilliseconds) return a.epochMs === b.epochMs;
  return Math.floor(a.epochMs / 1000) === Math.floor(b.epochMs / 1000);
}
