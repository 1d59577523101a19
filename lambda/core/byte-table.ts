/**
 * A hash table whose keys are stretches of bytes, found without making strings of them first: that
 * would cost more than all else that is done to a line.
 *
 * Open addressing over flat arrays. Any number of keys may be added: past its capacity the table
 * begins anew, so what it holds, and how long a search takes, has a bound.
 */

/** Start and end offsets of a key's parts, of 255 bytes at most, in the buffer that is searched with. */
export type Spans = Int32Array;

/** A key that is not found in this many places is not there. Half full, a search needs 2 or 3. */
const MAX_PROBES = 32;
const BYTES_PER_KEY = 64;

export class ByteTable<T> {
  readonly #capacity: number;
  readonly #mask: number;
  /** By place: the number of an entry, and one more; 0 is free. */
  readonly #places: Int32Array;
  readonly #hashes: Int32Array;
  /** By entry: where its key ends in `keys`; it begins where the one before ends. */
  readonly #keyEnds: Int32Array;
  readonly #keys: Uint8Array;
  #values: T[] = [];

  constructor(capacity: number) {
    const places = 2 ** Math.ceil(Math.log2(2 * capacity));
    this.#capacity = capacity;
    this.#mask = places - 1;
    this.#places = new Int32Array(places);
    this.#hashes = new Int32Array(capacity);
    this.#keyEnds = new Int32Array(capacity);
    this.#keys = new Uint8Array(capacity * BYTES_PER_KEY);
  }

  find(bytes: Uint8Array, spans: Spans): T | undefined {
    const hash = hashOf(bytes, spans);
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const entry = (this.#places[(hash + probe) & this.#mask] as number) - 1;
      if (entry < 0) return undefined;
      if (this.#hashes[entry] === hash && this.#isKey(entry, bytes, spans)) {
        return this.#values[entry];
      }
    }
    return undefined;
  }

  /** Expects a key that `find` does not find. */
  add(bytes: Uint8Array, spans: Spans, value: T): void {
    const isFull = this.#values.length === this.#capacity;
    if (isFull || this.#end() + lengthOf(spans) > this.#keys.length) this.clear();
    let end = this.#end();
    const hash = hashOf(bytes, spans);
    const place = this.#freePlace(hash);
    if (place === undefined) return;
    const entry = this.#values.push(value) - 1;
    this.#places[place] = entry + 1;
    this.#hashes[entry] = hash;
    for (let part = 0; part < spans.length; part += 2) {
      // Parts are told apart by their lengths, which stand before them.
      const [start, stop] = [spans[part] as number, spans[part + 1] as number];
      this.#keys[end++] = stop - start;
      this.#keys.set(bytes.subarray(start, stop), end);
      end += stop - start;
    }
    this.#keyEnds[entry] = end;
  }

  clear(): void {
    this.#places.fill(0);
    this.#values = [];
  }

  #end(): number {
    return this.#keyEnd(this.#values.length - 1);
  }

  #freePlace(hash: number): number | undefined {
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const place = (hash + probe) & this.#mask;
      if (this.#places[place] === 0) return place;
    }
    return undefined;
  }

  #keyEnd(entry: number): number {
    return entry < 0 ? 0 : (this.#keyEnds[entry] as number);
  }

  #isKey(entry: number, bytes: Uint8Array, spans: Spans): boolean {
    const keys = this.#keys;
    let at = this.#keyEnd(entry - 1);
    for (let part = 0; part < spans.length; part += 2) {
      const start = spans[part] as number;
      const end = spans[part + 1] as number;
      if (keys[at++] !== end - start) return false;
      for (let from = start; from < end; from++) if (keys[at++] !== bytes[from]) return false;
    }
    return true;
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
