/** Bytes that grow at their end, so that lines can be gathered without a text of all. */

const FIRST_BYTES = 256 * 1024;
/** Of UTF-8, for a unit of UTF-16. */
const MAX_BYTES_OF_UNIT = 3;

export class GrowingBytes {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was added since `clear`; to be used before anything else is added. */
  get all(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  add(from: Buffer, start: number, end: number): void {
    this.#makeRoomFor(end - start);
    this.#length += from.copy(this.#bytes, this.#length, start, end);
  }

  addText(text: string): void {
    this.#makeRoomFor(MAX_BYTES_OF_UNIT * text.length);
    this.#length += this.#bytes.write(text, this.#length);
  }

  #makeRoomFor(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
