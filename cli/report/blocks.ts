/** Cuts a file's content into blocks of whole lines, whatever it is compressed with or lacks. */

import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import { isGzip } from '../../lambda/core/record/gzip';
import { withoutByteOrderMark } from '../byte-order-mark';
import { type Chunks, Peekable } from './peekable';

/** Large enough that handing one over costs little, small enough that many fit into memory. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/** For the chunk that fills a block. */
const SPARE_BYTES = 512 * 1024;
/** A line that is longer is cut, and cannot be read. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** Records that were compressed, in an object that is compressed. */
const MAX_LAYERS = 2;

const LINE_FEED = 0x0a;
/** Where one object ends and the next begins, without a line break. */
export const BETWEEN_OBJECTS = '}{';

/**
 * Rejects where the content is cut short or broken, after all blocks before that.
 *
 * @param linesIn makes lines of content that is not in lines
 */
export async function* blocksOf(
  content: Chunks,
  linesIn: (text: Chunks) => Chunks = (text) => text,
): AsyncGenerator<Buffer> {
  let chunks = new Peekable(content);
  for (let layer = 0; layer <= MAX_LAYERS; layer++) {
    // A byte order mark is no part of the first line.
    const beginning = withoutByteOrderMark(await chunks.peek(PEEKED_BYTES));
    chunks.replace(beginning);
    if (layer === MAX_LAYERS || !isGzip(beginning)) break;
    chunks = new Peekable(inflated(chunks));
  }
  yield* cutAtLines(linesIn(chunks));
}

/** As long as a byte order mark. */
const PEEKED_BYTES = 3;

/** What could be inflated before a fault comes before the error. */
async function* inflated(chunks: Chunks): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  let fault: unknown;
  const closed = new Promise<void>((resolve) => gunzip.once('close', resolve));
  const feed = async () => {
    try {
      for await (const chunk of chunks) {
        if (!gunzip.write(chunk)) {
          await Promise.race([once(gunzip, 'drain').catch(() => {}), closed]);
        }
        if (gunzip.destroyed) return;
      }
      gunzip.end();
    } catch (error) {
      fault = error;
      gunzip.destroy(error as Error);
    }
  };
  const fed = feed();
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    throw fault ?? error;
  } finally {
    gunzip.destroy();
    await fed;
  }
}

/** Each block has memory of its own, so that it can move to another thread. */
async function* cutAtLines(chunks: Chunks): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafeSlow(BLOCK_BYTES + SPARE_BYTES);
  let size = 0;
  // Where no end was found, none is looked for again.
  let searched = 0;
  try {
    for await (const chunk of chunks) {
      if (size + chunk.length > block.length) {
        const larger = Buffer.allocUnsafeSlow(2 * block.length + chunk.length);
        block.copy(larger, 0, 0, size);
        block = larger;
      }
      block.set(chunk, size);
      size += chunk.length;
      if (size < BLOCK_BYTES) continue;
      const all = block.subarray(0, size);
      const end = endOfLines(all, searched);
      searched = size;
      if (end === 0) continue;
      searched = 0;
      block = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES + SPARE_BYTES, 2 * (size - end)));
      size = all.copy(block, 0, end);
      yield all.subarray(0, end);
    }
  } finally {
    // Also what came before a fault.
    if (size > 0) yield block.subarray(0, size);
  }
}

/**
 * Where the last whole line ends; without line breaks, the last object that another one follows. 0 where
 * there is none.
 *
 * @param searched how many of the bytes are known to have no such boundary
 */
function endOfLines(bytes: Buffer, searched: number): number {
  const from = Math.max(0, searched - 1);
  const added = bytes.subarray(from);
  const lineEnd = added.lastIndexOf(LINE_FEED);
  if (lineEnd >= 0) return from + lineEnd + 1;
  const objectEnd = added.lastIndexOf(BETWEEN_OBJECTS);
  if (objectEnd >= 0) return from + objectEnd + 1;
  return bytes.length >= MAX_LINE_BYTES ? bytes.length : 0;
}
