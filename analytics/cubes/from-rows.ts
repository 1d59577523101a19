import type { Value } from '../result';
import type { Cube, DimensionValue, Slot } from './cube';

/** A statement's result, of any engine. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** The same by columns, in their order. */
export interface ColumnarRows {
  readonly names: readonly string[];
  readonly rowCount: number;
  readonly values: readonly (readonly Value[] | NumberedTexts)[];
}

/** Each different text once; rows have indexes into them, -1 for NULL. */
export interface NumberedTexts {
  readonly texts: readonly string[];
  readonly places: Int32Array;
}

export function columnsOf({ columns, rows }: Rows): ColumnarRows {
  return {
    names: columns,
    rowCount: rows.length,
    values: columns.map((_, place) => rows.map((row) => row[place] as Value)),
  };
}

/**
 * A cube from the result of its statement: the columns named as dimensions first, whatever else
 * there is are measures. Rows are kept in their order, so a sorted result packs best.
 */
export function cubeOf(
  name: string,
  slot: Slot,
  dimensionNames: readonly string[],
  { names, rowCount, values }: ColumnarRows,
): Cube {
  const dimensions: Record<string, Cube['dimensions'][string]> = {};
  const measures: Record<string, Float64Array> = {};
  names.forEach((column, place) => {
    const its = values[place] ?? [];
    if ('texts' in its) dimensions[column] = dimensionOfTexts(its);
    else if (dimensionNames.includes(column)) {
      dimensions[column] = dimensionFrom(its as readonly DimensionValue[]);
    } else measures[column] = Float64Array.from(its, (value) => Number(value ?? 0));
  });
  return { name, slot, rowCount, dimensions, measures };
}

/** Values sorted: what is near in time or in the alphabet has near indexes, which pack better. */
function dimensionFrom(column: readonly DimensionValue[]): Cube['dimensions'][string] {
  const values = [...new Set(column)].sort(inOrder);
  const indexOf = new Map(values.map((value, index) => [value, index]));
  const indexes = new Uint32Array(column.length);
  for (let row = 0; row < column.length; row++) {
    indexes[row] = indexOf.get(column[row] as DimensionValue) as number;
  }
  return { values, indexes };
}

function dimensionOfTexts({ texts, places }: NumberedTexts): Cube['dimensions'][string] {
  const { values, indexes } = dimensionFrom(places.includes(-1) ? [null, ...texts] : texts);
  // The index of NULL is -1, before the first.
  const first = indexes.length - texts.length;
  const ofRows = new Uint32Array(places.length);
  for (let row = 0; row < places.length; row++) {
    ofRows[row] = indexes[first + (places[row] as number)] as number;
  }
  return { values, indexes: ofRows };
}

function inOrder(one: DimensionValue, other: DimensionValue): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (one === null) return other === null ? 0 : -1;
  if (other === null) return 1;
  return String(one) < String(other) ? -1 : 1;
}
