import type { Cube, Cubes } from '../cubes/cube';
import type { Filter, Period, Scope } from '../panels/panel';
import { selectRows } from './select';

/** Cubes as a scope sees them. What several panels need is chosen once. */
export class Look {
  readonly scope: Scope;
  readonly #cubes: Cubes;
  readonly #chosen = new Map<string, Uint32Array>();

  constructor(cubes: Cubes, scope: Scope) {
    this.#cubes = cubes;
    this.scope = scope;
  }

  cube(name: string): Cube {
    const cube = this.#cubes[name];
    if (!cube) throw new Error(`there is no cube ${name}`);
    return cube;
  }

  /** The rows of the scope's filter in a period: its own, unless another is given. */
  rows(name: string, period: Period = this.scope, filter: Filter = this.scope.filter): Uint32Array {
    const key = JSON.stringify([name, period.from, period.to, filter]);
    const known = this.#chosen.get(key);
    if (known) return known;
    const rows = selectRows(this.cube(name), period, filter);
    this.#chosen.set(key, rows);
    return rows;
  }
}
