/**
 * The columns of a line that fits a shape, read from its bytes: most values stay where they are until
 * they are written. What a value becomes is decided by the same readers and conversions as in
 * `LineColumns`; what is decided here is only which values need not be shown to them:
 * - a string in a column of text stands for itself;
 * - up to 15 digits without a leading zero are a whole number;
 * - the bytes that a column had last give what they gave then.
 *
 * A shape has each name and each column once, so no value outranks another.
 */

import { columns } from '../fields';
import { isIpv4At } from '../ip-address';
import { tokenText } from '../log-line';
import type { Conversion, Layout } from '../render/layout';
import {
  type Columns,
  extraToken,
  type Reading,
  requestEpochPlace,
  requestTimeOf,
  requestTimePlace,
} from '../render/line-columns';
import { instantOf, integerToken, NULL, stringToken, type TokenReader } from '../render/tokens';
import type { Instant } from '../times';
import type { LineShape } from './line-shape';
import { Readings } from './readings';

/** What is known of a value. */
export const state = { absent: 0, empty: 1, asItStands: 2, withoutQuotes: 3, token: 4 } as const;

export const asked = { none: -1, several: -2 } as const;

const [QUOTE, DASH, ZERO, NINE] = [0x22, 0x2d, 0x30, 0x39];
const MAX_SURE_DIGITS = 15;

const nothing = Buffer.alloc(0);

/** One value through one function. */
interface Step<Read> {
  readonly value: number;
  readonly place: number;
  readonly read: Read;
  readonly readings: Readings<string>;
}

export class ScannedColumns implements Columns {
  readonly shape: LineShape;
  /** By value, those of the request's time behind the others. */
  readonly states: Uint8Array;
  /** By value: its token, where its state is that. */
  readonly tokens: string[];
  /** Values without a column. */
  readonly unknown: readonly number[];
  /** Values that their columns have no room for, in the order in which that turned out. */
  readonly displaced: number[] = [];
  /** Of which value something was asked since this was last set to `none`. */
  asked: number = asked.none;
  /** Where the line is. */
  bytes: Buffer = nothing;
  readonly #reading: Reading;
  /** By place: the value that a column is written from, below 0 where there is none. */
  readonly #values = new Int32Array(columns.length).fill(-1);
  readonly #steps: readonly Step<TokenReader>[];
  readonly #conversions: readonly Step<Conversion>[];
  /** The values that tell the request's time. */
  readonly #timeInWords: number;
  readonly #timeInNumbers: number;
  readonly #inWords = new Readings<Instant>();
  readonly #inNumbers = new Readings<Instant>();
  #lastInstant: Instant | undefined;
  /** Values without a column. */

  /** Undefined where a name calls for more than can be done for all lines of a shape at once. */
  static of(shape: LineShape, layout: Layout): ScannedColumns | undefined {
    const places = new Set<number>();
    for (const name of shape.names) {
      const slot = layout.reading.slots.get(name);
      if (!slot || slot === 'removed') continue;
      // A target of the attribution, or a second value of a column.
      if (slot.place >= columns.length || places.has(slot.place)) return undefined;
      places.add(slot.place);
    }
    return new ScannedColumns(shape, layout);
  }

  private constructor(shape: LineShape, { reading, conversions }: Layout) {
    const count = shape.names.length;
    const values = this.#values;
    const unknown: number[] = [];
    for (const [value, name] of shape.names.entries()) {
      const slot = reading.slots.get(name);
      if (!slot) unknown.push(value);
      else if (slot !== 'removed') values[slot.place] = value;
    }
    this.shape = shape;
    this.states = new Uint8Array(count + 2);
    this.tokens = Array.from({ length: count + 2 }, () => '');
    this.#reading = reading;
    this.unknown = unknown;

    this.#timeInWords = values[requestTimePlace] as number;
    this.#timeInNumbers = values[requestEpochPlace] as number;
    values[requestTimePlace] = -1;
    values[requestEpochPlace] = -1;
    this.#steps = reading.readers.flatMap((read, place) => stepOf(values, place, read));
    this.#conversions = conversions.flatMap(([place, read]) => stepOf(values, place, read));
    if (this.#timeInWords < 0 && this.#timeInNumbers < 0) return;
    values[requestTimePlace] = count;
    values[requestEpochPlace] = count + 1;
  }

  valueAt(place: number): number {
    return this.#values[place] as number;
  }

  /** Reads the line that was last found to fit. */
  read(bytes: Buffer): void {
    this.bytes = bytes;
    this.displaced.length = 0;
    const { spans } = this.shape;
    const { states } = this;
    for (const step of this.#steps) {
      const { value, read } = step;
      const start = spans[2 * value] as number;
      const end = spans[2 * value + 1] as number;
      const isString = bytes[start] === QUOTE;
      if (isString && isEmptyAt(bytes, start, end)) states[value] = state.empty;
      else if (isString && read === stringToken) states[value] = state.asItStands;
      else if (read === integerToken && isSureInteger(bytes, start, end, isString)) {
        states[value] = isString ? state.withoutQuotes : state.asItStands;
      } else this.#settle(value, this.#readAnew(step));
    }
    if (this.valueAt(requestTimePlace) >= 0) this.#readRequestTime();
    for (const step of this.#conversions) {
      if (states[step.value] !== state.empty) this.#settle(step.value, this.#convert(step));
    }
  }

  token(place: number): string | undefined {
    const value = this.#ask(place);
    if (value < 0) return undefined;
    switch (this.states[value]) {
      case state.absent:
        return undefined;
      case state.empty:
        return NULL;
      case state.asItStands:
        return this.#slice(value, 0);
      case state.withoutQuotes:
        return this.#slice(value, 1);
      default:
        return this.tokens[value];
    }
  }

  has(place: number): boolean {
    const value = this.#ask(place);
    return value >= 0 && (this.states[value] as number) >= state.asItStands;
  }

  text(place: number): string | undefined {
    const token = this.token(place);
    return token === undefined ? undefined : tokenText(token);
  }

  isIpv4(place: number): boolean {
    const value = this.#ask(place);
    if (value < 0 || this.states[value] !== state.asItStands) return false;
    const { spans } = this.shape;
    const end = (spans[2 * value + 1] as number) - 1;
    return isIpv4At(this.bytes, (spans[2 * value] as number) + 1, end);
  }

  get extra(): string | undefined {
    this.asked = asked.several;
    if (this.unknown.length === 0 && this.displaced.length === 0) return undefined;
    const { names } = this.shape;
    return extraToken(
      [...this.unknown, ...this.displaced].map((value) => [
        names[value] as string,
        this.#slice(value, 0),
      ]),
    );
  }

  #ask(place: number): number {
    const value = this.valueAt(place);
    if (value >= 0 && value !== this.asked) {
      // The request's time is no value of its own.
      const isFirst = this.asked === asked.none && value < this.shape.names.length;
      this.asked = isFirst ? value : asked.several;
    }
    return value;
  }

