/**
 * A hash table from bytes to bytes: its keys are found where they stand in a line, and its values are
 * copied to where they are to stand, without a string ever being made of either. Making them would
 * cost more than all else that is done to a line.
 *
 * Open addressing over flat arrays, and no larger ones than needed: what a search costs is the memory
 * that it has to wait for. Any number of keys may be added: past its capacity the table begins anew,
 * so what it holds, and how long a search takes, has a bound.
 */

import { BYTES_AT_ONCE, wordsOf } from './scratch';

/** Start and end offsets of a key's parts, of 255 bytes at most, in the bytes that are searched with. */
export type Spans = Int32Array;

/** A key that is not found in this many slots is not there. Half full, a search needs 2 or 3. */
const MAX_PROBES = 32;
const FIRST_PLACES = 1024;
const FIRST_BYTES = 64 * 1024;
/** In characters: two bytes hold how many bytes they take. */
const MAX_VALUE_LENGTH = 0xffff / 3;

export class ByteTable {
  readonly #capacity: number;
  /** The entries in a row; each part of a key has its length before it, and so has the value. */
  #bytes: Buffer;
  /** The same bytes. */
  #words: DataView;
  /** Where the entry begins, and one more; 0 for none. Half of them at most are taken. */
  #slots = new Int32Array(FIRST_PLACES);
  #end = 0;
  #size = 0;

  /** The capacity is one of bytes: each key with its value and some more. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#bytes = bytesFor(Math.min(FIRST_BYTES, capacity));
    this.#words = wordsOf(this.#bytes);
  }

  /** Holds the values. Another one after `add`. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  get words(): DataView {
    return this.#words;
  }

  /**
   * Where in `bytes` the key's value begins; below 0 where there is none. Reads up to three bytes after
   * the key.
   */
  find(line: DataView, spans: Spans): number {
    const hash = hashOf(line, spans);
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const entry = slots[(hash + probe) & mask] as number;
      if (entry === 0) return -1;
      const value = this.#behindKey(entry - 1, line, spans);
      if (value >= 0) return value;
    }
    return -1;
  }

  /** The length of the value that begins there. */
  lengthAt(value: number): number {
    return (this.#bytes[value - 2] as number) * 256 + (this.#bytes[value - 1] as number);
  }

  /**
   * Expects a key that `find` does not find. Returns where in `bytes` its value, now UTF-8, begins; below
   * 0 where it could not be kept.
   */
  add(line: DataView, spans: Spans, value: string): number {
    // A character takes three bytes at most.
    const length = lengthOf(spans) + 2 + 3 * value.length;
    if (value.length > MAX_VALUE_LENGTH || length > this.#capacity) return -1;
    if (this.#end + length > this.#capacity) this.clear();
    if (this.#end + length > roomIn(this.#bytes)) this.#addBytes(length);
    if (2 * this.#size === this.#slots.length) this.#addSlots(spans.length);
    if (!this.#insert(this.#end, hashOf(line, spans))) return -1;
    this.#addKey(line, spans);
    const start = this.#end + 2;
    const written = this.#bytes.write(value, start);
    this.#bytes[start - 2] = written >> 8;
    this.#bytes[start - 1] = written & 0xff;
    this.#end = start + written;
    return start;
  }

  clear(): void {
    if (this.#size === 0) return;
    this.#slots.fill(0);
    this.#end = 0;
    this.#size = 0;
  }

  /** False where all slots that a search would look at are taken. */
  #insert(entry: number, hash: number): boolean {
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const slot = (hash + probe) & mask;
      if (this.#slots[slot] !== 0) continue;
      this.#slots[slot] = entry + 1;
      this.#size++;
      return true;
    }
    return false;
  }

  #addBytes(needed: number): void {
    const bytes = this.#bytes;
    const length = Math.max(2 * roomIn(bytes), this.#end + needed);
    this.#bytes = bytesFor(Math.min(length, this.#capacity));
    this.#words = wordsOf(this.#bytes);
    this.#bytes.set(bytes);
  }

  /** Doubles the slots, and puts each entry in again. */
  #addSlots(spansLength: number): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    this.#size = 0;
    const spans = new Int32Array(spansLength);
    for (let entry = 0; entry < this.#end; ) {
      let at = entry;
      for (let part = 0; part < spansLength; part += 2) {
        spans[part] = at + 1;
        at += 1 + (this.#bytes[at] as number);
        spans[part + 1] = at;
      }
      this.#insert(entry, hashOf(this.#words, spans));
      entry = at + 2 + this.lengthAt(at + 2);
    }
  }

  #addKey(line: DataView, spans: Spans): void {
    for (let part = 0; part < spans.length; part += 2) {
      const start = spans[part] as number;
      const end = spans[part + 1] as number;
      this.#bytes[this.#end++] = end - start;
      for (let at = start; at < end; at++) this.#bytes[this.#end++] = line.getUint8(at);
    }
  }

  /** Where the entry's value begins if its key is this one; below 0 if it is another. */
  #behindKey(entry: number, line: DataView, spans: Spans): number {
    const words = this.#words;
    let at = entry;
    for (let part = 0; part < spans.length; part += 2) {
      const end = spans[part + 1] as number;
      let from = spans[part] as number;
      if (words.getUint8(at++) !== end - from) return -1;
      for (; from + 4 <= end; from += 4, at += 4) {
        if (words.getInt32(at) !== line.getInt32(from)) return -1;
      }
      if (from === end) continue;
      const others = 8 * (4 - (end - from));
      if (words.getInt32(at) >>> others !== line.getInt32(from) >>> others) return -1;
      at += end - from;
    }
    return at + 2;
  }
}

function bytesFor(capacity: number): Buffer {
  return Buffer.allocUnsafeSlow(capacity + BYTES_AT_ONCE);
}

function roomIn(bytes: Buffer): number {
  return bytes.length - BYTES_AT_ONCE;
}

function lengthOf(spans: Spans): number {
  let length = spans.length / 2;
  for (let part = 0; part < spans.length; part += 2) {
    length += (spans[part + 1] as number) - (spans[part] as number);
  }
  return length;
}

/** Four bytes at a time, of which the last may be fewer, and the length of each part. */
function hashOf(words: DataView, spans: Spans): number {
  let hash = 0;
  for (let part = 0; part < spans.length; part += 2) {
    const end = spans[part + 1] as number;
    let at = spans[part] as number;
    hash ^= end - at;
    for (; at + 4 <= end; at += 4) hash = mixed(hash ^ words.getInt32(at));
    if (at < end) hash ^= words.getInt32(at) >>> (8 * (4 - (end - at)));
    hash = mixed(hash);
  }
  return hash;
}

/** Any bit decides of the low ones, which alone choose the slot. */
function mixed(hash: number): number {
  const product = Math.imul(hash, 0x9e3779b1);
  return product ^ (product >>> 15);
}
