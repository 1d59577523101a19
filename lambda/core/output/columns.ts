/**
 * A line's values by the columns of the field table, as JSON tokens: what the typed shapes are
 * written from.
 *
 * Nothing gets lost on the way. What no column has room for goes into `extra` under the name that the
 * line gives it: fields that the table does not know, values that a column's type cannot hold (a
 * status of `abc`), and of two names for one column the less trusted where their values differ.
 */

import { type Attribution, isFree } from '../attribution/attribute';
import type { Column } from '../catalog/customer';
import { columns, fields, NO_VALUE, namesOf, ownColumns } from '../fields';
import { isNoValueToken, type LogLine, type Member, tokenOf, tokenText } from '../record/log-line';
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

/** A line's values, whichever way they were found. */
export interface Columns {
  /** A JSON token, `NULL` for a value that says nothing, undefined where the line has none. */
  token(place: number): string | undefined;
  /** Whether there is a value that says something. */
  has(place: number): boolean;
  /** A value's text; undefined where there is none. */
  text(place: number): string | undefined;
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

export function columnReader(options: RenderOptions, writeTime: TimeWriter): ColumnReader {
  const reading = readingOf(options, writeTime);
  return (line, { usagePlan, usagePlanId, customerName }) => {
    const found = new LineColumns(line, reading);
    // The id is that of the plan which is named: of one that the line names itself it is not known.
    const namesOther = !found.fillIfFree(usagePlanPlace, usagePlan);
    found.fillIfFree(usagePlanIdPlace, namesOther ? NO_VALUE : usagePlanId);
    found.fillIfFree(customerNamePlace, customerName);
    return found;
  };
}

/** What a name stands for. */
export interface Slot {
  readonly place: number;
  /** The lower, the more trusted is the name. */
  readonly rank: number;
}

/** How columns are read. */
export interface Reading {
  readonly slots: ReadonlyMap<string, Slot | 'removed'>;
  /** By place. */
  readonly readers: readonly TokenReader[];
  readonly writeTime: TimeWriter;
  readonly apiKeyValues: SecretTreatment;
}

export function readingOf(options: RenderOptions, writeTime: TimeWriter): Reading {
  return {
    slots: slotsOf(options),
    readers: readersOf(options, writeTime),
    writeTime,
    apiKeyValues: options.apiKeyValues,
  };
}

/** What an attribution says, as a token. */
export function attributedToken(value: string): string {
  return value === NO_VALUE ? NULL : JSON.stringify(value.toWellFormed());
}

// Copied for each line: that costs a third of filling a new array.
const blank: readonly undefined[] = Array.from({ length: placeCount }, () => undefined);

export class LineColumns implements Columns {
  /** By place: a JSON token, `NULL` for a value that says nothing, undefined where the line has none. */
  readonly tokens: (string | undefined)[] = blank.slice();
  /** By place: the member that the token is of. */
  readonly #holders: (Member | undefined)[] = blank.slice();
  readonly #extra = new Map<string, string>();
  readonly #line: LogLine;
  readonly #reading: Reading;

  constructor(line: LogLine, reading: Reading) {
    this.#line = line;
    this.#reading = reading;
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
  fillExtraField([name, value]: Column): string {
    const token = this.#extra.get(name);
    this.#extra.delete(name);
    if (token !== undefined && !isFree(token)) return stringToken(token);
    return attributedToken(value);
  }

  /** Moves a value to `extra`, as it is written: after all the shape has no room for it. */
  displace(place: number): void {
    const holder = this.#holders[place];
    if (holder) this.#extra.set(holder.name, this.#tokenOf(holder));
    this.tokens[place] = NULL;
  }

  #tokenOf(member: Member): string {
    const token = tokenOf(this.#line, member);
    return treatNestedSecrets(token, this.#reading.apiKeyValues);
  }

  /** The members that give the columns their values; returns those that others outrank. */
  #findHolders(): Member[] {
    const losers: Member[] = [];
    for (const member of this.#line.members) {
      const slot = this.#reading.slots.get(member.name);
      if (slot === 'removed') continue;
      if (!slot) {
        this.#extra.set(member.name, this.#tokenOf(member));
        continue;
      }
      const holder = this.#holders[slot.place];
      const isOutranked = holder && !this.#outranks(member, holder);
      if (holder) losers.push(isOutranked ? member : holder);
      if (!isOutranked) this.#holders[slot.place] = member;
    }
    return losers;
  }

  /** Any value before none, then the name that is trusted more, then the later one, as in JSON.parse. */
  #outranks(member: Member, holder: Member): boolean {
    const isEmpty = isNoValueToken(this.#tokenOf(member));
    const isHolderEmpty = isNoValueToken(this.#tokenOf(holder));
    if (isEmpty !== isHolderEmpty) return isHolderEmpty;
    return this.#slotOf(member).rank <= this.#slotOf(holder).rank;
  }

  #slotOf(member: Member): Slot {
    return this.#reading.slots.get(member.name) as Slot;
  }

  #readHolders(): void {
    for (let place = 0; place < placeCount; place++) {
      const holder = this.#holders[place];
      if (!holder || place === requestTimePlace || place === requestEpochPlace) continue;
      const token = this.#tokenOf(holder);
      this.tokens[place] = isNoValueToken(token) ? NULL : this.#reading.readers[place]?.(token);
      if (this.tokens[place] === undefined) this.displace(place);
    }
  }

