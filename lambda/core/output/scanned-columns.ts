/**
 * The columns of a line that fits a shape, read from its bytes: most values stay where they are until
 * they are written. What a value becomes is decided by the same readers and conversions as in
 * `LineColumns`; what is decided here is only which values need not be shown to them:
 * - a string in a column of text stands for itself;
 * - up to 15 digits without a leading zero are a whole number;
 * - the result for the same bytes is remembered.
 *
 * Of two fields in one column the one that is believed more comes first, as there; a line in which only
 * the other one has a value is left to `LineColumns`, and so is one with two different values of a field.
 */

import type { LineShape } from '../bytes/line-shape';
import { Memo } from '../bytes/memo';
import { scratch } from '../bytes/scratch';
import { columns, type Field } from '../fields';
import type { Meaning } from '../names';
import { tokenText } from '../record/log-line';
import { isIpv4At } from '../values/ip-address';
import { treatSecretToken } from '../values/secrets';
import { type Instant, usualTimeAt } from '../values/times';
import {
  type ColumnConfig,
  type Columns,
  columnIndex,
  type Fact,
  rankOf,
  requestEpochIndex,
  requestInstant,
  requestInstantOf,
  requestTimeIndex,
  requestTimeOf,
} from './columns';
import type { Layout } from './layout';
import { integerToken, NULL, stringToken, type TokenReader } from './tokens';

/** What is known of a value: from the third on there is a value. */
export const ABSENT = 0;
export const EMPTY = 1;
export const AS_IT_STANDS = 2;
export const WITHOUT_QUOTES = 3;
export const TOKEN = 4;

/** Instead of a value's number: no value was asked for yet, or more than one. */
export const [NONE, SEVERAL] = [-1, -2];

const QUOTE = 0x22;
const ZERO = 0x30;
const NINE = 0x39;
const MAX_SURE_DIGITS = 15;

/** One value through one function. */
interface Conversion {
  readonly value: number;
  readonly read: TokenReader;
  readonly memo: Memo<string> | undefined;
}

/** The results of a fact, in this line and in those before. */
interface Remembered {
  readonly fact: Fact<unknown>;
  readonly memo: Memo<unknown> | undefined;
  /** The line that the result is of. */
  line: number;
  result: unknown;
}

/** Two values of one column. */
interface Rivals {
  readonly index: number;
  /** The value that is believed more: the column is written from it. */
  readonly first: number;
  readonly second: number;
  /** Whether they are values of one field: then the later one counts, where they are the same. */
  readonly isSameField: boolean;
}

export class ScannedColumns implements Columns {
  readonly shape: LineShape;
  /** By value, those of the request's time after the others. */
  readonly states: Uint8Array;
  /** By value: its token, where its state is that. */
  readonly tokens: string[];
  /** Values without a column. */
  readonly unknown: readonly number[];
  /** Values that their columns have no room for, in the order in which that turned out. */
  readonly displaced: number[] = [];
  /** The value that was asked about first since this was last set to `NONE`. */
  asked: number = NONE;
  readonly #config: ColumnConfig;
  /** By column: the value that it is written from, below 0 where there is none. */
  readonly #values: Int32Array;
  /** The values of columns of text. */
  readonly #texts: Int32Array;
  readonly #steps: readonly Conversion[];
  readonly #conversions: readonly Fact<string>[];
  /** By value: facts that were asked for. */
  readonly #remembered: Remembered[][];
  readonly #rivals: readonly Rivals[];
  /** The values of the request's time. */
  readonly #timeInWords: number;
  readonly #timeInNumbers: number;
  readonly #inWords = new Memo<Instant>();
  readonly #inNumbers = new Memo<Instant>();
  #lastInstant: Instant | undefined;
  /** How many lines were read. */
  #lines = 0;

