import type { Value } from '../result';
import type { Look } from './look';

/** A panel's rows out of cubes: the same as its statement's for the scope. */
export interface LivePanel {
  /** Names of the cubes that it needs. */
  readonly cubes: readonly string[];
  /** Whether cubes by day are not detailed enough. */
  readonly needsHours?: boolean;
  rows(look: Look): Value[][];
}

export function on(cubes: readonly string[], rows: (look: Look) => Value[][]): LivePanel {
  return { cubes, rows };
}
