import type { Cube, Cubes, Slot } from './cube';
import { differences, writeVarints } from './varint';

/** How the bytes of a payload are to be read; stands in front of them as JSON. */
export interface PayloadHeader {
  readonly document: unknown;
  readonly cubes: readonly CubeHeader[];
}

export interface CubeHeader {
  readonly name: string;
  readonly slot: Slot;
  readonly rowCount: number;
  readonly columns: readonly ColumnHeader[];
}

/** A dimension has its distinct values here, a measure has none. */
export interface ColumnHeader {
  readonly name: string;
  readonly values?: readonly (string | number | null)[];
  readonly byteCount: number;
}

/** The length of the header, four bytes, lowest first; the header; the columns one after another. */
export function encodePayload(document: unknown, cubes: Cubes): Uint8Array {
  const blocks: Uint8Array[] = [];
  const headers = Object.values(cubes).map((cube) => encodeCube(cube, blocks));
  const header: PayloadHeader = { document, cubes: headers };
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  const length = blocks.reduce((sum, block) => sum + block.length, 4 + headerBytes.length);
  const payload = new Uint8Array(length);
  new DataView(payload.buffer).setUint32(0, headerBytes.length, true);
  payload.set(headerBytes, 4);
  let end = 4 + headerBytes.length;
  for (const block of blocks) {
    payload.set(block, end);
    end += block.length;
  }
  return payload;
}

function encodeCube(cube: Cube, blocks: Uint8Array[]): CubeHeader {
  const columns: ColumnHeader[] = [];
  const add = (header: Omit<ColumnHeader, 'byteCount'>, block: Uint8Array) => {
    blocks.push(block);
    columns.push({ ...header, byteCount: block.length });
  };
  for (const [name, { values, indexes }] of Object.entries(cube.dimensions)) {
    add({ name, values }, writeVarints(differences(indexes)));
  }
  for (const [name, numbers] of Object.entries(cube.measures)) {
    add({ name }, writeVarints(numbers));
  }
  return { name: cube.name, slot: cube.slot, rowCount: cube.rowCount, columns };
}