  /** Undefined where a name calls for more than can be done for all lines of a shape at once. */
  static of(shape: LineShape, layout: Layout): ScannedColumns | undefined {
    const { targets, apiKeyValues } = layout.config;
    const values = new Int32Array(columns.length).fill(-1);
    const unknown: number[] = [];
    const rivals = new Map<number, Rivals>();
    for (const [value, name] of shape.names.entries()) {
      const { field, isSecret } = shape.meanings[value] as Meaning;
      if (targets.has(name)) return undefined;
      if (isSecret && apiKeyValues === 'remove') continue;
      if (field) {
        const index = columnIndex(field.column);
        const other = values[index] as number;
        values[index] = value;
        if (other < 0) continue;
        const otherField = shape.meanings[other]?.field as Field;
        const isTime = index === requestTimeIndex || index === requestEpochIndex;
        if (rivals.has(index) || isSecret || isTime) return undefined;
        const isSameField = otherField === field;
        const [first, second] =
          isSameField || rankOf(field) < rankOf(otherField) ? [value, other] : [other, value];
        values[index] = first;
        rivals.set(index, { index, first, second, isSameField });
      } else if (isSecret && apiKeyValues !== 'keep') return undefined;
      else unknown.push(value);
    }
    // In the order in which `LineColumns` comes to the second ones.
    const ranked = [...rivals.values()].sort(
      (one, other) => rankAt(shape, one.second) - rankAt(shape, other.second),
    );
    return new ScannedColumns(shape, layout, values, unknown, ranked);
  }

  private constructor(
    shape: LineShape,
    { config, conversions }: Layout,
    values: Int32Array,
    unknown: readonly number[],
    rivals: readonly Rivals[],
  ) {
    const count = shape.names.length;
    this.shape = shape;
    this.#values = values;
    this.states = new Uint8Array(count + 2);
    this.tokens = Array.from({ length: count + 2 }, () => '');
    this.#remembered = Array.from({ length: count + 2 }, () => []);
    this.#config = config;
    this.unknown = unknown;
    this.#rivals = rivals;

    this.#timeInWords = values[requestTimeIndex] as number;
    this.#timeInNumbers = values[requestEpochIndex] as number;
    values[requestTimeIndex] = -1;
    values[requestEpochIndex] = -1;
    const steps = safeReadersOf(config).flatMap((read, index) => stepOf(values, index, read));
    this.#texts = Int32Array.from(
      steps.filter(({ read }) => read === stringToken).map(({ value }) => value),
    );
    this.#steps = steps.filter(({ read }) => read !== stringToken);
    this.#conversions = conversions.filter(({ index }) => (values[index] as number) >= 0);
    if (this.#timeInWords < 0 && this.#timeInNumbers < 0) return;
    values[requestTimeIndex] = count;
    values[requestEpochIndex] = count + 1;
  }

  valueAt(index: number): number {
    return this.#values[index] as number;
  }

  /** The moment of the request, of the line that was read last. */
  get requestInstant(): Instant | undefined {
    return this.#lastInstant;
  }

