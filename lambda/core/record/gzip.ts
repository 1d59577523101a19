/** Records may be compressed, and CloudWatch Logs compresses what it sends: RFC 1952. */

import { gunzipSync } from 'node:zlib';

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The inflated bytes; undefined for broken gzip, for one that grows past the cap, and where anything
 * stands after it: Node takes what begins with a NUL for padding, and leaves it out.
 */
export function inflate(bytes: Uint8Array, maxBytes: number): Buffer | undefined {
  const chunkSize = Math.min(inflatedLength(bytes), maxBytes) + 1;
  try {
    const options = { maxOutputLength: maxBytes, chunkSize, info: true };
    const { buffer, engine } = gunzipSync(bytes, options) as unknown as Inflated;
    return engine.bytesWritten === bytes.length ? buffer : undefined;
  } catch {
    return undefined;
  }
}

/** What Node returns with `info`: the bytes that have been read are those written to the engine. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** Deflate makes nothing smaller than this. */
const MAX_RATIO = 1032;
const MIN_CHUNK_BYTES = 16 * 1024;

/**
 * The length in gzip's last four bytes (ISIZE of RFC 1952). Where it is right, all is inflated into one piece, which
 * nothing has to put together: half of the memory. Where it is not, into many, as usual.
 */
function inflatedLength(bytes: Uint8Array): number {
  const { buffer, byteOffset, length } = bytes;
  const said = length < 4 ? 0 : new DataView(buffer, byteOffset).getUint32(length - 4, true);
  return Math.max(MIN_CHUNK_BYTES, Math.min(said, length * MAX_RATIO));
}
