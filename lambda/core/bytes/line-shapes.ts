/** What was worked out once for all lines of a shape. */

import type { Column } from '../catalog/customer';
import type { Names } from '../names';
import { LineScanner } from './line-scanner';
import type { LineShape } from './line-shape';

/** A plan takes as long as some lines do: with more shapes, each has to come again first. */
const PLANS_AT_FIRST_SIGHT = 32;
const LINES_BEFORE_PLAN = 4;
/** So many are kept, then all are forgotten: a client whose text makes shapes that are always new must not take the memory. */
const MAX_PLANS = 256;

interface Known<T> {
  lines: number;
  isPlanned: boolean;
  plan: T | undefined;
}

export class LineShapes<T> {
  readonly #scanner: LineScanner;
  readonly #planFor: (shape: LineShape) => T | undefined;
  #known = new WeakMap<LineShape, Known<T>>();
  #plans = 0;
  #last: LineShape | undefined;
  #lastKnown: Known<T> | undefined;
  /** Names that no usual line has: what is said beside plan and customer, and what an envelope begins with. */
  #unusual: readonly string[] = ['messageType'];

  /** The plan is undefined where lines of a shape are nothing usual. */
  constructor(names: Names, planFor: (shape: LineShape) => T | undefined) {
    this.#scanner = new LineScanner(names);
    this.#planFor = planFor;
  }

  /** Whether the first `length` bytes of `scratch` are one JSON object, and one that is read here. */
  isObject(length: number): boolean {
    return this.#scanner.scan(0, length)?.next === length;
  }

  /**
   * The plan for the line that begins at `from` in the first `length` bytes of `scratch`; undefined where
   * it has none.
   */
  find(from: number, length: number): T | undefined {
    const shape = this.#scanner.scan(from, length);
    if (!shape) return undefined;
    const known = shape === this.#last ? (this.#lastKnown as Known<T>) : this.#knownOf(shape);
    if (!known.isPlanned && this.#isWorthPlan(known)) {
      if (this.#plans % MAX_PLANS === 0) this.#forget();
      this.#keep(shape, known);
      known.isPlanned = true;
      const isUsual = shape.isUsual && !shape.hasAny(this.#unusual);
      known.plan = isUsual ? this.#planFor(shape) : undefined;
    }
    return known.plan && shape.isPlain() ? known.plan : undefined;
  }

  /** For lines beside whose plan and customer these columns are said. */
  use(columns: readonly Column[]): void {
    const unusual = [...columns.map(([name]) => name), 'messageType'];
    if (unusual.join() === this.#unusual.join()) return;
    this.#unusual = unusual;
    this.#forget();
  }

  #forget(): void {
    this.#known = new WeakMap();
    this.#last = undefined;
  }

  #isWorthPlan(known: Known<T>): boolean {
    known.lines++;
    if (this.#plans >= PLANS_AT_FIRST_SIGHT && known.lines < LINES_BEFORE_PLAN) return false;
    this.#plans++;
    return true;
  }

  #knownOf(shape: LineShape): Known<T> {
    const known = this.#known.get(shape) ?? { lines: 0, isPlanned: false, plan: undefined };
    this.#keep(shape, known);
    return known;
  }

  #keep(shape: LineShape, known: Known<T>): void {
    this.#known.set(shape, known);
    this.#last = shape;
    this.#lastKnown = known;
  }
}
