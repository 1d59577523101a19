/**
 * What some bytes gave when they were last read: lines that stand next to each other have the same
 * second, protocol and so on, as a rule, and comparing bytes costs a tenth of reading them.
 */

/** Longer values are hardly ever the same twice. */
const MAX_BYTES = 64;

export class LastReading<T> {
  /** What the bytes gave; undefined where they could not be read. */
  result: T | undefined = undefined;
  readonly #bytes = new Uint8Array(MAX_BYTES);
  #length = -1;

  isOf(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start !== this.#length) return false;
    const known = this.#bytes;
    for (let at = start; at < end; at++) if (bytes[at] !== known[at - start]) return false;
    return true;
  }

  keep(bytes: Uint8Array, start: number, end: number, result: T | undefined): T | undefined {
    this.result = result;
    this.#length = end - start > MAX_BYTES ? -1 : end - start;
    for (let at = 0; at < this.#length; at++) this.#bytes[at] = bytes[start + at] as number;
    return result;
  }
}