  /** Reads the line that was scanned last; false leaves it to `LineColumns`. */
  read(): boolean {
    for (const { first, second, isSameField } of this.#rivals) {
      if (isSameField && !this.#areSameBytes(first, second)) return false;
      if (this.shape.isEmpty(first) && !this.shape.isEmpty(second)) return false;
    }
    this.#lines++;
    this.displaced.length = 0;
    this.#readTexts();
    for (const step of this.#steps) this.#readStep(step);
    if (this.valueAt(requestTimeIndex) >= 0) this.#readRequestTime();
    for (const rivals of this.#rivals) this.#keepWhereDifferent(rivals);
    for (const fact of this.#conversions) {
      const value = this.valueAt(fact.index);
      if (this.states[value] !== EMPTY) this.#settle(value, this.fact(fact));
    }
    return true;
  }

  /** The second value of a column, unless it equals the first. */
  #keepWhereDifferent({ index, first, second, isSameField }: Rivals): void {
    const { shape, states } = this;
    if (isSameField || shape.isEmpty(second)) return;
    if ((states[first] as number) >= AS_IT_STANDS && this.#areSameBytes(first, second)) return;
    const token = this.#config.readers[index]?.(this.#slice(second, 0));
    if (token !== this.token(index)) this.displaced.push(second);
  }

  #areSameBytes(a: number, b: number): boolean {
    const { shape } = this;
    const end = shape.endOf(a);
    const shift = shape.startOf(b) - shape.startOf(a);
    if (shape.endOf(b) - shift !== end) return false;
    for (let at = shape.startOf(a); at < end; at++) {
      if (scratch[at] !== scratch[at + shift]) return false;
    }
    return true;
  }

  #readTexts(): void {
    const { shape, states } = this;
    const texts = this.#texts;
    for (let index = 0; index < texts.length; index++) {
      const value = texts[index] as number;
      if (shape.isEmpty(value)) states[value] = EMPTY;
      else if (scratch[shape.startOf(value)] === QUOTE) states[value] = AS_IT_STANDS;
      else this.#settle(value, stringToken(this.#slice(value, 0)));
    }
  }

  #readStep(step: Conversion): void {
    const { value, read, memo } = step;
    const start = this.shape.startOf(value);
    const end = this.shape.endOf(value);
    const isString = scratch[start] === QUOTE;
    if (this.shape.isEmpty(value)) this.states[value] = EMPTY;
    else if (read === integerToken && isSureInteger(start, end, isString)) {
      this.states[value] = isString ? WITHOUT_QUOTES : AS_IT_STANDS;
    } else {
      const known = memo?.find(start, end);
      const token = known ? known.result : read(this.#slice(value, 0));
      if (!known) memo?.add(start, end, token);
      this.#settle(value, token);
    }
  }

  token(index: number): string | undefined {
    const value = this.#ask(index);
    if (value < 0) return undefined;
    switch (this.states[value]) {
      case ABSENT:
        return undefined;
      case EMPTY:
        return NULL;
      case AS_IT_STANDS:
        return this.#slice(value, 0);
      case WITHOUT_QUOTES:
        return this.#slice(value, 1);
      default:
        return this.tokens[value];
    }
  }

  has(index: number): boolean {
    const value = this.#ask(index);
    return value >= 0 && (this.states[value] as number) >= AS_IT_STANDS;
  }

  text(index: number): string | undefined {
    const token = this.token(index);
    return token === undefined ? undefined : tokenText(token);
  }

  fact<T>(fact: Fact<T>): T | undefined {
    const value = this.#ask(fact.index);
    if (value < 0 || (this.states[value] as number) < AS_IT_STANDS) return undefined;
    const remembered = this.#rememberedOf(value, fact);
    if (remembered.line !== this.#lines) {
      remembered.line = this.#lines;
      remembered.result = this.#resultOf(value, remembered);
    }
    return remembered.result as T | undefined;
  }

  #rememberedOf(value: number, fact: Fact<unknown>): Remembered {
    const all = this.#remembered[value] as Remembered[];
    for (const remembered of all) if (remembered.fact === fact) return remembered;
    const remembered = { fact, memo: memoFor(fact.index), line: -1, result: undefined };
    all.push(remembered);
    return remembered;
  }