  /** Both columns say the same, from whichever the line has, the one that is more precise. */
  #readRequestTime(): void {
    const inWords = this.#instantAt(requestTimePlace);
    const inNumbers = this.#instantAt(requestEpochPlace);
    const { instant, outrankedPlace } = requestTimeOf(inWords, inNumbers);
    if (!instant) return;
    if (outrankedPlace !== undefined) this.displace(outrankedPlace);
    this.tokens[requestTimePlace] = this.#reading.writeTime(instant, 'timestamp');
    this.tokens[requestEpochPlace] = this.#reading.writeTime(instant, 'epoch');
  }

  #instantAt(place: number): Instant | undefined {
    const holder = this.#holders[place];
    if (!holder) return undefined;
    const token = this.#tokenOf(holder);
    const instant = requestInstantOf(token);
    if (!instant && !isNoValueToken(token)) this.displace(place);
    this.tokens[place] = NULL;
    return instant;
  }

  #keepWhereDifferent(loser: Member): void {
    const { place } = this.#slotOf(loser);
    const token = this.#tokenOf(loser);
    if (isNoValueToken(token)) return;
    const value = this.#reading.readers[place]?.(token);
    if (value === this.tokens[place]) return;
    const isSecret = columns[place]?.secret;
    this.#extra.set(loser.name, isSecret ? (value ?? NULL) : token);
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
  return instant && instant.epochMs >= 0 && instant.epochMs <= LAST_REQUEST_MS
    ? instant
    : undefined;
}

/**
 * The moment of a request from two readings of it, the one that is more precise, and the place of
 * the other where the two differ.
 */
export function requestTimeOf(
  inWords: Instant | undefined,
  inNumbers: Instant | undefined,
): { instant: Instant | undefined; outrankedPlace?: number } {
  if (!inWords || !inNumbers) return { instant: inWords ?? inNumbers };
  const isNumberBetter = inNumbers.hasMilliseconds && !inWords.hasMilliseconds;
  const instant = isNumberBetter ? inNumbers : inWords;
  if (agree(inWords, inNumbers)) return { instant };
  return { instant, outrankedPlace: isNumberBetter ? requestTimePlace : requestEpochPlace };
}

/** Whether two readings of a moment differ by no more than their precision. */
function agree(a: Instant, b: Instant): boolean {
  if (a.hasMilliseconds && b.hasMilliseconds) return a.epochMs === b.epochMs;
  return Math.floor(a.epochMs / 1000) === Math.floor(b.epochMs / 1000);
}

function slotsOf(options: RenderOptions): Map<string, Slot | 'removed'> {
  const slots = new Map<string, Slot | 'removed'>();
  for (const field of fields) {
    const place = placeOf(field.column);
    const isRemoved = field.secret && options.apiKeyValues === 'remove';
    for (const name of namesOf(field)) {
      // The table lists the names of a column in the order in which they are believed.
      if (!slots.has(name)) slots.set(name, isRemoved ? 'removed' : { place, rank: slots.size });
    }
  }
  slots.set(options.usagePlanField, { place: usagePlanPlace, rank: 0 });
  slots.set(ownColumns.usagePlanId, { place: usagePlanIdPlace, rank: 0 });
  slots.set(options.customerNameField, { place: customerNamePlace, rank: 0 });
  return slots;
}

function readersOf({ apiKeyValues }: RenderOptions, writeTime: TimeWriter): TokenReader[] {
  const ofColumns = columns.map(({ type, secret }): TokenReader => {
    const read = tokenReader(type, writeTime);
    if (!secret || apiKeyValues === 'keep') return read;
    return (token) => read(treatSecretToken(token, apiKeyValues));
  });
  return [...ofColumns, stringToken, stringToken, stringToken];
}
