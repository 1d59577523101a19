import type { Cube, DimensionValue, Slot } from './cube';

/** A statement's result, as any engine gives it. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/**
 * A cube from the result of its statement: the columns named as dimensions first, whatever else
 * there is are measures. Rows are kept in their order, so a sorted result packs best.
 */
export function cubeOf(
  name: string,
  slot: Slot,
  dimensionNames: readonly string[],
  result: Rows,
): Cube {
  const rowCount = result.rows.length;
  const dimensions: Record<string, Cube['dimensions'][string]> = {};
  const measures: Record<string, Float64Array> = {};
  result.columns.forEach((column, place) => {
    if (dimensionNames.includes(column)) {
      dimensions[column] = dimensionFrom(result, place);
      return;
    }
    measures[column] = Float64Array.from(result.rows, (row) => Number(row[place] ?? 0));
  });
  return { name, slot, rowCount, dimensions, measures };
}

/** Values sorted: what is near in time or in the alphabet has near indexes, which pack better. */
function dimensionFrom({ rows }: Rows, place: number): Cube['dimensions'][string] {
  const values = [...new Set(rows.map((row) => row[place] as DimensionValue))].sort(inOrder);
  const indexOf = new Map(values.map((value, index) => [value, index]));
  const indexes = Uint32Array.from(rows, (row) => indexOf.get(row[place] as DimensionValue) ?? 0);
  return { values, indexes };
}

function inOrder(one: DimensionValue, other: DimensionValue): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (one === null) return other === null ? 0 : -1;
  if (other === null) return 1;
  return String(one) < String(other) ? -1 : 1;
}
