/** Bytes that grow at their end, so that rows can be written one after another without a text of all. */

const FIRST_BYTES = 1024 * 1024;
/** Of UTF-8, for a unit of UTF-16. */
const MAX_BYTES_OF_UNIT = 3;

export class RowBytes {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #end = 0;

  /** What was added since `clear`; to be used before anything else is added. */
  get all(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  clear(): void {
    this.#end = 0;
  }

  add(from: Buffer, start: number, end: number): void {
    this.#makeRoom(end - start);
    this.#end += from.copy(this.#bytes, this.#end, start, end);
  }

  addText(text: string): void {
    this.#makeRoom(MAX_BYTES_OF_UNIT * text.length);
    this.#end += this.#bytes.write(text, this.#end);
  }

  #makeRoom(length: number): void {
    const needed = this.#end + length;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}
