/**
 * Texts. Each different one is kept once, and rows have its number: most columns of a log have few.
 * Where nearly all are different, as ids are, they are kept one after another instead.
 */

import type { SchemaElement } from 'hyparquet';
import { ByteDictionary } from './byte-dictionary';
import { ByteSource } from './byte-source';
import { Column, MAX_GROUP_ROWS, type Values } from './column';
import { packed } from './packed';

/** How many values show whether values come again. */
const TRIALS = 4096;
const MAX_SHARE_NEW = 0.5;
const MAX_DICTIONARY_SIZE = 2 ** 16;
const MAX_DICTIONARY_BYTES = 2 * 1024 * 1024;

/** The most bytes of UTF-8 that a unit of UTF-16 takes. */
const MAX_BYTES_OF_UNIT = 3;
const buffer = Buffer.allocUnsafeSlow(16 * 1024);
const encoded = new ByteSource(buffer);

export class TextColumn extends Column {
  readonly type = 'BYTE_ARRAY';
  readonly element: SchemaElement;
  readonly #dictionary = new ByteDictionary();
  #indexes = new Uint16Array();
  /** The numbers of values that came as texts. */
  readonly #indexOfText = new Map<string, number>();
  /** How often its texts have been numbered anew: numbers hold until then. */
  numbering = 0;
  /** The texts of a column without a dictionary, as a dictionary would have them. */
  #plain: ByteSource | undefined;
  #plainLength = 0;
  /** The offset in it at which the last one begins. */
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
    if (this.present.length === 0) this.begin();
    this.present[row] = 1;
    if (this.#plain) this.#addPlain(this.#plain, from, start, end);
    else {
      const { size } = this.#dictionary;
      const index = this.#dictionary.indexOf(from, start, end);
      if (index === size && this.#isInVain()) {
        this.#giveUpDictionary();
        this.add(row, from, start, end);
        return;
      }
      this.#indexes[this.count] = index;
    }
    this.count++;
  }

  addText(row: number, text: string): void {
    const index = this.#indexOfText.get(text);
    if (index !== undefined) {
      this.addNumbered(row, index);
      return;
    }
    if (MAX_BYTES_OF_UNIT * text.length > buffer.length) {
      const bytes = Buffer.from(text);
      this.add(row, new ByteSource(bytes), 0, bytes.length);
    } else this.add(row, encoded, 0, buffer.write(text));
    if (!this.#plain) this.#indexOfText.set(text, this.#indexes[this.count - 1] as number);
  }

  /** A text of the dictionary by its number. */
  addNumbered(row: number, index: number): void {
    this.present[row] = 1;
    this.#indexes[this.count++] = index;
  }

  /** The number of the text that was added last; below 0 where the column has no dictionary. */
  get lastNumber(): number {
    return this.#plain ? -1 : (this.#indexes[this.count - 1] as number);
  }

  values(): Values {
    if (this.#plain) {
      return { encoding: 'PLAIN', bytes: this.#plain.bytes.subarray(0, this.#plainLength) };
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
    this.#forgetNumbers();
    this.#plainLength = 0;
  }

  protected override begin(): void {
    super.begin();
    this.#indexes = new Uint16Array(MAX_GROUP_ROWS);
  }

  /** Whether the dictionary is of no use, or has no room for another text. */
  #isInVain(): boolean {
    const { size, length } = this.#dictionary;
    if (size > MAX_DICTIONARY_SIZE || length > MAX_DICTIONARY_BYTES) return true;
    return this.count >= TRIALS && size > MAX_SHARE_NEW * this.count;
  }

  /** For good: the column of the next group is of the same kind. */
  #giveUpDictionary(): void {
    const all = new ByteSource(this.#dictionary.all);
    this.#plain = new ByteSource(Buffer.allocUnsafeSlow(2 * all.bytes.length));
    for (let value = 0; value < this.count; value++) {
      const index = this.#indexes[value] as number;
      const start = this.#dictionary.startOf(index) + 4;
      this.#addPlain(this.#plain, all, start, this.#dictionary.startOf(index + 1));
    }
    this.#forgetNumbers();
  }

  #forgetNumbers(): void {
    this.#dictionary.clear();
    this.#indexOfText.clear();
    this.numbering++;
  }

  #addPlain(plain: ByteSource, { bytes, words }: ByteSource, start: number, end: number): void {
    const length = end - start;
    let to = this.#plainLength;
    let target = plain;
    if (to + 4 + length > target.bytes.length) {
      target = new ByteSource(Buffer.allocUnsafeSlow(2 * (to + 4 + length)));
      target.bytes.set(plain.bytes.subarray(0, to));
      this.#plain = target;
    }
    this.#lastStart = to;
    target.words.setInt32(to, length, true);
    to += 4;
    let at = start;
    for (; at + 4 <= end; at += 4, to += 4) target.words.setInt32(to, words.getInt32(at));
    for (; at < end; at++) target.bytes[to++] = bytes[at] as number;
    this.#plainLength = to;
  }
}
