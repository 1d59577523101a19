/** Whole numbers of 64 bits, and moments in milliseconds. Small ones, as statuses, get a dictionary. */

import type { SchemaElement } from 'hyparquet';
import type { ByteSource } from './byte-source';
import { Column, MAX_GROUP_ROWS, type Values } from './column';
import { packed } from './packed';

/** A number of so many digits is exact. */
const MAX_EXACT_DIGITS = 15;
/** Numbers below it may have a dictionary. */
const SMALL = 2 ** 16;
const [MINUS, ZERO] = [0x2d, 0x30];

/** By number: its index in a dictionary, plus 1. Empty between two uses. */
const placeOf = new Int32Array(SMALL);

const NO_BYTES = new Uint8Array();

export class NumberColumn extends Column {
  readonly type = 'INT64';
  readonly element: SchemaElement;
  /** Whether its numbers are moments. */
  readonly isTime: boolean;
  #bytes = NO_BYTES;
  #view = new DataView(NO_BYTES.buffer);
  #small = new Uint16Array();
  #isSmall = true;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(name: string, isTime: boolean) {
    super(name);
    this.isTime = isTime;
    this.element = {
      name,
      type: 'INT64',
      repetition_type: 'OPTIONAL',
      ...(isTime
        ? { logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' } }
        : {}),
    };
  }

  add(row: number, { bytes }: ByteSource, start: number, end: number): void {
    if (end - start > MAX_EXACT_DIGITS || bytes[start] === MINUS) {
      this.addText(row, Buffer.from(bytes.subarray(start, end)).toString('latin1'));
      return;
    }
    let number = 0;
    for (let at = start; at < end; at++) number = number * 10 + (bytes[at] as number) - ZERO;
    this.addNumber(row, number);
  }

  addText(row: number, text: string): void {
    if (text.length <= MAX_EXACT_DIGITS) this.addNumber(row, Number(text));
    else this.#addLarge(row, BigInt(text));
  }

  addNumber(row: number, number: number): void {
    if (this.present.length === 0) this.begin();
    this.present[row] = 1;
    const at = 8 * this.count;
    if (number >= 0 && number < SMALL) {
      this.#small[this.count] = number;
      this.#view.setInt32(at, number, true);
      this.#view.setInt32(at + 4, 0, true);
    } else {
      this.#isSmall = false;
      const high = Math.floor(number / 2 ** 32);
      this.#view.setInt32(at, number - high * 2 ** 32, true);
      this.#view.setInt32(at + 4, high, true);
    }
    if (number < this.#min) this.#min = number;
    if (number > this.#max) this.#max = number;
    this.count++;
  }

  values(): Values {
    const dictionary = this.#isSmall ? this.#dictionary() : undefined;
    return {
      ...(dictionary ?? {
        encoding: 'PLAIN' as const,
        bytes: this.#bytes.subarray(0, 8 * this.count),
      }),
      // What is not exact here has none.
      ...(Number.isSafeInteger(this.#min) && Number.isSafeInteger(this.#max)
        ? { statistics: { min_value: BigInt(this.#min), max_value: BigInt(this.#max) } }
        : {}),
    };
  }

  override clear(): void {
    super.clear();
    this.#isSmall = true;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
  }

  protected override begin(): void {
    super.begin();
    this.#bytes = new Uint8Array(8 * MAX_GROUP_ROWS);
    this.#view = new DataView(this.#bytes.buffer);
    this.#small = new Uint16Array(MAX_GROUP_ROWS);
  }

  #addLarge(row: number, number: bigint): void {
    this.addNumber(row, Number(number));
    this.#view.setBigInt64(8 * (this.count - 1), number, true);
    this.#isSmall = false;
  }

  #dictionary(): Values | undefined {
    const numbers: number[] = [];
    const indexes = new Uint16Array(this.count);
    for (let value = 0; value < this.count; value++) {
      const number = this.#small[value] as number;
      if (placeOf[number] === 0) placeOf[number] = numbers.push(number);
      indexes[value] = (placeOf[number] as number) - 1;
    }
    for (const number of numbers) placeOf[number] = 0;
    if (2 * numbers.length > this.count) return undefined;
    const bytes = Buffer.alloc(8 * numbers.length);
    for (const [place, number] of numbers.entries()) bytes.writeUInt32LE(number, 8 * place);
    return {
      dictionary: { bytes, size: numbers.length },
      encoding: 'RLE_DICTIONARY',
      bytes: packed(indexes, this.count, numbers.length),
    };
  }
}
