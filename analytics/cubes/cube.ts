/**
 * A cube: counts by every combination of some dimensions, as columns. Small enough to go along in
 * the page, which then answers its filters without an engine.
 */

/** What a dimension can be; the text of a number stays a number. */
export type DimensionValue = string | number | null;

/** `values[indexes[row]]` is a row's value: each distinct value stands in the cube once. */
export interface Dimension {
  readonly values: readonly DimensionValue[];
  readonly indexes: Uint32Array;
}

/** How far apart the moments of a cube are: it cannot split a slot. */
export type Slot = 'hour' | 'day';

export interface Cube {
  readonly name: string;
  readonly slot: Slot;
  readonly rowCount: number;
  readonly dimensions: Readonly<Record<string, Dimension>>;
  /** Whole numbers up to 2^53. */
  readonly measures: Readonly<Record<string, Float64Array>>;
}

/** Every cube of a report by its name. */
export type Cubes = Readonly<Record<string, Cube>>;

export function dimensionOf(cube: Cube, name: string): Dimension {
  const dimension = cube.dimensions[name];
  if (!dimension) throw new Error(`the cube ${cube.name} has no dimension ${name}`);
  return dimension;
}

export function measureOf(cube: Cube, name: string): Float64Array {
  const measure = cube.measures[name];
  if (!measure) throw new Error(`the cube ${cube.name} has no measure ${name}`);
  return measure;
}