  /** The same bytes have the same result as before. */
  #resultOf(value: number, { fact, memo }: Remembered): unknown {
    const start = this.shape.startOf(value);
    const end = this.shape.endOf(value);
    const known = memo?.find(start, end);
    if (known) return known.result;
    const text = this.text(fact.index);
    const result = text === undefined ? undefined : fact.read(text);
    memo?.add(start, end, result);
    return result;
  }

  isSame(index: number, other: number): boolean {
    const [a, b] = [this.#ask(index), this.#ask(other)];
    const { states } = this;
    if (states[a] !== AS_IT_STANDS || states[b] !== AS_IT_STANDS) {
      return this.token(index) === this.token(other);
    }
    return this.#areSameBytes(a, b);
  }

  isIpv4(index: number): boolean {
    const value = this.#ask(index);
    const { shape, states } = this;
    if (states[value] !== AS_IT_STANDS) return false;
    return isIpv4At(scratch, shape.startOf(value) + 1, shape.endOf(value) - 1);
  }

  #ask(index: number): number {
    const value = this.valueAt(index);
    if (value >= 0 && value !== this.asked) {
      // The request's time is no value of its own.
      const isFirst = this.asked === NONE && value < this.shape.names.length;
      this.asked = isFirst ? value : SEVERAL;
    }
    return value;
  }

  /** A value, without as many bytes at its start and at its end. */
  #slice(value: number, without: number): string {
    const { shape } = this;
    const encoding = shape.isAscii ? 'latin1' : 'utf8';
    return scratch.toString(encoding, shape.startOf(value) + without, shape.endOf(value) - without);
  }

  #settle(value: number, token: string | undefined): void {
    if (token === undefined) {
      this.states[value] = EMPTY;
      this.displaced.push(value);
    } else {
      this.states[value] = TOKEN;
      this.tokens[value] = token;
    }
  }

  #readRequestTime(): void {
    const inWords = this.#instantOf(this.#timeInWords, this.#inWords);
    const inNumbers = this.#instantOf(this.#timeInNumbers, this.#inNumbers);
    const { instant, outrankedIndex } = requestTimeOf(inWords, inNumbers);
    const isInWords = outrankedIndex === requestTimeIndex;
    if (outrankedIndex !== undefined) {
      this.displaced.push(isInWords ? this.#timeInWords : this.#timeInNumbers);
    }
    this.#writeTime(this.#timeInWords, this.valueAt(requestTimeIndex), instant, 'timestamp');
    this.#writeTime(this.#timeInNumbers, this.valueAt(requestEpochIndex), instant, 'epoch');
    this.#lastInstant = instant;
  }

  #instantOf(value: number, memo: Memo<Instant>): Instant | undefined {
    if (value < 0 || this.shape.isEmpty(value)) return undefined;
    const start = this.shape.startOf(value);
    const end = this.shape.endOf(value);
    const quote = scratch[start] === QUOTE ? 1 : 0;
    const usual = usualTimeAt(scratch, start + quote, end - quote);
    const known = usual ? undefined : memo.find(start, end);
    const instant = usual
      ? requestInstant(usual)
      : known
        ? known.result
        : requestInstantOf(this.#slice(value, 0));
    if (!usual && !known) memo.add(start, end, instant);
    if (!instant) this.displaced.push(value);
    return instant;
  }

  #writeTime(
    read: number,
    written: number,
    instant: Instant | undefined,
    type: 'timestamp' | 'epoch',
  ): void {
    if (!instant) {
      this.states[written] = read < 0 ? ABSENT : EMPTY;
      return;
    }
    this.states[written] = TOKEN;
    if (instant !== this.#lastInstant) {
      this.tokens[written] = this.#config.writeTime(instant, type);
    }
  }
}

function rankAt({ meanings }: LineShape, value: number): number {
  return rankOf(meanings[value]?.field as Field);
}

/** Those of secrets read what may be delivered of them. */
function safeReadersOf({ readers, apiKeyValues }: ColumnConfig): readonly TokenReader[] {
  if (apiKeyValues === 'keep') return readers;
  return readers.map((read, index): TokenReader => {
    if (!columns[index]?.secret) return read;
    return (token) => read(treatSecretToken(token, apiKeyValues));
  });
}

function stepOf(values: Int32Array, index: number, read: TokenReader): Conversion[] {
  const value = values[index] ?? -1;
  return value < 0 ? [] : [{ value, read, memo: memoFor(index) }];
}

/** Nothing is kept of secrets. */
function memoFor<T>(index: number): Memo<T> | undefined {
  return columns[index]?.secret ? undefined : new Memo<T>();
}

function isSureInteger(from: number, to: number, isString: boolean): boolean {
  const start = isString ? from + 1 : from;
  const end = isString ? to - 1 : to;
  if (end - start > MAX_SURE_DIGITS || (scratch[start] === ZERO && end - start > 1)) return false;
  for (let at = start; at < end; at++) {
    const byte = scratch[at] as number;
    if (byte < ZERO || byte > NINE) return false;
  }
  return true;
}
