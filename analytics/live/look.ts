import type { Cube, Cubes, Slot } from '../cubes/cube';
import type { Bucket, Period, Scope } from '../panels/panel';
import { addDays, startOfDay } from '../time-zone';
import { selectRows } from './select';

/** Rows of cubes that a scope has chosen already, by cube and period. */
export type Selections = Map<string, Uint32Array>;

/** Cubes as a scope sees them. What several panels need is chosen once. */
export class Look {
  readonly scope: Scope;
  /** Whether a cube of days was asked for a period that is not of whole days: it was widened. */
  isWidened = false;
  /** How series are cut: a cube of days has no hours. */
  bucket: Bucket;
  /** That of the coarsest cube that was asked. */
  slot: Slot = 'hour';
  readonly #cubes: Cubes;
  readonly #chosen: Selections;

  constructor(cubes: Cubes, scope: Scope, selections: Selections = new Map()) {
    this.#chosen = selections;
    this.#cubes = cubes;
    this.scope = scope;
    this.bucket = scope.bucket;
  }

  has(names: readonly string[], needsHours = false): boolean {
    return names.every((name) => {
      const cube = this.#cubes[name];
      return cube !== undefined && (cube.slot === 'hour' || !needsHours);
    });
  }

  cube(name: string): Cube {
    const cube = this.#cubes[name];
    if (!cube) throw new Error(`there is no cube ${name}`);
    if (cube.slot === 'day') {
      this.bucket = 'day';
      this.slot = 'day';
    }
    return cube;
  }

  /** A period as a cube can cover it. */
  period(name: string, { from, to }: Period = this.scope): Period {
    const { timeZone } = this.scope;
    if (this.cube(name).slot !== 'day') return { from, to };
    const start = startOfDay(from, timeZone);
    const end = startOfDay(to, timeZone);
    const widened = { from: start, to: end === to ? to : addDays(end, 1, timeZone) };
    if (widened.from !== from || widened.to !== to) this.isWidened = true;
    return widened;
  }

  /** The rows of the scope's filter in a period. */
  rows(name: string, period: Period = this.period(name)): Uint32Array {
    const key = `${name} ${period.from} ${period.to}`;
    const known = this.#chosen.get(key);
    if (known) return known;
    const rows = selectRows(this.cube(name), period, this.scope.filter);
    this.#chosen.set(key, rows);
    return rows;
  }
}
