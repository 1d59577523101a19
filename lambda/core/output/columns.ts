/**
 * A line's values by the columns of the field table, as JSON tokens: what the typed shapes are
 * written from.
 *
 * Nothing gets lost on the way. What no column has room for goes into `extra` under the name that the
 * line gives it: fields that the table does not know, values that a column's type cannot hold (a
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

const places = new Map(columns.map(({ column }, place) => [column, place]));

/** Where a column's token stands among a line's. */
export function placeOf(column: string): number {
  const place = places.get(column);
  if (place === undefined) throw new Error(`no column ${column}`);
  return place;
}

/** The attribution stands behind the table's columns, whatever names it has. */
export const usagePlanPlace = columns.length;
export const usagePlanIdPlace = columns.length + 1;
export const customerNamePlace = columns.length + 2;
const placeCount = columns.length + 3;

export const requestTimePlace = placeOf('request_time');
export const requestEpochPlace = placeOf('request_time_epoch');

/**
 * What the text of one column's value tells, whatever else the line has: worth being remembered. Not of the
 * request's time, of which more than one value decides.
 */
export interface Fact<T> {
  readonly place: number;
  readonly read: (text: string) => T | undefined;
}

export function factOf<T>(column: string, read: (text: string) => T | undefined): Fact<T> {
  return { place: placeOf(column), read };
}

/** A line's values, whichever way they were found. */
export interface Columns {
  /** A JSON token, `NULL` for a value that says nothing, undefined where the line has none. */
  token(place: number): string | undefined;
  /** Whether there is a value that says something. */
  has(place: number): boolean;
  /** A value's text; undefined where there is none. */
  text(place: number): string | undefined;
  /** What a value's text tells; undefined where there is no text. */
  tell<T>(fact: Fact<T>): T | undefined;
  /** Whether two columns have the same token. */
  isSame(place: number, other: number): boolean;
  /** Whether a value is an IPv4 address, written without escapes. */
  isIpv4(place: number): boolean;
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
    const namesOther = !found.fillIfFree(usagePlanPlace, usagePlan);
    found.fillIfFree(usagePlanIdPlace, namesOther ? NO_VALUE : usagePlanId);
    found.fillIfFree(customerNamePlace, customerName);
    return found;
  };
}

/** How columns are read. */
export interface ColumnConfig {
  readonly names: Names;
  /** By name: the places that an attribution fills. */
  readonly targets: ReadonlyMap<string, number>;
  /** By place. */
  readonly readers: readonly TokenReader[];
  readonly writeTime: TimeWriter;
  readonly apiKeyValues: SecretTreatment;
}