  /** A value, without as many bytes at its start and at its end. */
  #slice(value: number, without: number): string {
    const { spans, isAscii } = this.shape;
    return this.bytes.toString(
      isAscii ? 'latin1' : 'utf8',
      (spans[2 * value] as number) + without,
      (spans[2 * value + 1] as number) - without,
    );
  }

  #readAnew({ value, read, readings }: Step<TokenReader>): string | undefined {
    const { spans } = this.shape;
    const start = spans[2 * value] as number;
    const end = spans[2 * value + 1] as number;
    const known = readings.find(this.bytes, start, end);
    if (known) return known.result;
    const token = read(this.#slice(value, 0));
    readings.add(this.bytes, start, end, token);
    return token;
  }

  /** What a value is converted to depends on nothing but its bytes, either. */
  #convert({ value, place, read, readings }: Step<Conversion>): string | undefined {
    const { spans } = this.shape;
    const start = spans[2 * value] as number;
    const end = spans[2 * value + 1] as number;
    const known = readings.find(this.bytes, start, end);
    if (known) return known.result;
    const token = read(this.text(place) as string);
    readings.add(this.bytes, start, end, token);
    return token;
  }

  #settle(value: number, token: string | undefined): void {
    if (token === undefined) {
      this.states[value] = state.empty;
      this.displaced.push(value);
    } else {
      this.states[value] = state.token;
      this.tokens[value] = token;
    }
  }

  #readRequestTime(): void {
    const inWords = this.#instantOf(this.#timeInWords, this.#inWords);
    const inNumbers = this.#instantOf(this.#timeInNumbers, this.#inNumbers);
    const { instant, outrankedPlace } = requestTimeOf(inWords, inNumbers);
    const isInWords = outrankedPlace === requestTimePlace;
    if (outrankedPlace !== undefined) {
      this.displaced.push(isInWords ? this.#timeInWords : this.#timeInNumbers);
    }
    this.#writeTime(this.#timeInWords, this.valueAt(requestTimePlace), instant, 'timestamp');
    this.#writeTime(this.#timeInNumbers, this.valueAt(requestEpochPlace), instant, 'epoch');
    this.#lastInstant = instant;
  }

  #instantOf(value: number, readings: Readings<Instant>): Instant | undefined {
    if (value < 0) return undefined;
    const { spans } = this.shape;
    const start = spans[2 * value] as number;
    const end = spans[2 * value + 1] as number;
    if (this.bytes[start] === QUOTE && isEmptyAt(this.bytes, start, end)) return undefined;
    const known = readings.find(this.bytes, start, end);
    const instant = known ? known.result : instantOf(this.#slice(value, 0));
    if (!known) readings.add(this.bytes, start, end, instant);
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
      this.states[written] = read < 0 ? state.absent : state.empty;
      return;
    }
    this.states[written] = state.token;
    if (instant !== this.#lastInstant) {
      this.tokens[written] = this.#reading.writeTime(instant, type);
    }
  }
}

function stepOf<Read>(values: Int32Array, place: number, read: Read): Step<Read>[] {
  const value = values[place] ?? -1;
  return value < 0 ? [] : [{ value, place, read, readings: new Readings<string>() }];
}

/** `""` and `"-"`; with escapes it does not fit a shape. */
function isEmptyAt(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 2 || (end - start === 3 && bytes[start + 1] === DASH);
}

function isSureInteger(bytes: Uint8Array, from: number, to: number, isString: boolean): boolean {
  const start = isString ? from + 1 : from;
  const end = isString ? to - 1 : to;
  if (end - start > MAX_SURE_DIGITS || (bytes[start] === ZERO && end - start > 1)) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return false;
  }
  return true;
}
