export type Chunks = AsyncIterable<Uint8Array>;

/** Content in pieces, of which what comes next can be looked at first. */
export class Peekable implements Chunks {
  readonly #iterator: AsyncIterator<Uint8Array>;
  /** Comes before all that the iterator still has. */
  #next: Buffer = Buffer.alloc(0);

  constructor(chunks: Chunks) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** What comes next: so many bytes or more, fewer only at the end. */
  async peek(bytes: number): Promise<Buffer> {
    while (this.#next.length < bytes) {
      const { value, done } = await this.#iterator.next();
      if (done) break;
      const more = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      this.#next = this.#next.length === 0 ? more : Buffer.concat([this.#next, more]);
    }
    return this.#next;
  }

  /** Has other bytes come next, in the place of those that were looked at or taken. */
  replace(next: Buffer): void {
    this.#next = next;
  }

  /** Takes the next piece; undefined at the end. */
  async take(): Promise<Buffer | undefined> {
    const next = await this.peek(1);
    this.#next = Buffer.alloc(0);
    return next.length === 0 ? undefined : next;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (let next = await this.take(); next; next = await this.take()) yield next;
  }
}