export function columnConfig(options: RenderOptions, writeTime: TimeWriter): ColumnConfig {
  return {
    names: options.names ?? Names.ofTable,
    targets: new Map([
      [options.usagePlanField, usagePlanPlace],
      [ownColumns.usagePlanId, usagePlanIdPlace],
      [options.customerNameField, customerNamePlace],
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

/** What an attribution says, as a token. */
export function attributedToken(value: string): string {
  return value === NO_VALUE ? NULL : JSON.stringify(value.toWellFormed());
}

/** The values of one variable, or of a target. */
interface Contenders {
  readonly rank: number;
  readonly place: number;
  readonly values: LineValue[];
}

// Copied for each line: that costs a third of filling a new array.
const blank: readonly undefined[] = Array.from({ length: placeCount }, () => undefined);

export class LineColumns implements Columns {
  /** By place: a JSON token, `NULL` for a value that says nothing, undefined where the line has none. */
  readonly tokens: (string | undefined)[] = blank.slice();
  /** By place: the value that the token is of. */
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

  token(place: number): string | undefined {
    return this.tokens[place];
  }

  has(place: number): boolean {
    const token = this.tokens[place];
    return token !== undefined && token !== NULL;
  }

  text(place: number): string | undefined {
    const token = this.tokens[place];
    return token === undefined ? undefined : tokenText(token);
  }

  tell<T>({ place, read }: Fact<T>): T | undefined {
    const text = this.text(place);
    return text === undefined ? undefined : read(text);
  }

  isSame(place: number, other: number): boolean {
    return this.tokens[place] === this.tokens[other];
  }

  isIpv4(place: number): boolean {
    const token = this.tokens[place];
    return token !== undefined && isIpv4(token.slice(1, -1));
  }

  get extra(): string | undefined {
    if (this.#extra.size === 0) return undefined;
    const members = Array.from(this.#extra, ([name, token]) => `${JSON.stringify(name)}:${token}`);
    return JSON.stringify(wellFormedToken(`{${members.join(',')}}`));
  }

  /** Whether the place has this value now: the line may carry another one. */
  fillIfFree(place: number, value: string): boolean {
    if (!isFree(this.tokens[place])) return this.text(place) === value;
    this.tokens[place] = attributedToken(value);
    return true;
  }

  /** What to say under a further name: the line's own value, taken out of `extra`, if it carries one. */
  fillExtraField([name, value]: CustomerColumn): string {
    if (!memberNamed(this.#line, name)) return attributedToken(value);
    const token = this.#extra.get(name);
    this.#extra.delete(name);
    if (token !== undefined && !isFree(token)) return stringToken(token);
    return attributedToken(value);
  }

  /** Writes another token for a column; a value that there is none for moves to `extra`, as it is written. */
  replace(place: number, token: string | undefined): void {
    if (token === undefined) this.#displace(place);
    else this.tokens[place] = token;
  }

  #displace(place: number): void {
    const holder = this.#holders[place];
    if (holder) this.#extra.set(holder.name, this.#tokenOf(holder));
    this.tokens[place] = NULL;
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
    for (const { place, values } of this.#contenders()) {
      const isAgreed = place >= columns.length || this.#agree(place, values);
      const value = values.at(-1) as LineValue;
      if (!isAgreed) {
        this.#keepAll(values);
        this.tokens[place] ??= NULL;
        continue;
      }
      const holder = this.#holders[place];
      const isOutranked = holder && (this.#isEmpty(value) || !this.#isEmpty(holder));
      if (holder) losers.push(isOutranked ? value : holder);
      if (!isOutranked) this.#holders[place] = value;
      // Of a target that is written twice the last counts, as in JSON.parse.
      if (place >= columns.length) losers.push(...values.slice(0, -1));
    }
    return losers;
  }

  /**
   * The values of each variable and of each target, with the column's place: where two variables share
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
      place: typeof holder === 'number' ? holder : placeOf(holder.column),
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
  #agree(place: number, values: readonly LineValue[]): boolean {
    if (agree(this.#line, values)) return true;
    const read = this.#config.readers[place] as TokenReader;
    const [first, ...others] = values.map((value) => read(tokenOf(this.#line, value)));
    return first !== undefined && others.every((token) => token === first);
  }

  #isEmpty(value: LineValue): boolean {
    return isNoValueToken(tokenOf(this.#line, value));
  }

  #readHolders(): void {
    for (let place = 0; place < placeCount; place++) {
      const holder = this.#holders[place];
      if (!holder || place === requestTimePlace || place === requestEpochPlace) continue;
      const token = this.#tokenOf(holder);
      this.tokens[place] = isNoValueToken(token) ? NULL : this.#config.readers[place]?.(token);
      if (this.tokens[place] === undefined) this.#displace(place);
    }
  }

  /** Both columns say the same, from whichever the line has, the one that is more precise. */
  #readRequestTime(): void {
    const inWords = this.#instantAt(requestTimePlace);
    const inNumbers = this.#instantAt(requestEpochPlace);
    const { instant, outrankedPlace } = requestTimeOf(inWords, inNumbers);
    if (!instant) return;
    if (outrankedPlace !== undefined) this.#displace(outrankedPlace);
    this.tokens[requestTimePlace] = this.#config.writeTime(instant, 'timestamp');
    this.tokens[requestEpochPlace] = this.#config.writeTime(instant, 'epoch');
  }

  #instantAt(place: number): Instant | undefined {
    const holder = this.#holders[place];
    if (!holder) return undefined;
    const token = this.#tokenOf(holder);
    const instant = requestInstantOf(token);
    if (!instant && !isNoValueToken(token)) this.#displace(place);
    this.tokens[place] = NULL;
    return instant;
  }

  #keepWhereDifferent(loser: LineValue): void {
    if (this.#isEmpty(loser)) return;
    const place = this.#targetOf(loser) ?? placeOf(loser.field?.column ?? '');
    const token = this.#tokenOf(loser);
    if (this.#config.readers[place]?.(token) === this.tokens[place]) return;
    this.#extra.set(loser.name, token);
  }
}

/** The end of what 64 bits of nanoseconds since 1970 hold, in 2262. */
const LAST_REQUEST_MS = 9_223_372_036_854;

/**
 * The moment that a request's time says. API Gateway never writes one before 1970 or after 2262, and
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
 * The moment of a request from two values of it, the one that is more precise, and the place of
 * the other where the two differ.
 */
export function requestTimeOf(
  inWords: Instant | undefined,
  inNumbers: Instant | undefined,
): { instant: Instant | undefined; outrankedPlace?: number } {
  if (!inWords || !inNumbers) return { instant: inWords ?? inNumbers };
  const isNumberBetter = inNumbers.hasMilliseconds && !inWords.hasMilliseconds;
  const instant = isNumberBetter ? inNumbers : inWords;
  if (isSameMoment(inWords, inNumbers)) return { instant };
  return { instant, outrankedPlace: isNumberBetter ? requestTimePlace : requestEpochPlace };
}

/** Whether two values of a moment differ by no more than their precision. */
function isSameMoment(a: Instant, b: Instant): boolean {
  if (a.hasMilliseconds && b.hasMilliseconds) return a.epochMs === b.epochMs;
  return Math.floor(a.epochMs / 1000) === Math.floor(b.epochMs / 1000);
}
