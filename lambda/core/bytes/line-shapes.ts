/** What was worked out once for all lines of a shape. */

import type { Column } from '../catalog/customer';
import type { Names } from '../names';
import { LineScanner } from './line-scanner';
import type { LineShape } from './line-shape';

/** A plan takes as long as some lines do: with more shapes, each has to come again first. */
const PLANS_AT_FIRST_SIGHT = 32;
const LINES_BEFORE_PLAN = 4;
/**
 * The most that are kept, then all are forgotten: a client whose text makes shapes that are always new must not
 * take the memory.
 */
const MAX_PLANS = 256;

export class LineShapes<T> {
  readonly #names: Names;
  readonly #planFor: (shape: LineShape) => T | undefined;
  /** Has the shapes, hence their plans. */
  #scanner: LineScanner;
  #plans = 0;
  /** Names that no usual line has: what is said beside plan and customer, and what an envelope begins with. */
  #unusual: readonly string[] = ['messageType'];

  /** The plan is undefined where lines of a shape are nothing usual. */
  constructor(names: Names, planFor: (shape: LineShape) => T | undefined) {
    this.#names = names;
    this.#planFor = planFor;
    this.#scanner = new LineScanner(names);
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
    if (!shape.isPlanned && this.#isWorthPlan(shape)) {
      shape.isPlanned = true;
      const isUsual = shape.isUsual && !shape.hasAny(this.#unusual);
      shape.plan = isUsual ? this.#planFor(shape) : undefined;
    }
    return shape.plan && shape.isPlain() ? (shape.plan as T) : undefined;
  }

  /** For lines beside whose plan and customer these columns are said. */
  use(columns: readonly Column[]): void {
    const unusual = [...columns.map(([name]) => name), 'messageType'];
    if (unusual.join() === this.#unusual.join()) return;
    this.#unusual = unusual;
    this.#forget();
  }

  #isWorthPlan(shape: LineShape): boolean {
    shape.lines++;
    if (this.#plans >= PLANS_AT_FIRST_SIGHT && shape.lines < LINES_BEFORE_PLAN) return false;
    if (++this.#plans % MAX_PLANS === 0) this.#forget();
    return true;
  }

  #forget(): void {
    this.#scanner = new LineScanner(this.#names);
  }
}
