/**
 * Numbers texts in the order in which they come first, and keeps each of them once: as Parquet's
 * dictionaries have them, the length in four bytes, the lowest first, and the bytes.
 */

import { ByteSource } from './byte-source';

const FIRST_BYTES = 4096;
const FIRST_PLACES = 256;
const RECENT = 256;

export class ByteDictionary {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #words = new ByteSource(this.#bytes).words;
  #length = 0;
  /** By number: where the text begins. One more than there are: where the next one would. */
  #starts = new Int32Array(FIRST_PLACES / 2 + 1).fill(4, 0, 1);
  #hashes = new Int32Array(FIRST_PLACES / 2);
  /** Open addressing, at most half full: a number and one more, 0 for none. */
  #places = new Int32Array(FIRST_PLACES);
  #size = 0;
  /** By ends and length of a text: the number that was asked for last. Most texts come again soon. */
  readonly #recent = new Int32Array(RECENT).fill(-1);

  get size(): number {
    return this.#size;
  }

  /** The length of all entries, in bytes. */
  get length(): number {
    return this.#length;
  }

  get all(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Where in `all` an entry begins, with its length; of the number after the last: where they end. */
  startOf(index: number): number {
    return (this.#starts[index] as number) - 4;
  }

  /** Whether this is the text with that number. */
  isAt(index: number, { bytes, words }: ByteSource, start: number, end: number): boolean {
    const known = this.#starts[index] as number;
    if ((this.#starts[index + 1] as number) - known - 4 !== end - start) return false;
    const shift = known - start;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      if (this.#words.getInt32(at + shift) !== words.getInt32(at)) return false;
    }
    for (; at < end; at++) if (this.#bytes[at + shift] !== bytes[at]) return false;
    return true;
  }

  /** The number of a text, which is added where it is new. */
  indexOf(from: ByteSource, start: number, end: number): number {
    const slot = slotOf(from, start, end);
    const recent = this.#recent[slot] as number;
    if (recent >= 0 && this.isAt(recent, from, start, end)) return recent;
    const index = this.#found(from, start, end);
    this.#recent[slot] = index;
    return index;
  }

  #found(from: ByteSource, start: number, end: number): number {
    const hash = hashOf(from, start, end);
    const mask = this.#places.length - 1;
    let place = hash & mask;
    for (; ; place = (place + 1) & mask) {
      const index = (this.#places[place] as number) - 1;
      if (index < 0) break;
      if (this.#hashes[index] === hash && this.isAt(index, from, start, end)) return index;
    }
    this.#places[place] = this.#size + 1;
    return this.#add(from.bytes, start, end, hash);
  }

  clear(): void {
    this.#places.fill(0);
    this.#recent.fill(-1);
    this.#length = 0;
    this.#size = 0;
  }

  #add(from: Uint8Array, start: number, end: number, hash: number): number {
    const index = this.#size++;
    const length = end - start;
    if (this.#length + 4 + length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(2 * (this.#length + 4 + length));
      larger.set(this.all);
      this.#bytes = larger;
      this.#words = new ByteSource(larger).words;
    }
    this.#bytes.writeUInt32LE(length, this.#length);
    this.#length += 4;
    for (let at = start; at < end; at++) this.#bytes[this.#length++] = from[at] as number;
    this.#hashes[index] = hash;
    this.#starts[index + 1] = this.#length + 4;
    if (2 * this.#size === this.#places.length) this.#grow();
    return index;
  }

  #grow(): void {
    const count = 2 * this.#places.length;
    const [starts, hashes] = [new Int32Array(count / 2 + 1), new Int32Array(count / 2)];
    starts.set(this.#starts);
    hashes.set(this.#hashes);
    const places = new Int32Array(count);
    for (let index = 0; index < this.#size; index++) {
      let place = (hashes[index] as number) & (count - 1);
      while (places[place] !== 0) place = (place + 1) & (count - 1);
      places[place] = index + 1;
    }
    this.#starts = starts;
    this.#hashes = hashes;
    this.#places = places;
  }
}

/** A number below `RECENT`, made of a few bytes in which texts of a column differ most often. */
function slotOf({ bytes, words }: ByteSource, start: number, end: number): number {
  const length = end - start;
  const ends =
    length < 4
      ? ((bytes[start] ?? 0) << 8) | (bytes[end - 1] ?? 0)
      : words.getInt32(start) ^ Math.imul(words.getInt32(end - 4), 0x01000193);
  return Math.imul(ends ^ length, 0x9e3779b1) >>> 24;
}

/** FNV-1a, by four bytes where there are as many. */
function hashOf({ bytes, words }: ByteSource, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ words.getInt32(at), 0x01000193);
    // What differs in a high byte only must get into the low ones.
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  // The low bits alone choose the slot.
  return hash ^ (hash >>> 15);
}
