/**
 * Whole numbers in as few bytes as they need, seven bits a byte, the lowest first (LEB128), up to
 * 2^53: bit operators would cut them to 32 bits.
 */

export function writeVarints(numbers: ArrayLike<number>): Uint8Array {
  let bytes = new Uint8Array(numbers.length * 2 + 16);
  let end = 0;
  for (let index = 0; index < numbers.length; index++) {
    let rest = numbers[index] as number;
    if (!Number.isSafeInteger(rest) || rest < 0) {
      throw new RangeError(`a cube holds whole numbers from 0 to 2^53 - 1, not ${rest}`);
    }
    if (end + 8 > bytes.length) bytes = grown(bytes);
    while (rest >= 128) {
      bytes[end++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    bytes[end++] = rest;
  }
  return bytes.subarray(0, end);
}

export function readVarints(bytes: Uint8Array, into: Float64Array | Uint32Array): void {
  let at = 0;
  for (let index = 0; index < into.length; index++) {
    let byte = bytes[at++] as number;
    let number = byte & 127;
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = bytes[at++] as number;
      number += (byte & 127) * scale;
    }
    into[index] = number;
  }
}

/** Differences to the number before, with the sign in the lowest bit: small where rows are sorted. */
export function differences(numbers: ArrayLike<number>): Float64Array {
  const result = new Float64Array(numbers.length);
  let before = 0;
  for (let index = 0; index < numbers.length; index++) {
    const number = numbers[index] as number;
    const difference = number - before;
    result[index] = difference >= 0 ? difference * 2 : -difference * 2 - 1;
    before = number;
  }
  return result;
}

/** Undoes `differences` in place. */
export function addUp(numbers: Float64Array | Uint32Array): void {
  let before = 0;
  for (let index = 0; index < numbers.length; index++) {
    const coded = numbers[index] as number;
    before += coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
    numbers[index] = before;
  }
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2 + 16);
  larger.set(bytes);
  return larger;
}
