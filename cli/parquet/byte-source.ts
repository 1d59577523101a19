/** Bytes that are read one by one, and four at a time. */

export class ByteSource {
  readonly bytes: Uint8Array;
  readonly words: DataView;

  constructor(bytes: Uint8Array, words?: DataView) {
    this.bytes = bytes;
    this.words = words ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  static of(words: DataView): ByteSource {
    return new ByteSource(new Uint8Array(words.buffer, words.byteOffset, words.byteLength), words);
  }
}
