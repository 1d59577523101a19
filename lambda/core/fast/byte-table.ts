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
  /** Two numbers a place: that of an entry and one more, 0 for none, and where its key begins. */
  readonly #places: Int32Array;
  /** The entries' keys, in a row; each part has its length before it. */
  readonly #keys: Uint8Array;
  #keysEnd = 0;
  #values: T[] = [];

  constructor(capacity: number) {
    const places = 2 ** Math.ceil(Math.log2(2 * capacity));
    this.#capacity = capacity;
    this.#mask = places - 1;
    this.#places = new Int32Array(2 * places);
    this.#keys = new Uint8Array(capacity * BYTES_PER_KEY);
  }

  find(bytes: Uint8Array, spans: Spans): T | undefined {
    const hash = hashOf(bytes, spans);
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const place = 2 * ((hash + probe) & this.#mask);
      const entry = (this.#places[place] as number) - 1;
      if (entry < 0) return undefined;
      if (this.#isKeyAt(this.#places[place + 1] as number, bytes, spans)) {
        return this.#values[entry];
      }
    }
    return undefined;
  }

  /** Expects a key that `find` does not find. One whose places are all taken is not kept. */
  add(bytes: Uint8Array, spans: Spans, value: T): void {
    const isFull = this.#values.length === this.#capacity;
    if (isFull || this.#keysEnd + lengthOf(spans) > this.#keys.length) this.clear();
    const hash = hashOf(bytes, spans);
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const place = 2 * ((hash + probe) & this.#mask);
      if (this.#places[place] !== 0) continue;
      this.#places[place] = this.#values.push(value);
      this.#places[place + 1] = this.#keysEnd;
      this.#addKey(bytes, spans);
      return;
    }
  }

  clear(): void {
    if (this.#values.length === 0) return;
    this.#places.fill(0);
    this.#keysEnd = 0;
    this.#values = [];
  }

  #addKey(bytes: Uint8Array, spans: Spans): void {
    for (let part = 0; part < spans.length; part += 2) {
      const start = spans[part] as number;
      const end = spans[part + 1] as number;
      this.#keys[this.#keysEnd++] = end - start;
      for (let at = start; at < end; at++) this.#keys[this.#keysEnd++] = bytes[at] as number;
    }
  }

  #isKeyAt(keyStart: number, bytes: Uint8Array, spans: Spans): boolean {
    const keys = this.#keys;
    let at = keyStart;
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
