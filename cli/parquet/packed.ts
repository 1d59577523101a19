/** Numbers of a dictionary's values as a page has them: in as few bits as the largest needs. */

/** As Parquet's `RLE_DICTIONARY`: the number of bits, and then all in one run. */
export function packed(indexes: Uint16Array, count: number, dictionarySize: number): Uint8Array {
  const width = Math.max(1, 32 - Math.clz32(dictionarySize - 1));
  if (dictionarySize <= 1) return repeated(0, count);
  // A run is of whole groups of eight.
  const groups = Math.ceil(count / 8);
  const bytes = new Uint8Array(1 + MAX_VARINT + groups * width + 4);
  bytes[0] = width;
  let at = writeVarint(bytes, 1, groups * 2 + 1);
  let bits = 0;
  let bitCount = 0;
  for (let index = 0; index < groups * 8; index++) {
    // Below 8 bits wait, and 16 more come at most.
    bits |= (index < count ? (indexes[index] as number) : 0) << bitCount;
    bitCount += width;
    while (bitCount >= 8) {
      bytes[at++] = bits;
      bits >>>= 8;
      bitCount -= 8;
    }
  }
  return bytes.subarray(0, at);
}

/** Whether rows have a value, as Parquet's levels of definition: one bit a row. */
export function packedPresence(present: Uint8Array, rows: number, count: number): Uint8Array {
  if (count === 0 || count === rows) return repeated(count === 0 ? 0 : 1, rows).subarray(1);
  const groups = Math.ceil(rows / 8);
  const bytes = new Uint8Array(MAX_VARINT + groups);
  let at = writeVarint(bytes, 0, groups * 2 + 1);
  for (let row = 0; row < rows; row += 8) {
    let bits = 0;
    // After the last row there are zeros, or the end.
    for (let bit = 0; bit < 8; bit++) bits |= (present[row + bit] ?? 0) << bit;
    bytes[at++] = bits;
  }
  return bytes.subarray(0, at);
}

const MAX_VARINT = 5;

/** A run of one number, of a bit. */
function repeated(value: 0 | 1, count: number): Uint8Array {
  const bytes = new Uint8Array(2 + MAX_VARINT);
  bytes[0] = 1;
  const at = writeVarint(bytes, 1, count * 2);
  bytes[at] = value;
  return bytes.subarray(0, at + 1);
}

function writeVarint(bytes: Uint8Array, from: number, value: number): number {
  let at = from;
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}
