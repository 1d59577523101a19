/** The lines that a record is delivered with, gathered as bytes: its data is encoded once, not by line. */

import { GrowingBytes } from '../bytes/growing-bytes';

export class DeliveredLines {
  readonly #bytes = new GrowingBytes();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Of the base64 data. */
  get base64Length(): number {
    return 4 * Math.ceil(this.#bytes.length / 3);
  }

  clear(): void {
    this.#bytes.clear();
    this.#count = 0;
  }

  /** A line, with its line feed. */
  addBytes(bytes: Buffer, start: number, end: number): void {
    this.#bytes.add(bytes, start, end);
    this.#count++;
  }

  addText(line: string): void {
    this.#bytes.addText(line);
    this.#count++;
  }

  toBase64(): string {
    return this.#bytes.all.toString('base64');
  }
}
