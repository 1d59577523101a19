/** Bytes that are read one by one, and four at a time. */

export class ByteSource {
  readonly bytes: Uint8Array;
  readonly words: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}
