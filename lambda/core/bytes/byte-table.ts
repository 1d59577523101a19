/**
 * A hash table from bytes to bytes: its keys are found where they stand in a line, and its values are
 * copied to where they are to stand, without a string ever being made of either. Making them would
 * cost more than all else that is done to a line.
 *
 * Open addressing over flat arrays, and no larger ones than needed: what a search costs is the memory
 * that it has to wait for. Any number of keys may be added: past its capacity the table begins anew,
 * so what it holds, and how long a search takes, has a bound.
 */

/** Start and end offsets of a key's parts, of 255 bytes at most, in the buffer that is searched with. */
export type Spans = Int32Array;

/** A key that is not found in this many places is not there. Half full, a search needs 2 or 3. */
const MAX_PROBES = 32;
const FIRST_PLACES = 1024;
const FIRST_BYTES = 64 * 1024;
/** In characters: two bytes tell how many bytes they take. */
const MAX_VALUE_LENGTH = 0xffff / 3;

export class ByteTable {
  readonly #capacity: number;
  /** The entries in a row; each part of a key has its length before it, and so has the value. */
  #bytes: Buffer;
  /** Where the entry begins, and one more; 0 for none. Half of them at most are taken. */
  #places = new Int32Array(FIRST_PLACES);
  #end = 0;
  #size = 0;

  /** The capacity is one of bytes: each key with its value and some more. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(FIRST_BYTES, capacity));
  }

  /** Holds the values. Another one after `add`. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Where in `bytes` the key's value begins; below 0 where there is none. */
  find(line: Uint8Array, spans: Spans): number {
    const hash = hashOf(line, spans);
    const places = this.#places;
    const mask = places.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const entry = places[(hash + probe) & mask] as number;
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
   * Expects a key that `find` does not find. Gives where in `bytes` its value, now UTF-8, begins; below
   * 0 where it could not be kept.
   */
  add(line: Uint8Array, spans: Spans, value: string): number {
    // A character takes three bytes at most.
    const length = lengthOf(spans) + 2 + 3 * value.length;
    if (value.length > MAX_VALUE_LENGTH || length > this.#capacity) return -1;
    if (this.#end + length > this.#capacity) this.clear();
    if (this.#end + length > this.#bytes.length) this.#addBytes(length);
    if (2 * this.#size === this.#places.length) this.#addPlaces(spans.length);
    if (!this.#place(this.#end, hashOf(line, spans))) return -1;
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
    this.#places.fill(0);
    this.#end = 0;
    this.#size = 0;
  }

  /** False where all places that a search would look at are taken. */
  #place(entry: number, hash: number): boolean {
    const mask = this.#places.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const place = (hash + probe) & mask;
      if (this.#places[place] !== 0) continue;
      this.#places[place] = entry + 1;
      this.#size++;
      return true;
    }
    return false;
  }

  #addBytes(needed: number): void {
    const bytes = this.#bytes;
    const length = Math.max(2 * bytes.length, this.#end + needed);
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(length, this.#capacity));
    this.#bytes.set(bytes);
  }

  /** Twice as many; each entry gets a new one. */
  #addPlaces(spansLength: number): void {
    this.#places = new Int32Array(2 * this.#places.length);
    this.#size = 0;
    const spans = new Int32Array(spansLength);
    for (let entry = 0; entry < this.#end; ) {
      let at = entry;
      for (let part = 0; part < spansLength; part += 2) {
        spans[part] = at + 1;
        at += 1 + (this.#bytes[at] as number);
        spans[part + 1] = at;
      }
      this.#place(entry, hashOf(this.#bytes, spans));
      entry = at + 2 + this.lengthAt(at + 2);
    }
  }

  #addKey(line: Uint8Array, spans: Spans): void {
    for (let part = 0; part < spans.length; part += 2) {
      const start = spans[part] as number;
      const end = spans[part + 1] as number;
      this.#bytes[this.#end++] = end - start;
      for (let at = start; at < end; at++) this.#bytes[this.#end++] = line[at] as number;
    }
  }

  /** Where the entry's value begins if its key is this one; below 0 if it is another. */
  #behindKey(entry: number, line: Uint8Array, spans: Spans): number {
    const bytes = this.#bytes;
    let at = entry;
    for (let part = 0; part < spans.length; part += 2) {
      const start = spans[part] as number;
      const end = spans[part + 1] as number;
      if (bytes[at++] !== end - start) return -1;
      for (let from = start; from < end; from++) if (bytes[at++] !== line[from]) return -1;
    }
    return at + 2;
  }
}

function lengthOf(spans: Spans): number {
  let length = spans.length / 2;
  for (let part = 0; part < spans.length; part += 2) {
    length += (spans[part + 1] as number) - (spans[part] as number);
  }
  return length;
}

/** FNV-1a, with a byte that no text has between the parts. */
function hashOf(bytes: Uint8Array, spans: Spans): number {
  let hash = 0x811c9dc5 | 0;
  for (let part = 0; part < spans.length; part += 2) {
    const end = spans[part + 1] as number;
    for (let at = spans[part] as number; at < end; at++) {
      hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    }
    hash = Math.imul(hash ^ 0xff, 0x01000193);
  }
  // The low bits alone choose the place.
  return hash ^ (hash >>> 15);
}
