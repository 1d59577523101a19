/** The lines that a record is delivered with, gathered as bytes: its data is encoded once, not by line. */

const FIRST_BYTES = 256 * 1024;

export class DeliveredLines {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Of the base64 data. */
  get base64Length(): number {
    return 4 * Math.ceil(this.#length / 3);
  }

  clear(): void {
    this.#length = 0;
    this.#count = 0;
  }

  /** A line, with its line feed. */
  addBytes(bytes: Buffer, start: number, end: number): void {
    this.#makeRoomFor(end - start);
    this.#length += bytes.copy(this.#bytes, this.#length, start, end);
    this.#count++;
  }

  addText(line: string): void {
    // A character takes three bytes at most.
    this.#makeRoomFor(3 * line.length);
    this.#length += this.#bytes.write(line, this.#length);
    this.#count++;
  }

  toBase64(): string {
    return this.#bytes.toString('base64', 0, this.#length);
  }

  #makeRoomFor(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
