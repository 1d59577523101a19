/**
 * Texts. Each different one is kept once, and rows have its number: most columns of a log have few.
 * Where nearly all are different, as ids are, they are kept one after another instead.
 */

import type { SchemaElement } from 'hyparquet';
import { ByteDictionary } from './byte-dictionary';
import { ByteSource } from './byte-source';
import { Column, MAX_GROUP_ROWS, type Values } from './column';
import { packed } from './packed';

/** So many values show whether they come again. */
const TRIALS = 4096;
const MAX_SHARE_NEW = 0.5;
const MAX_DICTIONARY_SIZE = 2 ** 16;
const MAX_DICTIONARY_BYTES = 2 * 1024 * 1024;

/** Of UTF-8, for a unit of UTF-16. */
const MAX_BYTES_OF_UNIT = 3;
const buffer = Buffer.allocUnsafeSlow(16 * 1024);
const encoded = new ByteSource(buffer);

export class TextColumn extends Column {
  readonly type = 'BYTE_ARRAY';
  readonly element: SchemaElement;
  readonly #dictionary = new ByteDictionary();
  readonly #indexes = new Uint16Array(MAX_GROUP_ROWS);
  /** The number of the value before: lines that stand next to each other have much in common. */
  #last = -1;
  #lastText: string | undefined;
  /** Of a column without a dictionary: the texts as a dictionary would have them. */
  #plain: Buffer | undefined;
  #plainLength = 0;
  /** Where in it the last one begins. */
  #lastStart = 0;

  constructor(name: string) {
    super(name);
    this.element = {
      name,
      type: 'BYTE_ARRAY',
      repetition_type: 'OPTIONAL',
      converted_type: 'UTF8',
    };
  }

  add(row: number, from: ByteSource, start: number, end: number): void {
    this.present[row] = 1;
    if (this.#plain) this.#addPlain(this.#plain, from.bytes, start, end);
    else {
      const last = this.#last;
      if (last < 0 || !this.#dictionary.isAt(last, from, start, end)) {
        const { size } = this.#dictionary;
        this.#last = this.#dictionary.indexOf(from, start, end);
        this.#lastText = undefined;
        if (this.#last === size && this.#isInVain()) {
          this.#giveUpDictionary();
          this.add(row, from, start, end);
          return;
        }
      }
      this.#indexes[this.count] = this.#last;
    }
    this.count++;
  }

  addText(row: number, text: string): void {
    if (text === this.#lastText && !this.#plain) {
      this.present[row] = 1;
      this.#indexes[this.count++] = this.#last;
      return;
    }
    if (MAX_BYTES_OF_UNIT * text.length > buffer.length) {
      const bytes = Buffer.from(text);
      this.add(row, new ByteSource(bytes), 0, bytes.length);
    } else this.add(row, encoded, 0, buffer.write(text));
    this.#lastText = text;
  }

  values(): Values {
    if (this.#plain) {
      return { encoding: 'PLAIN', bytes: this.#plain.subarray(0, this.#plainLength) };
    }
    const { all, size } = this.#dictionary;
    return {
      dictionary: { bytes: all, size },
      encoding: 'RLE_DICTIONARY',
      bytes: packed(this.#indexes, this.count, size),
    };
  }

  override undo(row: number): void {
    if (this.present[row] === 1) this.#plainLength = this.#lastStart;
    super.undo(row);
  }

  override clear(): void {
    super.clear();
    this.#dictionary.clear();
    this.#last = -1;
    this.#lastText = undefined;
    this.#plainLength = 0;
  }

  /** Whether the dictionary is of no use, or has no room for another text. */
  #isInVain(): boolean {
    const { size, length } = this.#dictionary;
    if (size > MAX_DICTIONARY_SIZE || length > MAX_DICTIONARY_BYTES) return true;
    return this.count >= TRIALS && size > MAX_SHARE_NEW * this.count;
  }

  /** For good: the column of the next group is of the same kind. */
  #giveUpDictionary(): void {
    const { all } = this.#dictionary;
    this.#plain = Buffer.allocUnsafeSlow(2 * all.length);
    for (let value = 0; value < this.count; value++) {
      const index = this.#indexes[value] as number;
      const start = this.#dictionary.startOf(index) + 4;
      this.#addPlain(this.#plain, all, start, this.#dictionary.startOf(index + 1));
    }
    this.#dictionary.clear();
  }

  #addPlain(plain: Buffer, from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    let bytes = plain;
    if (this.#plainLength + 4 + length > bytes.length) {
      bytes = Buffer.allocUnsafeSlow(2 * (this.#plainLength + 4 + length));
      bytes.set(plain.subarray(0, this.#plainLength));
      this.#plain = bytes;
    }
    let to = this.#plainLength;
    this.#lastStart = to;
    bytes[to++] = length;
    bytes[to++] = length >>> 8;
    bytes[to++] = length >>> 16;
    bytes[to++] = length >>> 24;
    for (let at = start; at < end; at++) bytes[to++] = from[at] as number;
    this.#plainLength = to;
  }
}
