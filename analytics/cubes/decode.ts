import type { Cube, Cubes, Dimension } from './cube';
import type { CubeHeader, PayloadHeader } from './encode';
import { addUp, readVarints } from './varint';

/** The document and the cubes that `encodePayload` was given. */
export function decodePayload(payload: Uint8Array): { document: unknown; cubes: Cubes } {
  const headerLength = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
  const headerBytes = payload.subarray(4, 4 + headerLength);
  const header = JSON.parse(new TextDecoder().decode(headerBytes)) as PayloadHeader;
  const cubes: Record<string, Cube> = {};
  let start = 4 + headerLength;
  for (const cubeHeader of header.cubes) {
    cubes[cubeHeader.name] = decodeCube(cubeHeader, payload.subarray(start));
    start += cubeHeader.columns.reduce((sum, { byteCount }) => sum + byteCount, 0);
  }
  return { document: header.document, cubes };
}

function decodeCube({ name, slot, rowCount, columns }: CubeHeader, bytes: Uint8Array): Cube {
  const dimensions: Record<string, Dimension> = {};
  const measures: Record<string, Float64Array> = {};
  let start = 0;
  for (const column of columns) {
    const block = bytes.subarray(start, start + column.byteCount);
    start += column.byteCount;
    if (column.values) {
      const indexes = new Uint32Array(rowCount);
      readVarints(block, indexes);
      addUp(indexes);
      dimensions[column.name] = { values: column.values, indexes };
    } else {
      const numbers = new Float64Array(rowCount);
      readVarints(block, numbers);
      measures[column.name] = numbers;
    }
  }
  return { name, slot, rowCount, dimensions, measures };
}
