/** Splits a stream into lines, inflating it where it is gzip. */

import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isGzip } from '../../lambda/core/record/gzip';

/** Firehose writes a record of 1,000 KiB as base64 and a few words. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 0x0a;

export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of inflated(body)) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([rest, chunk.subarray(start, end)]).toString();
      rest = Buffer.alloc(0);
      start = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(start)]);
    if (rest.length > MAX_LINE_BYTES) {
      throw new Error(`a line has more than ${MAX_LINE_BYTES} bytes`);
    }
  }
  if (rest.length > 0) yield rest.toString();
}

async function* inflated(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const chunks = body[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const whole = startingWith(head, { [Symbol.asyncIterator]: () => chunks });
  if (!isGzip(head)) return yield* whole;
  // Whoever iterates gets the error.
  yield* pipeline(Readable.from(whole), createGunzip(), () => {});
}

async function* startingWith(
  head: Buffer,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  yield head;
  for await (const chunk of rest) yield Buffer.from(chunk);
}
